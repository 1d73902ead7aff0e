// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/snapshot_builder.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace poolscope {

namespace {

constexpr std::uint64_t kLeafMask = (std::uint64_t{1} << SummaryPyramid::kLeafShift) - 1;

bool isBefore(const LaneView& a, const LaneView& b)
{
    const auto key = [](const LaneView& view) {
        const LaneInfo& info = view.info();
        return std::tuple(info.executor, info.kind == LaneKind::Queue, info.index, view.laneIndex);
    };
    return key(a) < key(b);
}

bool hasOpenLife(const LaneView& view)
{
    return !view.lives->empty() && view.lives->back().closedNs < 0;
}

void addSums(ExecutorTotals& totals, const LetGo& sums)
{
    for (std::size_t i = 0; i < totals.ended.size(); ++i) {
        totals.ended[i] += sums.ended[i];
    }
    totals.lostAttempts += sums.lostAttempts;
    const bool isFirst = totals.firstSubmitNs < 0;
    totals.firstSubmitNs =
        isFirst ? sums.firstSubmitNs : std::min(totals.firstSubmitNs, sums.firstSubmitNs);
    totals.lastEndNs = std::max(totals.lastEndNs, sums.lastEndNs);
}

} // namespace

SnapshotBuilder::SnapshotBuilder(std::shared_ptr<Recorder> recorder,
                                 std::shared_ptr<const TraceMeta> meta)
    : m_recorder(std::move(recorder))
    , m_meta(std::move(meta))
    , m_totals(static_cast<std::size_t>(m_recorder->executorCount()))
    , m_events(m_recorder->controlEvents())
    , m_keeper(m_recorder)
{
    for (ExecutorTotals& totals : m_totals) {
        totals.total = m_meta->plan->taskCount;
    }
}

void SnapshotBuilder::update()
{
    for (ExecutorTotals& totals : m_totals) {
        totals.running = 0;
        totals.workers = 0;
    }
    adoptNewLanes();
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        updateLane(m_views[i], *m_lanes[i]);
    }
    // After the ends, so that no task seems to have ended before it was submitted.
    for (std::size_t i = 0; i < m_totals.size(); ++i) {
        m_totals[i].submitted = m_recorder->submitted(static_cast<int>(i));
    }
    m_events = m_recorder->controlEvents();
}

void SnapshotBuilder::adoptNewLanes()
{
    m_lanes = m_recorder->lanes();
    while (m_views.size() < m_lanes.size()) {
        LaneView view;
        view.laneIndex = static_cast<int>(m_views.size());
        view.lane = m_lanes[m_views.size()];
        m_views.push_back(std::move(view));
    }
}

bool SnapshotBuilder::isUpToDate() const
{
    for (std::size_t i = 0; i < m_totals.size(); ++i) {
        if (m_recorder->submitted(static_cast<int>(i)) != m_totals[i].submitted) {
            return false;
        }
    }
    return m_recorder->controlEvents() == m_events; // the same list
}

void SnapshotBuilder::updateLane(LaneView& view, Lane& lane)
{
    ExecutorTotals& totals = m_totals[static_cast<std::size_t>(lane.info().executor)];
    // First what runs, then what has ended: a task that ends in between is in neither place
    // otherwise and would flicker.
    view.running = lane.running();
    const std::uint64_t end = lane.recordCount();
    if (view.recordCount < lane.firstRecord()) { // it was read from a file
        view.showFrom(lane);
        view.recordCount = view.firstRecord;
        addSums(totals, *view.letGo);
    }
    // Piece by piece, so that a record is looked at twice while it is at hand.
    for (std::uint64_t begin = view.recordCount; begin < end;) {
        const std::uint64_t pieceEnd =
            begin + std::min<std::uint64_t>(end - begin, LaneRecords::contiguousFrom(begin));
        count(totals, lane, begin, pieceEnd);
        lane.summarise(pieceEnd,
                       [&plan = *m_meta->plan](std::uint64_t task) { return plan.kind(task); });
        begin = pieceEnd;
    }
    view.recordCount = end;
    view.summarisedCount = std::min(lane.pyramid().summarisedCount(), end & ~kLeafMask);
    view.lives = lane.lives();
    view.usage = lane.usage();
    if (view.hasRecords() && view.running.startNs < lane.record(end - 1).endNs) {
        view.running = {};
    }
    totals.running += view.running.startNs >= 0 ? 1U : 0U;
    totals.workers += lane.info().kind != LaneKind::Queue && hasOpenLife(view) ? 1U : 0U;
}

void SnapshotBuilder::letGo()
{
    m_keeper.keepWithin(m_meta->recording.memoryCapBytes, m_lanes, m_views);
}

void SnapshotBuilder::count(ExecutorTotals& totals, const Lane& lane, std::uint64_t begin,
                            std::uint64_t end) const
{
    constexpr auto kDone = static_cast<std::uint8_t>(TaskState::Done); // and not retried
    const TaskRecord* record = lane.records().data(begin);
    std::uint64_t done = 0;
    Nanos firstSubmitNs = std::numeric_limits<Nanos>::max();
    for (std::uint64_t i = begin; i < end; ++i, ++record) {
        firstSubmitNs = std::min(firstSubmitNs, record->submitNs);
        if (record->stateAndFlags == kDone) {
            ++done;
            continue;
        }
        totals.lostAttempts += isLostAttempt(*record) ? 1U : 0U;
        if (!record->wasRetried()) {
            ++totals.ended[static_cast<std::size_t>(record->state())];
        }
    }
    --record; // the last one ends last
    totals.ended[kDone] += done;
    const bool isFirst = totals.firstSubmitNs < 0;
    totals.firstSubmitNs = isFirst ? firstSubmitNs : std::min(totals.firstSubmitNs, firstSubmitNs);
    totals.lastEndNs = std::max(totals.lastEndNs, record->endNs);
}

Snapshot SnapshotBuilder::build() const
{
    Snapshot snapshot;
    snapshot.meta = m_meta;
    snapshot.recorder = m_keeper.hold();
    snapshot.lanes = m_views;
    std::sort(snapshot.lanes.begin(), snapshot.lanes.end(), isBefore);
    snapshot.totals = m_totals;
    snapshot.controlEvents = m_events;
    for (const Lane* lane : m_lanes) {
        snapshot.droppedEvents += lane->droppedCount();
    }
    snapshot.infrastructure = m_recorder->infrastructure();
    for (const InfrastructureView& view : snapshot.infrastructure) {
        snapshot.droppedEvents += view.lane->droppedCount();
    }
    return snapshot;
}

Nanos SnapshotBuilder::lastMomentNs() const
{
    Nanos last = m_events->empty() ? 0 : m_events->back().timeNs;
    for (const ExecutorTotals& totals : m_totals) {
        last = std::max(last, totals.lastEndNs);
    }
    return last;
}

} // namespace poolscope
