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
    totals.lostAttempts += isLostAttempt(record) ? 1U : 0U;
    if (!record.wasRetried()) {
        ++totals.ended[static_cast<std::size_t>(record.state())];
    }
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

/// \return the level of the largest node that begins at record \p at and ends by \p end, both of whole leaves.
int levelOfNodeAt(std::uint64_t at, std::uint64_t end)
{
    int level = 0;
    while (level + 1 < SummaryPyramid::kLevels) {
        const std::uint64_t length = std::uint64_t{1} << SummaryPyramid::shift(level + 1);
        if (at % length != 0 || at + length > end) {
            break;
        }
        ++level;
    }
    return level;
}

void countLane(ExecutorTotals& totals, const LaneView& view)
{
    if (view.letGo) {
        for (std::size_t i = 0; i < totals.ended.size(); ++i) {
            totals.ended[i] += view.letGo->ended[i];
        }
        totals.lostAttempts += view.letGo->lostAttempts;
    }
    std::uint64_t done = view.firstRecord;
    while (done < view.summarisedCount) {
        const int level = levelOfNodeAt(done, view.summarisedCount);
        countNode(totals, *view.lane, level, done >> SummaryPyramid::shift(level));
        done += std::uint64_t{1} << SummaryPyramid::shift(level);
    }
    for (; done < view.recordCount; ++done) {
        countRecord(totals, view.lane->record(done));
    }
}

/// Adds what a node tells of its records. Where they ended in several ways, one of each way other than done is known to be
/// there.
void addNode(LetGo& sums, const SummaryNode& node, std::uint64_t records)
{
    sums.firstStartNs = sums.records > 0 ? sums.firstStartNs : node.beginNs;
    sums.firstSubmitNs = sums.firstStartNs;
    sums.lastEndNs = node.endNs;
    sums.busyNs += static_cast<Nanos>(node.busyNs);
    sums.records += records;
    for (auto state = static_cast<std::size_t>(TaskState::Lost);
         state >= static_cast<std::size_t>(TaskState::Done) && records > 0; --state) {
        const std::uint8_t bit = stateBit(static_cast<TaskState>(state));
        const bool isLast = (node.stateBits & (bit - 1U)) == 0;
        if ((node.stateBits & bit) != 0) {
            const std::uint64_t known = isLast ? records : 1;
            sums.ended[state] += known;
            records -= known;
        }
    }
}

/// \return what the summaries tell of the records before \p end, whole leaves.
LetGo sumsOfNodes(const SummaryPyramid& pyramid, std::uint64_t end)
{
    LetGo sums;
    while (sums.records < end) {
        int level = levelOfNodeAt(sums.records, end);
        const SummaryNode* node =
            &pyramid.node(level, sums.records >> SummaryPyramid::shift(level));
        if (level > 0 && (node->stateBits & (node->stateBits - 1U)) != 0) {
            level = 0; // a leaf tells best in which ways they ended
            node = &pyramid.node(0, sums.records >> SummaryPyramid::kLeafShift);
        }
        addNode(sums, *node, std::uint64_t{1} << SummaryPyramid::shift(level));
    }
    return sums;
}

/// \return how many of the records that are gone had ended at \p timeNs, in whole leaves.
std::uint64_t goneRecordsUntil(const LaneView& whole, Nanos timeNs)
{
    std::uint64_t begin = 0;
    std::uint64_t end = whole.firstRecord >> SummaryPyramid::kLeafShift;
    while (begin < end) {
        const std::uint64_t middle = begin + (end - begin) / 2;
        if (whole.lane->pyramid().node(0, middle).endNs <= timeNs) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin << SummaryPyramid::kLeafShift;
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
    if (whole.letGo && timeNs < whole.letGo->lastEndNs) {
        view.recordCount = goneRecordsUntil(whole, timeNs);
        view.firstRecord = view.recordCount;
        view.letGo = view.recordCount == 0 ? nullptr
                                           : std::make_shared<const LetGo>(sumsOfNodes(
                                                 whole.lane->pyramid(), view.recordCount));
    } else {
        view.recordCount = firstRecordEndingAfter(whole, timeNs);
    }
    view.summarisedCount = std::min(whole.summarisedCount, view.recordCount & ~kLeafMask);
    view.lives = whole.lives ? livesUntil(*whole.lives, timeNs) : whole.lives;
    view.usage = usageUntil(whole.usage, timeNs);
    view.running = {};
    if (view.recordCount >= whole.firstRecord && view.recordCount < whole.recordCount) {
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
        const std::uint64_t first = at > lane.firstRecord ? at - 1 : at;
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
        totals.lastEndNs = std::max(totals.lastEndNs, view.lastEndNs());
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
