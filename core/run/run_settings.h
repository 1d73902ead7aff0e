// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/run/memory_cap.h"
#include "core/task/param.h"
#include "core/trace/task_cost.h"

#include <cstdint>
#include <string>
#include <vector>

namespace poolscope {

/// One executor of a run.
struct ExecutorSettings
{
    std::string kind = "threads"; ///< id in the executor table
    int workers = 2;

    friend bool operator==(const ExecutorSettings&, const ExecutorSettings&) = default;
};

/// A change of size at a time of the run.
struct TimedResize
{
    Nanos atNs = 0; ///< from the start
    int executor = -1; ///< index in RunSettings::executors, -1: all
    int workers = 1;

    friend bool operator==(const TimedResize&, const TimedResize&) = default;
};

/// Everything that is chosen before a run: what runs and how. The same job runs on every executor
/// at the same time, on one clock.
struct RunSettings
{
    std::string workload;
    ParamSet params; ///< what is missing has its default
    std::uint64_t seed = 1;
    int chunk = 1;
    int maxAttempts = 3;
    CostLevel costLevel = CostLevel::Wall; ///< what is measured of each task
    bool retryFailed = false; ///< tries tasks again that failed, not only those whose worker died
    bool hasInterpreterLock = false; ///< threads imitate an interpreter with one lock
    bool isLazy = false; ///< workers of pools start when a task finds no idle one, not before
    Nanos keepAliveNs = 0; ///< idle workers of pools leave after that time; 0: never
    std::string
        initializer; ///< workload whose task 0, with its defaults, each worker of a pool runs
    ///< before its first task; empty: none
    Nanos taskTimeoutNs = 0; ///< of one attempt of a task; 0: none
    std::vector<ExecutorSettings> executors;
    std::vector<TimedResize> resizes;
    bool recordsInfrastructure = false; ///< also when threads that run no tasks are busy
    MemoryCap memoryCap; ///< of the trace
    std::uint64_t queueLimit =
        0; ///< tasks that may wait before submitting has to; 0: as many as usual
    int prefetch = 1; ///< chunks that a worker process is given beyond the one that it runs
    Nanos submitGapNs = 0; ///< tasks are submitted so far apart; 0: as fast as can be
    Nanos cancelAtNs = 0; ///< from the start; 0: never
    std::string workerProgram; ///< path of poolscope-worker, empty: beside the program

    friend bool operator==(const RunSettings&, const RunSettings&) = default;
};

/// Error: unknown workload or executor, bad parameter or number, time below zero; says what is
/// allowed. Any thread.
[[nodiscard]] Result<void> checkSettings(const RunSettings& settings);
/// \return the settings, which were checked, with the number of workers that there really will be.
[[nodiscard]] RunSettings withTrueWorkers(RunSettings settings);

} // namespace poolscope
