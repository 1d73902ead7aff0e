// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lane_facts.h"

#include "ui/common/format.h"
#include "ui/timeline/timeline_text.h"

#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace poolscope {

namespace {

using timeline::fromStd;
using timeline::tr;

Nanos livedIn(const LaneView& lane, TimeRange range, Nanos nowNs)
{
    Nanos sum = 0;
    for (const LaneLife& life : livesOf(lane)) {
        const Nanos end = life.closedNs < 0 ? nowNs : life.closedNs;
        sum +=
            std::max<Nanos>(0, std::min(end, range.endNs) - std::max(life.openedNs, range.beginNs));
    }
    return sum;
}

} // namespace

QString workerText(const LaneView& lane, Nanos timeNs)
{
    const QString ids = laneIds(lane, timeNs);
    return ids.isEmpty() ? laneName(lane.info())
                         : laneName(lane.info()) + QStringLiteral(", ") + ids;
}

std::span<const LaneLife> livesOf(const LaneView& lane)
{
    return lane.lives ? std::span<const LaneLife>(*lane.lives) : std::span<const LaneLife>();
}

QString laneName(const LaneInfo& info)
{
    switch (info.kind) {
    case LaneKind::Thread:
        return tr("Thread %1").arg(info.index);
    case LaneKind::Process:
        return tr("Process %1").arg(info.index);
    case LaneKind::Queue:
        break;
    }
    return tr("Never started");
}

QString laneIds(const LaneView& lane, Nanos timeNs)
{
    const LaneLife* life = lane.lifeAt(timeNs);
    if (life == nullptr) {
        return {};
    }
    if (lane.info().kind == LaneKind::Process) {
        return life->processId > 0 ? tr("pid %1").arg(life->processId) : QString();
    }
    return life->threadId > 0 ? tr("tid %1").arg(life->threadId) : QString();
}

std::optional<double> busyShare(const Snapshot& snapshot, const LaneView& lane, TimeRange range,
                                Nanos nowNs)
{
    const TimeRange seen{std::max<Nanos>(0, range.beginNs), std::min(range.endNs, nowNs)};
    const Nanos lived = livedIn(lane, seen, nowNs);
    if (seen.isEmpty() || lived <= 0) {
        return std::nullopt;
    }
    // A few columns, so that what lies at the edges is opened and counted exactly enough.
    std::array<ColumnCell, 16> cells;
    fillColumns(snapshot, lane, seen, cells, 1.0);
    double busy = 0;
    for (const ColumnCell& cell : cells) {
        busy += static_cast<double>(cell.busySum());
    }
    if (lane.running.startNs >= 0) {
        busy += static_cast<double>(
            std::max<Nanos>(0, seen.endNs - std::max(lane.running.startNs, seen.beginNs)));
    }
    return std::clamp(busy / static_cast<double>(lived), 0.0, 1.0);
}

QString groupTitle(const Snapshot& snapshot, int executor)
{
    return fromStd(snapshot.meta->executors[static_cast<std::size_t>(executor)].title);
}

QString groupFacts(const Snapshot& snapshot, int executor)
{
    const ExecutorTotals& totals = snapshot.totals[static_cast<std::size_t>(executor)];
    const auto lanes = std::count_if(
        snapshot.lanes.begin(), snapshot.lanes.end(), [executor](const LaneView& lane) {
            return lane.info().executor == executor && lane.info().kind != LaneKind::Queue;
        });
    const int workers =
        snapshot.isLive ? static_cast<int>(totals.workers) : static_cast<int>(lanes);
    const std::uint64_t ended = totals.endedCount();
    QString text = workers == 1 ? tr("1 worker") : tr("%1 workers").arg(workers);
    text += QStringLiteral("  ·  ");
    text += ended < totals.total
                ? tr("%1 of %2 tasks").arg(formatCount(ended), formatCount(totals.total))
                : tr("%1 tasks").arg(formatCount(ended));
    const std::array ends{std::pair{TaskState::Failed, tr("%1 failed")},
                          std::pair{TaskState::TimedOut, tr("%1 timed out")},
                          std::pair{TaskState::Lost, tr("%1 lost")},
                          std::pair{TaskState::Cancelled, tr("%1 cancelled")}};
    for (const auto& [state, words] : ends) {
        if (totals.count(state) > 0) {
            text += QStringLiteral("  ·  ") + words.arg(formatCount(totals.count(state)));
        }
    }
    if (totals.lostAttempts > 0) {
        text +=
            QStringLiteral("  ·  ") + tr("%1 attempts lost").arg(formatCount(totals.lostAttempts));
    }
    if (snapshot.droppedEvents > 0) {
        text += QStringLiteral("  ·  ") +
                tr("%1 not recorded").arg(formatCount(snapshot.droppedEvents));
    }
    return text;
}

QString shortTaskName(const TraceMeta& meta, std::uint64_t task)
{
    const QString name = task < meta.plan->items.size() || meta.plan->items.empty()
                             ? fromStd(taskName(meta.workloadId, *meta.plan, task))
                             : QString::number(task);
    return name.mid(name.lastIndexOf(QLatin1Char('/')) + 1);
}

QString stateName(TaskState state)
{
    switch (state) {
    case TaskState::Pending:
        return tr("Waiting");
    case TaskState::Dispatched:
        return tr("Sent");
    case TaskState::Running:
        return tr("Running");
    case TaskState::Done:
        return tr("Done");
    case TaskState::Failed:
        return tr("Failed");
    case TaskState::Cancelled:
        return tr("Cancelled");
    case TaskState::TimedOut:
        return tr("Timed out");
    case TaskState::Lost:
        return tr("Lost");
    }
    return {};
}

QString eventText(const Snapshot& snapshot, const ControlEvent& event)
{
    const QString text = fromStd(event.text);
    const auto lane = static_cast<std::size_t>(std::max(event.lane, 0));
    QString what;
    switch (event.kind) {
    case ControlKind::Resize:
        what = tr("%1 → %2 workers").arg(text).arg(event.value);
        break;
    case ControlKind::Pause:
        what = tr("paused");
        break;
    case ControlKind::Resume:
        what = tr("resumed");
        break;
    case ControlKind::Cancel:
        what = tr("cancelled");
        break;
    case ControlKind::Kill:
        what = tr("killed");
        break;
    case ControlKind::WorkerStarted:
        what = tr("a worker started");
        break;
    case ControlKind::WorkerRetired:
        what = text.isEmpty() ? tr("a worker retired") : tr("a worker retired: %1").arg(text);
        break;
    case ControlKind::WorkerDied:
        what = tr("a worker died: %1").arg(text);
        break;
    case ControlKind::TaskRetried:
        what = tr("%1 is tried again")
                   .arg(shortTaskName(*snapshot.meta, static_cast<std::uint64_t>(event.value)));
        break;
    case ControlKind::Error:
        what = text;
        break;
    }
    QString who = groupTitle(snapshot, event.executor);
    const auto lanes = snapshot.recorder ? snapshot.recorder->lanes() : std::vector<Lane*>{};
    if (event.lane >= 0 && lane < lanes.size()) {
        who += QStringLiteral(", ") + laneName(lanes[lane]->info());
    }
    return tr("%1: %2, at %3").arg(who, what, formatDuration(event.timeNs));
}

QString infrastructureToolTip(const Snapshot& snapshot, const InfrastructureView& view)
{
    const InfrastructureInfo& info = view.lane->info();
    const double share =
        snapshot.nowNs > 0 ? static_cast<double>(busyNs(view)) / static_cast<double>(snapshot.nowNs)
                           : 0;
    return tr("%1, tid %2\nA thread of the engine, which runs no tasks. Busy %3 of the run.")
        .arg(fromStd(info.name))
        .arg(info.threadId)
        .arg(formatShare(share));
}

QString timeText(Nanos timeNs, double nsPerPx)
{
    const auto magnitude = static_cast<double>(std::abs(timeNs));
    const bool isSeconds = magnitude >= 1e9;
    const double unit = isSeconds ? 1e9 : 1e6;
    const int decimals = static_cast<int>(std::ceil(std::log10(unit / std::max(nsPerPx, 1.0))));
    return QStringLiteral("%1 %2").arg(
        QLocale().toString(static_cast<double>(timeNs) / unit, 'f',
                           std::clamp(decimals, 0, isSeconds ? 9 : 6)),
        isSeconds ? QStringLiteral("s") : QStringLiteral("ms"));
}

QString laneToolTip(const Snapshot& snapshot, const LaneView& lane, TimeRange range, Nanos nowNs)
{
    QStringList lines{workerText(lane, range.endNs)};
    if (lane.info().kind == LaneKind::Queue) {
        lines += tr("%1 tasks ended before a worker took them").arg(formatCount(lane.recordCount));
        return lines.join(QLatin1Char('\n'));
    }
    if (const auto share = busyShare(snapshot, lane, range, nowNs)) {
        lines += tr("%1 busy in what is visible").arg(formatShare(*share));
    }
    lines += tr("%1 attempts in all").arg(formatCount(lane.recordCount));
    if (const auto lives = livesOf(lane); lives.size() > 1) {
        lines += tr("%1 workers one after the other").arg(formatCount(lives.size()));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace poolscope
