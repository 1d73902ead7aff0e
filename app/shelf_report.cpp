// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shelf_report.h"

#include "app/command_line_text.h"
#include "core/base/time.h"
#include "ui/common/format.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>

#include <algorithm>
#include <cstdio>

namespace poolscope {

namespace {

QString timeOf(const ShelfEntry& entry)
{
    return QDateTime::fromMSecsSinceEpoch(entry.startedUnixNs / kNanosPerMilli)
        .toString(QStringLiteral("yyyy-MM-dd hh:mm:ss"));
}

Nanos nanosOf(const QJsonValue& value, Nanos unit)
{
    return static_cast<Nanos>(value.toDouble() * static_cast<double>(unit));
}

/// "threads 2 + processes 2".
QString executorsOf(const ShelfEntry& entry)
{
    QStringList texts;
    for (const auto& each : entry.figures) {
        const QJsonObject figures = each.toObject();
        texts << QStringLiteral("%1 %2")
                     .arg(figures[QStringLiteral("executor")].toString())
                     .arg(figures[QStringLiteral("workers")].toInt());
    }
    return texts.join(QStringLiteral(" + "));
}

void sayNotices(RunShelf& shelf)
{
    for (const QString& notice : shelf.takeNotices()) {
        std::fprintf(stderr, "poolscope: %s\n", qPrintable(notice));
    }
}

/// "makespan 1.2 s, 400 tasks/s, …" of one executor.
QString figuresLine(const QJsonObject& figures)
{
    const QJsonObject run = figures[QStringLiteral("run_ms")].toObject();
    const auto millis = [&run](const char* name) {
        return formatDuration(nanosOf(run[QLatin1String(name)], kNanosPerMilli));
    };
    return CommandLine::tr("%1, %2 workers: makespan %3, %4, run time p50 %5, p95 %6, p99 %7, "
                           "workers busy %8, %9 of %10 tasks not done")
        .arg(figures[QStringLiteral("executor")].toString())
        .arg(figures[QStringLiteral("workers")].toInt())
        .arg(formatDuration(nanosOf(figures[QStringLiteral("makespan_s")], kNanosPerSecond)),
             formatRate(figures[QStringLiteral("tasks_per_s")].toDouble()), millis("p50"),
             millis("p95"), millis("p99"),
             formatShare(figures[QStringLiteral("utilisation")].toDouble()))
        .arg(figures[QStringLiteral("not_done")].toInteger())
        .arg(figures[QStringLiteral("tasks")].toInteger());
}

} // namespace

Result<std::unique_ptr<RunShelf>> openShelf()
{
    Result<std::unique_ptr<RunShelf>> shelf = RunShelf::open(RunShelf::defaultFolder());
    if (shelf) {
        sayNotices(*shelf.value());
    }
    return shelf;
}

Result<void> keepOnShelf(const Snapshot& snapshot, const QString& name)
{
    const Result<std::unique_ptr<RunShelf>> shelf = openShelf();
    if (!shelf) {
        return shelf.error();
    }
    const Result<qint64> id = shelf.value()->keep(snapshot, name);
    if (!id) {
        return id.error();
    }
    sayNotices(*shelf.value());
    std::fprintf(stderr, "%s\n",
                 qPrintable(CommandLine::tr("Kept on the shelf as run %1.").arg(id.value())));
    return {};
}

QString shelfTable(const std::vector<ShelfEntry>& entries)
{
    QList<QStringList> rows{{CommandLine::tr("id"), CommandLine::tr("started"),
                             CommandLine::tr("workload"), CommandLine::tr("executors"),
                             CommandLine::tr("makespan"), CommandLine::tr("name"),
                             CommandLine::tr("tags")}};
    for (const ShelfEntry& entry : entries) {
        QStringList makespans;
        for (const auto& each : entry.figures) {
            makespans << formatDuration(
                nanosOf(each.toObject()[QStringLiteral("makespan_s")], kNanosPerSecond));
        }
        rows << QStringList{QString::number(entry.id),
                            timeOf(entry),
                            entry.workload,
                            executorsOf(entry),
                            makespans.join(QStringLiteral(" + ")),
                            entry.name.isEmpty() ? QStringLiteral("-") : entry.name,
                            entry.tags.join(QLatin1Char(' '))};
    }
    QList<qsizetype> widths(rows.first().size(), 0);
    for (const QStringList& row : std::as_const(rows)) {
        for (qsizetype column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], row[column].size());
        }
    }
    QStringList lines;
    for (const QStringList& row : std::as_const(rows)) {
        QString line;
        for (qsizetype column = 0; column < row.size(); ++column) {
            line += row[column].leftJustified(widths[column] + 2);
        }
        lines << line.trimmed();
    }
    return lines.join(QLatin1Char('\n'));
}

QString shelfText(const ShelfEntry& entry, const QString& runFile)
{
    QStringList lines{
        CommandLine::tr("Run %1: %2")
            .arg(entry.id)
            .arg(entry.name.isEmpty() ? entry.title : entry.name),
        CommandLine::tr("  started %1, workload %2").arg(timeOf(entry), entry.workload)};
    for (const auto& each : entry.figures) {
        lines << QStringLiteral("  ") + figuresLine(each.toObject());
    }
    lines << CommandLine::tr("  tags: %1").arg(entry.tags.join(QLatin1Char(' ')));
    lines << CommandLine::tr("  notes: %1").arg(entry.notes);
    lines << (entry.hasDetail ? CommandLine::tr("  run file: %1, %2")
                                    .arg(runFile, QLocale().formattedDataSize(entry.fileBytes))
                              : CommandLine::tr("  run file: let go to save room"));
    return lines.join(QLatin1Char('\n'));
}

QJsonObject shelfObject(const ShelfEntry& entry, const QString& runFile)
{
    return {{QStringLiteral("id"), entry.id},
            {QStringLiteral("run_id"), entry.runId},
            {QStringLiteral("started_unix_ns"), entry.startedUnixNs},
            {QStringLiteral("name"), entry.name},
            {QStringLiteral("workload"), entry.workload},
            {QStringLiteral("settings"), entry.settings},
            {QStringLiteral("machine"), entry.machine},
            {QStringLiteral("runs"), entry.figures},
            {QStringLiteral("notes"), entry.notes},
            {QStringLiteral("tags"), QJsonArray::fromStringList(entry.tags)},
            {QStringLiteral("has_detail"), entry.hasDetail},
            {QStringLiteral("file"), entry.hasDetail ? QJsonValue(runFile) : QJsonValue()},
            {QStringLiteral("file_bytes"), entry.fileBytes}};
}

} // namespace poolscope
