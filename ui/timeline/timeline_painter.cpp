// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timeline_painter.h"

#include "ui/common/format.h"
#include "ui/timeline/bar_painter.h"
#include "ui/timeline/lane_facts.h"
#include "ui/timeline/timeline_text.h"

#include <QFontMetricsF>
#include <QImage>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kPadding = 12;

double shareBarWidth(const QRectF& header)
{
    return std::clamp(header.width() * 0.17, 16.0, 44.0);
}

} // namespace

TimelinePainter::TimelinePainter(const TimelineStyle& style)
    : m_style(style)
    , m_labels(style.smallFont)
    , m_columns(style)
{}

void TimelinePainter::begin(const Snapshot& snapshot, const TimeScale& scale, Nanos nowNs,
                            double devicePx)
{
    m_snapshot = &snapshot;
    m_scale = scale;
    m_nowNs = nowNs;
    m_px = devicePx;
    // Room for a number, its unit and air.
    const double room =
        1.4 * QFontMetricsF(m_style.smallFont).horizontalAdvance(QStringLiteral("+00000 ms"));
    m_axis = timeAxis(visibleRange(scale), static_cast<int>(std::min(8.0, scale.width / room)));
    m_labels.begin(snapshot);
    m_columns.begin(snapshot, m_axis, nowNs);
}

void TimelinePainter::setAxis(const TimeAxis& axis)
{
    m_axis = axis;
    m_columns.begin(*m_snapshot, m_axis, m_nowNs);
}

double TimelinePainter::snap(double x) const
{
    return std::floor(x / m_px + 1e-6) * m_px;
}

void TimelinePainter::paintRuler(QPainter& painter, const QRectF& rect, const QRectF& corner)
{
    const QFontMetricsF metrics(m_style.smallFont);
    painter.setFont(m_style.smallFont);
    const double line = std::max(1.0, m_px);
    const double labelTop = rect.top() + 4;
    const double tickTop = labelTop + metrics.height() + 2;

    painter.save();
    painter.setClipRect(rect);
    if (!m_axis.majors.empty() && m_axis.minorNs > 0) {
        QColor minor = m_style.theme.dimText;
        minor.setAlphaF(0.5F);
        const Nanos end = visibleRange(m_scale).endNs;
        for (Nanos tick = m_axis.majors.front() - m_axis.stepNs; tick < end;
             tick += m_axis.minorNs) {
            painter.fillRect(QRectF(snap(toX(m_scale, tick)), tickTop + 2, line, 2), minor);
        }
    }
    for (const Nanos tick : m_axis.majors) {
        painter.fillRect(QRectF(snap(toX(m_scale, tick)), tickTop, line, 4), m_style.theme.dimText);
    }
    painter.restore();

    painter.setPen(m_style.theme.dimText);
    const QString unit = QLatin1Char(' ') + unitText(m_axis);
    for (const Nanos tick : m_axis.majors) {
        const QString text =
            (m_axis.offsetNs > 0 ? QStringLiteral("+") : QString()) + tickText(m_axis, tick) + unit;
        const double width = metrics.horizontalAdvance(text);
        const double x = std::clamp(toX(m_scale, tick) - width / 2, rect.left() + 2,
                                    std::max(rect.left() + 2, rect.right() - width - 2));
        painter.drawText(QPointF(x, labelTop + metrics.ascent()), text);
    }
    if (m_axis.offsetNs > 0 && !corner.isEmpty()) {
        painter.drawText(corner.adjusted(0, 4, -8, 0), Qt::AlignRight | Qt::AlignTop,
                         formatDuration(m_axis.offsetNs / m_axis.unitNs * m_axis.unitNs) +
                             QStringLiteral(" +"));
    }
}

void TimelinePainter::paintGroup(QPainter& painter, const QRectF& rect, int executor,
                                 double headerWidth, std::optional<bool> isCollapsed)
{
    const auto index = static_cast<std::size_t>(executor) % m_style.executors.size();
    const double middle = rect.center().y() + rect.height() * 0.08;
    const double chip = std::min(9.0, rect.height() * 0.36);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_style.executors[index].fill);
    if (isCollapsed) {
        const QPointF centre(rect.left() + kPadding + chip / 2, middle);
        const double arm = chip / 2;
        std::array<QPointF, 3> triangle{QPointF(-arm, -arm * 0.6), QPointF(arm, -arm * 0.6),
                                        QPointF(0, arm * 0.8)};
        if (*isCollapsed) {
            triangle = {QPointF(-arm * 0.6, -arm), QPointF(arm * 0.8, 0), QPointF(-arm * 0.6, arm)};
        }
        for (QPointF& corner : triangle) {
            corner += centre;
        }
        painter.drawConvexPolygon(triangle.data(), static_cast<int>(triangle.size()));
    } else {
        painter.drawRoundedRect(QRectF(rect.left() + kPadding, middle - chip / 2, chip, chip), 2,
                                2);
    }
    painter.restore();

    const QFontMetricsF bold(m_style.boldFont);
    const double left = rect.left() + kPadding + chip + 7;
    const QString title = bold.elidedText(groupTitle(*m_snapshot, executor), Qt::ElideRight,
                                          headerWidth - (left - rect.left()) - 6);
    const double baseline = middle + (bold.ascent() - bold.descent()) / 2;
    painter.setFont(m_style.boldFont);
    painter.setPen(m_style.theme.text);
    painter.drawText(QPointF(left, baseline), title);

    const QFontMetricsF small(m_style.smallFont);
    painter.setFont(m_style.smallFont);
    painter.setPen(m_style.theme.dimText);
    const double factsLeft = rect.left() + headerWidth + 4;
    painter.drawText(QPointF(factsLeft, baseline),
                     small.elidedText(groupFacts(*m_snapshot, executor), Qt::ElideRight,
                                      rect.right() - factsLeft - 8));
}

void TimelinePainter::paintLaneHeader(QPainter& painter, const QRectF& rect, const LaneView& lane)
{
    const QFontMetricsF small(m_style.smallFont);
    const QFontMetricsF normal(m_style.font);
    const bool isTight = normal.height() > rect.height();
    const QFontMetricsF& metrics = isTight ? small : normal;
    const TimeRange range = visibleRange(m_scale);
    const bool isQueue = lane.info().kind == LaneKind::Queue;
    const double share =
        isQueue ? -1.0 : busyShare(*m_snapshot, lane, range, m_nowNs).value_or(-1.0);

    const double percentWidth = small.horizontalAdvance(QStringLiteral("100 %"));
    const double right = rect.right() - 10;
    const double barRight = right - percentWidth - 8;
    const double barWidth = shareBarWidth(rect);
    const double baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2;
    const double left = rect.left() + kPadding;

    painter.setFont(isTight ? m_style.smallFont : m_style.font);
    painter.setPen(share >= 0 || isQueue ? m_style.theme.text : m_style.theme.dimText);
    const double textRoom = barRight - barWidth - 8 - left;
    const QString name = metrics.elidedText(laneName(lane.info()), Qt::ElideRight, textRoom);
    painter.drawText(QPointF(left, baseline), name);

    painter.setFont(m_style.smallFont);
    painter.setPen(m_style.theme.dimText);
    const double used = metrics.horizontalAdvance(name) + 8;
    const std::uint64_t dropped = lane.lane->droppedCount();
    const QString ids = dropped > 0 ? timeline::tr("%1 dropped").arg(formatCount(dropped))
                                    : laneIds(lane, range.endNs);
    if (dropped > 0) {
        painter.setPen(m_style.theme.failure);
    }
    if (small.horizontalAdvance(ids) <= textRoom - used) {
        painter.drawText(QPointF(left + used, baseline), ids);
    }
    painter.setPen(m_style.theme.dimText);
    if (isQueue) {
        painter.drawText(
            QRectF(barRight - barWidth, rect.top(), right - barRight + barWidth, rect.height()),
            Qt::AlignRight | Qt::AlignVCenter, formatCount(lane.recordCount));
        return;
    }
    if (share < 0) {
        return;
    }
    paintShare(painter, rect, lane.info().executor, share);
}

void TimelinePainter::paintShare(QPainter& painter, const QRectF& rect, int executor, double share)
{
    const double right = rect.right() - 10;
    const double barRight =
        right - QFontMetricsF(m_style.smallFont).horizontalAdvance(QStringLiteral("100 %")) - 8;
    const double barWidth = shareBarWidth(rect);
    const double barHeight = std::clamp(rect.height() * 0.16, 2.0, 4.0);
    const QRectF bar(barRight - barWidth, rect.center().y() - barHeight / 2, barWidth, barHeight);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_style.theme.grid);
    painter.drawRoundedRect(bar, barHeight / 2, barHeight / 2);
    painter.setBrush(m_style.executors[static_cast<std::size_t>(executor) % 8].fill);
    painter.drawRoundedRect(
        QRectF(bar.topLeft(), QSizeF(std::max(barHeight, bar.width() * share), barHeight)),
        barHeight / 2, barHeight / 2);
    painter.restore();
    painter.setFont(m_style.smallFont);
    painter.setPen(m_style.theme.dimText);
    painter.drawText(QRectF(barRight, rect.top(), right - barRight, rect.height()),
                     Qt::AlignRight | Qt::AlignVCenter, formatShare(std::round(share * 100) / 100));
}

void TimelinePainter::paintSummaryHeader(QPainter& painter, const QRectF& rect, int executor)
{
    const TimeRange range = visibleRange(m_scale);
    int workers = 0;
    double sum = 0;
    for (const LaneView& lane : m_snapshot->lanes) {
        if (lane.info().executor == executor && lane.info().kind != LaneKind::Queue) {
            ++workers;
            sum += busyShare(*m_snapshot, lane, range, m_nowNs).value_or(0);
        }
    }
    const QFontMetricsF metrics(m_style.font);
    painter.setFont(m_style.font);
    painter.setPen(m_style.theme.text);
    const double room = rect.width() - kPadding - shareBarWidth(rect) - 70;
    painter.drawText(QRectF(rect.left() + kPadding, rect.top(), room, rect.height()),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(workers == 1 ? timeline::tr("1 worker")
                                                     : timeline::tr("All %1 workers").arg(workers),
                                        Qt::ElideRight, room));
    if (workers > 0) {
        paintShare(painter, rect, executor, std::min(1.0, sum / workers));
    }
}

void TimelinePainter::paintSummary(QPainter& painter, const QRectF& rect, int executor)
{
    paintColumns(painter, nullptr, executor, rect);
}

void TimelinePainter::paintLane(QPainter& painter, const LaneView& lane, const QRectF& rect)
{
    if (drawsBars(lane, m_scale, m_px)) {
        paintLaneBackground(painter, lane, rect);
        paintLaneBars(painter, lane, rect);
        return;
    }
    paintColumns(painter, &lane, lane.info().executor, rect);
}

void TimelinePainter::paintColumns(QPainter& painter, const LaneView* lane, int executor,
                                   const QRectF& rect)
{
    const LaneParts parts = laneParts(rect, m_px);
    const auto rows = [this](double length) {
        return static_cast<int>(std::lround(length / m_px));
    };
    const int columns = std::max(1, rows(m_scale.width));
    QImage image(columns, rows(rect.height()), QImage::Format_RGB32);
    const int waitRows = rows(parts.wait.height());
    const int gapRows = rows(parts.wait.top() - parts.bars.bottom());
    const ColumnRange range{m_scale.beginNs, m_scale.nsPerPx * m_px, columns};
    const PixelBlock block{reinterpret_cast<QRgb*>(image.bits()),
                           image.bytesPerLine() / 4,
                           image.height() - waitRows - gapRows,
                           gapRows,
                           waitRows,
                           std::max(3, rows(2.5))};
    if (lane != nullptr) {
        m_columns.render(*lane, range, block);
    } else {
        m_columns.renderExecutor(executor, range, block);
    }
    painter.drawImage(rect, image);
}

void TimelinePainter::paintLaneBackground(QPainter& painter, const LaneView& lane,
                                          const QRectF& rect)
{
    const QColor& color = m_style.lane(lane.info());
    if (lane.info().kind == LaneKind::Queue) {
        painter.fillRect(rect, color);
    }
    for (const LaneLife& life : livesOf(lane)) {
        const double from = std::max(rect.left(), snap(toX(m_scale, life.openedNs)));
        const double to =
            std::min(rect.right(), snap(toX(m_scale, life.closedNs < 0 ? m_nowNs : life.closedNs)));
        if (to > from) {
            painter.fillRect(QRectF(from, rect.top(), to - from, rect.height()), color);
        }
    }
    for (const Nanos tick : m_axis.majors) {
        const double x = snap(toX(m_scale, tick));
        if (x >= rect.left() && x < rect.right()) {
            painter.fillRect(QRectF(x, rect.top(), std::max(m_px, 0.5), rect.height()),
                             m_style.theme.grid);
        }
    }
}

/// Calls \p paint with a painter of bars that keeps to \p rect.
template <class Paint>
void TimelinePainter::withBars(QPainter& painter, const QRectF& rect, const Paint& paint)
{
    painter.save();
    painter.setClipRect(rect, Qt::IntersectClip);
    BarPainter bars(painter, m_style, m_labels, m_px);
    bars.setLeastBar(m_leastBarNs);
    paint(bars);
    painter.restore();
}

void TimelinePainter::paintLaneBars(QPainter& painter, const LaneView& lane, const QRectF& rect)
{
    withBars(painter, rect,
             [&](BarPainter& bars) { bars.paintLane(*m_snapshot, lane, m_scale, rect); });
}

void TimelinePainter::paintLaneWithoutTexts(QPainter& painter, const LaneView& lane,
                                            const QRectF& rect)
{
    paintLaneBackground(painter, lane, rect);
    withBars(painter, rect,
             [&](BarPainter& bars) { bars.paintLane(*m_snapshot, lane, m_scale, rect, false); });
}

void TimelinePainter::paintLaneTexts(QPainter& painter, const LaneView& lane, const QRectF& rect)
{
    withBars(painter, rect,
             [&](BarPainter& bars) { bars.paintTexts(*m_snapshot, lane, m_scale, rect); });
}

void TimelinePainter::paintRunning(QPainter& painter, const LaneView& lane, const QRectF& rect)
{
    if (lane.running.startNs < 0) {
        return;
    }
    withBars(painter, rect, [&](BarPainter& bars) {
        bars.paintRunning(*m_snapshot, lane, m_scale, rect, m_nowNs);
    });
}

} // namespace poolscope
