// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/estimate.h"
#include "core/analysis/rank_comparison.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

/// What two runs are compared by.
enum class DeltaFigure : std::uint8_t {
    Makespan,
    TasksPerSecond,
    RunMean,
    RunP50,
    RunP95,
    RunP99,
    WaitP50,
    WaitP95,
    Utilisation, ///< busy over lane time
    NotDone, ///< tasks that did not end as done
    LostAttempts,
    Useful, ///< shares of the workers' time, as LaneTime: from here …
    Blocked,
    Preempted,
    Wasted,
    StartUp,
    Starved,
    Serial,
    HandOver,
    Paused,
    Tail, ///< … to here
    CpuShare, ///< of the run time; where it was measured on both sides, as the rest
    RunQueueShare,
    BlockedShare,
    PeakMemory, ///< the largest of a worker process
};

inline constexpr int kDeltaFigureCount = static_cast<int>(DeltaFigure::PeakMemory) + 1;

enum class DeltaUnit : std::uint8_t { Nanoseconds, PerSecond, Share, Count, Bytes };

/// \return the stable word in files and on the command line, e.g. "run_p95".
[[nodiscard]] std::string_view toText(DeltaFigure figure) noexcept;
[[nodiscard]] DeltaUnit unitOf(DeltaFigure figure) noexcept;
/// \return whether more of it is better (1), less of it (-1), or neither can be said (0).
[[nodiscard]] int goodDirection(DeltaFigure figure) noexcept;

/// Whether a difference is more than noise.
enum class DeltaNoise : std::uint8_t {
    Unknown, ///< one run each: nobody knows how much such runs vary
    Within, ///< no more than chance makes it, or none at all
    Beyond,
};

/// \return the stable word in files and on the command line, e.g. "beyond".
[[nodiscard]] std::string_view toText(DeltaNoise noise) noexcept;

struct FigureDelta
{
    DeltaFigure figure = DeltaFigure::Makespan;
    double first = 0; ///< in its unit; of several runs the mean
    double second = 0;
    DeltaNoise noise = DeltaNoise::Unknown;
    std::optional<Estimate> ratio; ///< second over first, where several runs tell how it varies

    [[nodiscard]] double difference() const { return second - first; }
};

/// One executor of the first runs beside the one of the second that is compared with it.
struct ExecutorDelta
{
    int first = 0; ///< index in TraceMeta::executors
    int second = 0;
    std::vector<FigureDelta> figures; ///< in the enumeration's order; those that both sides have
    RankComparison run; ///< of all tasks' run times; of single runs only
    RankComparison wait;
};

/// Something about settings or machine that is not the same.
struct FactDelta
{
    std::string fact; ///< stable: "workload", "param:tasks", "workers:threads", "machine:cpu", …
    std::string first; ///< empty: there is none
    std::string second;
    bool isUnfair = false; ///< the runs did other work, so their figures cannot be compared
};

/// What differs between two runs, or two groups of runs with the same settings.
struct RunDelta
{
    std::vector<FactDelta> facts; ///< those that make it unfair first
    std::vector<ExecutorDelta> executors;
    int firstRuns = 1;
    int secondRuns = 1;

    [[nodiscard]] bool isFair() const { return facts.empty() || !facts.front().isUnfair; }
};

/// Compares what came out of \p first and \p second, each one run or several of the same settings, by start. Of
/// single runs the tasks' durations say what is noise (compareRanks), of several how the runs vary (Repeats),
/// in \p pairs comparisons together. Executors are matched by kind and order, then those that are left by
/// order. O(n log n) of the tasks. Any thread.
[[nodiscard]] RunDelta compareRuns(std::span<const SnapshotPtr> first,
                                   std::span<const SnapshotPtr> second, int pairs = 1);

/// \return the indices of \p runs, those with the same settings, machine and name together, in order of first
/// appearance, and by start within a group. When that leaves nothing to compare, each is by itself. \p names:
/// one a run.
[[nodiscard]] std::vector<std::vector<std::size_t>> groupRuns(std::span<const SnapshotPtr> runs,
                                                              std::span<const std::string> names);

/// \return what differs in settings and machine. Any thread.
[[nodiscard]] std::vector<FactDelta> compareFacts(const TraceMeta& first, const TraceMeta& second);

} // namespace poolscope
