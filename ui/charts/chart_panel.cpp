// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chart_panel.h"

#include "ui/common/format.h"
#include "ui/timeline/time_scale.h"

#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

namespace {

constexpr int kRefreshMs = 33;
constexpr int kPixelsAFineBin = 3;
constexpr int kPixelsACoarseBin = 8;
constexpr int kMostBins = 300;
constexpr std::array kPens{Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};

enum ChartIndex : std::size_t { Throughput, Queue, Busy };

double largest(const std::vector<double>& values)
{
    return values.empty() ? 0.0 : *std::max_element(values.begin(), values.end());
}

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

ChartPanel::ChartPanel(ViewState& state, FrameClock& clock, QWidget* parent)
    : QFrame(parent)
    , m_state(state)
    , m_clock(clock)
    , m_theme(Theme::light())
{
    m_charts = {
        new ActivityChart(state, {tr("Throughput"), tr("Tasks that end per second"), formatRate},
                          this),
        new ActivityChart(
            state, {tr("Queue depth"), tr("Tasks that wait for a worker"), formatPlain}, this),
        new ActivityChart(state,
                          {tr("Busy workers"),
                           tr("Workers that run a task; the thin line is how many there are"),
                           formatPlain},
                          this)};

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 6, 1, 6);
    layout->setSpacing(8);
    for (ActivityChart* chart : m_charts) {
        layout->addWidget(chart, 1);
    }
    setAccessibleName(tr("Graphs"));

    connect(&state, &ViewState::snapshotChanged, this, &ChartPanel::markDirty);
    connect(&state, &ViewState::visibleChanged, this, &ChartPanel::markDirty);
    connect(&state, &ViewState::selectionChanged, this, &ChartPanel::markDirty);
    connect(&state, &ViewState::cursorChanged, this, &ChartPanel::onCursorChanged);
    connect(&clock, &FrameClock::tick, this, &ChartPanel::onTick);
    m_sinceRefresh.start();
}

void ChartPanel::setTheme(const Theme& theme)
{
    m_theme = theme;
    for (ActivityChart* chart : m_charts) {
        chart->setTheme(theme);
    }
    markDirty();
}

void ChartPanel::setPlotGeometry(int left, int width)
{
    for (ActivityChart* chart : m_charts) {
        chart->setPlotGeometry(left - chart->x(), width);
    }
    markDirty();
}

void ChartPanel::markDirty()
{
    m_isDirty = true;
    m_clock.requestTick();
}

void ChartPanel::onTick()
{
    if (!m_isDirty || !isVisible()) {
        return;
    }
    if (m_sinceRefresh.elapsed() < kRefreshMs) {
        m_clock.requestTick();
        return;
    }
    m_sinceRefresh.restart();
    m_isDirty = false;
    refresh();
}

void ChartPanel::onCursorChanged()
{
    for (ActivityChart* chart : m_charts) {
        chart->updateMarks();
    }
    showFigures();
}

void ChartPanel::refresh()
{
    compute();
    showThroughput();
    showQueue();
    showWorkers();
    showFigures();
    for (ActivityChart* chart : m_charts) {
        chart->updateMarks();
    }
}

void ChartPanel::compute()
{
    m_series.clear();
    const SnapshotPtr snapshot = m_state.snapshot();
    if (!snapshot) {
        return;
    }
    const TimeRange visible = m_state.visible();
    const int width = plotWidth();
    m_fineBins = chartBins(visible, std::clamp(width / kPixelsAFineBin, 1, kMostBins));
    m_coarseBins = chartBins(visible, std::clamp(width / kPixelsACoarseBin, 1, kMostBins));
    const Nanos now = std::max<Nanos>(1, snapshot->nowNs);
    TimeRange recent{std::max<Nanos>(0, now - kNanosPerSecond), now};
    if (!snapshot->isLive) {
        const TimeRange seen{std::max<Nanos>(0, visible.beginNs), std::min(now, visible.endNs)};
        recent = seen.isEmpty() ? TimeRange{0, now} : seen;
    }
    for (std::size_t i = 0; i < snapshot->meta->executors.size(); ++i) {
        const int executor = static_cast<int>(i);
        Series series;
        series.name = QString::fromStdString(snapshot->meta->executors[i].title);
        series.fine = activityOf(*snapshot, executor, m_fineBins.range, m_fineBins.count);
        series.coarse = activityOf(*snapshot, executor, m_coarseBins.range, m_coarseBins.count);
        series.now = activityOf(*snapshot, executor, recent, 1);
        m_series.push_back(std::move(series));
    }
}

int ChartPanel::plotWidth() const
{
    return std::max(1, m_charts.front()->plotWidth());
}

ChartLineStyle ChartPanel::styleOf(std::size_t executor) const
{
    return {m_theme.executors[executor % m_theme.executors.size()], kPens[executor % kPens.size()]};
}

QList<QPointF> ChartPanel::pointsOf(const std::vector<double>& values, const ChartBins& bins,
                                    bool isMean) const
{
    const TimeScale scale = scaleFor(m_state.visible(), 0, plotWidth());
    const BinSpan filled = filledBins(bins, m_state.snapshot()->nowNs);
    QList<QPointF> points;
    points.reserve(filled.last - filled.first);
    for (int bin = filled.first; bin < filled.last; ++bin) {
        const Nanos time = isMean ? bins.centreOf(bin) : bins.endOf(bin);
        points.append({toX(scale, time), values[static_cast<std::size_t>(bin)]});
    }
    return points;
}

QList<QPointF> ChartPanel::stepsOf(const std::vector<double>& values, const ChartBins& bins) const
{
    const TimeScale scale = scaleFor(m_state.visible(), 0, plotWidth());
    const BinSpan filled = filledBins(bins, m_state.snapshot()->nowNs);
    QList<QPointF> points;
    for (int bin = filled.first; bin < filled.last; ++bin) {
        const double value = values[static_cast<std::size_t>(bin)];
        const bool isEdge = bin == filled.first || bin + 1 == filled.last;
        if (isEdge || points.last().y() != value) {
            const double x = toX(scale, bins.beginOf(bin));
            if (!points.isEmpty()) {
                points.append({x, points.last().y()});
            }
            points.append({x, value});
        }
    }
    return points;
}

void ChartPanel::showThroughput()
{
    std::vector<ChartLine> lines;
    double top = 0;
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        const std::vector<double>& values = m_series[i].coarse.tasksPerSecond;
        lines.push_back({styleOf(i), pointsOf(values, m_coarseBins, true)});
        top = std::max(top, largest(values));
    }
    m_charts[Throughput]->setLines(lines, niceUpperBound(top));
}

void ChartPanel::showQueue()
{
    std::vector<ChartLine> lines;
    double top = 1;
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        const std::vector<double>& values = m_series[i].fine.queued;
        lines.push_back({styleOf(i), pointsOf(values, m_fineBins, false)});
        top = std::max(top, largest(values));
    }
    m_charts[Queue]->setLines(lines, niceUpperBound(top));
}

void ChartPanel::showWorkers()
{
    std::vector<ChartLine> lines;
    double top = 1;
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        ChartLineStyle thin = styleOf(i);
        thin.colour.setAlphaF(0.45F);
        thin.pen = Qt::SolidLine;
        const std::vector<double>& workers = m_series[i].fine.workers;
        lines.push_back({thin, stepsOf(workers, m_fineBins)});
        top = std::max(top, largest(workers));
    }
    // After all of the thin lines, or these would hide busy workers of a pool that is full.
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        const std::vector<double>& busy = m_series[i].coarse.busyWorkers;
        lines.push_back({styleOf(i), pointsOf(busy, m_coarseBins, true)});
        top = std::max(top, largest(busy));
    }
    m_charts[Busy]->setLines(lines, std::ceil(top));
}

ChartPanel::Figures ChartPanel::figuresOf(const Series& series, std::optional<Nanos> cursor) const
{
    const auto coarse = cursor ? static_cast<std::size_t>(m_coarseBins.binAt(*cursor)) : 0;
    const auto fine = cursor ? static_cast<std::size_t>(m_fineBins.binAt(*cursor)) : 0;
    const Activity& rates = cursor ? series.coarse : series.now;
    const Activity& levels = cursor ? series.fine : series.now;
    Figures figures{rates.tasksPerSecond[coarse], levels.queued[fine], rates.busyWorkers[coarse],
                    levels.workers[fine]};
    if (!cursor && !m_state.snapshot()->isLive) {
        // At the end of a run nothing waits and nobody works: what was there at most says more.
        figures.queued = largest(series.fine.queued);
        figures.workers = largest(series.fine.workers);
    }
    return figures;
}

void ChartPanel::showFigures()
{
    const SnapshotPtr snapshot = m_state.snapshot();
    if (!snapshot) {
        m_series.clear(); // of a run that is no longer shown
    }
    auto cursor = m_state.cursor();
    if (!snapshot || !cursor || *cursor < 0 || *cursor > snapshot->nowNs ||
        m_coarseBins.binAt(*cursor) < 0 || m_fineBins.binAt(*cursor) < 0) {
        cursor.reset();
    }
    std::array<std::vector<ChartFigure>, 3> rows;
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        const Figures figures = figuresOf(m_series[i], cursor);
        const QString& name = m_series[i].name;
        rows[Throughput].push_back({styleOf(i), name, formatRate(figures.tasksPerSecond)});
        rows[Queue].push_back({styleOf(i), name, formatQueue(figures.queued)});
        rows[Busy].push_back({styleOf(i), name,
                              tr("%1 of %2")
                                  .arg(QLocale().toString(figures.busyWorkers, 'f', 1),
                                       QLocale().toString(figures.workers, 'f', 0))});
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        QString caption;
        if (cursor) {
            caption = tr("at %1").arg(formatDuration(*cursor));
        } else if (snapshot) {
            caption = snapshot->isLive ? tr("now") : i == Queue ? tr("peak") : tr("mean");
        }
        m_charts[i]->setFigures(std::move(rows[i]), caption);
    }
}

} // namespace poolscope
