// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/workers_picture.h"

#include "ui/common/format.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kBeyond = 1.25; ///< how far the picture goes on behind the most workers
constexpr int kBandAlpha = 38;
constexpr int kBandAlphaBeyond = 18;

QColor withAlpha(QColor colour, int alpha)
{
    colour.setAlpha(alpha);
    return colour;
}

/// Whether a law's curve says something that can be looked at.
bool isDrawn(const ScalingFit& fit)
{
    return fit.evidence == FitEvidence::Enough || fit.evidence == FitEvidence::OtherShape;
}

} // namespace

WorkersPicture::WorkersPicture(QWidget* parent)
    : LabPicture(parent)
{
    setAccessibleName(tr("Speed-up over the number of workers"));
}

void WorkersPicture::setMeasure(Measure measure)
{
    m_measure = measure;
    update();
}

void WorkersPicture::setRuns(const std::vector<Repeat>& runs)
{
    m_runs = runs;
    m_advice = advisePoolSize(runs);
    m_amdahl = fitScaling(runs, ScalingLaw::Amdahl);
    m_usl = fitScaling(runs, ScalingLaw::Usl);
    update();
}

void WorkersPicture::setLevels(const std::vector<int>& levels)
{
    m_prediction.setLevels(levels);
    m_cursor = std::clamp(m_cursor, 0, std::max(0, static_cast<int>(levels.size()) - 1));
    update();
}

void WorkersPicture::setPredictionShown(bool isShown)
{
    m_isPredictionShown = isShown;
    update();
}

void WorkersPicture::setDrawing(bool isDrawing)
{
    m_isDrawing = isDrawing;
    m_isPredictionShown = m_isPredictionShown || isDrawing;
    setFocusPolicy(isDrawing ? Qt::StrongFocus : Qt::NoFocus);
    setCursor(isDrawing ? Qt::CrossCursor : Qt::ArrowCursor);
    m_cursor = std::min(1, std::max(0, static_cast<int>(m_prediction.levels().size()) - 1));
    update();
}

void WorkersPicture::clearPrediction()
{
    m_prediction.clear();
    update();
}

bool WorkersPicture::isEmpty() const
{
    return m_runs.empty() && !m_isDrawing && (!m_isPredictionShown || m_prediction.isEmpty());
}

/// The throughput that a speed-up of 1 stands for; 1 while nothing is measured.
double WorkersPicture::throughputUnit() const
{
    return m_advice.points.empty()
               ? 1
               : m_advice.points.front().throughput.value / m_advice.points.front().workers;
}

double WorkersPicture::shown(double throughput, double workers) const
{
    switch (m_measure) {
    case Measure::Throughput:
        return throughput;
    case Measure::Efficiency:
        return throughput / throughputUnit() / workers;
    case Measure::SpeedUp:
        break;
    }
    return throughput / throughputUnit();
}

/// The largest value that must be seen.
double WorkersPicture::topValue() const
{
    constexpr double kAir = 1.12;
    double top = 0;
    for (const Repeat& run : m_runs) {
        top = std::max(top, shown(run.value, run.level));
    }
    for (const PoolSizePoint& point : m_advice.points) {
        // An interval of two noisy runs may be wider than any picture.
        top = std::max(top, std::min(shown(point.throughput.high, point.workers),
                                     2 * shown(point.throughput.value, point.workers)));
    }
    if (m_measure == Measure::Efficiency) {
        top = std::max(top, 1.0);
    }
    if (m_isPredictionShown) {
        for (const auto& [workers, speedUp] : m_prediction.values()) {
            top = std::max(top, shown(speedUp * throughputUnit(), workers));
        }
        if (m_isDrawing && !m_prediction.levels().empty()) {
            top = std::max(top, shown(m_prediction.levels().back() * throughputUnit(),
                                      m_prediction.levels().back()));
        }
    }
    return top * kAir;
}

std::vector<PlotEntry> WorkersPicture::legend(const Theme& theme) const
{
    using Mark = PlotEntry::Mark;
    std::vector<PlotEntry> entries;
    if (!m_runs.empty()) {
        entries.push_back({Mark::Point, theme.executors[0], tr("mean, 95 %")});
        entries.push_back({Mark::Dot, theme.executors[0], tr("each run")});
        for (const auto& [fit, colour, name] :
             {std::tuple(&m_amdahl, theme.executors[1], tr("Amdahl")),
              std::tuple(&m_usl, theme.executors[2], tr("USL"))}) {
            if (isDrawn(*fit)) {
                entries.push_back({Mark::Line, colour,
                                   fit->evidence == FitEvidence::Enough
                                       ? name
                                       : tr("%1 (does not hold)").arg(name)});
            }
        }
    }
    entries.push_back({Mark::Dashes, theme.dimText, tr("ideal")});
    if (m_isPredictionShown) {
        entries.push_back({Mark::Diamond, theme.kinds[3], tr("expected")});
    }
    return entries;
}

PlotArea WorkersPicture::areaIn(const QRectF& rect, const QFont& font) const
{
    const QFontMetricsF metrics(font);
    const double line = metrics.height();
    const double top = legendHeight(font, rect.width(), legend(theme())) + std::ceil(line * 2.6);
    const double left = std::ceil(metrics.horizontalAdvance(QStringLiteral("00.0 k/s")) + 10);
    double most = m_prediction.levels().empty() ? 1 : m_prediction.levels().back();
    if (!m_runs.empty()) {
        most = std::ranges::max(m_runs, {}, &Repeat::level).level;
    }
    PlotArea area;
    area.rect = rect.adjusted(left, top, -4, -std::ceil(line * 2.4));
    area.x = {0, std::max(most + 0.5, most * kBeyond), false};
    area.y = {0, std::max(1e-9, topValue()), false};
    return area;
}

PlotArea WorkersPicture::area() const
{
    constexpr double kMargin = 12;
    return areaIn(QRectF(rect()).adjusted(kMargin, kMargin, -kMargin, -kMargin), pictureFont());
}

QPointF WorkersPicture::placeOf(int workers, double speedUp) const
{
    return area().at(workers, shown(speedUp * throughputUnit(), workers));
}

void WorkersPicture::draw(QPainter& painter, const QRectF& rect, const Theme& theme) const
{
    const PlotArea area = areaIn(rect, painter.font());
    const QFontMetricsF metrics(painter.font());
    const double line = metrics.height();
    drawLegend(painter, rect, theme, legend(theme));
    painter.setPen(theme.dimText);
    const QString names[] = {tr("Speed-up"), tr("Efficiency"), tr("Tasks a second")};
    painter.drawText(QRectF(rect.left(), area.rect.top() - line * 2.4, rect.width(), line),
                     Qt::AlignLeft, names[static_cast<int>(m_measure)]);
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
    if (m_runs.empty()) {
        for (const int level : m_prediction.levels()) {
            places.emplace_back(level, QString::number(level));
        }
    }
    for (const PoolSizePoint& point : m_advice.points) {
        places.emplace_back(point.workers, QString::number(point.workers));
    }
    painter.save();
    painter.setClipRect(area.rect.adjusted(0, 0, 0, 1));
    drawIdeal(painter, area, theme);
    drawLaw(painter, area, m_amdahl, theme.executors[1]);
    drawLaw(painter, area, m_usl, theme.executors[2]);
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
                             const QColor& colour) const
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
        painter.setPen(QPen(colour, 2, isMeasured ? Qt::SolidLine : Qt::DashLine, Qt::FlatCap));
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
    if (!m_advice.canTell) {
        return;
    }
    const double x = area.toX(m_advice.recommended);
    const double line = QFontMetricsF(painter.font()).height();
    painter.fillRect(QRectF(std::floor(x) - 1, area.rect.top(), 2, area.rect.height()),
                     withAlpha(theme.accent, 90));
    drawTag(painter, QPointF(x, area.rect.top() - line * 0.6), area.rect,
            tr("take %1").arg(m_advice.recommended), theme.accent,
            theme.palette.color(QPalette::HighlightedText));
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
