// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/duel_picture.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <map>

namespace poolscope {

namespace {

constexpr double kGap = 28;

QColor withAlpha(QColor colour, int alpha)
{
    colour.setAlpha(alpha);
    return colour;
}

QColor sideColour(const Theme& theme, int side)
{
    return theme.executors[static_cast<std::size_t>(side) % theme.executors.size()];
}

} // namespace

DuelPicture::DuelPicture(QWidget* parent)
    : LabPicture(parent)
{
    setAccessibleName(tr("Makespans of each side, and their ratios"));
}

void DuelPicture::setRuns(const ExperimentPlan& plan, const std::vector<ArmRun>& runs,
                          const QStringList& sides)
{
    m_runs = runs;
    m_pairs = pairsOf(plan, runs);
    m_sides = sides;
    update();
}

void DuelPicture::draw(QPainter& painter, const QRectF& rect, const Theme& theme) const
{
    constexpr double kRoundsShare = 0.54;
    const double width = std::floor(rect.width() * kRoundsShare);
    drawRounds(painter, QRectF(rect.topLeft(), QSizeF(width, rect.height())), theme);
    drawRatios(painter, rect.adjusted(width + kGap, 0, 0, 0), theme);
}

void DuelPicture::drawRounds(QPainter& painter, const QRectF& rect, const Theme& theme) const
{
    const QFontMetricsF metrics(painter.font());
    const double line = metrics.height();
    double least = 1e300;
    double most = 0;
    std::map<int, QPolygonF> joined;
    for (const ArmRun& run : m_runs) {
        least = std::min(least, static_cast<double>(run.summary.makespanNs));
        most = std::max(most, static_cast<double>(run.summary.makespanNs));
    }
    const double air = std::max((most - least) * 0.12, most * 0.01);
    PlotArea area;
    const double left = std::ceil(metrics.horizontalAdvance(QStringLiteral("000.0 ms")) + 10);
    area.rect = rect.adjusted(left, std::ceil(line * 2), -4, -std::ceil(line * 2));
    area.x = {-0.6, static_cast<double>(m_sides.size()) - 0.4, false};
    area.y = {least < most * 0.4 ? 0 : least - air, most + air, false};
    painter.setPen(theme.dimText);
    painter.drawText(QRectF(rect.topLeft(), QSizeF(rect.width(), line)), Qt::AlignLeft,
                     tr("Makespan of each round"));
    drawValueGrid(painter, area, theme,
                  [&area](double value) { return durationTick(value, area.y.high); });
    std::vector<std::pair<double, QString>> places;
    places.reserve(static_cast<std::size_t>(m_sides.size()));
    for (int side = 0; side < m_sides.size(); ++side) {
        places.emplace_back(side, m_sides[side]);
    }
    drawPlaces(painter, area, theme, places);

    for (const ArmRun& run : m_runs) {
        joined[run.round].append(area.at(run.arm, static_cast<double>(run.summary.makespanNs)));
    }
    painter.setPen(QPen(withAlpha(theme.dimText, 150), 1.2));
    painter.setBrush(Qt::NoBrush);
    for (auto& [round, points] : joined) {
        std::ranges::sort(points, {}, &QPointF::x); // sides take turns in being first
        painter.drawPolyline(points);
    }
    for (const ArmRun& run : m_runs) {
        painter.setPen(QPen(theme.panel, 1.2));
        painter.setBrush(sideColour(theme, run.arm));
        painter.drawEllipse(area.at(run.arm, static_cast<double>(run.summary.makespanNs)), 4.5,
                            4.5);
    }
    for (int side = 0; side < m_sides.size(); ++side) {
        const ArmMeans means = meansOf(m_runs, side);
        if (means.runs > 0) {
            const QPointF mean = area.at(side, means.makespanNs);
            const double aside = side == 0 ? -1 : 1; // lines leave on the other side
            const double from = mean.x() + aside * 10;
            painter.setPen(QPen(sideColour(theme, side), 2.4));
            painter.drawLine(QPointF(from, mean.y()), QPointF(from + aside * 22, mean.y()));
        }
    }
}

void DuelPicture::drawRatios(QPainter& painter, const QRectF& rect, const Theme& theme) const
{
    const double line = QFontMetricsF(painter.font()).height();
    painter.setPen(theme.dimText);
    painter.drawText(QRectF(rect.topLeft(), QSizeF(rect.width(), line)), Qt::AlignLeft,
                     tr("Faster, and how many times (95 %)"));
    double reach = 1.1;
    for (const DuelPair& pair : m_pairs) {
        const Estimate& ratio = pair.comparison.ratio;
        const double furthest =
            std::max({ratio.high, 1 / std::max(1e-6, ratio.low), ratio.value, 1 / ratio.value});
        reach = std::max(reach, std::min(furthest, 3 * std::max(ratio.value, 1 / ratio.value)));
    }
    reach = std::pow(reach, 1.15);
    PlotArea area;
    area.rect = rect.adjusted(8, std::ceil(line * 2), -8, -std::ceil(line * 2));
    area.x = {1 / reach, reach, true};
    area.y = {0, 1, false};

    std::vector<std::pair<double, QString>> places{{1, QStringLiteral("1×")}};
    for (const double tick : plotTicks(1, reach, 3)) {
        if (tick > 1 && tick < reach * 0.98) {
            const QString text = tr("%1×").arg(tick, 0, 'g', 4);
            places.emplace_back(tick, text);
            places.emplace_back(1 / tick, text);
        }
    }
    std::ranges::sort(places, {}, &std::pair<double, QString>::first);
    drawPlaces(painter, area, theme, places);
    painter.fillRect(QRectF(std::floor(area.toX(1)), area.rect.top(), 1, area.rect.height()),
                     theme.text);

    const double step = area.rect.height() / std::max(1.0, static_cast<double>(m_pairs.size()));
    for (std::size_t i = 0; i < m_pairs.size(); ++i) {
        const double middle =
            std::round(area.rect.top() + step * (static_cast<double>(i) + 0.5)) + 0.5;
        drawRatio(painter, area, m_pairs[i], middle, theme);
        drawNames(painter, area, m_pairs[i], middle, theme);
    }
}

void DuelPicture::drawRatio(QPainter& painter, const PlotArea& area, const DuelPair& pair,
                            double middle, const Theme& theme)
{
    if (pair.comparison.rounds == 0) {
        return;
    }
    const Estimate& ratio = pair.comparison.ratio;
    // The side that is faster gives the colour; an open question has none.
    const QColor colour = !pair.comparison.isDecided()
                              ? theme.dimText
                              : sideColour(theme, ratio.value > 1 ? pair.first : pair.second);
    const double from = std::max(area.toX(ratio.low), area.rect.left());
    const double to = std::min(area.toX(ratio.high), area.rect.right());
    painter.setPen(Qt::NoPen);
    painter.setBrush(withAlpha(colour, 90));
    painter.drawRect(QRectF(from, middle - 8, std::max(2.0, to - from), 16));
    painter.setBrush(colour);
    painter.setPen(QPen(theme.panel, 1.2));
    painter.drawEllipse(QPointF(area.toX(ratio.value), middle), 5, 5);
    const Estimate times = pair.comparison.speedUp();
    const double line = QFontMetricsF(painter.font()).height();
    drawTag(painter, QPointF(area.toX(ratio.value), middle + 14 + line / 2), area.rect,
            {pair.comparison.verdict == Verdict::TooFewRounds
                 ? tr("%1×").arg(times.value, 0, 'f', 2)
                 : tr("%1× (%2 to %3)")
                       .arg(times.value, 0, 'f', 2)
                       .arg(times.low, 0, 'f', 2)
                       .arg(times.high, 0, 'f', 2),
             theme.panel, theme.dimText});
}

void DuelPicture::drawNames(QPainter& painter, const PlotArea& area, const DuelPair& pair,
                            double middle, const Theme& theme) const
{
    const QFontMetricsF metrics(painter.font());
    const double line = metrics.height();
    painter.setPen(theme.text);
    const QRectF names(area.rect.left(), middle - 16 - line, area.rect.width(), line);
    const double half = names.width() / 2 - 10;
    painter.drawText(
        QRectF(names.left(), names.top(), half, line), Qt::AlignLeft,
        metrics.elidedText(tr("← %1").arg(m_sides.value(pair.second)), Qt::ElideRight, half));
    painter.drawText(
        QRectF(names.right() - half, names.top(), half, line), Qt::AlignRight,
        metrics.elidedText(tr("%1 →").arg(m_sides.value(pair.first)), Qt::ElideRight, half));
}

} // namespace poolscope
