// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/compare_report.h"

#include "app/command_line_text.h"
#include "core/analysis/run_delta.h"
#include "ui/common/delta_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

namespace poolscope {

namespace {

RunDelta deltaOf(const std::vector<ComparedRuns>& sides, std::size_t side)
{
    return compareRuns(sides.front().runs, sides[side].runs, static_cast<int>(sides.size()) - 1);
}

const ExecutorMeta& executorOf(const ComparedRuns& side, int executor)
{
    return side.runs.front()->meta->executors[static_cast<std::size_t>(executor)];
}

/// "threads 4", or "threads 4 → processes 4".
QString executorsText(const ComparedRuns& first, const ComparedRuns& second,
                      const ExecutorDelta& delta)
{
    const auto text = [](const ExecutorMeta& meta) {
        return QStringLiteral("%1 %2").arg(QString::fromStdString(meta.kind)).arg(meta.workers);
    };
    const QString one = text(executorOf(first, delta.first));
    const QString other = text(executorOf(second, delta.second));
    return one == other ? one : QStringLiteral("%1 → %2").arg(one, other);
}

void addFigures(QStringList& lines, const ExecutorDelta& executor, const RunDelta& delta)
{
    constexpr int kName = 26;
    constexpr int kValue = 12;
    for (const FigureDelta& figure : executor.figures) {
        if (figure.first == 0 && figure.second == 0) {
            continue; // no failures, no pauses: nobody asks
        }
        QString line = QStringLiteral("    ") +
                       deltaFigureName(figure.figure).leftJustified(kName) +
                       deltaValueText(figure.figure, figure.first).rightJustified(kValue) +
                       deltaValueText(figure.figure, figure.second).rightJustified(kValue) +
                       deltaDifferenceText(figure).rightJustified(kValue + 2) +
                       QStringLiteral("  ") + deltaNoiseText(figure, delta);
        while (line.endsWith(QLatin1Char(' '))) {
            line.chop(1);
        }
        lines << line;
    }
}

double inUnits(DeltaFigure figure, double value)
{
    return unitOf(figure) == DeltaUnit::Nanoseconds ? value / static_cast<double>(kNanosPerSecond)
                                                    : value;
}

QString text(std::string_view word)
{
    return QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size()));
}

QJsonObject figureObject(const FigureDelta& figure)
{
    const QString suffix = unitOf(figure.figure) == DeltaUnit::Nanoseconds ? QStringLiteral("_s")
                           : unitOf(figure.figure) == DeltaUnit::Bytes ? QStringLiteral("_bytes")
                                                                       : QString();
    QJsonObject object{{QStringLiteral("figure"), text(toText(figure.figure)) + suffix},
                       {QStringLiteral("first"), inUnits(figure.figure, figure.first)},
                       {QStringLiteral("second"), inUnits(figure.figure, figure.second)},
                       {QStringLiteral("difference"), inUnits(figure.figure, figure.difference())},
                       {QStringLiteral("noise"), text(toText(figure.noise))}};
    if (figure.ratio) {
        object[QStringLiteral("ratio")] =
            QJsonArray{figure.ratio->low, figure.ratio->value, figure.ratio->high};
    }
    return object;
}

QJsonObject executorObject(const ComparedRuns& first, const ComparedRuns& second,
                           const ExecutorDelta& delta)
{
    QJsonArray figures;
    for (const FigureDelta& figure : delta.figures) {
        figures.append(figureObject(figure));
    }
    return {
        {QStringLiteral("first"), QString::fromStdString(executorOf(first, delta.first).kind)},
        {QStringLiteral("second"), QString::fromStdString(executorOf(second, delta.second).kind)},
        {QStringLiteral("run_p"), delta.run.p},
        {QStringLiteral("run_superiority"), delta.run.superiority},
        {QStringLiteral("wait_p"), delta.wait.p},
        {QStringLiteral("figures"), figures}};
}

QJsonObject sideObject(const ComparedRuns& side)
{
    QJsonArray ids;
    for (const SnapshotPtr& run : side.runs) {
        ids.append(QString::fromStdString(run->meta->runId));
    }
    return {{QStringLiteral("title"), side.title}, {QStringLiteral("run_ids"), ids}};
}

QJsonObject deltaObject(const std::vector<ComparedRuns>& sides, std::size_t side)
{
    const RunDelta delta = deltaOf(sides, side);
    QJsonArray facts;
    for (const FactDelta& fact : delta.facts) {
        facts.append(QJsonObject{{QStringLiteral("fact"), QString::fromStdString(fact.fact)},
                                 {QStringLiteral("first"), QString::fromStdString(fact.first)},
                                 {QStringLiteral("second"), QString::fromStdString(fact.second)},
                                 {QStringLiteral("unfair"), fact.isUnfair}});
    }
    QJsonArray executors;
    for (const ExecutorDelta& executor : delta.executors) {
        executors.append(executorObject(sides.front(), sides[side], executor));
    }
    QJsonObject object = sideObject(sides[side]);
    object[QStringLiteral("fair")] = delta.isFair();
    object[QStringLiteral("facts")] = facts;
    object[QStringLiteral("executors")] = executors;
    return object;
}

} // namespace

QString compareText(const std::vector<ComparedRuns>& sides)
{
    QStringList lines;
    for (std::size_t side = 1; side < sides.size(); ++side) {
        const RunDelta delta = deltaOf(sides, side);
        lines << CommandLine::tr("%1 → %2").arg(sides.front().title, sides[side].title);
        if (!delta.isFair()) {
            lines << CommandLine::tr("  Warning: %1").arg(unfairText(delta));
        }
        for (const FactDelta& fact : delta.facts) {
            if (!fact.isUnfair) {
                lines << QStringLiteral("  ") + factText(fact);
            }
        }
        for (const ExecutorDelta& executor : delta.executors) {
            lines << QStringLiteral("  ") + executorsText(sides.front(), sides[side], executor);
            addFigures(lines, executor, delta);
        }
        if (delta.executors.empty()) {
            lines << CommandLine::tr("  there is no executor to compare");
        }
    }
    return lines.join(QLatin1Char('\n'));
}

QByteArray compareJson(const std::vector<ComparedRuns>& sides)
{
    QJsonArray others;
    for (std::size_t side = 1; side < sides.size(); ++side) {
        others.append(deltaObject(sides, side));
    }
    return QJsonDocument(QJsonObject{{QStringLiteral("first"), sideObject(sides.front())},
                                     {QStringLiteral("compared"), others}})
        .toJson();
}

} // namespace poolscope
