// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/chunks_picture.h"

#include "ui/panels/ledger_waterfall.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace poolscope {

namespace {

constexpr double kAside = 1.7; ///< room beside the first and the last size, as a factor

QColor withAlpha(QColor colour, int alpha)
{
    colour.setAlpha(alpha);
    return colour;
}

struct Part
{
    double ChunkPoint::*ns;
    LaneTime use; ///< whose colour it has
    const char* name;
};

constexpr std::array kParts{
    Part{&ChunkPoint::workNs, LaneTime::Useful,
         QT_TRANSLATE_NOOP("poolscope::ChunksPicture", "work")},
    Part{&ChunkPoint::handOverNs, LaneTime::HandOver,
         QT_TRANSLATE_NOOP("poolscope::ChunksPicture", "hand-over")},
    Part{&ChunkPoint::imbalanceNs, LaneTime::Tail,
         QT_TRANSLATE_NOOP("poolscope::ChunksPicture", "imbalance")},
    Part{&ChunkPoint::otherNs, LaneTime::StartUp,
         QT_TRANSLATE_NOOP("poolscope::ChunksPicture", "other (start-up, submitting)")},
};

} // namespace

ChunksPicture::ChunksPicture(QWidget* parent)
    : LabPicture(parent)
{
    setAccessibleName(tr("Makespan over the size of chunks"));
}

void ChunksPicture::setRuns(const std::vector<ChunkRun>& runs, const std::vector<int>& levels,
                            std::uint64_t pythonChunk)
{
    m_runs = runs;
    m_levels = levels;
    m_curve = chunkCurveOf(runs);
    m_pythonChunk = pythonChunk;
    update();
}

std::vector<PlotEntry> ChunksPicture::legend(const Theme& theme) const
{
    using Mark = PlotEntry::Mark;
    std::vector<PlotEntry> entries;
    entries.reserve(kParts.size() + 3);
    for (const Part& part : kParts) {
        entries.push_back({Mark::Box, laneTimeColour(theme, part.use), tr(part.name)});
    }
    entries.push_back({Mark::Point, theme.text, tr("makespan, 95 %")});
    entries.push_back({Mark::Dot, theme.text, tr("each run")});
    if (m_curve.isFirm()) {
        entries.push_back({Mark::Box, withAlpha(theme.accent, 60), tr("as good as the best")});
    }
    return entries;
}

PlotArea ChunksPicture::areaIn(const QRectF& rect, const QFont& font) const
{
    constexpr double kAir = 1.06;
    const QFontMetricsF metrics(font);
    const double line = metrics.height();
    const double top = legendHeight(font, rect.width(), legend(theme())) + std::ceil(line * 4);
    const double left = std::ceil(metrics.horizontalAdvance(QStringLiteral("000.0 ms")) + 10);
    PlotArea area;
    area.rect = rect.adjusted(left, top, -4, -std::ceil(line * 2.4));
    double most = 1;
    for (const ChunkPoint& point : m_curve.points) {
        most = std::max({most, point.makespanNs.value,
                         std::min(point.makespanNs.high, 2 * point.makespanNs.value)});
    }
    for (const ChunkRun& run : m_runs) {
        most = std::max(most, run.makespanNs);
    }
    area.x = {m_levels.front() / kAside, m_levels.back() * kAside, true};
    area.y = {0, most * kAir, false};
    return area;
}

double ChunksPicture::barWidth(const PlotArea& area) const
{
    constexpr double kWidest = 56;
    constexpr double kShare = 0.62;
    double apart = kWidest / kShare;
    for (std::size_t i = 1; i < m_levels.size(); ++i) {
        apart = std::min(apart, area.toX(m_levels[i]) - area.toX(m_levels[i - 1]));
    }
    return std::max(3.0, std::floor(apart * kShare));
}

void ChunksPicture::draw(QPainter& painter, const QRectF& rect, const Theme& theme) const
{
    const PlotArea area = areaIn(rect, painter.font());
    const double line = QFontMetricsF(painter.font()).height();
    drawLegend(painter, rect, theme, legend(theme));
    painter.setPen(theme.dimText);
    painter.drawText(QRectF(rect.left(), area.rect.top() - line * 3.6, rect.width(), line),
                     Qt::AlignLeft, tr("Makespan"));
    painter.drawText(QRectF(area.rect.left(), rect.bottom() - line, area.rect.width(), line),
                     Qt::AlignRight, tr("tasks a chunk"));
    drawFlat(painter, area, theme);
    drawValueGrid(painter, area, theme,
                  [&area](double value) { return durationTick(value, area.y.high); });
    std::vector<std::pair<double, QString>> places;
    for (const int level : m_levels) {
        places.emplace_back(level, QString::number(level));
    }
    drawBars(painter, area, theme);
    drawPlaces(painter, area, theme, places);
    drawPython(painter, area, theme);
    drawPoints(painter, area, theme);
    if (m_curve.isFirm()) {
        drawTag(painter, QPointF(area.toX(m_curve.recommended), area.rect.top() - line * 0.6),
                area.rect,
                {tr("take %1").arg(m_curve.recommended), theme.accent,
                 theme.palette.color(QPalette::HighlightedText)});
    }
}

void ChunksPicture::drawFlat(QPainter& painter, const PlotArea& area, const Theme& theme) const
{
    if (!m_curve.isFirm()) {
        return;
    }
    const double aside = barWidth(area) / 2 + 6;
    const double left = std::floor(area.toX(m_curve.flatFrom) - aside);
    const double right = std::ceil(area.toX(m_curve.flatTo) + aside);
    painter.fillRect(QRectF(left, area.rect.top(), right - left, area.rect.height()),
                     withAlpha(theme.accent, 34));
}

void ChunksPicture::drawBars(QPainter& painter, const PlotArea& area, const Theme& theme) const
{
    const double width = barWidth(area);
    for (const ChunkPoint& point : m_curve.points) {
        const double left = std::round(area.toX(point.chunk) - width / 2);
        double sum = 0;
        double bottom = std::floor(area.rect.bottom());
        for (const Part& part : kParts) {
            sum += point.*part.ns;
            const double top = std::round(area.toY(sum) * 2) / 2;
            painter.fillRect(QRectF(left, top, width, bottom - top),
                             laneTimeColour(theme, part.use));
            bottom = top;
        }
    }
}

void ChunksPicture::drawPoints(QPainter& painter, const PlotArea& area, const Theme& theme) const
{
    constexpr double kBesidePx = 11; // right of the mean, rounds side by side: or they would hide
    constexpr double kApartPx = 6;
    constexpr double kWidestPx = 26;
    const int rounds =
        m_runs.empty() ? 1 : std::ranges::max(m_runs, {}, &ChunkRun::round).round + 1;
    const double apart = std::min(kApartPx, kWidestPx / rounds);
    painter.setBrush(withAlpha(theme.text, 170));
    painter.setPen(QPen(theme.panel, 0.8));
    for (const ChunkRun& run : m_runs) {
        const double aside = kBesidePx + run.round * apart;
        painter.drawEllipse(area.at(run.chunk, run.makespanNs) + QPointF(aside, 0), 2.4, 2.4);
    }
    for (const ChunkPoint& point : m_curve.points) {
        const QPointF place = area.at(point.chunk, point.makespanNs.value);
        if (point.makespanNs.high > point.makespanNs.low) {
            const auto end = [&](double ns) {
                return std::clamp(area.toY(ns), area.rect.top(), area.rect.bottom());
            };
            drawErrorBar(painter, place.x(), end(point.makespanNs.low), end(point.makespanNs.high),
                         theme.text);
        }
        painter.setPen(QPen(theme.panel, 1.5));
        painter.setBrush(theme.text);
        painter.drawEllipse(place, 4.5, 4.5);
    }
}

void ChunksPicture::drawPython(QPainter& painter, const PlotArea& area, const Theme& theme) const
{
    const double line = QFontMetricsF(painter.font()).height();
    const double top = area.rect.top() - line * 2.35;
    const auto mark = [&](std::uint64_t chunk, const QString& name, Qt::AlignmentFlag side) {
        const auto value = static_cast<double>(chunk);
        if (value < area.x.low || value > area.x.high) {
            return;
        }
        const double x = std::floor(area.toX(value)) + 0.5;
        painter.setPen(QPen(theme.dimText, 1, Qt::DotLine));
        painter.drawLine(QPointF(x, top), QPointF(x, area.rect.bottom()));
        painter.setPen(theme.dimText);
        const QRectF text(side == Qt::AlignLeft ? x + 4 : x - 304, top - 2, 300, line);
        painter.drawText(text, int{side} | Qt::AlignVCenter, name);
    };
    const bool isRight = area.toX(static_cast<double>(m_pythonChunk)) > area.rect.center().x();
    mark(kExecutorMapDefaultChunk, tr("ProcessPoolExecutor.map: 1"), Qt::AlignLeft);
    if (m_pythonChunk > kExecutorMapDefaultChunk) {
        mark(m_pythonChunk, tr("Pool.map: %1").arg(m_pythonChunk),
             isRight ? Qt::AlignRight : Qt::AlignLeft);
    }
}

} // namespace poolscope
