// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/ledger.h"

#include "core/analysis/serial_stretches.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

namespace poolscope {

namespace {

constexpr std::array<std::string_view, kLaneTimeCount> kTexts{
    "useful",  "blocked", "preempted", "wasted", "start_up",
    "starved", "serial",  "hand_over", "paused", "tail"};

std::vector<TimeRange> pausesOf(const Snapshot& snapshot, int executor)
{
    std::vector<TimeRange> pauses;
    bool isPaused = false;
    for (const ControlEvent& event : *snapshot.controlEvents) {
        if (event.executor != executor) {
            continue;
        }
        if (event.kind == ControlKind::Pause && !isPaused) {
            isPaused = true;
            pauses.push_back({event.timeNs, snapshot.nowNs});
        } else if (event.kind == ControlKind::Resume && isPaused) {
            isPaused = false;
            pauses.back().endNs = event.timeNs;
        }
    }
    return pauses;
}

/// Goes along the lives of one lane and puts each stretch of time where it belongs.
class LaneAccount
{
public:
    LaneAccount(const LaneView& lane, TimeRange range, const std::vector<TimeRange>& pauses)
        : m_lane(lane)
        , m_range(range)
        , m_pauses(pauses)
    {}

    /// \p endNs: the end of the life.
    void addLife(const LaneLife& life, Nanos endNs);
    void addRunning(Nanos startNs, Nanos nowNs);
    [[nodiscard]] const std::array<Nanos, kLaneTimeCount>& ns() const { return m_ns; }
    [[nodiscard]] Nanos totalNs() const { return m_totalNs; }
    /// Where it was starved, ordered and disjoint.
    [[nodiscard]] const std::vector<TimeRange>& starved() const { return m_starved; }

private:
    void put(LaneTime use, Nanos beginNs, Nanos endNs);
    void putRun(std::uint64_t index, Nanos beginNs, Nanos endNs);
    void putWaiting(LaneTime use, Nanos beginNs, Nanos endNs);
    void addGapBefore(const TaskRecord& record, Nanos beginNs, Nanos endNs);
    void addAfterLast(Nanos beginNs, Nanos endNs);
    [[nodiscard]] bool isFirst() const { return m_previous == nullptr && !m_hadOthers; }

    const LaneView& m_lane;
    const TimeRange m_range;
    const std::vector<TimeRange>& m_pauses;
    const TaskRecord* m_previous = nullptr; ///< the last one of this life
    bool m_hadOthers = false; ///< this life: before, whose records are gone
    std::array<Nanos, kLaneTimeCount> m_ns{};
    Nanos m_totalNs = 0;
    std::vector<TimeRange> m_starved;
};

void LaneAccount::put(LaneTime use, Nanos beginNs, Nanos endNs)
{
    const Nanos inside = std::min(endNs, m_range.endNs) - std::max(beginNs, m_range.beginNs);
    if (inside > 0) {
        m_ns[static_cast<std::size_t>(use)] += inside;
        m_totalNs += inside;
        if (use == LaneTime::Starved) {
            m_starved.push_back(
                {std::max(beginNs, m_range.beginNs), std::min(endNs, m_range.endNs)});
        }
    }
}

/// What a task did, by its costs: of a part of it as much as of the whole.
void LaneAccount::putRun(std::uint64_t index, Nanos beginNs, Nanos endNs)
{
    beginNs = std::max(beginNs, m_range.beginNs);
    endNs = std::max(beginNs, std::min(endNs, m_range.endNs));
    const TaskRecord& record = m_lane.lane->record(index);
    const Nanos wallNs = record.runNs();
    if (record.state() != TaskState::Done || wallNs <= 0 || !m_lane.lane->hasCosts() ||
        !m_lane.lane->cost(index).wasMeasured()) {
        put(record.state() == TaskState::Done ? LaneTime::Useful : LaneTime::Wasted, beginNs,
            endNs);
        return;
    }
    const TaskCost& cost = m_lane.lane->cost(index);
    const double part = static_cast<double>(endNs - beginNs) / static_cast<double>(wallNs);
    const auto partOf = [part](double ns) { return static_cast<Nanos>(std::max(0.0, ns) * part); };
    // Without the time in the run queue all that was not computing counts as blocked.
    const Nanos preemptedNs = std::min(
        cost.hasRunQueue() ? partOf(static_cast<double>(cost.runQueueNs)) : 0, endNs - beginNs);
    const Nanos blockedNs = std::min(partOf(cost.blockedNs(wallNs)), endNs - beginNs - preemptedNs);
    // Where in the task they lay is not known.
    const Nanos usefulEndNs = endNs - blockedNs - preemptedNs;
    put(LaneTime::Useful, beginNs, usefulEndNs);
    put(LaneTime::Blocked, usefulEndNs, usefulEndNs + blockedNs);
    put(LaneTime::Preempted, usefulEndNs + blockedNs, endNs);
}

/// As put(), but what of it lies in a pause is Paused.
void LaneAccount::putWaiting(LaneTime use, Nanos beginNs, Nanos endNs)
{
    for (const TimeRange& pause : m_pauses) {
        const Nanos from = std::clamp(pause.beginNs, beginNs, std::max(beginNs, endNs));
        const Nanos to = std::clamp(pause.endNs, from, std::max(from, endNs));
        put(use, beginNs, from);
        put(LaneTime::Paused, from, to);
        beginNs = to;
    }
    put(use, beginNs, endNs);
}

void LaneAccount::addGapBefore(const TaskRecord& record, Nanos beginNs, Nanos endNs)
{
    // On its way back from here, on its way here; whatever lies between is waiting.
    const Nanos returnedNs =
        m_previous == nullptr
            ? beginNs
            : std::min(endNs, beginNs + static_cast<Nanos>(m_previous->returnLagNs));
    const Nanos sentNs =
        std::clamp(record.startNs - static_cast<Nanos>(record.sentLeadNs), returnedNs, endNs);
    const Nanos submittedNs = std::clamp(record.submitNs, returnedNs, sentNs);
    put(LaneTime::HandOver, beginNs, returnedNs);
    putWaiting(LaneTime::Starved, returnedNs, submittedNs);
    putWaiting(isFirst() ? LaneTime::StartUp : LaneTime::HandOver, submittedNs, sentNs);
    put(LaneTime::HandOver, sentNs, endNs);
}

void LaneAccount::addAfterLast(Nanos beginNs, Nanos endNs)
{
    if (isFirst()) {
        putWaiting(LaneTime::Starved, beginNs, endNs);
        return;
    }
    const Nanos returnedNs =
        m_previous == nullptr
            ? beginNs
            : std::min(endNs, beginNs + static_cast<Nanos>(m_previous->returnLagNs));
    put(LaneTime::HandOver, beginNs, returnedNs);
    putWaiting(LaneTime::Tail, returnedNs, endNs);
}

void LaneAccount::addLife(const LaneLife& life, Nanos endNs)
{
    m_previous = nullptr;
    m_hadOthers = m_lane.letGo && m_lane.letGo->lastEndNs > life.openedNs;
    Nanos doneNs = life.openedNs; // all before is accounted for
    std::uint64_t i = firstRecordEndingAfter(m_lane, life.openedNs);
    for (; i < m_lane.recordCount && doneNs < endNs; ++i) {
        const TaskRecord& record = m_lane.lane->record(i);
        if (record.startNs >= endNs) {
            break;
        }
        const Nanos startNs = std::clamp(record.startNs, doneNs, endNs);
        const Nanos stopNs = std::clamp(record.endNs, startNs, endNs);
        addGapBefore(record, doneNs, startNs);
        putRun(i, startNs, stopNs);
        doneNs = stopNs;
        m_previous = &record;
    }
    addAfterLast(doneNs, endNs);
}

void LaneAccount::addRunning(Nanos startNs, Nanos nowNs)
{
    put(LaneTime::Useful, startNs, nowNs);
}

/// \return ordered and disjoint ranges that cover what \p ranges do.
std::vector<TimeRange> united(std::vector<TimeRange> ranges)
{
    std::ranges::sort(ranges, {}, &TimeRange::beginNs);
    std::vector<TimeRange> all;
    for (const TimeRange& range : ranges) {
        if (!all.empty() && range.beginNs <= all.back().endNs) {
            all.back().endNs = std::max(all.back().endNs, range.endNs);
        } else {
            all.push_back(range);
        }
    }
    return all;
}

/// Both ordered and disjoint. \return how long both last at once.
Nanos commonNs(const std::vector<TimeRange>& left, const std::vector<TimeRange>& right)
{
    Nanos sumNs = 0;
    auto other = right.begin();
    for (const TimeRange& range : left) {
        while (other != right.end() && other->endNs <= range.beginNs) {
            ++other;
        }
        for (auto at = other; at != right.end() && at->beginNs < range.endNs; ++at) {
            sumNs += std::min(range.endNs, at->endNs) - std::max(range.beginNs, at->beginNs);
        }
    }
    return sumNs;
}

/// Parts what is Serial from what is Starved; a single worker has no other that could have run.
void splitStarved(Ledger& ledger, const Snapshot& snapshot, int executor,
                  const std::vector<std::vector<TimeRange>>& starved)
{
    if (ledger.of(LaneTime::Starved) == 0 || ledger.lanes < 2) {
        return;
    }
    std::vector<TimeRange> all;
    for (const std::vector<TimeRange>& ofLane : starved) {
        all.insert(all.end(), ofLane.begin(), ofLane.end());
    }
    const std::vector<TimeRange> serial =
        serialStretches(snapshot, executor, united(std::move(all)));
    for (const std::vector<TimeRange>& ofLane : starved) {
        const Nanos serialNs = commonNs(ofLane, serial);
        ledger.ns[static_cast<std::size_t>(LaneTime::Starved)] -= serialNs;
        ledger.ns[static_cast<std::size_t>(LaneTime::Serial)] += serialNs;
    }
}

} // namespace

std::string_view toText(LaneTime use) noexcept
{
    return kTexts[static_cast<std::size_t>(use)];
}

Ledger ledgerOf(const Snapshot& snapshot, int executor, TimeRange range)
{
    assert(!range.isEmpty());
    const std::vector<TimeRange> pauses = pausesOf(snapshot, executor);
    std::vector<std::vector<TimeRange>> starved;
    Ledger ledger;
    range = rangeWithDetail(snapshot, executor, range);
    ledger.rangeNs = range.duration();
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.info().executor != executor || lane.info().kind == LaneKind::Queue) {
            continue;
        }
        LaneAccount account(lane, range, pauses);
        for (const LaneLife& life : *lane.lives) {
            Nanos endNs = life.closedNs < 0 ? snapshot.nowNs : life.closedNs;
            const Nanos runningNs = lane.running.startNs;
            if (snapshot.isLive && life.closedNs < 0 && runningNs >= 0) {
                account.addRunning(std::max(runningNs, life.openedNs), endNs);
                endNs = std::clamp(runningNs, life.openedNs, endNs);
            }
            account.addLife(life, endNs);
        }
        for (std::size_t use = 0; use < ledger.ns.size(); ++use) {
            ledger.ns[use] += account.ns()[use];
        }
        ledger.totalNs += account.totalNs();
        ledger.lanes += account.totalNs() > 0 ? 1 : 0;
        ledger.mostUsefulNs =
            std::max(ledger.mostUsefulNs, account.ns()[static_cast<std::size_t>(LaneTime::Useful)]);
        starved.push_back(account.starved());
    }
    splitStarved(ledger, snapshot, executor, starved);
    return ledger;
}

} // namespace poolscope
