// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/run_comparison.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr std::size_t kMostPoints = 400; ///< of a curve: more than a plot has pixels to show
constexpr Nanos kShortestNs = 100; ///< what is shorter is drawn there: a logarithm has no zero

class Text
{
    Q_DECLARE_TR_FUNCTIONS(poolscope::RunComparison)
};

QString titleOf(const std::vector<ComparedRun>& runs, const std::vector<std::size_t>& group)
{
    const ComparedRun& first = runs[group.front()];
    return group.size() == 1 ? first.title
                             : Text::tr("%1, %2 runs")
                                   .arg(first.name.isEmpty() ? first.title : first.name)
                                   .arg(group.size());
}

DurationCurve curveOf(std::vector<Nanos> durations)
{
    std::sort(durations.begin(), durations.end());
    DurationCurve curve;
    const std::size_t count = durations.size();
    const std::size_t step = count / kMostPoints + 1;
    for (std::size_t i = 0; i < count; i += step) {
        const auto place = std::min(i + step, count);
        const auto ns = static_cast<double>(std::max(durations[place - 1], kShortestNs));
        if (curve.empty()) {
            const auto least = static_cast<double>(std::max(durations.front(), kShortestNs));
            curve.emplace_back(std::log10(least), 0);
        }
        curve.emplace_back(std::log10(ns), static_cast<double>(place) / static_cast<double>(count));
    }
    return curve;
}

/// Adds run times or waits of the attempts that ran to an end.
template <class DurationOf>
DurationCurve curveOf(const ComparedSide& side, int executor, const DurationOf& durationOf)
{
    std::vector<Nanos> durations;
    for (const SnapshotPtr& run : side.runs) {
        for (const LaneView& lane : run->lanes) {
            if (lane.info().executor != executor || lane.info().kind == LaneKind::Queue) {
                continue;
            }
            for (std::uint64_t i = lane.firstRecord; i < lane.recordCount; ++i) {
                const TaskRecord& record = lane.lane->record(i);
                if (record.attempt > 0 && !record.wasRetried() &&
                    record.state() != TaskState::Lost) {
                    durations.push_back(durationOf(record));
                }
            }
        }
    }
    return curveOf(std::move(durations));
}

ExecutorCurves curvesOf(const RunComparison& comparison, int executor)
{
    ExecutorCurves curves;
    curves.title = QString::fromStdString(comparison.executor(0, executor).kind);
    for (std::size_t side = 0; side < comparison.sides.size(); ++side) {
        int own = executor;
        if (side > 0) {
            const ExecutorDelta* delta = comparison.find(side, executor);
            own = delta != nullptr ? delta->second : -1;
        }
        curves.runs.push_back(curveOf(comparison.sides[side], own,
                                      [](const TaskRecord& record) { return record.runNs(); }));
        curves.waits.push_back(curveOf(comparison.sides[side], own,
                                       [](const TaskRecord& record) { return record.waitNs(); }));
    }
    return curves;
}

QString quoted(QString text)
{
    return u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

QString word(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString number(double value)
{
    return QString::number(value, 'g', 12);
}

} // namespace

const ExecutorDelta* RunComparison::find(std::size_t side, int executor) const
{
    const std::vector<ExecutorDelta>& all = deltas[side - 1].executors;
    const auto found = std::find_if(all.begin(), all.end(), [executor](const ExecutorDelta& delta) {
        return delta.first == executor;
    });
    return found == all.end() ? nullptr : &*found;
}

RunComparison compareAll(const std::vector<ComparedRun>& runs)
{
    std::vector<SnapshotPtr> snapshots;
    std::vector<std::string> names;
    for (const ComparedRun& run : runs) {
        snapshots.push_back(run.run);
        names.push_back(run.name.toStdString());
    }
    RunComparison comparison;
    for (const std::vector<std::size_t>& group : groupRuns(snapshots, names)) {
        ComparedSide side{titleOf(runs, group), {}};
        for (const std::size_t index : group) {
            side.runs.push_back(snapshots[index]);
        }
        comparison.sides.push_back(std::move(side));
    }
    const int pairs = static_cast<int>(comparison.sides.size()) - 1;
    for (std::size_t side = 1; side < comparison.sides.size(); ++side) {
        comparison.deltas.push_back(
            compareRuns(comparison.sides.front().runs, comparison.sides[side].runs, pairs));
    }
    const auto executors = static_cast<int>(snapshots.front()->meta->executors.size());
    for (int executor = 0; executor < executors; ++executor) {
        comparison.curves.push_back(curvesOf(comparison, executor));
    }
    return comparison;
}

QString comparisonCsv(const RunComparison& comparison)
{
    QString csv = QStringLiteral("first,second,first_executor,second_executor,figure,first_value,"
                                 "second_value,difference,noise,ratio_low,ratio,ratio_high\n");
    for (std::size_t side = 1; side < comparison.sides.size(); ++side) {
        for (const ExecutorDelta& executor : comparison.deltas[side - 1].executors) {
            for (const FigureDelta& figure : executor.figures) {
                QStringList fields{
                    quoted(comparison.sides.front().title),
                    quoted(comparison.sides[side].title),
                    QString::fromStdString(comparison.executor(0, executor.first).kind),
                    QString::fromStdString(comparison.executor(side, executor.second).kind),
                    word(toText(figure.figure)),
                    number(figure.first),
                    number(figure.second),
                    number(figure.difference()),
                    word(toText(figure.noise))};
                fields << (figure.ratio
                               ? QStringList{number(figure.ratio->low), number(figure.ratio->value),
                                             number(figure.ratio->high)}
                               : QStringList{QString(), QString(), QString()});
                csv += fields.join(u',') + u'\n';
            }
        }
    }
    return csv;
}

} // namespace poolscope
