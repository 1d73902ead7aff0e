// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/figure_facts.h"

#include "core/analysis/run_summary.h"
#include "ui/common/format.h"
#include "ui/timeline/lane_facts.h"
#include "ui/timeline/timeline_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QTimeZone>

#include <algorithm>
#include <array>
#include <string_view>

namespace poolscope {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("poolscope::Figure", text);
}

using timeline::fromStd;

/// Time by executor and kind, and which ends occur.
struct Census
{
    std::vector<std::array<double, kMaxTaskKinds>> busyNs; ///< one an executor
    std::array<std::uint64_t, kTaskStateCount> ended{};
    std::uint64_t merged = 0;
    bool hasWait = false;
};

Census takeCensus(const Snapshot& snapshot, TimeRange range, Nanos mergedBelowNs)
{
    Census census;
    census.busyNs.resize(snapshot.meta->executors.size());
    for (const LaneView& lane : snapshot.lanes) {
        auto& busy = census.busyNs[static_cast<std::size_t>(lane.info().executor)];
        const bool isQueue = lane.info().kind == LaneKind::Queue;
        for (std::uint64_t i = firstRecordEndingAfter(lane, range.beginNs - 1);
             i < lane.recordCount; ++i) {
            const TaskRecord& record = lane.lane->record(i);
            if (record.startNs > range.endNs) {
                break;
            }
            const Nanos seen =
                std::min(record.endNs, range.endNs) - std::max(record.startNs, range.beginNs);
            busy[snapshot.kindOf(record.task)] += static_cast<double>(std::max<Nanos>(0, seen));
            ++census.ended[static_cast<std::size_t>(record.state())];
            if (!isQueue && record.runNs() < mergedBelowNs) {
                ++census.merged;
            }
            census.hasWait = census.hasWait || (!isQueue && record.waitNs() >= kNanosPerMicro);
        }
    }
    return census;
}

std::vector<LegendEntry> legendOf(const Snapshot& snapshot, const Census& census)
{
    std::vector<std::pair<double, LegendEntry>> kinds;
    double all = 0;
    const auto& names = snapshot.meta->plan->kinds;
    for (std::size_t executor = 0; executor < census.busyNs.size(); ++executor) {
        for (std::size_t kind = 0; kind < kMaxTaskKinds; ++kind) {
            const double busy = census.busyNs[executor][kind];
            all += busy;
            if (busy <= 0) {
                continue;
            }
            // With several kinds the colour stands for the kind, whoever ran it.
            const auto same = std::find_if(kinds.begin(), kinds.end(), [&](const auto& entry) {
                return names.size() > 1 && entry.second.kind == kind;
            });
            if (same != kinds.end()) {
                same->first += busy;
                continue;
            }
            LegendEntry entry;
            entry.executor = static_cast<int>(executor);
            entry.kind = static_cast<std::uint8_t>(kind);
            entry.text = names.size() > 1 && kind < names.size()
                             ? fromStd(names[kind])
                             : groupTitle(snapshot, entry.executor);
            kinds.emplace_back(busy, entry);
        }
    }
    std::stable_sort(kinds.begin(), kinds.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<LegendEntry> legend;
    for (auto& [busy, entry] : kinds) {
        entry.text += QStringLiteral("  ") + formatShare(busy / all);
        legend.push_back(std::move(entry));
    }
    using Shape = LegendEntry::Shape;
    for (const auto& [state, shape] : {std::pair{TaskState::Failed, Shape::Failed},
                                       std::pair{TaskState::TimedOut, Shape::TimedOut},
                                       std::pair{TaskState::Cancelled, Shape::Cancelled},
                                       std::pair{TaskState::Lost, Shape::Lost}}) {
        if (const std::uint64_t count = census.ended[static_cast<std::size_t>(state)]; count > 0) {
            legend.push_back(
                {shape, 0, 0,
                 stateName(state).toLower() + QStringLiteral("  ") + formatCount(count)});
        }
    }
    if (census.hasWait) {
        legend.push_back({Shape::Wait, 0, 0, tr("queue wait, 1 µs to 10 s")});
    }
    return legend;
}

QString three(const Percentiles& p)
{
    return QStringLiteral("%1 / %2 / %3")
        .arg(formatDuration(p.p50Ns), formatDuration(p.p95Ns), formatDuration(p.p99Ns));
}

void addNumbers(FigureFacts& facts, const Snapshot& snapshot, TimeRange range, bool isWhole)
{
    facts.numberHeads = {QString(),
                         tr("tasks"),
                         isWhole ? tr("makespan") : tr("range"),
                         tr("tasks/s"),
                         tr("utilisation"),
                         tr("run p50 / p95 / p99"),
                         tr("wait p50 / p95 / p99")};
    for (int executor = 0; executor < static_cast<int>(snapshot.meta->executors.size());
         ++executor) {
        const RunSummary sum =
            isWhole ? summariseRun(snapshot, executor) : summariseRange(snapshot, executor, range);
        facts.numbers.push_back({groupTitle(snapshot, executor), formatCount(sum.tasks),
                                 formatDuration(sum.makespanNs), formatRate(sum.tasksPerSecond),
                                 formatShare(sum.utilisation), three(sum.run), three(sum.wait)});
    }
}

QString paramsText(const TraceMeta& meta)
{
    QStringList parts;
    for (const auto& [id, value] : meta.params.values()) {
        QString text = fromStd(toText(value)).replace(QLatin1Char('\n'), QLatin1Char(';'));
        if (text.size() > 60) {
            text = text.left(59) + QStringLiteral("…");
        }
        parts += fromStd(id) + QLatin1Char('=') + text;
    }
    return parts.join(QStringLiteral(", "));
}

QString poolsText(const Snapshot& snapshot)
{
    QStringList pools;
    for (int i = 0; i < static_cast<int>(snapshot.meta->executors.size()); ++i) {
        const ExecutorMeta& executor = snapshot.meta->executors[static_cast<std::size_t>(i)];
        QString text = tr("%1, %2 workers").arg(fromStd(executor.title)).arg(executor.workers);
        const std::vector<ControlEvent> none;
        for (const ControlEvent& event : snapshot.controlEvents ? *snapshot.controlEvents : none) {
            if (event.kind == ControlKind::Resize && event.executor == i) {
                text += tr(" → %1 at %2")
                            .arg(QString::number(event.value), formatDuration(event.timeNs));
            }
        }
        pools += text;
    }
    return pools.join(QStringLiteral("; "));
}

void addProvenance(FigureFacts& facts, const Snapshot& snapshot, TimeRange range)
{
    const TraceMeta& meta = *snapshot.meta;
    const QString date =
        QDateTime::fromMSecsSinceEpoch(meta.startedUnixNs / kNanosPerMilli, Qt::UTC)
            .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss 'UTC'"));
    const QString shown =
        QStringLiteral("%1 to %2").arg(formatDuration(range.beginNs), formatDuration(range.endNs));
    facts.metadata = {
        {QStringLiteral("Title"), facts.title},
        {QStringLiteral("Software"), QStringLiteral("Poolscope ") + fromStd(meta.version)},
        {QStringLiteral("Run"), fromStd(meta.runId)},
        {QStringLiteral("Date"), date},
        {QStringLiteral("Seed"), QString::number(meta.seed)},
        {QStringLiteral("Workload"),
         fromStd(meta.workloadId) + QStringLiteral(": ") + paramsText(meta)},
        {QStringLiteral("Chunk"), QString::number(meta.chunk)},
        {QStringLiteral("Pools"), poolsText(snapshot)},
        {QStringLiteral("System"), fromStd(meta.machine.operatingSystem) + QStringLiteral(", ") +
                                       fromStd(meta.machine.kernel)},
        {QStringLiteral("CPU"), fromStd(meta.machine.cpuModel)},
        {QStringLiteral("Cores"),
         tr("%1 logical, %2 usable").arg(meta.machine.logicalCpus).arg(meta.machine.usableCpus)},
        {QStringLiteral("Clock"), fromStd(meta.machine.clock)},
        {QStringLiteral("Dropped"), QString::number(snapshot.droppedEvents)},
        {QStringLiteral("Range"), shown}};
    facts.provenance =
        QStringList{QStringLiteral("Poolscope ") + fromStd(meta.version),
                    tr("run %1").arg(fromStd(meta.runId).left(8)),
                    date,
                    tr("seed %1").arg(meta.seed),
                    fromStd(meta.machine.cpuModel),
                    tr("%1 of %2 CPUs").arg(meta.machine.usableCpus).arg(meta.machine.logicalCpus),
                    fromStd(meta.machine.operatingSystem),
                    tr("%1 events dropped").arg(formatCount(snapshot.droppedEvents))}
            .join(QStringLiteral(" · "));
}

/// What, how many, and how each executor did.
QString altTextOf(const FigureFacts& facts, const Snapshot& snapshot, TimeRange range)
{
    QStringList sentences{tr("Timeline of the run “%1”, from %2 to %3: %4.")
                              .arg(facts.title, formatDuration(range.beginNs),
                                   formatDuration(range.endNs), facts.subtitle)};
    for (int i = 0; i < static_cast<int>(snapshot.meta->executors.size()); ++i) {
        const RunSummary sum = summariseRange(snapshot, i, range);
        sentences +=
            tr("%1: %2 tasks, %3 tasks per second, workers busy %4, run time p50 %5 and p99 "
               "%6, %7 failed, %8 attempts lost.")
                .arg(groupTitle(snapshot, i), formatCount(sum.tasks),
                     formatRate(sum.tasksPerSecond), formatShare(sum.utilisation),
                     formatDuration(sum.run.p50Ns), formatDuration(sum.run.p99Ns),
                     formatCount(sum.failed), formatCount(sum.lostAttempts));
    }
    return sentences.join(u' ');
}

QString captionOf(const FigureFacts& facts)
{
    QStringList keys;
    for (const LegendEntry& entry : facts.legend) {
        keys += entry.text.simplified();
    }
    return tr("%1. %2. Each row is a worker, each bar a task from begin to end; the line below a "
              "bar "
              "shows how long its task had waited in the queue. Colours and marks by share of time "
              "or "
              "number: %3. %4.")
        .arg(facts.title, facts.subtitle, keys.join(QStringLiteral(", ")), facts.provenance);
}

} // namespace

FigureFacts figureFacts(const Snapshot& snapshot, TimeRange range, const QString& title,
                        Nanos mergedBelowNs)
{
    const TraceMeta& meta = *snapshot.meta;
    const bool isWhole = range.beginNs <= 0 && range.endNs >= snapshot.nowNs;
    const Census census = takeCensus(snapshot, range, mergedBelowNs);
    FigureFacts facts;
    facts.title = title.isEmpty() ? fromStd(meta.title) : title;
    facts.subtitle =
        tr("%1; %2 tasks of %3, chunk %4")
            .arg(poolsText(snapshot), formatCount(meta.plan->taskCount), fromStd(meta.workloadId))
            .arg(meta.chunk);
    facts.legend = legendOf(snapshot, census);
    facts.merged = census.merged;
    addNumbers(facts, snapshot, range, isWhole);
    addProvenance(facts, snapshot, range);
    facts.altText = altTextOf(facts, snapshot, range);
    facts.caption = captionOf(facts);
    return facts;
}

} // namespace poolscope
