// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chart_page.h"

#include "ui/common/format.h"
#include "ui/timeline/time_scale.h"

#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace poolscope {

namespace {

constexpr int kRefreshMs = 33;
constexpr int kPixelsAFineBin = 3;
constexpr int kPixelsACoarseBin = 8;
constexpr int kMostBins = 300;
constexpr std::array kPens{Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};

} // namespace

double largestOf(const std::vector<double>& values)
{
    return values.empty() ? 0.0 : *std::max_element(values.begin(), values.end());
}

ChartPage::ChartPage(ViewState& state, FrameClock& clock, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_clock(clock)
    , m_theme(Theme::light())
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    connect(&state, &ViewState::snapshotChanged, this, &ChartPage::markDirty);
    connect(&state, &ViewState::visibleChanged, this, &ChartPage::markDirty);
    connect(&state, &ViewState::selectionChanged, this, &ChartPage::markDirty);
    connect(&state, &ViewState::cursorChanged, this, &ChartPage::onCursorChanged);
    connect(&clock, &FrameClock::tick, this, &ChartPage::onTick);
    m_sinceRefresh.start();
}

void ChartPage::addChart(const ChartSubject& subject)
{
    m_charts.push_back(new ActivityChart(m_state, subject, this));
    layout()->addWidget(m_charts.back());
}

void ChartPage::setTheme(const Theme& theme)
{
    m_theme = theme;
    for (ActivityChart* chart : m_charts) {
        chart->setTheme(theme);
    }
    markDirty();
}

void ChartPage::setPlotGeometry(int left, int width)
{
    for (ActivityChart* chart : m_charts) {
        chart->setPlotGeometry(left - chart->x(), width);
    }
    markDirty();
}

void ChartPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    markDirty();
}

void ChartPage::markDirty()
{
    m_isDirty = true;
    m_clock.requestTick();
}

void ChartPage::onTick()
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

void ChartPage::onCursorChanged()
{
    for (ActivityChart* chart : m_charts) {
        chart->updateMarks();
    }
    showFigures();
}

void ChartPage::refresh()
{
    const TimeRange visible = m_state.visible();
    m_fineBins = chartBins(visible, std::clamp(plotWidth() / kPixelsAFineBin, 1, kMostBins));
    m_coarseBins = chartBins(visible, std::clamp(plotWidth() / kPixelsACoarseBin, 1, kMostBins));
    showLines();
    showFigures();
    for (ActivityChart* chart : m_charts) {
        chart->updateMarks();
    }
}

int ChartPage::plotWidth() const
{
    return std::max(1, m_charts.front()->plotWidth());
}

std::optional<Nanos> ChartPage::cursor() const
{
    const std::optional<Nanos> cursor = m_state.cursor();
    const bool isInRun = m_state.snapshot() && cursor && *cursor >= 0 &&
                         *cursor <= m_state.snapshot()->nowNs && m_coarseBins.binAt(*cursor) >= 0 &&
                         m_fineBins.binAt(*cursor) >= 0;
    return isInRun ? cursor : std::nullopt;
}

TimeRange ChartPage::recent() const
{
    const Snapshot& snapshot = *m_state.snapshot();
    const Nanos now = std::max<Nanos>(1, snapshot.nowNs);
    if (snapshot.isLive) {
        return {std::max<Nanos>(0, now - kNanosPerSecond), now};
    }
    const TimeRange visible = m_state.visible();
    const TimeRange seen{std::max<Nanos>(0, visible.beginNs), std::min(now, visible.endNs)};
    return seen.isEmpty() ? TimeRange{0, now} : seen;
}

QString ChartPage::caption(const QString& ofEnded) const
{
    if (const std::optional<Nanos> timeNs = cursor()) {
        return tr("at %1").arg(formatDuration(*timeNs));
    }
    const SnapshotPtr& snapshot = m_state.snapshot();
    return !snapshot ? QString() : snapshot->isLive ? tr("now") : ofEnded;
}

ChartLineStyle ChartPage::styleOf(std::size_t executor) const
{
    return {m_theme.executors[executor % m_theme.executors.size()], kPens[executor % kPens.size()]};
}

ChartLineStyle ChartPage::paleStyleOf(std::size_t executor) const
{
    ChartLineStyle pale = styleOf(executor);
    pale.colour.setAlphaF(0.45F);
    pale.pen = Qt::SolidLine;
    return pale;
}

QList<QPointF> ChartPage::pointsOf(const std::vector<double>& values, const ChartBins& bins,
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

QList<QPointF> ChartPage::stepsOf(const std::vector<double>& values, const ChartBins& bins) const
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

void ChartPage::addKnownLines(std::vector<ChartLine>& lines, const ChartLineStyle& style,
                              const std::vector<double>& values, const ChartBins& bins) const
{
    bool isGoingOn = false;
    for (const QPointF& point : pointsOf(values, bins, true)) {
        if (point.y() >= 0) {
            if (!isGoingOn) {
                lines.push_back({style, {}});
            }
            lines.back().points.append(point);
        }
        isGoingOn = point.y() >= 0;
    }
}

} // namespace poolscope
