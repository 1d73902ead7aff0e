// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/task_facts.h"

#include "core/analysis/blocking.h"
#include "ui/common/format.h"
#include "ui/timeline/lane_facts.h"
#include "ui/timeline/timeline_text.h"

#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

namespace {

using timeline::fromStd;
using timeline::tr;

/// A card shows a few lines; results and errors may be megabytes.
QString beginningOf(const std::string& text)
{
    constexpr qsizetype kLongest = 600;
    return fromStd(text.substr(0, 4 * kLongest)).left(kLongest);
}

bool wasLost(const TaskRecord& record)
{
    return record.wasRetried() || record.state() == TaskState::Lost;
}

std::vector<std::pair<QString, QString>> timeLines(const TaskRecord& record, const LaneInfo& lane)
{
    std::vector<std::pair<QString, QString>> lines{
        {tr("Run time"), formatDuration(record.runNs())},
        {tr("Queue wait"), formatDuration(std::max<Nanos>(0, record.waitNs()))},
        {tr("Start"), timeText(record.startNs, 1000)}};
    if (lane.kind != LaneKind::Process) {
        return lines;
    }
    lines.emplace_back(tr("Sent to the worker"),
                       tr("%1 before").arg(formatDuration(static_cast<Nanos>(record.sentLeadNs))));
    lines.emplace_back(
        tr("Result back"),
        wasLost(record)
            ? tr("never")
            : tr("%1 after").arg(formatDuration(static_cast<Nanos>(record.returnLagNs))));
    return lines;
}

/// "Process 2, 0.5 ms later: done"; empty when it is not found nearby.
QString nextAttemptText(const Snapshot& snapshot, int executor, const TaskRecord& lost)
{
    constexpr std::uint64_t kMostLooked = 4096; // it went to the front of the queue
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.info().executor != executor) {
            continue;
        }
        const std::uint64_t first = firstRecordEndingAfter(lane, lost.endNs);
        const std::uint64_t end = std::min(lane.recordCount, first + kMostLooked);
        for (std::uint64_t i = first; i < end; ++i) {
            const TaskRecord& record = lane.lane->record(i);
            if (record.task == lost.task && record.attempt == lost.attempt + 1) {
                return tr("%1, %2 later: %3")
                    .arg(laneName(lane.info()), formatDuration(record.startNs - lost.endNs),
                         stateName(record.state()).toLower());
            }
        }
    }
    return {};
}

/// \return the attempt that ended with the worker at \p goneNs, or nullptr when it had none.
const TaskRecord* lostAt(const LaneView& lane, Nanos goneNs)
{
    const std::uint64_t at = firstRecordEndingAfter(lane, goneNs - 1);
    const TaskRecord* record = at < lane.recordCount ? &lane.lane->record(at) : nullptr;
    return record != nullptr && record->endNs == goneNs && wasLost(*record) ? record : nullptr;
}

/// "2", or "2, began on 1".
QString coreText(const TaskRecord& record, const TaskCost& cost)
{
    const QString core = QString::number(record.core);
    return cost.startCore == TaskCost::kNoCore || cost.startCore == record.core
               ? core
               : tr("%1, began on %2").arg(core).arg(cost.startCore);
}

/// \p cost was measured.
void addCosts(TaskFacts& facts, const TaskCost& cost, Nanos runNs)
{
    const auto add = [&](CostPart part, double nanos) {
        const double share = runNs > 0 ? std::min(nanos / static_cast<double>(runNs), 1.0) : 0;
        const QString time = formatDuration(std::llround(nanos));
        facts.costs.push_back({part, tr("%1 · %2").arg(time, formatShare(share)), share});
    };
    const double cpuNs = double{cost.cpuNs};
    add(CostPart::OnProcessor, cpuNs);
    if (cost.hasRunQueue()) {
        add(CostPart::WaitingForOne, double{cost.runQueueNs});
        add(CostPart::Blocked, cost.blockedNs(runNs));
    } else {
        add(CostPart::OffProcessor, std::max(0.0, static_cast<double>(runNs) - cpuNs));
    }
    facts.lines.emplace_back(tr("Switches"), tr("%1 waited, %2 gave way")
                                                 .arg(formatCount(cost.voluntarySwitches),
                                                      formatCount(cost.involuntarySwitches)));
    if (cost.minorFaults + cost.majorFaults > 0) {
        const QString faults = formatCount(cost.minorFaults + cost.majorFaults);
        facts.lines.emplace_back(
            tr("Page faults"),
            cost.majorFaults == 0
                ? faults
                : tr("%1, %2 from a disk").arg(faults, formatCount(cost.majorFaults)));
    }
    if (cost.peakMemoryKiB > 0) {
        facts.lines.emplace_back(tr("Worker's peak memory"),
                                 QLocale().formattedDataSize(qint64{cost.peakMemoryKiB} * 1024));
    }
}

/// "slots", "1.2 ms, 3 times": what held the task up longest.
void addBlocked(TaskFacts& facts, const std::vector<BlockedOn>& blocked)
{
    constexpr std::size_t kMostLines = 3;
    for (std::size_t i = 0; i < std::min(blocked.size(), kMostLines); ++i) {
        const QString time = formatDuration(blocked[i].sumNs);
        facts.lines.emplace_back(tr("Blocked on %1").arg(fromStd(blocked[i].name)),
                                 blocked[i].times == 1
                                     ? time
                                     : tr("%1, %2 times").arg(time, formatCount(blocked[i].times)));
    }
}

} // namespace

QString costPartName(CostPart part)
{
    switch (part) {
    case CostPart::OnProcessor:
        return tr("On a processor");
    case CostPart::WaitingForOne:
        return tr("Waiting for one");
    case CostPart::Blocked:
        return tr("Blocked");
    case CostPart::OffProcessor:
        return tr("Not on one");
    }
    return {};
}

TaskFacts runningFacts(const Snapshot& snapshot, const LaneView& lane, Nanos nowNs)
{
    TaskFacts facts;
    facts.title =
        fromStd(taskName(snapshot.meta->workloadId, *snapshot.meta->plan, lane.running.task));
    facts.state = TaskState::Running;
    facts.lines = {{tr("Running for"), formatDuration(nowNs - lane.running.startNs)},
                   {tr("Start"), timeText(lane.running.startNs, 1000)},
                   {tr("Worker"), workerText(lane, nowNs)}};
    if (const std::optional<Progress> progress = lane.lane->progressNow()) {
        const QString share = formatShare(progress->share);
        facts.lines.emplace_back(
            tr("Progress"),
            progress->text.empty() ? share : tr("%1, %2").arg(share, fromStd(progress->text)));
    }
    const BlockedNow blocked = lane.lane->blockedNow();
    const std::vector<std::string> blockers = snapshot.recorder->blockers();
    if (blocked.sinceNs >= lane.running.startNs && blocked.on < blockers.size()) {
        facts.lines.emplace_back(
            tr("Blocked on %1").arg(fromStd(blockers[blocked.on])),
            tr("for %1").arg(formatDuration(std::max<Nanos>(0, nowNs - blocked.sinceNs))));
    }
    return facts;
}

std::optional<TaskFacts> columnFacts(const Snapshot& snapshot, const LaneView& lane,
                                     TimeRange range)
{
    std::array<ColumnCell, 1> cell;
    fillColumns(snapshot, lane, range, cell);
    const auto busy = static_cast<double>(cell[0].busySum());
    if (cell[0].stateBits == 0) {
        return std::nullopt;
    }
    TaskFacts facts;
    const auto count = static_cast<quint64>(std::max(1L, std::lround(cell[0].endedCount)));
    facts.title = count == 1 ? tr("About 1 task") : tr("About %1 tasks").arg(formatCount(count));
    facts.lines = {
        {tr("Within"), formatDuration(range.duration())},
        {tr("Busy"), formatShare(std::min(1.0, busy / static_cast<double>(range.duration())))}};
    if (busy > 0) {
        const double meanLog = static_cast<double>(cell[0].waitWeightedLog) / busy;
        facts.lines.emplace_back(tr("Typical wait"), formatDuration(static_cast<Nanos>(
                                                         std::exp2(std::min(meanLog, 62.0)) - 1)));
    }
    facts.lines.emplace_back(tr("Worker"), workerText(lane, range.endNs));
    return facts;
}

TaskFacts deathFacts(const Snapshot& snapshot, const LaneView& lane, const ControlEvent& death)
{
    TaskFacts facts;
    facts.title = tr("%1 died").arg(laneName(lane.info()));
    facts.note = fromStd(death.text);
    const LaneLife* life = lane.lifeAt(death.timeNs);
    for (const LaneLife& each : livesOf(lane)) {
        if (each.closedNs >= 0 && each.closedNs <= death.timeNs) {
            life = &each; // its successor may have begun already
        }
    }
    const Nanos goneNs = life != nullptr && life->closedNs >= 0 ? life->closedNs : death.timeNs;
    facts.lines = {{tr("At"), timeText(goneNs, 1000)}};
    if (life != nullptr) {
        facts.lines.emplace_back(
            tr("Lived"),
            tr("%1, pid %2").arg(formatDuration(goneNs - life->openedNs)).arg(life->processId));
    }
    const TaskRecord* lost = lostAt(lane, goneNs);
    if (lost == nullptr) {
        facts.lines.emplace_back(tr("Was running"), tr("nothing"));
        return facts;
    }
    facts.lines.emplace_back(tr("Was running"), tr("%1, for %2")
                                                    .arg(shortTaskName(*snapshot.meta, lost->task),
                                                         formatDuration(lost->runNs())));
    facts.lines.emplace_back(tr("Attempt"), QString::number(lost->attempt));
    const QString next = nextAttemptText(snapshot, lane.info().executor, *lost);
    facts.lines.emplace_back(tr("Next attempt"), next.isEmpty() ? tr("none") : next);
    return facts;
}

TaskFacts placeFacts(const Snapshot& snapshot, const RecordRef& ref)
{
    const TaskRecord& record = *findRecord(snapshot, ref);
    const LaneView& lane = snapshot.lanes[static_cast<std::size_t>(ref.lane)];
    TaskFacts facts;
    facts.title = fromStd(taskName(snapshot.meta->workloadId, *snapshot.meta->plan, record.task));
    facts.state = record.state();
    facts.lines.emplace_back(tr("Worker"), workerText(lane, record.startNs));
    const TaskCost cost = lane.lane->hasCosts() ? lane.lane->cost(ref.record) : TaskCost{};
    if (record.core != TaskRecord::kNoCore) {
        facts.lines.emplace_back(tr("Core"), coreText(record, cost));
    }
    if (cost.wasMeasured()) {
        addCosts(facts, cost, record.runNs());
    }
    addBlocked(facts, blockedIn(snapshot, lane, record));
    const auto& kinds = snapshot.meta->plan->kinds;
    if (const std::uint8_t kind = snapshot.kindOf(record.task);
        kinds.size() > 1 && kind < kinds.size()) {
        facts.lines.emplace_back(tr("Kind"), fromStd(kinds[kind]));
    }
    return facts;
}

std::optional<TaskFacts> taskFacts(const Snapshot& snapshot, const RecordRef& ref)
{
    const TaskRecord* record = findRecord(snapshot, ref);
    if (record == nullptr) {
        return std::nullopt;
    }
    const LaneView& lane = snapshot.lanes[static_cast<std::size_t>(ref.lane)];
    TaskFacts facts = placeFacts(snapshot, ref);
    const auto times = timeLines(*record, lane.info());
    facts.lines.insert(facts.lines.begin(), times.begin(), times.end());
    if (record->attempt > 1 || record->wasRetried()) {
        const QString attempt = QString::number(record->attempt);
        facts.lines.emplace_back(
            tr("Attempt"), record->wasRetried() ? tr("%1, tried again").arg(attempt) : attempt);
    }
    if (record->wasRetried()) {
        if (const QString next = nextAttemptText(snapshot, lane.info().executor, *record);
            !next.isEmpty()) {
            facts.lines.emplace_back(tr("Next attempt"), next);
        }
    }
    const TaskResult result = lane.lane->result(ref.record);
    if (!result.error.empty()) {
        facts.note = beginningOf(result.error);
    } else if (const std::string value = toText(result.value);
               value.find('\n') != std::string::npos) {
        facts.note = beginningOf(value);
    } else if (!value.empty()) {
        facts.lines.emplace_back(tr("Result"), fromStd(value));
    }
    return facts;
}

} // namespace poolscope
