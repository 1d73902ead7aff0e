// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"

#include <memory>
#include <string>

namespace poolscope::test {

inline constexpr int kProgramId = 4000; ///< process of the sample run's threads
inline constexpr int kSampleTasks = 10;
/// How many tasks ended, over both executors; each once.
inline constexpr int kSampleEnds = 2 * kSampleTasks;
inline constexpr int kSampleLostAttempts = 1;

/// \return a finished run of ten tasks on a thread pool and a process pool that has one of
/// everything: all kinds of values and states, a lost and retried attempt, a worker's second life,
/// tasks that never began, control events, names and texts with awkward bytes.
[[nodiscard]] SnapshotPtr makeSampleRun();

/// \return a run in which costs were measured: on a thread, with and without run-queue delay, and in a
/// process that dies under its second task.
[[nodiscard]] SnapshotPtr makeCostlyRun();

/// \return a run on two threads whose tasks were blocked: task 0 twice on "slots" (10 and 30 us) and once on
/// "gate" (20 us), task 1, on the other one, once on "gate" (70 us), task 2 on nothing.
[[nodiscard]] SnapshotPtr makeBlockedRun();

/// \return a run of one task on the second executor, whose I/O thread was busy three times, 60 us in all; with a
/// collector that was once, for 10 us, and an alarm that never was.
[[nodiscard]] SnapshotPtr makeRunWithInfrastructure();

/// \return a run on a thread and a process, with what they used: the thread once and, after a gap, twice; the
/// process once; a second process of which nothing is known.
[[nodiscard]] SnapshotPtr makeRunWithUsage();

/// \return a run on a thread and a process under a memory cap: the thread's first 2048 records are gone, two are
/// left; the process has lost none of its two.
[[nodiscard]] SnapshotPtr makeRunWithGoneRecords();

/// \return the sample run's description, for snapshots of other shapes.
[[nodiscard]] std::shared_ptr<TraceMeta> makeSampleMeta();

/// \return a snapshot of \p recorder as the collector would make it of a run that has ended at 1 ms.
[[nodiscard]] SnapshotPtr finish(std::shared_ptr<Recorder> recorder,
                                 std::shared_ptr<const TraceMeta> meta);

/// \return what one snapshot shows and the other does not, or "" when they show the same. The
/// comparison leaves out only what a finished run has no more: isLive and what runs.
[[nodiscard]] std::string difference(const Snapshot& a, const Snapshot& b);

} // namespace poolscope::test
