// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/figure_painter.h"

#include "ui/common/format.h"
#include "ui/figure/figure_words.h"

#include <QPaintEngine>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

using figure::tr;

constexpr double kMargin = FigureScene::kMargin;

double rowWidth(const FigureScene& scene)
{
    return scene.width - 2 * kMargin;
}

} // namespace

double hairOf(const QPainter& painter)
{
    constexpr double kHair = 0.5;
    if (painter.paintEngine()->type() != QPaintEngine::Raster) {
        return kHair;
    }
    const QTransform device = painter.deviceTransform();
    return std::max(kHair, 1 / std::max(1e-6, std::hypot(device.m11(), device.m12())));
}

void paintTitle(QPainter& painter, const FigureScene& scene)
{
    double y = kMargin;
    drawLine(painter, scene.title, QRectF(kMargin, y, rowWidth(scene), 14), scene.fonts.title,
             scene.style.theme.text);
    y += 14;
    for (const QString& line : scene.subtitle) {
        drawLine(painter, line, QRectF(kMargin, y, rowWidth(scene), FigureScene::kLine),
                 scene.fonts.text, scene.style.theme.dimText);
        y += FigureScene::kLine;
    }
}

void paintHere(QPainter& painter, const FigureScene& scene)
{
    const double hair = hairOf(painter);
    if (scene.hereTop < 0) {
        return;
    }
    const double run = static_cast<double>(std::max<Nanos>(1, scene.snapshot.nowNs));
    const double left = scene.scale.left;
    const double middle = scene.hereTop + FigureScene::kLine / 2;
    const auto xOf = [&](Nanos ns) {
        return left + std::clamp(static_cast<double>(ns) / run, 0.0, 1.0) * scene.scale.width;
    };
    const double from = xOf(scene.range.beginNs);
    const double to = std::max(from + 1, xOf(scene.range.endNs));
    painter.fillRect(QRectF(left, middle - hair / 2, scene.scale.width, hair),
                     scene.style.theme.dimText);
    painter.fillRect(QRectF(from, middle - 2, to - from, 4), scene.style.theme.accent);
    const double share = static_cast<double>(scene.range.duration()) / run;
    drawLine(painter, tr("%1 of the run").arg(formatShare(std::min(1.0, share))),
             QRectF(kMargin, scene.hereTop, left - kMargin - 4, FigureScene::kLine),
             scene.fonts.small, scene.style.theme.dimText, Qt::AlignRight);
}

void paintAxis(QPainter& painter, const FigureScene& scene)
{
    const double hair = hairOf(painter);
    const QColor& color = scene.style.theme.text;
    const double left = scene.scale.left;
    const double y = scene.axisTop;
    if (scene.stripTop >= 0) {
        painter.fillRect(QRectF(left, scene.lanesBottom, scene.scale.width, hair),
                         scene.style.theme.dimText);
    }
    painter.fillRect(QRectF(left, y, scene.scale.width, hair), color);
    const QFontMetricsF metrics(scene.fonts.small);
    std::size_t number = 0;
    for (const Nanos tick : scene.axis.majors) {
        const double x = toX(scene.scale, tick);
        painter.fillRect(QRectF(x - hair / 2, y, hair, 3), color);
        if (number++ % scene.labelEvery != 0) {
            continue;
        }
        const QString text = tickText(scene.axis, tick);
        const double half = metrics.horizontalAdvance(text) / 2;
        drawLine(painter, text, QRectF(x - half, y + 4, 2 * half + 1, FigureScene::kSmallLine),
                 scene.fonts.small, color);
    }
    const double title = y + 4 + FigureScene::kSmallLine;
    drawLine(painter, scene.axisTitle(),
             QRectF(left, title, scene.width - kMargin - left, FigureScene::kLine),
             scene.fonts.text, color, Qt::AlignHCenter);
}

void paintLegend(QPainter& painter, const FigureScene& scene, double devicePx)
{
    for (const PlacedEntry& placed : scene.legend) {
        const double y = scene.legendTop + placed.at.y();
        paintSwatch(painter, scene, placed.entry,
                    QRectF(placed.at.x(), y + 1, FigureScene::kSwatch, FigureScene::kLine - 2),
                    devicePx);
        const double text = placed.at.x() + FigureScene::kSwatch + 4;
        drawLine(painter, placed.entry.text,
                 QRectF(text, y, placed.width - FigureScene::kSwatch - 4, FigureScene::kLine),
                 scene.fonts.text, scene.style.theme.text);
    }
}

void paintNumbers(QPainter& painter, const FigureScene& scene)
{
    const double hair = hairOf(painter);
    if (scene.numbersTop < 0) {
        return;
    }
    double y = scene.numbersTop;
    painter.fillRect(QRectF(kMargin, y, rowWidth(scene), hair), scene.style.theme.grid);
    y += 2;
    for (const QString& line : scene.numberLines) {
        drawLine(painter, line, QRectF(kMargin, y, rowWidth(scene), FigureScene::kSmallLine),
                 scene.fonts.small, scene.style.theme.text);
        y += FigureScene::kSmallLine;
    }
    double sum = 0;
    for (const double width : scene.numberWidths) {
        sum += width;
    }
    const auto columns = static_cast<double>(scene.numberWidths.size());
    const double gap = (rowWidth(scene) - sum) / std::max(1.0, columns - 1);
    for (const QStringList& row : scene.numberTable) {
        const bool isHead = &row == &scene.numberTable.front();
        double x = kMargin;
        for (std::size_t column = 0; column < scene.numberWidths.size(); ++column) {
            const double width = scene.numberWidths[column];
            drawLine(painter, row.value(static_cast<qsizetype>(column)),
                     QRectF(x, y, width, FigureScene::kSmallLine), scene.fonts.small,
                     isHead ? scene.style.theme.dimText : scene.style.theme.text,
                     column == 0 ? Qt::AlignLeft : Qt::AlignRight);
            x += width + gap;
        }
        y += FigureScene::kSmallLine;
    }
}

void paintFoot(QPainter& painter, const FigureScene& scene)
{
    double y = scene.footTop;
    for (const QStringList* lines : {&scene.footnote, &scene.footer}) {
        for (const QString& line : *lines) {
            drawLine(painter, line, QRectF(kMargin, y, rowWidth(scene), FigureScene::kSmallLine),
                     scene.fonts.small, scene.style.theme.dimText);
            y += FigureScene::kSmallLine;
        }
    }
}

} // namespace poolscope
