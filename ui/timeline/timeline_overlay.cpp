// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of the timeline view that paints.

#include "ui/common/format.h"
#include "ui/timeline/lane_facts.h"
#include "ui/timeline/timeline_view_p.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

void TimelineView::Private::paint(QPainter& painter)
{
    const TimelineStyle& style = look->style;
    if (!state.snapshot()) {
        painter.fillRect(q.viewport()->rect(), style.theme.panel);
        paintEmpty(painter);
    } else {
        // The lanes' picture covers the rest.
        const QRectF all(q.viewport()->rect());
        const QRectF plot = plotRect();
        painter.fillRect(QRectF(0, 0, all.width(), plot.top()), style.theme.panel);
        painter.fillRect(QRectF(0, plot.top(), plot.left(), plot.height()), style.theme.panel);
        painter.fillRect(
            QRectF(plot.right(), plot.top(), all.right() - plot.right(), plot.height()),
            style.theme.panel);
        look->painter.begin(*state.snapshot(), scale(), nowNs(), 1 / devicePixelRatio());
        paintRows(painter);
        paintSelection(painter);
        look->painter.paintRuler(painter, rulerRect(), QRectF(0, 0, headerWidth, rulerHeight));
        look->painter.paintGone(painter, rulerRect());
        look->painter.paintEventMarks(painter, rulerRect());
        painter.fillRect(QRectF(0, rulerHeight - 1, q.viewport()->width(), 1), style.theme.grid);
        paintMarks(painter);
        paintTasks(painter);
        paintCursor(painter);
    }
    if (showsFocus) {
        painter.setPen(QPen(style.theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(q.viewport()->rect()).adjusted(1, 1, -1, -1));
    }
}

void TimelineView::Private::paintEmpty(QPainter& painter)
{
    const TimelineStyle& style = look->style;
    const QRectF all(q.viewport()->rect());
    // Three lanes that wait for their first task.
    constexpr std::array<std::pair<double, double>, 3> kBars{
        std::pair{0.0, 0.62}, std::pair{0.22, 0.78}, std::pair{0.08, 0.5}};
    const double width = 132;
    double y = all.center().y() - 58;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    for (const auto& [from, length] : kBars) {
        const QRectF lane(all.center().x() - width / 2, y, width, 8);
        painter.setBrush(style.theme.laneEven);
        painter.drawRoundedRect(lane, 4, 4);
        painter.setBrush(blended(style.theme.accent, style.theme.laneEven, 0.35));
        painter.drawRoundedRect(QRectF(lane.left() + from * width, y, length * width, 8), 4, 4);
        y += 14;
    }
    painter.restore();
    painter.setFont(style.font);
    painter.setPen(style.theme.dimText);
    const QRectF text(all.center().x() - std::min(all.width(), 460.0) / 2, y + 12,
                      std::min(all.width(), 460.0), all.bottom() - y - 12);
    painter.drawText(text, Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, emptyText);
}

void TimelineView::Private::paintRows(QPainter& painter)
{
    const Snapshot& snapshot = *state.snapshot();
    const TimelineStyle& style = look->style;
    const QRectF plot = plotRect();
    painter.drawImage(plot.topLeft(), look->image.update(look->painter, state.snapshot(), layout,
                                                         q.verticalScrollBar()->value(),
                                                         plot.height(), devicePixelRatio()));

    painter.save();
    painter.setClipRect(QRectF(0, plot.top(), q.viewport()->width(), plot.height()));
    QRectF lanes;
    int executor = -1;
    const auto finishGroup = [&] {
        if (executor >= 0 && !lanes.isEmpty()) {
            look->painter.paintEventLines(painter, lanes, executor);
            for (const FinishLines& finish : state.finishLines()) {
                if (finish.executor == executor) {
                    look->painter.paintFinish(painter, lanes, finish);
                }
            }
        }
        lanes = QRectF();
    };
    for (const LaneRow& row : layout.rows()) {
        const QRectF rect = rectOf(row);
        if (row.isGroup()) {
            finishGroup();
            executor = row.executor;
            if (rect.top() > plot.top() + 1 && row.top > 0) {
                painter.fillRect(QRectF(0, rect.top() - 4, q.viewport()->width(), 1),
                                 style.theme.grid);
            }
            look->painter.paintGroup(
                painter, QRectF(0, rect.top(), q.viewport()->width(), rect.height()), row.executor,
                headerWidth, state.arrangement().isCollapsed(row.executor));
            continue;
        }
        lanes = lanes.isNull() ? rect : lanes.united(rect);
        if (rect.bottom() < plot.top() || rect.top() > plot.bottom()) {
            continue;
        }
        const QRectF header(0, rect.top(), headerWidth, rect.height());
        if (row.kind == LaneRow::Kind::Infrastructure) {
            const auto& view = snapshot.infrastructure[static_cast<std::size_t>(row.lane)];
            look->painter.paintInfrastructureHeader(painter, header, view);
            look->painter.paintInfrastructure(painter, rect, view);
            continue;
        }
        if (!row.isLane()) {
            look->painter.paintSummaryHeader(painter, header, row.executor);
            continue;
        }
        const LaneView& lane = snapshot.lanes[static_cast<std::size_t>(row.lane)];
        look->painter.paintLaneHeader(painter, header, lane);
        look->painter.paintRunning(painter, lane, rect);
        look->painter.paintLifeMarks(painter, lane, rect);
    }
    finishGroup();
    painter.restore();
    painter.fillRect(QRectF(headerWidth - 1, plot.top(), 1, plot.height()), style.theme.grid);
}

void TimelineView::Private::paintTasks(QPainter& painter)
{
    const Theme& colors = look->style.theme;
    painter.save();
    painter.setClipRect(plotRect());
    painter.setRenderHint(QPainter::Antialiasing);
    if (state.selected()) {
        paintTask(painter, *state.selected(), colors.accent);
    }
    if (state.hovered() && state.hovered() != state.selected()) {
        paintTask(painter, *state.hovered(), colors.running);
    }
    painter.restore();
}

void TimelineView::Private::paintTask(QPainter& painter, const RecordRef& ref,
                                      const QColor& outline)
{
    const TaskRecord* record = findRecord(*state.snapshot(), ref);
    const LaneRow* row = layout.rowOf(ref.lane);
    if (record == nullptr || row == nullptr) {
        return;
    }
    const TimeScale now = scale();
    const TimelineStyle& style = look->style;
    const QRectF lane = rectOf(*row);
    const LaneParts parts = laneParts(lane, 1 / devicePixelRatio());
    const double left = std::max(toX(now, record->startNs), lane.left() - 3);
    const double right = std::min(toX(now, record->endNs), lane.right() + 3);
    paintFlow(painter, *record, *row);
    paintPhases(painter, *record, lane);
    const QRectF bar(left, parts.bars.top(), std::max(2.0, right - left), parts.bars.height());
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(style.frame, 4, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.drawRect(bar);
    painter.setPen(QPen(outline, 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.drawRect(bar);
}

/// An arrow from where the task was submitted, below the executor's title, to where it began.
void TimelineView::Private::paintFlow(QPainter& painter, const TaskRecord& record,
                                      const LaneRow& row)
{
    constexpr double kLeastLength = 12;
    const auto title =
        std::find_if(layout.rows().begin(), layout.rows().end(), [&row](const LaneRow& each) {
            return each.isGroup() && each.executor == row.executor;
        });
    const TimeScale now = scale();
    const QRectF lane = rectOf(row);
    constexpr double kBeside = 20; // of the plot: what comes from further away comes from there
    const QPointF from(std::max(toX(now, record.submitNs), lane.left() - kBeside),
                       rectOf(*title).bottom() - 3);
    const QPointF to(std::min(toX(now, record.startNs), lane.right() + kBeside),
                     laneParts(lane, 1 / devicePixelRatio()).bars.top());
    if (to.x() - from.x() < kLeastLength) {
        return;
    }
    // Along the title and then down, so that it does not strike out the bars of the lane.
    const double bend = std::clamp((to.y() - from.y()) / 2, 1.0, 10.0);
    QPainterPath path(from);
    path.lineTo(to.x() - bend, from.y());
    path.quadTo(QPointF(to.x(), from.y()), QPointF(to.x(), from.y() + bend));
    path.lineTo(to - QPointF(0, 4));
    const TimelineStyle& style = look->style;
    painter.setBrush(Qt::NoBrush);
    for (const auto& [color, width] :
         {std::pair{style.theme.panel, 4.0}, std::pair{style.theme.wait, 1.5}}) {
        painter.setPen(QPen(color, width));
        painter.drawPath(path);
    }
    painter.setPen(QPen(style.theme.panel, 1));
    painter.setBrush(style.theme.wait);
    painter.drawEllipse(from, 3.5, 3.5);
    const std::array<QPointF, 3> head{to, to + QPointF(-4.5, -7), to + QPointF(4.5, -7)};
    painter.drawConvexPolygon(head.data(), static_cast<int>(head.size()));
}

/// From the submit to the start along the strip that tells how long tasks waited: in the queue, then
/// handed over; and after the end until the result was back.
void TimelineView::Private::paintPhases(QPainter& painter, const TaskRecord& record,
                                        const QRectF& lane)
{
    const TimelineStyle& style = look->style;
    const TimeScale now = scale();
    const LaneParts parts = laneParts(lane, 1 / devicePixelRatio());
    const double y = parts.wait.center().y();
    const auto xOf = [&](double timeNs) {
        return std::clamp(toX(now, std::llround(timeNs)), lane.left() - 3, lane.right() + 3);
    };
    const auto startNs = static_cast<double>(record.startNs);
    const auto endNs = static_cast<double>(record.endNs);
    const auto submitNs = static_cast<double>(record.submitNs);
    const double submit = xOf(submitNs);
    const double sent = xOf(std::max(startNs - double{record.sentLeadNs}, submitNs));
    const double start = xOf(startNs);
    const double end = xOf(endNs);
    const double back = xOf(endNs + double{record.returnLagNs});
    const auto stretch = [&](double from, double to, const QColor& color) {
        if (to > from + 1) {
            painter.setPen(QPen(style.theme.panel, 5, Qt::SolidLine, Qt::FlatCap));
            painter.drawLine(QPointF(from, y), QPointF(to, y));
            painter.setPen(QPen(color, 2.5, Qt::SolidLine, Qt::FlatCap));
            painter.drawLine(QPointF(from, y), QPointF(to, y));
        }
    };
    const auto dot = [&](double x, const QColor& color, double radius) {
        painter.setPen(QPen(style.theme.panel, 1.5));
        painter.setBrush(color);
        painter.drawEllipse(QPointF(x, y), radius, radius);
    };
    stretch(submit, sent, style.theme.wait);
    stretch(sent, start, style.theme.running);
    stretch(end, back, style.theme.running);
    if (start > submit + 1) {
        painter.setPen(QPen(sent < start - 1 ? style.theme.running : style.theme.wait, 2.5));
        painter.drawLine(QPointF(start, y + 1), QPointF(start, parts.bars.top()));
        dot(submit, style.theme.wait, 4.5);
    }
    if (start > sent + 1) {
        dot(sent, style.theme.running, 3.5);
    }
    if (back > end + 1) {
        dot(back, style.theme.running, 3.5);
    }
}

void TimelineView::Private::paintSelection(QPainter& painter)
{
    if (!state.selection()) {
        return;
    }
    const TimelineStyle& style = look->style;
    const QRectF plot = plotRect();
    const TimeScale now = scale();
    const double left = std::max(plot.left(), std::round(toX(now, state.selection()->beginNs)));
    const double right = std::min(plot.right(), std::round(toX(now, state.selection()->endNs)));
    if (right < left) {
        return;
    }
    painter.fillRect(QRectF(left, 0, right - left, plot.bottom()), style.theme.selection);
    painter.fillRect(QRectF(left, 0, 1, plot.bottom()), style.theme.accent);
    painter.fillRect(QRectF(right, 0, 1, plot.bottom()), style.theme.accent);
    paintPill(painter, (left + right) / 2, rulerHeight + 6,
              formatDuration(state.selection()->duration()), style.theme.accent,
              style.theme.isDark ? QColor(0x0B, 0x0E, 0x12) : QColor(Qt::white));
}

void TimelineView::Private::paintCursor(QPainter& painter)
{
    if (!state.cursor()) {
        return;
    }
    const TimelineStyle& style = look->style;
    const QRectF plot = plotRect();
    const double x = std::round(toX(scale(), *state.cursor()));
    if (x < plot.left() || x > plot.right()) {
        return;
    }
    QColor line = style.theme.text;
    line.setAlphaF(0.45F);
    painter.fillRect(QRectF(x, rulerHeight, 1, plot.height()), line);
    paintPill(painter, x, 2, timeText(*state.cursor(), scale().nsPerPx),
              blended(style.theme.text, style.theme.panel, 0.14), style.theme.text);
}

void TimelineView::Private::paintPill(QPainter& painter, double center, double top,
                                      const QString& text, const QColor& fill,
                                      const QColor& textColor)
{
    const QFontMetricsF metrics(look->style.smallFont);
    const double width = metrics.horizontalAdvance(text) + 16;
    const QRectF plot = plotRect();
    const double left =
        std::clamp(center - width / 2, plot.left(), std::max(plot.left(), plot.right() - width));
    const QRectF pill(std::round(left), top, width, metrics.height() + 4);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2);
    painter.setFont(look->style.smallFont);
    painter.setPen(textColor);
    painter.drawText(pill, Qt::AlignCenter, text);
    painter.restore();
}

} // namespace poolscope
