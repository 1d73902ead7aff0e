// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What WorkersPicture draws.

#include "ui/common/format.h"
#include "ui/lab/workers_picture.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

namespace {

constexpr int kBandAlpha = 38;
constexpr int kBandAlphaBeyond = 18;

QColor withAlpha(QColor colour, int alpha)
{
    colour.setAlpha(alpha);
    return colour;
}

} // namespace

void WorkersPicture::draw(QPainter& painter, const QRectF& rect, const Theme& theme) const
{
    const PlotArea area = areaIn(rect, painter.font());
    const QFontMetricsF metrics(painter.font());
    const double line = metrics.height();
    drawLegend(painter, rect, theme, legend(theme));
    painter.setPen(theme.dimText);
    const std::array names{tr("Speed-up"), tr("Efficiency"), tr("Tasks a second")};
    painter.drawText(QRectF(rect.left(), area.rect.top() - line * 2.4, rect.width(), line),
                     Qt::AlignLeft, names[static_cast<std::size_t>(m_measure)]);
    painter.drawText(QRectF(area.rect.left(), rect.bottom() - line, area.rect.width(), line),
                     Qt::AlignRight, tr("workers"));
    drawValueGrid(painter, area, theme, [this](double value) {
        switch (m_measure) {
        case Measure::Throughput:
            return formatRate(value);
        case Measure::Efficiency:
            return formatShare(value);
        case Measure::SpeedUp:
            break;
        }
        return tr("%1×").arg(value);
    });
    std::vector<std::pair<double, QString>> places;
    for (const int level : m_prediction.levels()) {
        places.emplace_back(level, QString::number(level));
    }
    painter.save();
    painter.setClipRect(area.rect.adjusted(0, 0, 0, 1));
    drawIdeal(painter, area, theme);
    drawLaw(painter, area, m_amdahl, theme.executors[1], 4); // seen where both are one
    drawLaw(painter, area, m_usl, theme.executors[2], 2);
    painter.restore();
    drawPlaces(painter, area, theme, places);
    drawAdvice(painter, area, theme);
    drawPoints(painter, area, theme);
    if (m_isPredictionShown) {
        drawPrediction(painter, area, theme);
    }
}

void WorkersPicture::drawIdeal(QPainter& painter, const PlotArea& area, const Theme& theme) const
{
    painter.setPen(QPen(theme.dimText, 1.2, Qt::DashLine, Qt::FlatCap));
    const double first = m_measure == Measure::Efficiency ? area.x.low + 1e-6 : area.x.low;
    const double unit = throughputUnit();
    painter.drawLine(area.at(first, shown(first * unit, first)),
                     area.at(area.x.high, shown(area.x.high * unit, area.x.high)));
}

void WorkersPicture::drawLaw(QPainter& painter, const PlotArea& area, const ScalingFit& fit,
                             const QColor& colour, double width) const
{
    constexpr double kStepPx = 3;
    if (!isDrawn(fit)) {
        return;
    }
    const auto part = [&](double from, double to, bool isMeasured) {
        if (to <= from) {
            return;
        }
        QPolygonF line;
        QPolygonF low;
        QPolygonF band;
        const double pixels = area.toX(to) - area.toX(from);
        const int steps = std::max(2, static_cast<int>(pixels / kStepPx));
        const double most = 4 * area.y.high; // what is beyond the picture need not be drawn far out
        for (int i = 0; i <= steps; ++i) {
            const double workers = std::lerp(from, to, static_cast<double>(i) / steps);
            const Estimate value = fit.throughputAt(workers);
            const auto place = [&](double throughput) {
                const double height = shown(throughput, workers);
                return area.at(workers,
                               std::isfinite(height) ? std::clamp(height, -most, most) : most);
            };
            line.append(place(value.value));
            band.append(place(value.high));
            low.prepend(place(value.low));
        }
        if (fit.evidence == FitEvidence::Enough) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(withAlpha(colour, isMeasured ? kBandAlpha : kBandAlphaBeyond));
            painter.drawPolygon(band + low);
        }
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colour, width, isMeasured ? Qt::SolidLine : Qt::DashLine, Qt::FlatCap));
        painter.drawPolyline(line);
    };
    part(1, fit.fewestWorkers, false);
    part(fit.fewestWorkers, fit.mostWorkers, true);
    part(fit.mostWorkers, area.x.high, false);
}

void WorkersPicture::drawPoints(QPainter& painter, const PlotArea& area, const Theme& theme) const
{
    constexpr double kBesidePx = 12; // right of the mean, rounds side by side: or they would hide
    constexpr double kApartPx = 6;
    constexpr double kWidestPx = 26;
    const QColor colour = theme.executors[0];
    const int rounds = m_runs.empty() ? 1 : std::ranges::max(m_runs, {}, &Repeat::round).round + 1;
    const double apart = std::min(kApartPx, kWidestPx / rounds);
    painter.setPen(Qt::NoPen);
    painter.setBrush(withAlpha(colour, 190));
    for (const Repeat& run : m_runs) {
        const QPointF place = area.at(run.level, shown(run.value, run.level));
        const double aside = kBesidePx + run.round * apart;
        painter.drawEllipse(place + QPointF(aside, 0), 2.5, 2.5);
    }
    for (const PoolSizePoint& point : m_advice.points) {
        const QPointF place = area.at(point.workers, shown(point.throughput.value, point.workers));
        const auto end = [&](double throughput) {
            return std::clamp(area.toY(shown(throughput, point.workers)), area.rect.top(),
                              area.rect.bottom());
        };
        if (point.throughput.high > point.throughput.low) {
            drawErrorBar(painter, place.x(), end(point.throughput.low), end(point.throughput.high),
                         colour);
        }
        painter.setPen(QPen(theme.panel, 1.5));
        painter.setBrush(colour);
        painter.drawEllipse(place, 5, 5);
    }
}

void WorkersPicture::drawAdvice(QPainter& painter, const PlotArea& area, const Theme& theme) const
{
    if (!m_advice.isFirm()) {
        return;
    }
    const double x = area.toX(m_advice.recommended);
    const double line = QFontMetricsF(painter.font()).height();
    painter.fillRect(QRectF(std::floor(x) - 1, area.rect.top(), 2, area.rect.height()),
                     withAlpha(theme.accent, 90));
    drawTag(painter, QPointF(x, area.rect.top() - line * 0.6), area.rect,
            {tr("take %1").arg(m_advice.recommended), theme.accent,
             theme.palette.color(QPalette::HighlightedText)});
}

void WorkersPicture::drawPrediction(QPainter& painter, const PlotArea& area,
                                    const Theme& theme) const
{
    const QColor colour = theme.kinds[3];
    const std::vector<int>& levels = m_prediction.levels();
    const auto place = [&](int workers) {
        return area.at(workers, shown(m_prediction.at(workers) * throughputUnit(), workers));
    };
    if (m_isDrawing && hasFocus() && !levels.empty()) {
        const double x = area.toX(levels[static_cast<std::size_t>(m_cursor)]);
        painter.fillRect(QRectF(x - 12, area.rect.top(), 24, area.rect.height()), theme.selection);
    }
    QPolygonF line;
    for (const int level : levels) {
        if (!m_prediction.isEmpty() && level <= m_prediction.values().rbegin()->first) {
            line.append(place(level));
        }
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, 2.2, Qt::DotLine, Qt::RoundCap));
    painter.drawPolyline(line);
    for (const auto& [workers, speedUp] : m_prediction.values()) {
        const QPointF middle = place(workers);
        painter.setPen(QPen(theme.panel, 1.5));
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF{middle + QPointF(0, -7), middle + QPointF(7, 0),
                                      middle + QPointF(0, 7), middle + QPointF(-7, 0)});
        if (m_isDrawing) {
            const double height = QFontMetricsF(painter.font()).height();
            painter.setPen(theme.text);
            painter.drawText(QRectF(middle.x() + 10, middle.y() - height / 2, 80, height),
                             Qt::AlignLeft | Qt::AlignVCenter,
                             tr("%1×").arg(QString::number(speedUp, 'f', 1)));
        }
    }
}

} // namespace poolscope
