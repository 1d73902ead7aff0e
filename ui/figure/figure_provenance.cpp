// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/figure_provenance.h"

#include "ui/common/format.h"
#include "ui/figure/figure_words.h"

#include <QDateTime>
#include <QStringList>

namespace poolscope {

namespace {

using figure::fromStd;
using figure::tr;

QString paramsText(const TraceMeta& meta)
{
    QStringList parts;
    for (const auto& [id, value] : meta.params.values()) {
        QString text = fromStd(toText(value)).replace(u'\n', u';');
        if (text.size() > 60) {
            text = text.left(59) + u'…';
        }
        parts += fromStd(id) + u'=' + text;
    }
    return parts.join(QStringLiteral(", "));
}

QString dateText(const TraceMeta& meta)
{
    return QDateTime::fromMSecsSinceEpoch(meta.startedUnixNs / kNanosPerMilli, Qt::UTC)
        .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss 'UTC'"));
}

QString millis(Nanos ns)
{
    return QString::number(static_cast<double>(ns) / static_cast<double>(kNanosPerMilli), 'f', 6);
}

} // namespace

QString poolsText(const Snapshot& run)
{
    QStringList pools;
    for (int i = 0; i < static_cast<int>(run.meta->executors.size()); ++i) {
        const ExecutorMeta& executor = run.meta->executors[static_cast<std::size_t>(i)];
        QString text =
            executor.workers == 1
                ? tr("%1, 1 worker").arg(fromStd(executor.title))
                : tr("%1, %2 workers").arg(fromStd(executor.title)).arg(executor.workers);
        const std::vector<ControlEvent> none;
        for (const ControlEvent& event : run.controlEvents ? *run.controlEvents : none) {
            if (event.kind == ControlKind::Resize && event.executor == i) {
                text += tr(" → %1 at %2")
                            .arg(QString::number(event.value), formatDuration(event.timeNs));
            }
        }
        pools += text;
    }
    return pools.join(QStringLiteral("; "));
}

std::vector<std::pair<QString, QString>> provenanceOf(const Snapshot& run,
                                                      const FigureOptions& options, TimeRange range)
{
    const TraceMeta& meta = *run.meta;
    std::vector<std::pair<QString, QString>> facts{
        {QStringLiteral("Software"), QStringLiteral("Poolscope ") + fromStd(meta.version)},
        {QStringLiteral("Run"), fromStd(meta.runId)},
        {QStringLiteral("Date"), dateText(meta)},
        {QStringLiteral("Seed"), QString::number(meta.seed)},
        {QStringLiteral("Workload"), fromStd(meta.workloadId)},
        {QStringLiteral("Parameters"), paramsText(meta)},
        {QStringLiteral("Chunk"), QString::number(meta.chunk)},
        {QStringLiteral("Pools"), poolsText(run)},
        {QStringLiteral("System"), fromStd(meta.machine.operatingSystem) + QStringLiteral(", ") +
                                       fromStd(meta.machine.kernel)},
        {QStringLiteral("CPU"), fromStd(meta.machine.cpuModel)},
        {QStringLiteral("Cores"),
         tr("%1 logical, %2 usable").arg(meta.machine.logicalCpus).arg(meta.machine.usableCpus)},
        {QStringLiteral("Clock"), fromStd(meta.machine.clock)},
        {QStringLiteral("Dropped"), QString::number(run.droppedEvents)},
        {QStringLiteral("Range"),
         QStringLiteral("%1 ms to %2 ms").arg(millis(range.beginNs), millis(range.endNs))},
        {QStringLiteral("Lanes"), toText(options.lanes)},
        {QStringLiteral("Palette"), toWord(options.theme)}};
    if (!options.runFileHash.isEmpty()) {
        facts.emplace_back(QStringLiteral("RunFileSHA256"), options.runFileHash);
    }
    return facts;
}

QString provenanceLine(const Snapshot& run, const FigureOptions& options)
{
    const TraceMeta& meta = *run.meta;
    QStringList parts{
        QStringLiteral("Poolscope ") + fromStd(meta.version),
        tr("run %1").arg(fromStd(meta.runId).left(8)),
        dateText(meta),
        tr("seed %1").arg(meta.seed),
        fromStd(meta.machine.cpuModel),
        tr("%1 of %2 CPUs").arg(meta.machine.usableCpus).arg(meta.machine.logicalCpus),
        fromStd(meta.machine.operatingSystem),
        tr("%1 events dropped").arg(formatCount(run.droppedEvents))};
    if (!options.runFileHash.isEmpty()) {
        parts += tr("file %1").arg(options.runFileHash.left(8));
    }
    for (QString& part : parts) {
        part.replace(u' ', QChar(QChar::Nbsp)); // lines break between parts only
    }
    return parts.join(QStringLiteral(" · "));
}

} // namespace poolscope
