// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <vector>

namespace poolscope {

/// Percentiles of durations, nearest rank: the smallest value that at least p % do not exceed.
struct Percentiles
{
    Nanos p50Ns = 0;
    Nanos p95Ns = 0;
    Nanos p99Ns = 0;
    Nanos maxNs = 0;
    double meanNs = 0;
};

/// Computes them; reorders \p durations. All zero for none.
[[nodiscard]] Percentiles percentilesOf(std::vector<Nanos>& durations);

/// The figures of one executor in a range of time.
struct RunSummary
{
    int executor = 0;
    std::uint64_t tasks = 0; ///< ended in the range, each counted once
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t timedOut = 0;
    std::uint64_t lost = 0;
    std::uint64_t lostAttempts = 0; ///< attempts that ended with their worker
    Nanos makespanNs = 0; ///< first submit to last end; for a range its length
    double tasksPerSecond = 0; ///< ended tasks over the makespan
    Percentiles run; ///< of the attempts that ran to an end
    Percentiles wait; ///< submit to start of the same
    Nanos busyNs = 0; ///< sum of run times inside the range
    Nanos laneNs = 0; ///< sum over lanes of the time they had a worker, inside the makespan
    double utilisation = 0; ///< busyNs / laneNs
};

/// Sums up one executor over the whole trace. O(records). Any thread.
[[nodiscard]] RunSummary summariseRun(const Snapshot& snapshot, int executor);

/// Sums up what lies in \p range: attempts count when they end in it (at its end
/// included, at its beginning not), busy time is clipped to it.
/// O(records in the range). Any thread.
[[nodiscard]] RunSummary summariseRange(const Snapshot& snapshot, int executor, TimeRange range);

} // namespace poolscope
