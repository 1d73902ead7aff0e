// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/run_summary.h"

#include "core/analysis/percentile_search.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>

namespace poolscope {

namespace {

/// \return how much of [beginNs, endNs) lies in \p range.
Nanos overlapNs(Nanos beginNs, Nanos endNs, TimeRange range)
{
    return std::max<Nanos>(0, std::min(endNs, range.endNs) - std::max(beginNs, range.beginNs));
}

/// Sums up the attempts of one executor that end in a range, its beginning excluded.
class Summariser
{
public:
    Summariser(const Snapshot& snapshot, int executor, TimeRange range)
        : m_snapshot(snapshot)
        , m_range(range)
    {
        m_summary.executor = executor;
    }

    void addLane(const LaneView& lane);
    /// Adds what is known of a lane's records that are gone.
    void addGone(const LaneView& lane);
    /// After all lanes were added: the same lanes again, for the percentiles.
    void addLaneAgain(const LaneView& lane);
    void beginAgain()
    {
        m_runs.beginCollecting();
        m_waits.beginCollecting();
    }
    [[nodiscard]] RunSummary finish(TimeRange makespan);
    [[nodiscard]] TimeRange firstSubmitToLastEnd() const
    {
        return m_lastEndNs < m_firstSubmitNs ? TimeRange{}
                                             : TimeRange{m_firstSubmitNs, m_lastEndNs};
    }

private:
    void addEnd(const TaskRecord& record, bool isOnWorker);
    void addCost(const TaskCost& cost, Nanos runNs);

    const Snapshot& m_snapshot;
    const TimeRange m_range;
    RunSummary m_summary;
    PercentileSearch m_runs;
    PercentileSearch m_waits;
    Nanos m_firstSubmitNs = std::numeric_limits<Nanos>::max();
    Nanos m_lastEndNs = std::numeric_limits<Nanos>::min();
};

void Summariser::addLane(const LaneView& lane)
{
    const bool isOnWorker = lane.info().kind != LaneKind::Queue;
    for (std::uint64_t i = firstRecordEndingAfter(lane, m_range.beginNs); i < lane.recordCount;
         ++i) {
        const TaskRecord& record = lane.lane->record(i);
        if (record.startNs > m_range.endNs) {
            break;
        }
        if (isOnWorker) {
            m_summary.busyNs += overlapNs(record.startNs, record.endNs, m_range);
        }
        if (record.endNs <= m_range.endNs) {
            addEnd(record, isOnWorker);
            if (lane.lane->hasCosts() && lane.lane->cost(i).wasMeasured()) {
                addCost(lane.lane->cost(i), record.runNs());
            }
        }
    }
}

void Summariser::addGone(const LaneView& lane)
{
    if (!lane.letGo) {
        return;
    }
    const LetGo& gone = *lane.letGo;
    m_summary.detailSinceNs = std::max(m_summary.detailSinceNs.value_or(0), gone.lastEndNs);
    m_firstSubmitNs = std::min(m_firstSubmitNs, gone.firstSubmitNs);
    m_lastEndNs = std::max(m_lastEndNs, gone.lastEndNs);
    const auto count = [&gone](TaskState state) {
        return gone.ended[static_cast<std::size_t>(state)];
    };
    m_summary.tasks += gone.endedCount();
    m_summary.done += count(TaskState::Done);
    m_summary.failed += count(TaskState::Failed);
    m_summary.cancelled += count(TaskState::Cancelled);
    m_summary.timedOut += count(TaskState::TimedOut);
    m_summary.lost += count(TaskState::Lost);
    m_summary.lostAttempts += gone.lostAttempts;
    if (lane.info().kind != LaneKind::Queue) {
        m_summary.busyNs += gone.busyNs;
    }
}

void Summariser::addLaneAgain(const LaneView& lane)
{
    if (lane.info().kind == LaneKind::Queue) {
        return;
    }
    for (std::uint64_t i = firstRecordEndingAfter(lane, m_range.beginNs); i < lane.recordCount;
         ++i) {
        const TaskRecord& record = lane.lane->record(i);
        if (record.startNs > m_range.endNs) {
            break;
        }
        if (record.endNs <= m_range.endNs && ranToAnEnd(record)) {
            m_runs.collect(record.runNs());
            m_waits.collect(record.waitNs());
        }
    }
}

void Summariser::addEnd(const TaskRecord& record, bool isOnWorker)
{
    m_firstSubmitNs = std::min(m_firstSubmitNs, record.submitNs);
    m_lastEndNs = std::max(m_lastEndNs, record.endNs);
    const TaskState state = record.state();
    if (record.wasRetried() || (state == TaskState::Lost && record.attempt > 0)) {
        ++m_summary.lostAttempts;
    }
    if (isOnWorker && ranToAnEnd(record)) {
        m_runs.count(record.runNs());
        m_waits.count(record.waitNs());
    }
    if (record.wasRetried()) {
        return;
    }
    ++m_summary.tasks;
    m_summary.done += state == TaskState::Done ? 1U : 0U;
    m_summary.failed += state == TaskState::Failed ? 1U : 0U;
    m_summary.cancelled += state == TaskState::Cancelled ? 1U : 0U;
    m_summary.timedOut += state == TaskState::TimedOut ? 1U : 0U;
    m_summary.lost += state == TaskState::Lost ? 1U : 0U;
}

void Summariser::addCost(const TaskCost& cost, Nanos runNs)
{
    CostSums& sums = m_summary.costs;
    ++sums.attempts;
    sums.runNs += runNs;
    sums.cpuNs += static_cast<double>(cost.cpuNs);
    if (cost.hasRunQueue()) {
        sums.queuedRunNs += runNs;
        sums.runQueueNs += static_cast<double>(cost.runQueueNs);
        sums.blockedNs += cost.blockedNs(runNs);
    }
    sums.voluntarySwitches += cost.voluntarySwitches;
    sums.involuntarySwitches += cost.involuntarySwitches;
    sums.minorFaults += cost.minorFaults;
    sums.majorFaults += cost.majorFaults;
    sums.peakMemoryKiB = std::max<std::uint64_t>(sums.peakMemoryKiB, cost.peakMemoryKiB);
}

RunSummary Summariser::finish(TimeRange makespan)
{
    for (const LaneView& lane : m_snapshot.lanes) {
        if (lane.info().executor != m_summary.executor || lane.info().kind == LaneKind::Queue) {
            continue;
        }
        if (m_snapshot.isLive && lane.running.startNs >= 0) {
            m_summary.busyNs += overlapNs(lane.running.startNs, m_snapshot.nowNs, makespan);
        }
        for (const LaneLife& life : *lane.lives) {
            const Nanos closedNs = life.closedNs < 0 ? m_snapshot.nowNs : life.closedNs;
            m_summary.laneNs += overlapNs(life.openedNs, closedNs, makespan);
        }
    }
    m_summary.makespanNs = makespan.duration();
    if (m_summary.makespanNs > 0) {
        m_summary.tasksPerSecond =
            static_cast<double>(m_summary.tasks) / toSeconds(m_summary.makespanNs);
    }
    if (m_summary.laneNs > 0) {
        m_summary.utilisation =
            static_cast<double>(m_summary.busyNs) / static_cast<double>(m_summary.laneNs);
    }
    m_summary.run = m_runs.result();
    m_summary.wait = m_waits.result();
    return m_summary;
}

Summariser summarised(const Snapshot& snapshot, int executor, TimeRange range)
{
    Summariser summariser(snapshot, executor, range);
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.info().executor == executor) {
            summariser.addLane(lane);
        }
    }
    summariser.beginAgain();
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.info().executor == executor) {
            summariser.addLaneAgain(lane);
        }
    }
    return summariser;
}

} // namespace

Percentiles percentilesOf(std::vector<Nanos>& durations)
{
    Percentiles result;
    if (durations.empty()) {
        return result;
    }
    // Each search leaves the larger values behind its place, so the next one has less to do.
    auto begin = durations.begin();
    const auto percentile = [&](std::size_t percent) {
        const std::size_t rank = (durations.size() * percent + 99) / 100; // from 1
        const auto place = durations.begin() + static_cast<std::ptrdiff_t>(rank) - 1;
        std::nth_element(begin, place, durations.end());
        begin = place;
        return *place;
    };
    result.p50Ns = percentile(50);
    result.p95Ns = percentile(95);
    result.p99Ns = percentile(99);
    result.maxNs = *std::max_element(begin, durations.end());
    result.meanNs =
        std::accumulate(durations.begin(), durations.end(), 0.0,
                        [](double sum, Nanos value) { return sum + static_cast<double>(value); }) /
        static_cast<double>(durations.size());
    return result;
}

RunSummary summariseRun(const Snapshot& snapshot, int executor)
{
    constexpr TimeRange all{std::numeric_limits<Nanos>::min() / 2,
                            std::numeric_limits<Nanos>::max() / 2};
    Summariser summariser = summarised(snapshot, executor, all);
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.info().executor == executor) {
            summariser.addGone(lane);
        }
    }
    return summariser.finish(summariser.firstSubmitToLastEnd());
}

CostSums costSumsOf(const Snapshot& snapshot, int executor)
{
    const bool hasCosts = std::ranges::any_of(
        snapshot.lanes, [](const LaneView& lane) { return lane.lane->hasCosts(); });
    return hasCosts ? summariseRun(snapshot, executor).costs : CostSums();
}

RunSummary summariseRange(const Snapshot& snapshot, int executor, TimeRange range)
{
    assert(!range.isEmpty());
    const TimeRange kept = rangeWithDetail(snapshot, executor, range);
    RunSummary summary;
    summary.executor = executor;
    if (!kept.isEmpty()) {
        summary = summarised(snapshot, executor, kept).finish(kept);
    }
    if (kept != range) {
        summary.detailSinceNs = detailSince(snapshot, executor);
    }
    return summary;
}

} // namespace poolscope
