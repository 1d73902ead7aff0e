// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/run_delta.h"

#include "core/analysis/ledger.h"
#include "core/analysis/repeats.h"
#include "core/analysis/run_summary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace poolscope {

namespace {

struct FigureRow
{
    std::string_view id;
    DeltaUnit unit;
    int good; ///< direction
};

constexpr std::array<FigureRow, kDeltaFigureCount> kFigures{{
    {"makespan", DeltaUnit::Nanoseconds, -1},
    {"tasks_per_s", DeltaUnit::PerSecond, 1},
    {"run_mean", DeltaUnit::Nanoseconds, -1},
    {"run_p50", DeltaUnit::Nanoseconds, -1},
    {"run_p95", DeltaUnit::Nanoseconds, -1},
    {"run_p99", DeltaUnit::Nanoseconds, -1},
    {"wait_p50", DeltaUnit::Nanoseconds, -1},
    {"wait_p95", DeltaUnit::Nanoseconds, -1},
    {"utilisation", DeltaUnit::Share, 1},
    {"not_done", DeltaUnit::Count, -1},
    {"lost_attempts", DeltaUnit::Count, -1},
    {"useful", DeltaUnit::Share, 1},
    {"ledger_blocked", DeltaUnit::Share, -1},
    {"ledger_preempted", DeltaUnit::Share, -1},
    {"wasted", DeltaUnit::Share, -1},
    {"start_up", DeltaUnit::Share, -1},
    {"starved", DeltaUnit::Share, -1},
    {"serial", DeltaUnit::Share, -1},
    {"hand_over", DeltaUnit::Share, -1},
    {"paused", DeltaUnit::Share, 0},
    {"tail", DeltaUnit::Share, -1},
    {"cpu_share", DeltaUnit::Share, 0},
    {"run_queue_share", DeltaUnit::Share, -1},
    {"blocked_share", DeltaUnit::Share, 0},
    {"peak_memory", DeltaUnit::Bytes, -1},
}};

constexpr std::array<std::string_view, 3> kNoises{"unknown", "within", "beyond"};

/// The figures of one executor of one run; nothing where there is none.
using Figures = std::array<std::optional<double>, kDeltaFigureCount>;

Figures figuresOf(const Snapshot& snapshot, int executor)
{
    Figures figures;
    const auto set = [&figures](DeltaFigure figure, double value) {
        figures[static_cast<std::size_t>(figure)] = value;
    };
    const RunSummary summary = summariseRun(snapshot, executor);
    const ExecutorTotals& totals = snapshot.totals[static_cast<std::size_t>(executor)];
    set(DeltaFigure::Makespan, static_cast<double>(summary.makespanNs));
    set(DeltaFigure::TasksPerSecond, summary.tasksPerSecond);
    set(DeltaFigure::RunMean, summary.run.meanNs);
    set(DeltaFigure::RunP50, static_cast<double>(summary.run.p50Ns));
    set(DeltaFigure::RunP95, static_cast<double>(summary.run.p95Ns));
    set(DeltaFigure::RunP99, static_cast<double>(summary.run.p99Ns));
    set(DeltaFigure::WaitP50, static_cast<double>(summary.wait.p50Ns));
    set(DeltaFigure::WaitP95, static_cast<double>(summary.wait.p95Ns));
    set(DeltaFigure::Utilisation, summary.utilisation);
    const std::uint64_t tasks = std::max(totals.total, summary.done);
    set(DeltaFigure::NotDone, static_cast<double>(tasks - summary.done));
    set(DeltaFigure::LostAttempts, static_cast<double>(summary.lostAttempts));
    const TimeRange makespan{totals.firstSubmitNs, totals.lastEndNs};
    if (totals.firstSubmitNs >= 0 && !makespan.isEmpty()) {
        const Ledger ledger = ledgerOf(snapshot, executor, makespan);
        for (int i = 0; i < kLaneTimeCount; ++i) {
            set(static_cast<DeltaFigure>(static_cast<int>(DeltaFigure::Useful) + i),
                ledger.share(static_cast<LaneTime>(i)));
        }
    }
    if (summary.costs.attempts > 0) {
        set(DeltaFigure::CpuShare, summary.costs.cpuShare());
        if (summary.costs.hasRunQueue()) {
            set(DeltaFigure::RunQueueShare, summary.costs.runQueueShare());
            set(DeltaFigure::BlockedShare, summary.costs.blockedShare());
        }
        if (summary.costs.peakMemoryKiB > 0) {
            set(DeltaFigure::PeakMemory, 1024.0 * static_cast<double>(summary.costs.peakMemoryKiB));
        }
    }
    return figures;
}

static_assert(static_cast<int>(DeltaFigure::Tail) - static_cast<int>(DeltaFigure::Useful) + 1 ==
              kLaneTimeCount);

/// Run times and waits of the attempts that RunSummary has percentiles of.
struct Durations
{
    std::vector<Nanos> runs;
    std::vector<Nanos> waits;
};

Durations durationsOf(const Snapshot& snapshot, int executor)
{
    Durations durations;
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.info().executor != executor || lane.info().kind == LaneKind::Queue) {
            continue;
        }
        for (std::uint64_t i = lane.firstRecord; i < lane.recordCount; ++i) {
            const TaskRecord& record = lane.lane->record(i);
            if (record.attempt > 0 && !record.wasRetried() && record.state() != TaskState::Lost) {
                durations.runs.push_back(record.runNs());
                durations.waits.push_back(record.waitNs());
            }
        }
    }
    return durations;
}

/// \return the mean of one figure over \p runs, or nothing when one of them has none.
std::optional<double> meanOf(const std::vector<Figures>& runs, std::size_t figure)
{
    double sum = 0;
    for (const Figures& run : runs) {
        if (!run[figure]) {
            return std::nullopt;
        }
        sum += *run[figure];
    }
    return sum / static_cast<double>(runs.size());
}

/// \return second over first, when all values are above 0 and were repeated often enough.
std::optional<Estimate> ratioOf(const std::vector<Figures>& first,
                                const std::vector<Figures>& second, std::size_t figure, int pairs)
{
    std::vector<Repeat> repeats;
    for (int level = 0; level < 2; ++level) {
        const std::vector<Figures>& runs = level == 0 ? first : second;
        for (std::size_t round = 0; round < runs.size(); ++round) {
            if (*runs[round][figure] <= 0) {
                return std::nullopt;
            }
            repeats.push_back({level, static_cast<int>(round), *runs[round][figure]});
        }
    }
    const Repeats together(repeats);
    if (together.freedom() == 0) {
        return std::nullopt;
    }
    return together.ratioOf(together.placeOf(1), together.placeOf(0), pairs);
}

bool isRunTime(DeltaFigure figure)
{
    return figure >= DeltaFigure::RunMean && figure <= DeltaFigure::RunP99;
}

bool isWait(DeltaFigure figure)
{
    return figure == DeltaFigure::WaitP50 || figure == DeltaFigure::WaitP95;
}

DeltaNoise noiseOf(const FigureDelta& delta, const ExecutorDelta& executor, bool areSingle)
{
    if (delta.first == delta.second) {
        return DeltaNoise::Within;
    }
    if (delta.ratio) {
        return delta.ratio->contains(1) ? DeltaNoise::Within : DeltaNoise::Beyond;
    }
    if (areSingle && (isRunTime(delta.figure) || isWait(delta.figure))) {
        const RankComparison& ranks = isWait(delta.figure) ? executor.wait : executor.run;
        return ranks.isDifferent() ? DeltaNoise::Beyond : DeltaNoise::Within;
    }
    return DeltaNoise::Unknown;
}

std::vector<Figures> figuresOfAll(std::span<const SnapshotPtr> runs, int executor)
{
    std::vector<Figures> figures;
    for (const SnapshotPtr& run : runs) {
        figures.push_back(figuresOf(*run, executor));
    }
    return figures;
}

/// \return pairs of executors that are compared with each other, in the first's order.
std::vector<std::pair<int, int>> matchExecutors(const TraceMeta& first, const TraceMeta& second)
{
    std::vector<int> partners(first.executors.size(), -1);
    std::vector<bool> isTaken(second.executors.size(), false);
    for (const bool byKind : {true, false}) {
        for (std::size_t i = 0; i < partners.size(); ++i) {
            for (std::size_t j = 0; j < isTaken.size() && partners[i] < 0; ++j) {
                if (!isTaken[j] &&
                    (!byKind || first.executors[i].kind == second.executors[j].kind)) {
                    partners[i] = static_cast<int>(j);
                    isTaken[j] = true;
                }
            }
        }
    }
    std::vector<std::pair<int, int>> pairs;
    for (std::size_t i = 0; i < partners.size(); ++i) {
        if (partners[i] >= 0) {
            pairs.emplace_back(static_cast<int>(i), partners[i]);
        }
    }
    return pairs;
}

ExecutorDelta compareExecutors(std::span<const SnapshotPtr> first,
                               std::span<const SnapshotPtr> second, std::pair<int, int> executors,
                               int pairs)
{
    ExecutorDelta delta;
    delta.first = executors.first;
    delta.second = executors.second;
    const bool areSingle = first.size() == 1 && second.size() == 1;
    if (areSingle) {
        const Durations one = durationsOf(*first.front(), delta.first);
        const Durations other = durationsOf(*second.front(), delta.second);
        delta.run = compareRanks(one.runs, other.runs);
        delta.wait = compareRanks(one.waits, other.waits);
    }
    const std::vector<Figures> ones = figuresOfAll(first, delta.first);
    const std::vector<Figures> others = figuresOfAll(second, delta.second);
    for (std::size_t i = 0; i < kFigures.size(); ++i) {
        const std::optional<double> one = meanOf(ones, i);
        const std::optional<double> other = meanOf(others, i);
        if (!one || !other) {
            continue;
        }
        FigureDelta figure{static_cast<DeltaFigure>(i), *one, *other, DeltaNoise::Unknown, {}};
        figure.ratio = ratioOf(ones, others, i, pairs);
        figure.noise = noiseOf(figure, delta, areSingle);
        delta.figures.push_back(figure);
    }
    return delta;
}

} // namespace

std::string_view toText(DeltaFigure figure) noexcept
{
    return kFigures[static_cast<std::size_t>(figure)].id;
}

DeltaUnit unitOf(DeltaFigure figure) noexcept
{
    return kFigures[static_cast<std::size_t>(figure)].unit;
}

int goodDirection(DeltaFigure figure) noexcept
{
    return kFigures[static_cast<std::size_t>(figure)].good;
}

std::string_view toText(DeltaNoise noise) noexcept
{
    return kNoises[static_cast<std::size_t>(noise)];
}

RunDelta compareRuns(std::span<const SnapshotPtr> first, std::span<const SnapshotPtr> second,
                     int pairs)
{
    RunDelta delta;
    delta.firstRuns = static_cast<int>(first.size());
    delta.secondRuns = static_cast<int>(second.size());
    const TraceMeta& one = *first.front()->meta;
    const TraceMeta& other = *second.front()->meta;
    delta.facts = compareFacts(one, other);
    for (const std::pair<int, int>& executors : matchExecutors(one, other)) {
        delta.executors.push_back(compareExecutors(first, second, executors, pairs));
    }
    return delta;
}

} // namespace poolscope
