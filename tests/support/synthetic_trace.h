// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"

#include <cstdint>

namespace poolscope::test {

/// What a made-up trace is like. The rates are per task, 0 to 1.
struct SyntheticOptions
{
    int lanes = 8; ///< of each executor
    std::uint64_t tasks = 10'000; ///< of the job; every executor runs all of them
    std::uint64_t seed = 1;
    int executors = 1; ///< the first with threads, the second with processes, …
    int kinds = 8; ///< 1 to kMaxTaskKinds
    double load = 0; ///< share of time a lane is busy; 0: each phase has its own, 0.3 to 0.98
    Nanos meanPeriodNs = 64'000; ///< from one task's start to the next on a lane, about
    double failureRate = 1.0 / 65536;
    double longRate = 1.0 / 4096; ///< tasks that take 60 times as long
    double retryRate = 0; ///< tasks whose first attempt is lost with its worker
    double instantRate = 0; ///< tasks that take no time at all
    double cancelRate = 0; ///< tasks that are cancelled before they begin (on a Queue lane)
    std::uint64_t memoryCapBytes =
        0; ///< of the trace, which then has lost its oldest records; 0: none
};

/// Makes the finished trace of a run that never was: lanes of tasks that do not overlap, with
/// log-normal times, phases of their own load and kind, now and then a long or a failed task. Done
/// tasks give their index as value, failed ones an error. Equal options give equal traces on one
/// machine. About 60 ns a task.
[[nodiscard]] SnapshotPtr makeSyntheticTrace(const SyntheticOptions& options);

/// The common case.
[[nodiscard]] SnapshotPtr makeSyntheticTrace(int lanes, std::uint64_t tasks,
                                             std::uint64_t seed = 1);

} // namespace poolscope::test
