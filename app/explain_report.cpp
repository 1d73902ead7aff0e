// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/explain_report.h"

#include "app/command_line_text.h"
#include "core/analysis/diagnosis.h"
#include "core/analysis/resize_receipt.h"
#include "ui/common/advice_text.h"
#include "ui/common/format.h"
#include "ui/common/receipt_text.h"
#include "ui/common/recording_text.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

#include <array>

namespace poolscope {

namespace {

constexpr std::array kAdviceIds{
    "fewer_tasks_in_tail", "longest_first",       "larger_chunk",          "larger_tasks",
    "submit_faster",       "shorten_serial_part", "start_workers_earlier", "fix_failures",
    "was_paused",          "tasks_wait",          "lock_contention",       "fewer_workers",
    "others_compute",      "more_workers",        "nothing_holds_it_back"};
static_assert(kAdviceIds.size() == static_cast<std::size_t>(Advice::Kind::NothingHoldsItBack) + 1);

const ExecutorMeta& metaOf(const Snapshot& snapshot, int executor)
{
    return snapshot.meta->executors[static_cast<std::size_t>(executor)];
}

void addLedger(QStringList& lines, const Ledger& ledger)
{
    lines << CommandLine::tr("  the workers' time, %1 in all:").arg(formatDuration(ledger.totalNs));
    for (int i = 0; i < kLaneTimeCount; ++i) {
        const auto use = static_cast<LaneTime>(i);
        if (ledger.of(use) > 0) {
            lines << QStringLiteral("    %1 %2 %3  %4")
                         .arg(formatShare(ledger.share(use)), 6)
                         .arg(formatDuration(ledger.of(use)), 9)
                         .arg(laneTimeName(use), -9)
                         .arg(laneTimeMeaning(use));
        }
    }
    lines << CommandLine::tr("  parallel efficiency %1 = load balance %2 x communication "
                             "efficiency %3 (POP metrics)")
                 .arg(formatShare(ledger.parallelEfficiency()), formatShare(ledger.loadBalance()),
                      formatShare(ledger.communicationEfficiency()));
}

void addTail(QStringList& lines, const Tail& tail)
{
    lines << CommandLine::tr(
                 "  the tail: the first worker ran out of tasks %1 before the end; evenly "
                 "spread, the work had ended %2 earlier")
                 .arg(formatDuration(tail.endNs - tail.beginNs), formatDuration(tail.costNs()));
}

void addReplay(QStringList& lines, const Diagnosis& diagnosis)
{
    lines << CommandLine::tr(
                 "  makespan %1; no schedule of these tasks on %2 workers is shorter than "
                 "%3, longest first takes %4")
                 .arg(formatDuration(diagnosis.makespan.duration()))
                 .arg(diagnosis.workers)
                 .arg(formatDuration(diagnosis.bounds.lowerNs),
                      formatDuration(diagnosis.longestFirstNs));
    QStringList others;
    for (const WhatIf& other : diagnosis.whatIf) {
        others << CommandLine::tr("%1 with %2")
                      .arg(formatDuration(other.makespanNs))
                      .arg(other.workers);
    }
    lines << CommandLine::tr("  replayed: %1 with %2 workers; if nothing was contended: %3")
                 .arg(formatDuration(diagnosis.replayedNs))
                 .arg(diagnosis.workers)
                 .arg(others.join(QStringLiteral(", ")));
}

void addResizes(QStringList& lines, const Snapshot& snapshot, int executor)
{
    for (const ResizeReceipt& receipt : resizeReceipts(snapshot, executor)) {
        lines << CommandLine::tr("  at %1 from %2 to %3 workers: %4 → %5. %6")
                     .arg(formatDuration(receipt.timeNs))
                     .arg(receipt.fromWorkers)
                     .arg(receipt.toWorkers)
                     .arg(formatRate(receipt.before.summary.tasksPerSecond),
                          formatRate(receipt.after.summary.tasksPerSecond), receiptText(receipt));
    }
}

QJsonObject sideObject(const ResizeSide& side)
{
    return {
        {QStringLiteral("begin_s"), toSeconds(side.range.beginNs)},
        {QStringLiteral("end_s"), toSeconds(side.range.endNs)},
        {QStringLiteral("tasks"), static_cast<qint64>(side.summary.tasks)},
        {QStringLiteral("tasks_per_s"), side.summary.tasksPerSecond},
        {QStringLiteral("p95_run_s"), toSeconds(side.summary.run.p95Ns)},
        {QStringLiteral("utilisation"), side.summary.utilisation},
        {QStringLiteral("peak_memory_kib"), static_cast<qint64>(side.summary.costs.peakMemoryKiB)}};
}

QJsonArray resizeArray(const Snapshot& snapshot, int executor)
{
    QJsonArray array;
    for (const ResizeReceipt& receipt : resizeReceipts(snapshot, executor)) {
        const std::string_view effect = toText(receipt.effect);
        array.append(
            QJsonObject{{QStringLiteral("at_s"), toSeconds(receipt.timeNs)},
                        {QStringLiteral("settled_s"), toSeconds(receipt.settledNs)},
                        {QStringLiteral("from"), receipt.fromWorkers},
                        {QStringLiteral("to"), receipt.toWorkers},
                        {QStringLiteral("before"), sideObject(receipt.before)},
                        {QStringLiteral("after"), sideObject(receipt.after)},
                        {QStringLiteral("throughput_ratio"),
                         QJsonObject{{QStringLiteral("value"), receipt.throughputRatio.value},
                                     {QStringLiteral("low"), receipt.throughputRatio.low},
                                     {QStringLiteral("high"), receipt.throughputRatio.high}}},
                        {QStringLiteral("effect"),
                         QString::fromLatin1(effect.data(), static_cast<qsizetype>(effect.size()))},
                        {QStringLiteral("other_run_times"), receipt.hasOtherRunTimes}});
    }
    return array;
}

QJsonObject ledgerObject(const Ledger& ledger)
{
    QJsonObject object{
        {QStringLiteral("total_s"), toSeconds(ledger.totalNs)},
        {QStringLiteral("load_balance"), ledger.loadBalance()},
        {QStringLiteral("communication_efficiency"), ledger.communicationEfficiency()},
        {QStringLiteral("parallel_efficiency"), ledger.parallelEfficiency()}};
    for (int i = 0; i < kLaneTimeCount; ++i) {
        const auto use = static_cast<LaneTime>(i);
        const std::string_view text = toText(use);
        object[QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size())) +
               QStringLiteral("_s")] = toSeconds(ledger.of(use));
    }
    return object;
}

QJsonObject tailObject(const Tail& tail)
{
    QJsonArray guilty;
    for (const TailTask& task : tail.guilty) {
        guilty.append(QJsonObject{{QStringLiteral("task"), static_cast<qint64>(task.task)},
                                  {QStringLiteral("run_s"), toSeconds(task.endNs - task.startNs)},
                                  {QStringLiteral("overrun_s"), toSeconds(task.overrunNs)}});
    }
    return {{QStringLiteral("begin_s"), toSeconds(tail.beginNs)},
            {QStringLiteral("end_s"), toSeconds(tail.endNs)},
            {QStringLiteral("ideal_end_s"), toSeconds(tail.idealEndNs)},
            {QStringLiteral("idle_s"), toSeconds(tail.idleNs)},
            {QStringLiteral("guilty"), guilty}};
}

QJsonArray adviceArray(const Diagnosis& diagnosis)
{
    QJsonArray array;
    for (const Advice& advice : diagnosis.advice) {
        array.append(
            QJsonObject{{QStringLiteral("id"),
                         QString::fromLatin1(kAdviceIds[static_cast<std::size_t>(advice.kind)])},
                        {QStringLiteral("share"), advice.share},
                        {QStringLiteral("text"), adviceText(advice, diagnosis)}});
    }
    return array;
}

QJsonObject executorObject(const Snapshot& snapshot, int executor)
{
    const Diagnosis diagnosis = diagnose(snapshot, executor);
    QJsonArray whatIf;
    for (const WhatIf& other : diagnosis.whatIf) {
        whatIf.append(QJsonObject{{QStringLiteral("workers"), other.workers},
                                  {QStringLiteral("makespan_s"), toSeconds(other.makespanNs)}});
    }
    return {{QStringLiteral("executor"), QString::fromStdString(metaOf(snapshot, executor).kind)},
            {QStringLiteral("workers"), diagnosis.workers},
            {QStringLiteral("makespan_s"), toSeconds(diagnosis.makespan.duration())},
            {QStringLiteral("lower_bound_s"), toSeconds(diagnosis.bounds.lowerNs)},
            {QStringLiteral("upper_bound_s"), toSeconds(diagnosis.bounds.upperNs)},
            {QStringLiteral("longest_first_s"), toSeconds(diagnosis.longestFirstNs)},
            {QStringLiteral("replayed_s"), toSeconds(diagnosis.replayedNs)},
            {QStringLiteral("hand_over_per_chunk_s"), toSeconds(diagnosis.handOverNs)},
            {QStringLiteral("ledger"), ledgerObject(diagnosis.ledger)},
            {QStringLiteral("tail"), tailObject(diagnosis.tail)},
            {QStringLiteral("what_if"), whatIf},
            {QStringLiteral("resizes"), resizeArray(snapshot, executor)},
            {QStringLiteral("advice"), adviceArray(diagnosis)}};
}

} // namespace

QString explainText(const Snapshot& snapshot, std::optional<TimeRange> range)
{
    QStringList lines;
    for (int executor = 0; executor < static_cast<int>(snapshot.meta->executors.size());
         ++executor) {
        lines << QCoreApplication::translate("executor", metaOf(snapshot, executor).title.c_str());
        const Diagnosis diagnosis = diagnose(snapshot, executor);
        if (diagnosis.advice.empty()) {
            lines << CommandLine::tr("  no task ran");
            continue;
        }
        if (const QString note = goneNote(snapshot, executor); !note.isEmpty()) {
            lines << QStringLiteral("  ") + note;
        }
        for (const Advice& advice : diagnosis.advice) {
            lines << QStringLiteral("  * ") + adviceText(advice, diagnosis);
        }
        addReplay(lines, diagnosis);
        addTail(lines, diagnosis.tail);
        addLedger(lines, diagnosis.ledger);
        if (range) {
            lines << CommandLine::tr("  from %1 to %2:")
                         .arg(formatDuration(range->beginNs), formatDuration(range->endNs));
            addLedger(lines, ledgerOf(snapshot, executor, *range));
        }
        addResizes(lines, snapshot, executor);
    }
    return lines.join(QLatin1Char('\n'));
}

QByteArray explainJson(const Snapshot& snapshot, std::optional<TimeRange> range)
{
    QJsonArray runs;
    for (int executor = 0; executor < static_cast<int>(snapshot.meta->executors.size());
         ++executor) {
        QJsonObject object = executorObject(snapshot, executor);
        if (const auto sinceNs = detailSince(snapshot, executor)) { // all is of what ended later
            object[QStringLiteral("detail_since_s")] = toSeconds(*sinceNs);
        }
        if (range) {
            object[QStringLiteral("range_ledger")] =
                ledgerObject(ledgerOf(snapshot, executor, *range));
        }
        runs.append(object);
    }
    const QJsonObject report{
        {QStringLiteral("poolscope"), QString::fromStdString(snapshot.meta->version)},
        {QStringLiteral("run_id"), QString::fromStdString(snapshot.meta->runId)},
        {QStringLiteral("runs"), runs}};
    return QJsonDocument(report).toJson(QJsonDocument::Indented);
}

} // namespace poolscope
