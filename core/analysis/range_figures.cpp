// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/range_figures.h"

#include <algorithm>
#include <limits>

namespace poolscope {

namespace {

Nanos overlapNs(Nanos beginNs, Nanos endNs, TimeRange range)
{
    return std::max<Nanos>(0, std::min(endNs, range.endNs) - std::max(beginNs, range.beginNs));
}

/// Adds the attempts of \p lane to \p figures. \return what the lane did.
LaneShare addLane(RangeFigures& figures, const Snapshot& snapshot, const LaneView& lane,
                  TimeRange range)
{
    LaneShare share;
    for (std::uint64_t i = firstRecordEndingAfter(lane, range.beginNs); i < lane.recordCount; ++i) {
        const TaskRecord& record = lane.lane->record(i);
        if (record.startNs > range.endNs) {
            break;
        }
        share.busyNs += overlapNs(record.startNs, record.endNs, range);
        if (record.endNs > range.endNs) {
            continue;
        }
        ++share.attempts;
        if (record.attempt > 0 && !record.wasRetried() && record.state() != TaskState::Lost) {
            ++figures.attempts;
            figures.runSumNs += record.runNs();
            figures.waitSumNs += record.waitNs();
            figures.runs.add(record.runNs());
            figures.waits.add(record.waitNs());
        }
    }
    if (snapshot.isLive && lane.running.startNs >= 0) {
        share.busyNs += overlapNs(lane.running.startNs, snapshot.nowNs, range);
    }
    for (const LaneLife& life : *lane.lives) {
        share.laneNs +=
            overlapNs(life.openedNs, life.closedNs < 0 ? snapshot.nowNs : life.closedNs, range);
    }
    return share;
}

void addGone(RangeFigures& figures, LaneShare& share, const LetGo& gone)
{
    share.attempts += gone.records;
    share.busyNs += gone.busyNs;
    figures.attempts += gone.attempts;
    figures.runSumNs += gone.runSumNs;
    figures.waitSumNs += gone.waitSumNs;
    figures.runs.add(gone.runs);
    figures.waits.add(gone.waits);
}

} // namespace

RangeFigures rangeFigures(const Snapshot& snapshot, int executor, std::optional<TimeRange> range)
{
    RangeFigures figures;
    figures.summary.executor = executor;
    if (range && range->isEmpty()) {
        return figures;
    }
    figures.summary =
        range ? summariseRange(snapshot, executor, *range) : summariseRun(snapshot, executor);
    constexpr Nanos kFar = std::numeric_limits<Nanos>::max() / 2;
    const TimeRange counted =
        range ? rangeWithDetail(snapshot, executor, *range) : TimeRange{-kFar, kFar};
    if (counted.isEmpty()) {
        return figures;
    }
    for (std::size_t i = 0; i < snapshot.lanes.size(); ++i) {
        const LaneView& lane = snapshot.lanes[i];
        if (lane.info().executor != executor || lane.info().kind == LaneKind::Queue) {
            continue;
        }
        LaneShare share = addLane(figures, snapshot, lane, counted);
        if (!range && lane.letGo) {
            addGone(figures, share, *lane.letGo);
        }
        share.lane = static_cast<int>(i);
        if (share.laneNs > 0 || share.attempts > 0) {
            figures.lanes.push_back(share);
        }
    }
    return figures;
}

} // namespace poolscope
