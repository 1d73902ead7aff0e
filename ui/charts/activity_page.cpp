// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/activity_page.h"

#include "ui/common/format.h"

#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

namespace {

enum ChartIndex : std::size_t { Throughput, Queue, Busy };

QString formatPlain(double value)
{
    if (value < 1'000) {
        return QLocale().toString(value, 'g', 3);
    }
    if (value < 1'000'000) {
        return QLocale().toString(value / 1'000, 'g', 4) + QStringLiteral(" k");
    }
    return QLocale().toString(value / 1'000'000, 'g', 4) + QStringLiteral(" M");
}

/// A count that is exact while it is short and rounded when it would not fit.
QString formatQueue(double value)
{
    return value < 100'000 ? formatCount(static_cast<quint64>(std::max(0.0, std::round(value))))
                           : formatPlain(value);
}

} // namespace

ActivityPage::ActivityPage(ViewState& state, FrameClock& clock, QWidget* parent)
    : ChartPage(state, clock, parent)
{
    addChart({tr("Throughput"), tr("Tasks that end per second"), formatRate});
    addChart({tr("Queue depth"), tr("Tasks that wait for a worker"), formatPlain});
    addChart({tr("Busy workers"),
              tr("Workers that run a task; the thin line is how many there are"), formatPlain});
}

void ActivityPage::showLines()
{
    compute();
    showThroughput();
    showQueue();
    showWorkers();
}

void ActivityPage::compute()
{
    m_series.clear();
    const SnapshotPtr snapshot = state().snapshot();
    if (!snapshot) {
        return;
    }
    for (std::size_t i = 0; i < snapshot->meta->executors.size(); ++i) {
        const int executor = static_cast<int>(i);
        Series series;
        series.name = QString::fromStdString(snapshot->meta->executors[i].title);
        series.fine = activityOf(*snapshot, executor, fineBins().range, fineBins().count);
        series.coarse = activityOf(*snapshot, executor, coarseBins().range, coarseBins().count);
        series.now = activityOf(*snapshot, executor, recent(), 1);
        m_series.push_back(std::move(series));
    }
}

void ActivityPage::showThroughput()
{
    std::vector<ChartLine> lines;
    double top = 0;
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        const std::vector<double>& values = m_series[i].coarse.tasksPerSecond;
        lines.push_back({styleOf(i), pointsOf(values, coarseBins(), true)});
        top = std::max(top, largestOf(values));
    }
    charts()[Throughput]->setLines(lines, niceUpperBound(top));
}

void ActivityPage::showQueue()
{
    std::vector<ChartLine> lines;
    double top = 1;
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        const std::vector<double>& values = m_series[i].fine.queued;
        lines.push_back({styleOf(i), pointsOf(values, fineBins(), false)});
        top = std::max(top, largestOf(values));
    }
    charts()[Queue]->setLines(lines, niceUpperBound(top));
}

void ActivityPage::showWorkers()
{
    std::vector<ChartLine> lines;
    double top = 1;
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        const std::vector<double>& workers = m_series[i].fine.workers;
        lines.push_back({paleStyleOf(i), stepsOf(workers, fineBins())});
        top = std::max(top, largestOf(workers));
    }
    // After all of the thin lines, or these would hide busy workers of a pool that is full.
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        const std::vector<double>& busy = m_series[i].coarse.busyWorkers;
        lines.push_back({styleOf(i), pointsOf(busy, coarseBins(), true)});
        top = std::max(top, largestOf(busy));
    }
    // Even, so that the label in the middle is a whole worker too; means can be a hair above.
    constexpr double kHair = 1e-3;
    charts()[Busy]->setLines(lines, 2 * std::ceil((top - kHair) / 2));
}

ActivityPage::Figures ActivityPage::figuresOf(const Series& series, std::optional<Nanos> at) const
{
    const auto coarse = at ? static_cast<std::size_t>(coarseBins().binAt(*at)) : 0;
    const auto fine = at ? static_cast<std::size_t>(fineBins().binAt(*at)) : 0;
    const Activity& rates = at ? series.coarse : series.now;
    const Activity& levels = at ? series.fine : series.now;
    Figures figures{rates.tasksPerSecond[coarse], levels.queued[fine], rates.busyWorkers[coarse],
                    levels.workers[fine]};
    if (!at && !state().snapshot()->isLive) {
        // At the end of a run nothing waits and nobody works: what was there at most says more.
        figures.queued = largestOf(series.fine.queued);
        figures.workers = largestOf(series.fine.workers);
    }
    return figures;
}

void ActivityPage::showFigures()
{
    const SnapshotPtr snapshot = state().snapshot();
    if (!snapshot) {
        m_series.clear(); // of a run that is no longer shown
    }
    const std::optional<Nanos> at = cursor();
    std::array<std::vector<ChartFigure>, 3> rows;
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        const Figures figures = figuresOf(m_series[i], at);
        const QString& name = m_series[i].name;
        rows[Throughput].push_back({styleOf(i), name, formatRate(figures.tasksPerSecond)});
        rows[Queue].push_back({styleOf(i), name, formatQueue(figures.queued)});
        rows[Busy].push_back({styleOf(i), name,
                              tr("%1 of %2")
                                  .arg(QLocale().toString(figures.busyWorkers, 'f', 1),
                                       QLocale().toString(figures.workers, 'f', 0))});
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        charts()[i]->setFigures(std::move(rows[i]), caption(i == Queue ? tr("peak") : tr("mean")));
    }
}

} // namespace poolscope
