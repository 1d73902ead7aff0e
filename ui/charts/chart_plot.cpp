// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chart_plot.h"

#include "ui/timeline/time_axis.h"

#include <QChart>
#include <QLineSeries>
#include <QMouseEvent>
#include <QValueAxis>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kZoomPerWheelStep = 0.8;
constexpr int kWheelStep = 120; // eighths of a degree
constexpr double kShortestDragPx = 3;

} // namespace

ChartPlot::ChartPlot(ViewState& state, QWidget* parent)
    : QChartView(parent)
    , m_state(state)
    , m_chart(chart())
    , m_timeAxis(new QValueAxis(m_chart))
    , m_valueAxis(new QValueAxis(m_chart))
{
    setFrameShape(QFrame::NoFrame);
    setRubberBand(QChartView::NoRubberBand);
    setMouseTracking(true);
    setFocusPolicy(Qt::NoFocus); // the shared range is moved by keys in the timeline
    setMinimumSize(0, 0);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setRenderHint(QPainter::Antialiasing, false);
    // The grid moves with the range, which the scene knows nothing of.
    setViewportUpdateMode(QGraphicsView::FullViewportUpdate);

    m_chart->setAnimationOptions(QChart::NoAnimation);
    m_chart->setBackgroundVisible(false);
    m_chart->setMargins({});
    m_chart->legend()->hide();
    m_chart->addAxis(m_timeAxis, Qt::AlignBottom);
    m_chart->addAxis(m_valueAxis, Qt::AlignLeft);
    m_timeAxis->setVisible(false);
    m_valueAxis->setLabelsVisible(false);
    m_valueAxis->setLineVisible(false);
    m_valueAxis->setTickCount(3);
    m_valueAxis->setRange(0, 1);
}

void ChartPlot::setTheme(const Theme& theme)
{
    m_theme = theme;
    setBackgroundBrush(theme.panel);
    m_valueAxis->setGridLinePen(QPen(theme.grid, 0));
    viewport()->update();
}

void ChartPlot::addLine()
{
    auto* line = new QLineSeries(m_chart);
    m_chart->addSeries(line);
    line->attachAxis(m_timeAxis);
    line->attachAxis(m_valueAxis);
    m_lines.append(line);
}

void ChartPlot::setLines(const std::vector<ChartLine>& lines, double upperBound)
{
    while (m_lines.size() < std::ssize(lines)) {
        addLine();
    }
    // The thinnest line is the cheapest by far; where pixels are tiny it would hardly be seen.
    const qreal penWidth = devicePixelRatioF() > 1.4 ? 1 : 0;
    m_valueAxis->setRange(0, upperBound);
    m_timeAxis->setRange(0, std::max(1, width()));
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        if (i >= std::ssize(lines)) {
            m_lines[i]->clear();
            continue;
        }
        const ChartLine& line = lines[static_cast<std::size_t>(i)];
        const QPen pen(line.style.colour, penWidth, line.style.pen);
        if (m_lines[i]->pen() != pen) {
            m_lines[i]->setPen(pen);
        }
        m_lines[i]->replace(line.points);
    }
}

qsizetype ChartPlot::pointCount() const
{
    qsizetype count = 0;
    for (const QLineSeries* line : m_lines) {
        count += line->count();
    }
    return count;
}

TimeScale ChartPlot::scale() const
{
    return scaleFor(m_state.visible(), 0, std::max(1, width()));
}

void ChartPlot::updateMarks()
{
    std::optional<int> x;
    if (m_state.cursor()) {
        x = static_cast<int>(
            std::clamp(std::floor(toX(scale(), *m_state.cursor())), -10.0, width() + 10.0));
    }
    if (x == m_cursorX) {
        return;
    }
    for (const std::optional<int>& place : {m_cursorX, x}) {
        if (place) {
            viewport()->update(*place - 1, 0, 3, height());
        }
    }
    m_cursorX = x;
}

void ChartPlot::drawBackground(QPainter* painter, const QRectF& rect)
{
    QChartView::drawBackground(painter, rect);
    if (!m_state.snapshot()) {
        return;
    }
    painter->save();
    painter->resetTransform();
    const double height = this->height();
    for (const Nanos tick : timeAxis(m_state.visible()).majors) {
        painter->fillRect(QRectF(std::floor(toX(scale(), tick)), 0, 1, height), m_theme.laneEven);
    }
    painter->restore();
}

void ChartPlot::setEmptyText(const QString& text)
{
    if (m_emptyText != text) {
        m_emptyText = text;
        viewport()->update();
    }
}

void ChartPlot::drawForeground(QPainter* painter, const QRectF&)
{
    painter->save();
    painter->resetTransform();
    paintResizes(*painter);
    if (!m_emptyText.isEmpty()) {
        painter->setPen(m_theme.dimText);
        painter->drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    }
    paintSelection(*painter);
    if (m_cursorX) {
        painter->fillRect(QRect(*m_cursorX, 0, 1, height()), m_theme.dimText);
    }
    painter->restore();
}

/// As in the timeline above: a line through everything where the number of workers changed.
void ChartPlot::paintResizes(QPainter& painter) const
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    if (!snapshot || !snapshot->controlEvents) {
        return;
    }
    const TimeRange visible = m_state.visible();
    const bool isOne = snapshot->meta->executors.size() < 2;
    for (const ControlEvent& event : *snapshot->controlEvents) {
        if (event.kind == ControlKind::Resize && visible.contains(event.timeNs)) {
            const auto executor = static_cast<std::size_t>(event.executor);
            QColor colour =
                isOne ? m_theme.accent : m_theme.executors[executor % m_theme.executors.size()];
            colour.setAlphaF(0.75F);
            painter.fillRect(QRectF(std::floor(toX(scale(), event.timeNs)), 0, 1, height()),
                             colour);
        }
    }
}

void ChartPlot::paintSelection(QPainter& painter) const
{
    const auto selection = m_state.selection();
    if (!selection) {
        return;
    }
    const auto edge = [this](Nanos timeNs) {
        return std::clamp(std::floor(toX(scale(), timeNs)), -2.0, width() + 2.0);
    };
    const double left = edge(selection->beginNs);
    const double right = edge(selection->endNs);
    painter.fillRect(QRectF(left, 0, right - left, height()), m_theme.selection);
    painter.fillRect(QRectF(left, 0, 1, height()), m_theme.accent);
    painter.fillRect(QRectF(right, 0, 1, height()), m_theme.accent);
}

void ChartPlot::resizeEvent(QResizeEvent* event)
{
    QChartView::resizeEvent(event);
    m_chart->setPlotArea(QRectF(0, kInset, width(), std::max(1, height() - 2 * kInset)));
}

void ChartPlot::wheelEvent(QWheelEvent* event)
{
    const QPoint delta = event->angleDelta();
    if (event->modifiers().testFlag(Qt::ShiftModifier) || delta.y() == 0) {
        const int along = delta.x() != 0 ? delta.x() : delta.y();
        m_state.panBy(-m_state.visible().duration() / 10 * along / kWheelStep);
    } else {
        const double steps = static_cast<double>(delta.y()) / kWheelStep;
        m_state.zoomAt(toTime(scale(), event->position().x()), std::pow(kZoomPerWheelStep, steps));
    }
    event->accept();
}

void ChartPlot::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) {
        return;
    }
    m_drag = event->modifiers().testFlag(Qt::ShiftModifier) ? Drag::Select : Drag::Pan;
    m_dragX = event->position().x();
    m_dragNs = toTime(scale(), m_dragX);
}

void ChartPlot::mouseMoveEvent(QMouseEvent* event)
{
    const double x = event->position().x();
    if (m_drag == Drag::Pan) {
        // The moment that was under the mouse stays under it.
        if (std::abs(x - m_dragX) >= kShortestDragPx || !m_state.isFollowing()) {
            m_state.panBy(m_dragNs - toTime(scale(), x));
        }
    } else if (m_drag == Drag::Select) {
        m_state.setSelection(TimeRange{m_dragNs, toTime(scale(), x)});
    }
    m_state.setCursor(toTime(scale(), x));
}

void ChartPlot::mouseReleaseEvent(QMouseEvent* event)
{
    const bool wasClick = std::abs(event->position().x() - m_dragX) < kShortestDragPx;
    if (m_drag == Drag::Select && wasClick) {
        m_state.setSelection(std::nullopt);
    }
    m_drag = Drag::None;
}

void ChartPlot::leaveEvent(QEvent*)
{
    m_state.setCursor(std::nullopt);
}

} // namespace poolscope
