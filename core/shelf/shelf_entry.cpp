// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/shelf_entry.h"

#include "core/analysis/run_summary.h"
#include "core/io/run_facts.h"

#include <QJsonDocument>

#include <algorithm>

namespace poolscope {

namespace {

double toMillis(Nanos nanos)
{
    return static_cast<double>(nanos) / static_cast<double>(kNanosPerMilli);
}

QJsonObject percentiles(const Percentiles& of)
{
    return {{QStringLiteral("p50"), toMillis(of.p50Ns)},
            {QStringLiteral("p95"), toMillis(of.p95Ns)},
            {QStringLiteral("p99"), toMillis(of.p99Ns)},
            {QStringLiteral("max"), toMillis(of.maxNs)},
            {QStringLiteral("mean"), of.meanNs / static_cast<double>(kNanosPerMilli)}};
}

QJsonObject figuresOf(const Snapshot& snapshot, int executor)
{
    const RunSummary summary = summariseRun(snapshot, executor);
    const ExecutorMeta& meta = snapshot.meta->executors[static_cast<std::size_t>(executor)];
    const auto total =
        static_cast<qint64>(snapshot.totals[static_cast<std::size_t>(executor)].total);
    const auto done = static_cast<qint64>(summary.done);
    return {{QStringLiteral("executor"), QString::fromStdString(meta.kind)},
            {QStringLiteral("workers"), meta.workers},
            {QStringLiteral("tasks"), total},
            {QStringLiteral("done"), done},
            {QStringLiteral("not_done"), std::max<qint64>(total - done, 0)},
            {QStringLiteral("makespan_s"), toSeconds(summary.makespanNs)},
            {QStringLiteral("tasks_per_s"), summary.tasksPerSecond},
            {QStringLiteral("run_ms"), percentiles(summary.run)},
            {QStringLiteral("wait_ms"), percentiles(summary.wait)},
            {QStringLiteral("utilisation"), summary.utilisation}};
}

} // namespace

ShelfEntry describeRun(const Snapshot& snapshot)
{
    const TraceMeta& meta = *snapshot.meta;
    ShelfEntry entry;
    entry.runId = QString::fromStdString(meta.runId);
    entry.startedUnixNs = meta.startedUnixNs;
    entry.workload = QString::fromStdString(meta.workloadId);
    entry.title = QString::fromStdString(meta.title);
    entry.settings =
        QJsonDocument::fromJson(QByteArray::fromStdString(runFactsAsJson(meta))).object();
    entry.machine = entry.settings.take(QStringLiteral("machine")).toObject();
    for (int executor = 0; executor < static_cast<int>(snapshot.totals.size()); ++executor) {
        entry.figures.append(figuresOf(snapshot, executor));
    }
    return entry;
}

bool matchesWords(const ShelfEntry& entry, const QString& words)
{
    const QString text = QStringList{entry.name, entry.notes, entry.tags.join(QLatin1Char(' ')),
                                     entry.workload, entry.title}
                             .join(QLatin1Char('\n'));
    const QStringList wanted = words.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return std::all_of(wanted.begin(), wanted.end(), [&text](const QString& word) {
        return text.contains(word, Qt::CaseInsensitive);
    });
}

} // namespace poolscope
