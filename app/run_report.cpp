// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run_report.h"

#include "app/command_line_text.h"
#include "core/analysis/blocking.h"
#include "core/analysis/run_summary.h"
#include "core/base/time.h"
#include "ui/common/format.h"
#include "ui/common/recording_text.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <array>

namespace poolscope {

namespace {

QString executorTitle(const Snapshot& snapshot, int executor)
{
    const ExecutorMeta& meta = snapshot.meta->executors[static_cast<std::size_t>(executor)];
    return QCoreApplication::translate("executor", meta.title.c_str());
}

double toMillis(Nanos nanos)
{
    return static_cast<double>(nanos) / static_cast<double>(kNanosPerMilli);
}

/// Tasks of the job that a cancelled run never submitted.
std::uint64_t notSubmitted(const ExecutorTotals& totals)
{
    return totals.total - std::min(totals.submitted, totals.total);
}

QJsonObject percentilesObject(const Percentiles& percentiles)
{
    return {{QStringLiteral("p50"), toMillis(percentiles.p50Ns)},
            {QStringLiteral("p95"), toMillis(percentiles.p95Ns)},
            {QStringLiteral("p99"), toMillis(percentiles.p99Ns)},
            {QStringLiteral("max"), toMillis(percentiles.maxNs)}};
}

QJsonObject costsObject(const CostSums& costs)
{
    const auto number = [](std::uint64_t count) { return static_cast<qint64>(count); };
    QJsonObject object{{QStringLiteral("measured_attempts"), number(costs.attempts)},
                       {QStringLiteral("cpu_s"), costs.cpuNs / 1e9},
                       {QStringLiteral("cpu_share"), costs.cpuShare()},
                       {QStringLiteral("voluntary_switches"), number(costs.voluntarySwitches)},
                       {QStringLiteral("involuntary_switches"), number(costs.involuntarySwitches)},
                       {QStringLiteral("minor_faults"), number(costs.minorFaults)},
                       {QStringLiteral("major_faults"), number(costs.majorFaults)}};
    if (costs.hasRunQueue()) {
        object[QStringLiteral("run_queue_s")] = costs.runQueueNs / 1e9;
        object[QStringLiteral("run_queue_share")] = costs.runQueueShare();
        object[QStringLiteral("blocked_share")] = costs.blockedShare();
    }
    if (costs.peakMemoryKiB > 0) {
        object[QStringLiteral("peak_memory_kib")] = number(costs.peakMemoryKiB);
    }
    return object;
}

QJsonArray blockedArray(const std::vector<BlockedOn>& blocked)
{
    QJsonArray array;
    for (const BlockedOn& each : blocked) {
        array.append(QJsonObject{{QStringLiteral("on"), QString::fromStdString(each.name)},
                                 {QStringLiteral("times"), static_cast<qint64>(each.times)},
                                 {QStringLiteral("sum_s"), toSeconds(each.sumNs)},
                                 {QStringLiteral("longest_ms"), toMillis(each.longestNs)}});
    }
    return array;
}

QJsonArray infrastructureArray(const Snapshot& snapshot)
{
    QJsonArray array;
    for (const InfrastructureView& view : snapshot.infrastructure) {
        const InfrastructureInfo& info = view.lane->info();
        QJsonObject lane{{QStringLiteral("name"), QString::fromStdString(info.name)},
                         {QStringLiteral("busy_s"), toSeconds(busyNs(view))},
                         {QStringLiteral("stretches"), static_cast<qint64>(view.spanCount)}};
        if (info.executor >= 0) {
            const auto executor = static_cast<std::size_t>(info.executor);
            lane[QStringLiteral("executor")] =
                QString::fromStdString(snapshot.meta->executors[executor].kind);
        }
        array.append(lane);
    }
    return array;
}

QJsonObject recordingObject(const RecordingFacts& recording)
{
    return {{QStringLiteral("costs"), QString::fromUtf8(toText(recording.level))},
            {QStringLiteral("memory_cap_bytes"), static_cast<qint64>(recording.memoryCapBytes)},
            {QStringLiteral("gap"), QString::fromStdString(recording.gap)},
            {QStringLiteral("clock_ns"), recording.clockNs},
            {QStringLiteral("record_ns"), recording.recordNs},
            {QStringLiteral("cost_ns"), recording.costNs}};
}

QJsonObject runObject(const Snapshot& snapshot, int executor)
{
    const RunSummary summary = summariseRun(snapshot, executor);
    const ExecutorTotals& totals = snapshot.totals[static_cast<std::size_t>(executor)];
    const ExecutorMeta& meta = snapshot.meta->executors[static_cast<std::size_t>(executor)];
    const auto number = [](std::uint64_t count) { return static_cast<qint64>(count); };
    QJsonObject run{{QStringLiteral("executor"), QString::fromStdString(meta.kind)},
                    {QStringLiteral("workers"), meta.workers},
                    {QStringLiteral("tasks"), number(totals.total)},
                    {QStringLiteral("done"), number(summary.done)},
                    {QStringLiteral("failed"), number(summary.failed)},
                    {QStringLiteral("cancelled"), number(summary.cancelled)},
                    {QStringLiteral("timed_out"), number(summary.timedOut)},
                    {QStringLiteral("lost"), number(summary.lost)},
                    {QStringLiteral("not_submitted"), number(notSubmitted(totals))},
                    {QStringLiteral("lost_attempts"), number(summary.lostAttempts)},
                    {QStringLiteral("makespan_s"), toSeconds(summary.makespanNs)},
                    {QStringLiteral("tasks_per_s"), summary.tasksPerSecond},
                    {QStringLiteral("run_ms"), percentilesObject(summary.run)},
                    {QStringLiteral("wait_ms"), percentilesObject(summary.wait)},
                    {QStringLiteral("utilisation"), summary.utilisation}};
    if (summary.detailSinceNs) { // run_ms, wait_ms, costs and blocked_on are of what ended later
        run[QStringLiteral("detail_since_s")] = toSeconds(*summary.detailSinceNs);
    }
    if (summary.costs.attempts > 0) {
        run[QStringLiteral("costs")] = costsObject(summary.costs);
    }
    if (const auto blocked = blockedIn(snapshot, executor); !blocked.empty()) {
        run[QStringLiteral("blocked_on")] = blockedArray(blocked);
    }
    return run;
}

QJsonObject machineObject(const MachineFacts& machine)
{
    return {{QStringLiteral("os"), QString::fromStdString(machine.operatingSystem)},
            {QStringLiteral("kernel"), QString::fromStdString(machine.kernel)},
            {QStringLiteral("cpu"), QString::fromStdString(machine.cpuModel)},
            {QStringLiteral("logical_cpus"), machine.logicalCpus},
            {QStringLiteral("usable_cpus"), machine.usableCpus},
            {QStringLiteral("memory_bytes"), static_cast<qint64>(machine.memoryBytes)},
            {QStringLiteral("clock"), QString::fromStdString(machine.clock)}};
}

QJsonObject paramsObject(const ParamSet& params)
{
    QJsonObject object;
    for (const auto& [id, value] : params.values()) {
        const QString name = QString::fromStdString(id);
        if (const auto* integer = std::get_if<std::int64_t>(&value)) {
            object[name] = static_cast<qint64>(*integer);
        } else if (const auto* real = std::get_if<double>(&value)) {
            object[name] = *real;
        } else {
            object[name] = QString::fromStdString(std::get<std::string>(value));
        }
    }
    return object;
}

QString percentilesLine(const QString& name, const Percentiles& percentiles)
{
    const QLocale locale;
    const auto millis = [&locale](Nanos nanos) { return locale.toString(toMillis(nanos), 'g', 4); };
    return CommandLine::tr("  %1  p50 %2 ms, p95 %3 ms, p99 %4 ms, longest %5 ms")
        .arg(name, millis(percentiles.p50Ns), millis(percentiles.p95Ns), millis(percentiles.p99Ns),
             millis(percentiles.maxNs));
}

/// Empty when nothing was measured.
QStringList costLines(const CostSums& costs)
{
    if (costs.attempts == 0) {
        return {};
    }
    const QLocale locale;
    QStringList lines{
        CommandLine::tr("  of the run time: %1")
            .arg(costShares(costs.cpuShare(), costs.runQueueShare(), costs.blockedShare(),
                            costs.hasRunQueue())),
        CommandLine::tr("  switches: %1 because a task waited, %2 because it had to give way; page "
                        "faults: %3, %4 of them from a disk")
            .arg(formatCount(costs.voluntarySwitches), formatCount(costs.involuntarySwitches),
                 formatCount(costs.minorFaults + costs.majorFaults),
                 formatCount(costs.majorFaults))};
    if (costs.peakMemoryKiB > 0) {
        lines << CommandLine::tr("  peak memory of a worker: %1")
                     .arg(
                         locale.formattedDataSize(static_cast<qint64>(costs.peakMemoryKiB) * 1024));
    }
    return lines;
}

/// What tasks were blocked on longest; empty when on nothing that has a name.
QStringList blockedLines(const std::vector<BlockedOn>& blocked)
{
    constexpr std::size_t kMostLines = 3;
    QStringList lines;
    for (std::size_t i = 0; i < std::min(blocked.size(), kMostLines); ++i) {
        lines << CommandLine::tr("  blocked on %1: %2 in all, %3 times, longest %4")
                     .arg(QString::fromStdString(blocked[i].name), formatDuration(blocked[i].sumNs),
                          formatCount(blocked[i].times), formatDuration(blocked[i].longestNs));
    }
    return lines;
}

/// How busy the engine's own threads were; empty unless that was recorded.
QStringList infrastructureLines(const Snapshot& snapshot)
{
    const QLocale locale;
    QStringList lines;
    for (const InfrastructureView& view : snapshot.infrastructure) {
        const InfrastructureInfo& info = view.lane->info();
        const QString name = QCoreApplication::translate("infrastructure", info.name.c_str());
        const Nanos busy = busyNs(view);
        const double share = snapshot.nowNs > 0 ? toSeconds(busy) / toSeconds(snapshot.nowNs) : 0;
        lines << CommandLine::tr("%1: busy %2 in %3 stretches, %4 % of the time")
                     .arg(info.executor < 0
                              ? name
                              : CommandLine::tr("%1 of %2")
                                    .arg(name, executorTitle(snapshot, info.executor)),
                          formatDuration(busy), formatCount(view.spanCount),
                          locale.toString(share * 100, 'f', 1));
    }
    return lines;
}

/// "2,000 tasks: 1,990 done, 10 failed": only what occurred.
QString outcomeLine(const RunSummary& summary, const ExecutorTotals& totals)
{
    const QLocale locale;
    const auto count = [&locale](std::uint64_t number) {
        return locale.toString(static_cast<qulonglong>(number));
    };
    QStringList outcomes{CommandLine::tr("%1 done").arg(count(summary.done))};
    const std::array<std::pair<std::uint64_t, const char*>, 6> others{
        {{summary.failed, QT_TRANSLATE_NOOP("CommandLine", "%1 failed")},
         {summary.cancelled, QT_TRANSLATE_NOOP("CommandLine", "%1 cancelled")},
         {summary.timedOut, QT_TRANSLATE_NOOP("CommandLine", "%1 timed out")},
         {summary.lost, QT_TRANSLATE_NOOP("CommandLine", "%1 lost")},
         {notSubmitted(totals), QT_TRANSLATE_NOOP("CommandLine", "%1 not submitted")},
         {summary.lostAttempts, QT_TRANSLATE_NOOP("CommandLine", "%1 lost attempts")}}};
    for (const auto& [number, text] : others) {
        if (number > 0) {
            outcomes << CommandLine::tr(text).arg(count(number));
        }
    }
    return CommandLine::tr("  %1 tasks: %2")
        .arg(count(totals.total), outcomes.join(QStringLiteral(", ")));
}

/// The first lines of an error, each behind \p indent.
QString indented(const std::string& error, const QString& indent)
{
    constexpr qsizetype kLines = 6;
    QStringList lines = QString::fromStdString(error).split(QLatin1Char('\n'));
    if (lines.size() > kLines) {
        lines = lines.first(kLines) << QStringLiteral("…");
    }
    return lines.join(QLatin1Char('\n') + indent);
}

/// "    photo7.png failed: why" for a few of them, so that a summary says what went wrong.
QStringList failureLines(const Snapshot& snapshot, int executor)
{
    constexpr qsizetype kFailures = 3;
    QStringList lines;
    for (const LaneView& lane : snapshot.lanes) {
        for (std::uint64_t i = lane.firstRecord;
             lane.info().executor == executor && i < lane.recordCount; ++i) {
            const TaskRecord& record = lane.lane->record(i);
            const bool isFailure = record.state() == TaskState::Failed ||
                                   record.state() == TaskState::TimedOut ||
                                   (record.state() == TaskState::Lost && !record.wasRetried());
            if (!isFailure) {
                continue;
            }
            if (lines.size() == kFailures) {
                return lines << CommandLine::tr("    …and more: --export FILE.csv has all of them");
            }
            const TraceMeta& meta = *snapshot.meta;
            lines << CommandLine::tr("    %1 %2: %3")
                         .arg(QString::fromStdString(
                                  taskName(meta.workloadId, *meta.plan, record.task)),
                              QString::fromUtf8(toText(record.state()))
                                  .replace(QLatin1Char('_'), QLatin1Char(' ')),
                              indented(lane.lane->result(i).error, QStringLiteral("      ")));
        }
    }
    return lines;
}

} // namespace

QString textReport(const Snapshot& snapshot)
{
    const QLocale locale;
    QStringList lines;
    for (int executor = 0; executor < static_cast<int>(snapshot.totals.size()); ++executor) {
        const RunSummary summary = summariseRun(snapshot, executor);
        const ExecutorMeta& meta = snapshot.meta->executors[static_cast<std::size_t>(executor)];
        lines << CommandLine::tr("%1, %2 workers: %3")
                     .arg(executorTitle(snapshot, executor))
                     .arg(meta.workers)
                     .arg(QString::fromStdString(snapshot.meta->title));
        lines << outcomeLine(summary, snapshot.totals[static_cast<std::size_t>(executor)]);
        lines << failureLines(snapshot, executor);
        lines << CommandLine::tr("  makespan %1 s, %2 tasks/s, workers busy %3 %")
                     .arg(locale.toString(toSeconds(summary.makespanNs), 'f', 3),
                          locale.toString(summary.tasksPerSecond, 'g', 4),
                          locale.toString(summary.utilisation * 100, 'f', 1));
        if (const QString note = goneNote(snapshot, executor); !note.isEmpty()) {
            lines << QStringLiteral("  ") + note;
        }
        lines << percentilesLine(CommandLine::tr("run time  "), summary.run);
        lines << percentilesLine(CommandLine::tr("queue wait"), summary.wait);
        lines << costLines(summary.costs);
        lines << blockedLines(blockedIn(snapshot, executor));
    }
    lines << infrastructureLines(snapshot);
    lines << recordingSentences(snapshot).join(QLatin1Char(' '));
    return lines.join(QLatin1Char('\n'));
}

QByteArray jsonReport(const Snapshot& snapshot)
{
    QJsonArray runs;
    for (int executor = 0; executor < static_cast<int>(snapshot.totals.size()); ++executor) {
        runs.append(runObject(snapshot, executor));
    }
    const TraceMeta& meta = *snapshot.meta;
    QJsonObject report{
        {QStringLiteral("poolscope"), QString::fromStdString(meta.version)},
        {QStringLiteral("run_id"), QString::fromStdString(meta.runId)},
        {QStringLiteral("workload"), QString::fromStdString(meta.workloadId)},
        {QStringLiteral("params"), paramsObject(meta.params)},
        {QStringLiteral("seed"), static_cast<qint64>(meta.seed)},
        {QStringLiteral("chunk"), meta.chunk},
        {QStringLiteral("runs"), runs},
        {QStringLiteral("dropped_events"), static_cast<qint64>(snapshot.droppedEvents)},
        {QStringLiteral("recording"), recordingObject(meta.recording)},
        {QStringLiteral("machine"), machineObject(meta.machine)}};
    if (const auto sinceNs = detailSince(snapshot)) {
        report[QStringLiteral("detail")] = QJsonObject{
            {QStringLiteral("since_s"), toSeconds(*sinceNs)},
            {QStringLiteral("attempts_gone"), static_cast<qint64>(letGoOf(snapshot).records)},
            {QStringLiteral("attempts_kept"), static_cast<qint64>(snapshot.keptCount())}};
    }
    if (!snapshot.infrastructure.empty()) {
        report[QStringLiteral("infrastructure")] = infrastructureArray(snapshot);
    }
    return QJsonDocument(report).toJson(QJsonDocument::Indented);
}

bool isAllDone(const Snapshot& snapshot)
{
    return std::all_of(
        snapshot.totals.begin(), snapshot.totals.end(),
        [](const ExecutorTotals& totals) { return totals.count(TaskState::Done) == totals.total; });
}

} // namespace poolscope
