// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <optional>
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

/// What the attempts cost that were measured. Sums; shares are of their run times.
struct CostSums
{
    std::uint64_t attempts = 0; ///< measured ones; 0: the rest says nothing
    Nanos runNs = 0; ///< of theirs
    double cpuNs = 0;
    Nanos queuedRunNs = 0; ///< run time of those whose run-queue delay is known
    double runQueueNs = 0; ///< of those
    double blockedNs = 0; ///< of those
    std::uint64_t voluntarySwitches = 0;
    std::uint64_t involuntarySwitches = 0;
    std::uint64_t minorFaults = 0;
    std::uint64_t majorFaults = 0;
    std::uint64_t peakMemoryKiB = 0; ///< the largest of a worker process; 0: unknown

    [[nodiscard]] bool hasRunQueue() const { return queuedRunNs > 0; }
    [[nodiscard]] double cpuShare() const { return share(cpuNs, runNs); }
    [[nodiscard]] double runQueueShare() const { return share(runQueueNs, queuedRunNs); }
    [[nodiscard]] double blockedShare() const { return share(blockedNs, queuedRunNs); }
    [[nodiscard]] double switchesPerTask() const
    {
        return share(static_cast<double>(voluntarySwitches + involuntarySwitches),
                     static_cast<std::int64_t>(attempts));
    }

private:
    static double share(double part, std::int64_t whole)
    {
        return whole > 0 ? part / static_cast<double>(whole) : 0;
    }
};

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
    CostSums costs; ///< of the measured ones among them
    Nanos busyNs = 0; ///< sum of run times inside the range
    Nanos laneNs = 0; ///< sum over lanes of the time they had a worker, inside the makespan
    double utilisation = 0; ///< busyNs / laneNs
    /// Of a run whose oldest records are gone (detailSince()): percentiles and costs are of the attempts that ended after
    /// this moment; of a range so is everything. Nothing: all speaks of all.
    std::optional<Nanos> detailSinceNs;
};

/// Sums up one executor over the whole trace. O(records). Any thread.
[[nodiscard]] RunSummary summariseRun(const Snapshot& snapshot, int executor);

/// \return the costs of summariseRun(), at once when the run measured none. O(records). Any thread.
[[nodiscard]] CostSums costSumsOf(const Snapshot& snapshot, int executor);

/// Sums up what lies in \p range: attempts count when they end in it (at its end
/// included, at its beginning not), busy time is clipped to it. Where records are gone it is the part of \p range that has
/// them, all zero when none has.
/// O(records in the range). Any thread.
[[nodiscard]] RunSummary summariseRange(const Snapshot& snapshot, int executor, TimeRange range);

} // namespace poolscope
