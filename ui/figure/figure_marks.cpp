// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The parts of a figure that are graphs: the strip of tasks a second and the legend's samples.

#include "ui/figure/figure_painter.h"
#include "ui/timeline/bar_painter.h"
#include "ui/timeline/lane_facts.h"

#include <QLocale>
#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <array>

namespace poolscope {

namespace {

/// The rate as steps, clipped to the crop; no step where the run has ended.
QPolygonF stepsOf(const FigureScene& scene, const std::vector<double>& rates)
{
    QPolygonF steps;
    const double bottom = scene.stripTop + FigureScene::kStrip;
    for (int bin = 0; bin < scene.stripBins.count; ++bin) {
        const Nanos begin = std::max(scene.stripBins.beginOf(bin), scene.range.beginNs);
        const Nanos end = std::min({scene.stripBins.endOf(bin), scene.range.endNs,
                                    std::max(scene.snapshot.nowNs, scene.range.beginNs)});
        if (end <= begin) {
            continue;
        }
        const double y =
            bottom - rates[static_cast<std::size_t>(bin)] / scene.mostRate * FigureScene::kStrip;
        steps << QPointF(toX(scene.scale, begin), y) << QPointF(toX(scene.scale, end), y);
    }
    return steps;
}

void paintWait(QPainter& painter, const FigureScene& scene, const QRectF& rect)
{
    constexpr int kSteps = 14;
    const double step = rect.width() / kSteps;
    for (int i = 0; i < kSteps; ++i) {
        painter.fillRect(
            QRectF(rect.left() + i * step, rect.bottom() - 4, step + 0.1, 4),
            scene.style.waitOver(scene.style.theme.laneEven, 10 + 23.2 * i / (kSteps - 1)));
    }
}

void paintMergedSample(QPainter& painter, const FigureScene& scene, const QRectF& rect)
{
    const double hair = hairOf(painter);
    constexpr int kColumns = 7;
    constexpr std::array<double, kColumns> kHeights{0.4, 0.7, 0.5, 0.8, 0.3, 0.6, 0.45};
    const double step = rect.width() / kColumns;
    for (int i = 0; i < kColumns; ++i) {
        const double high = (rect.height() - 2) * kHeights[static_cast<std::size_t>(i)];
        painter.fillRect(QRectF(rect.left() + i * step, rect.bottom() - high, step + 0.05, high),
                         scene.style.kinds.back().muted);
    }
    const QColor& mark = scene.style.theme.dimText;
    painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), hair), mark);
    painter.fillRect(QRectF(rect.left(), rect.top(), hair, 1.5), mark);
    painter.fillRect(QRectF(rect.right() - hair, rect.top(), hair, 1.5), mark);
}

void paintFrame(QPainter& painter, const QRectF& rect, const QColor& color)
{
    const double hair = hairOf(painter);
    painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), hair), color);
    painter.fillRect(QRectF(rect.left(), rect.bottom() - hair, rect.width(), hair), color);
    painter.fillRect(QRectF(rect.left(), rect.top(), hair, rect.height()), color);
    painter.fillRect(QRectF(rect.right() - hair, rect.top(), hair, rect.height()), color);
}

/// As on the lanes.
void paintCross(QPainter& painter, const FigureScene& scene, QPointF at)
{
    constexpr double kArm = 2.5;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(scene.style.theme.failure, 2, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(at + QPointF(-kArm, -kArm), at + QPointF(kArm, kArm));
    painter.drawLine(at + QPointF(-kArm, kArm), at + QPointF(kArm, -kArm));
    painter.restore();
}

QColor lineColor(const FigureScene& scene, std::size_t executor)
{
    return scene.style.executors[executor % scene.style.executors.size()].fill;
}

/// Executors differ in their dashes too.
QPen linePen(const FigureScene& scene, std::size_t executor)
{
    return QPen(lineColor(scene, executor), 0.8, executor % 2 == 0 ? Qt::SolidLine : Qt::DashLine,
                Qt::FlatCap, Qt::MiterJoin);
}

constexpr double kSample = 11; // of a line in the key
constexpr double kKeyGap = 10;

double keyWidth(const FigureScene& scene, std::size_t executor)
{
    return kSample + 3 + 1 +
           QFontMetricsF(scene.fonts.small)
               .horizontalAdvance(groupTitle(scene.snapshot, static_cast<int>(executor)));
}

/// What the strip is of, and which line is whose when there are several.
void paintStripTitle(QPainter& painter, const FigureScene& scene)
{
    const double high = FigureScene::kSmallLine;
    QRectF rect(scene.scale.left, scene.stripTop - high, scene.scale.width, high);
    const QFontMetricsF small(scene.fonts.small);
    drawLine(painter, scene.stripTitle(), scene.hasKeyLine ? rect.translated(0, -high) : rect,
             scene.fonts.small, scene.style.theme.text);
    double x = rect.left() +
               (scene.hasKeyLine ? 0 : small.horizontalAdvance(scene.stripTitle()) + kKeyGap);
    for (std::size_t executor = 0; scene.rates.size() > 1 && executor < scene.rates.size();
         ++executor) {
        const double width = std::min(keyWidth(scene, executor), rect.right() - x);
        if (width < 2 * kSample) {
            break;
        }
        painter.setPen(linePen(scene, executor));
        painter.drawLine(QPointF(x, rect.center().y()), QPointF(x + kSample, rect.center().y()));
        drawLine(painter, groupTitle(scene.snapshot, static_cast<int>(executor)),
                 QRectF(x + kSample + 3, rect.top(), width - kSample - 3, high), scene.fonts.small,
                 scene.style.theme.text);
        x += width + kKeyGap;
    }
}

/// \return a round rate without its unit, e.g. "20 k".
QString rateText(double rate)
{
    for (const auto& [size, symbol] :
         {std::pair{1e9, " G"}, std::pair{1e6, " M"}, std::pair{1e3, " k"}}) {
        if (rate >= size) {
            return QLocale().toString(rate / size) + QLatin1String(symbol);
        }
    }
    return QLocale().toString(rate);
}

} // namespace

double stripKeyWidth(const FigureScene& scene)
{
    double width = QFontMetricsF(scene.fonts.small).horizontalAdvance(scene.stripTitle());
    for (std::size_t executor = 0; scene.rates.size() > 1 && executor < scene.rates.size();
         ++executor) {
        width += kKeyGap + keyWidth(scene, executor);
    }
    return width;
}

void paintStrip(QPainter& painter, const FigureScene& scene)
{
    const double hair = hairOf(painter);
    if (scene.stripTop < 0) {
        return;
    }
    const TimeScale& scale = scene.scale;
    const double bottom = scene.stripTop + FigureScene::kStrip;
    for (const Nanos tick : scene.axis.majors) {
        painter.fillRect(QRectF(toX(scale, tick), scene.stripTop, hair, FigureScene::kStrip),
                         scene.style.theme.grid);
    }
    painter.fillRect(QRectF(scale.left, scene.stripTop, scale.width, hair), scene.style.theme.grid);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t executor = 0; executor < scene.rates.size(); ++executor) {
        const QPolygonF steps = stepsOf(scene, scene.rates[executor]);
        if (steps.size() < 2) {
            continue;
        }
        QPolygonF area = steps;
        area << QPointF(steps.back().x(), bottom) << QPointF(steps.front().x(), bottom);
        painter.setPen(Qt::NoPen);
        painter.setBrush(blended(lineColor(scene, executor), scene.style.theme.window, 0.18));
        if (scene.rates.size() == 1) { // several would hide each other
            painter.drawPolygon(area);
        }
        painter.setBrush(Qt::NoBrush);
        painter.setPen(linePen(scene, executor));
        painter.drawPolyline(steps);
    }
    painter.restore();

    const double line = FigureScene::kSmallLine;
    paintStripTitle(painter, scene);
    const QRectF label(FigureScene::kMargin, scene.stripTop - line / 2,
                       scale.left - 3 - FigureScene::kMargin, line);
    drawLine(painter, rateText(scene.mostRate), label, scene.fonts.small, scene.style.theme.text,
             Qt::AlignRight);
    drawLine(painter, QStringLiteral("0"), label.translated(0, FigureScene::kStrip - 2),
             scene.fonts.small, scene.style.theme.text, Qt::AlignRight);
}

void paintSwatch(QPainter& painter, const FigureScene& scene, const LegendEntry& entry,
                 const QRectF& rect, double devicePx)
{
    using Shape = LegendEntry::Shape;
    const TimelineStyle& style = scene.style;
    const ColorMode mode = effectiveMode(style.coloring.mode, scene.snapshot);
    const auto paintEnd = [&](TaskState state) {
        // Neutral, unless colours say how tasks ended.
        const BarColors& colors = mode == ColorMode::Outcome
                                      ? style.fullColors(mode, outcomeClass(state))
                                      : style.kinds.back();
        paintOutcomeSample(painter, style, rect, state, devicePx, colors);
    };
    switch (entry.shape) {
    case Shape::Kind: {
        const BarColors& colors = style.fullColors(mode, entry.colorClass);
        painter.fillRect(rect, colors.fill);
        if (colors.needsEdge) {
            paintFrame(painter, rect, colors.edge);
        }
        break;
    }
    case Shape::Several:
        for (int i = 0; i < 4; ++i) {
            const double width = rect.width() / 4;
            painter.fillRect(QRectF(rect.left() + i * width, rect.top(), width, rect.height()),
                             style.fullColors(mode, i).fill);
        }
        break;
    case Shape::Other:
        painter.fillRect(rect, style.kinds.back().fill);
        break;
    case Shape::Running:
        painter.fillRect(rect, blended(style.kinds.back().fill, style.theme.laneEven, 0.62));
        paintFrame(painter, rect, style.theme.running);
        painter.fillRect(QRectF(rect.right() - 2.5, rect.top(), 2.5, rect.height()),
                         style.theme.running);
        break;
    case Shape::Died:
        paintCross(painter, scene, rect.center());
        break;
    case Shape::Merged:
        paintMergedSample(painter, scene, rect);
        break;
    case Shape::Wait:
        paintWait(painter, scene, rect);
        break;
    case Shape::Failed:
        paintEnd(TaskState::Failed);
        break;
    case Shape::TimedOut:
        paintEnd(TaskState::TimedOut);
        break;
    case Shape::Cancelled:
        paintEnd(TaskState::Cancelled);
        break;
    case Shape::Lost:
        paintEnd(TaskState::Lost);
        break;
    }
}

} // namespace poolscope
