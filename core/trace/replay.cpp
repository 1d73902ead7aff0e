// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/replay.h"

#include "core/trace/lane_columns.h"

#include <algorithm>
#include <array>

namespace poolscope {

namespace {

constexpr std::uint64_t kLeafMask = (std::uint64_t{1} << SummaryPyramid::kLeafShift) - 1;

void countRecord(ExecutorTotals& totals, const TaskRecord& record)
{
    if (record.wasRetried()) {
        ++totals.lostAttempts;
        return;
    }
    ++totals.ended[static_cast<std::size_t>(record.state())];
    totals.lostAttempts += record.state() == TaskState::Lost && record.attempt > 0 ? 1U : 0U;
}

/// Counts the records of a node; those in which all were done need not be looked at.
void countNode(ExecutorTotals& totals, const Lane& lane, int level, std::uint64_t index)
{
    const int shift = SummaryPyramid::shift(level);
    if (lane.pyramid().node(level, index).stateBits == stateBit(TaskState::Done)) {
        totals.ended[static_cast<std::size_t>(TaskState::Done)] += std::uint64_t{1} << shift;
        return;
    }
    if (level > 0) {
        constexpr std::uint64_t fan = std::uint64_t{1} << SummaryPyramid::kFanShift;
        for (std::uint64_t child = index * fan; child < (index + 1) * fan; ++child) {
            countNode(totals, lane, level - 1, child);
        }
        return;
    }
    for (std::uint64_t i = index << shift; i < (index + 1) << shift; ++i) {
        countRecord(totals, lane.record(i));
    }
}

void countLane(ExecutorTotals& totals, const LaneView& view)
{
    std::uint64_t done = 0;
    for (int level = SummaryPyramid::kLevels - 1; level >= 0; --level) {
        const int shift = SummaryPyramid::shift(level);
        for (std::uint64_t end = view.summarisedCount >> shift; done >> shift < end;
             done += std::uint64_t{1} << shift) {
            countNode(totals, *view.lane, level, done >> shift);
        }
    }
    for (; done < view.recordCount; ++done) {
        countRecord(totals, view.lane->record(done));
    }
}

std::shared_ptr<const std::vector<LaneLife>> livesUntil(const std::vector<LaneLife>& lives,
                                                        Nanos timeNs)
{
    auto known = std::make_shared<std::vector<LaneLife>>();
    for (LaneLife life : lives) {
        if (life.openedNs > timeNs) {
            break;
        }
        life.closedNs = life.closedNs > timeNs ? -1 : life.closedNs;
        known->push_back(life);
    }
    return known;
}

UsageList usageUntil(const UsageList& usage, Nanos timeNs)
{
    if (!usage) {
        return usage;
    }
    const auto end = std::upper_bound(
        usage->begin(), usage->end(), timeNs,
        [](Nanos value, const UsageSample& sample) { return value < sample.endNs; });
    return std::make_shared<const std::vector<UsageSample>>(usage->begin(), end);
}

LaneView laneAt(const LaneView& whole, Nanos timeNs)
{
    LaneView view = whole;
    view.recordCount = firstRecordEndingAfter(whole, timeNs);
    view.summarisedCount = std::min(whole.summarisedCount, view.recordCount & ~kLeafMask);
    view.lives = whole.lives ? livesUntil(*whole.lives, timeNs) : whole.lives;
    view.usage = usageUntil(whole.usage, timeNs);
    view.running = {};
    if (view.recordCount < whole.recordCount) {
        const TaskRecord& next = whole.lane->record(view.recordCount);
        if (next.startNs <= timeNs) {
            view.running = {next.task, next.startNs};
        }
    }
    return view;
}

std::uint64_t submittedAt(const Snapshot& moment, std::size_t executor)
{
    const ExecutorTotals& totals = moment.totals[executor];
    const std::uint64_t begun = totals.endedCount() + totals.running;
    const bool isSampled =
        executor < moment.queueSamples.size() && !moment.queueSamples[executor]->empty();
    return isSampled ? std::max(begun, moment.queueSamples[executor]->back().submitted) : begun;
}

/// The moments of one lane nearest to a time.
struct Moments
{
    std::optional<Nanos> before;
    std::optional<Nanos> after;

    void add(Nanos momentNs, Nanos timeNs)
    {
        if (momentNs > timeNs) {
            after = after ? std::min(*after, momentNs) : momentNs;
        } else if (momentNs < timeNs) {
            before = before ? std::max(*before, momentNs) : momentNs;
        }
    }
};

Moments momentsAround(const Snapshot& whole, Nanos timeNs)
{
    Moments moments;
    for (const LaneView& lane : whole.lanes) {
        // The record at the time and its neighbours: the next start or end is one of theirs.
        const std::uint64_t at = firstRecordEndingAfter(lane, timeNs - 1);
        const std::uint64_t first = at > 0 ? at - 1 : 0;
        for (std::uint64_t i = first; i < std::min(at + 2, lane.recordCount); ++i) {
            moments.add(lane.lane->record(i).startNs, timeNs);
            moments.add(lane.lane->record(i).endNs, timeNs);
        }
    }
    for (const ControlEvent& event : *whole.controlEvents) {
        moments.add(event.timeNs, timeNs);
    }
    return moments;
}

} // namespace

Snapshot snapshotAt(const Snapshot& whole, Nanos timeNs)
{
    Snapshot moment;
    moment.meta = whole.meta;
    moment.recorder = whole.recorder;
    moment.nowNs = std::clamp<Nanos>(timeNs, 0, whole.nowNs);
    moment.wholeNs = whole.nowNs;
    moment.droppedEvents = whole.droppedEvents;

    auto events = std::make_shared<std::vector<ControlEvent>>();
    std::copy_if(whole.controlEvents->begin(), whole.controlEvents->end(),
                 std::back_inserter(*events),
                 [&moment](const ControlEvent& event) { return event.timeNs <= moment.nowNs; });
    moment.controlEvents = std::move(events);
    for (const auto& samples : whole.queueSamples) {
        const auto end = std::upper_bound(
            samples->begin(), samples->end(), moment.nowNs,
            [](Nanos value, const QueueSample& sample) { return value < sample.timeNs; });
        moment.queueSamples.push_back(
            std::make_shared<const std::vector<QueueSample>>(samples->begin(), end));
    }

    moment.infrastructure = whole.infrastructure;
    for (InfrastructureView& view : moment.infrastructure) {
        view.spanCount = firstSpanEndingAfter(view, moment.nowNs);
    }
    moment.totals.resize(whole.totals.size());
    for (const LaneView& lane : whole.lanes) {
        moment.lanes.push_back(laneAt(lane, moment.nowNs));
        const LaneView& view = moment.lanes.back();
        ExecutorTotals& totals = moment.totals[static_cast<std::size_t>(lane.info().executor)];
        countLane(totals, view);
        totals.running += view.running.startNs >= 0 ? 1U : 0U;
        totals.workers += view.info().kind != LaneKind::Queue && view.lives &&
                                  !view.lives->empty() && view.lives->back().closedNs < 0
                              ? 1U
                              : 0U;
        if (view.recordCount > 0) {
            totals.lastEndNs =
                std::max(totals.lastEndNs, view.lane->record(view.recordCount - 1).endNs);
        }
    }
    for (std::size_t i = 0; i < moment.totals.size(); ++i) {
        ExecutorTotals& totals = moment.totals[i];
        totals.total = whole.totals[i].total;
        const bool hasEnds = totals.endedCount() > 0;
        totals.firstSubmitNs = hasEnds ? whole.totals[i].firstSubmitNs : -1;
        totals.submitted = std::min(whole.totals[i].submitted, submittedAt(moment, i));
    }
    return moment;
}

std::optional<Nanos> nextMoment(const Snapshot& whole, Nanos timeNs)
{
    return momentsAround(whole, timeNs).after;
}

std::optional<Nanos> previousMoment(const Snapshot& whole, Nanos timeNs)
{
    return momentsAround(whole, timeNs).before;
}

} // namespace poolscope
