// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/figure.h"

#include "ui/figure/figure_painter.h"
#include "ui/figure/figure_scene.h"
#include "ui/figure/figure_size.h"
#include "ui/figure/figure_words.h"
#include "ui/figure/lanes_painter.h"

#include <QPaintEngine>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace poolscope {

namespace {

constexpr double kRasterPt = 72.0 / 600; // of what is pixels inside a drawing: 600 dpi

} // namespace

Figure::Figure(std::unique_ptr<FigureScene> scene)
    : m_scene(std::move(scene))
{}

Figure::Figure(Figure&& other) noexcept = default;
Figure& Figure::operator=(Figure&& other) noexcept = default;
Figure::~Figure() = default;

Result<Figure> Figure::make(const Snapshot& snapshot, const FigureOptions& options)
{
    if (auto checked = checkOptions(options); !checked) {
        return checked.error();
    }
    if (auto checked = checkLanes(options.lanes, snapshot); !checked) {
        return checked.error();
    }
    LaneChoice collapsed;
    for (const std::string& executor : options.collapsed) {
        collapsed.spans.push_back({executor});
    }
    if (auto checked = checkLanes(collapsed, snapshot); !checked) {
        return checked.error();
    }
    auto scene = std::make_unique<FigureScene>(snapshot, options);
    if (auto checked = scene->check(); !checked) {
        return checked.error();
    }
    return Figure(std::move(scene));
}

const FigureOptions& Figure::options() const
{
    return m_scene->options;
}

const FigureFacts& Figure::facts() const
{
    return m_scene->facts;
}

const Snapshot& Figure::snapshot() const
{
    return m_scene->snapshot;
}

QSizeF Figure::sizePt() const
{
    return m_scene->sizePt();
}

QSize Figure::sizePx() const
{
    return pixelsOf(sizePt(), options().dpi);
}

void Figure::paint(QPainter& painter) const
{
    const FigureScene& scene = *m_scene;
    const QTransform device = painter.deviceTransform();
    const bool isDrawing = painter.paintEngine()->type() != QPaintEngine::Raster;
    const double pixelPt =
        isDrawing ? kRasterPt : 1 / std::max(1e-6, std::hypot(device.m11(), device.m12()));
    const double devicePx = pixelPt / scene.unitPt;
    painter.save();
    painter.scale(scene.unitPt, scene.unitPt);
    painter.fillRect(QRectF(0, 0, scene.width, scene.height), scene.style.theme.window);
    paintTitle(painter, scene);
    paintHere(painter, scene);
    LanesPainter(scene, devicePx, isDrawing).paint(painter);
    paintStrip(painter, scene);
    paintAxis(painter, scene);
    paintLegend(painter, scene, devicePx);
    paintNumbers(painter, scene);
    paintFoot(painter, scene);
    painter.restore();
}

QImage Figure::image(double dpi) const
{
    const double used = dpi > 0 ? dpi : options().dpi;
    const double scale = used / kPointsPerInch;
    QImage image(pixelsOf(sizePt(), used), QImage::Format_RGB32);
    if (image.isNull()) {
        return image;
    }
    image.fill(m_scene->style.theme.window);
    {
        QPainter painter(&image);
        painter.scale(scale, scale);
        painter.setRenderHint(QPainter::TextAntialiasing);
        paint(painter);
    }
    const int perMetre = static_cast<int>(std::lround(used / 0.0254));
    image.setDotsPerMeterX(perMetre);
    image.setDotsPerMeterY(perMetre);
    for (const auto& [key, text] : facts().metadata) {
        image.setText(key, text);
    }
    image.setText(QStringLiteral("Description"), facts().altText);
    return image;
}

QByteArray Figure::barsCsv() const
{
    std::ostringstream out;
    writePlottedBars(m_scene->snapshot, m_scene->range, m_scene->rule, out);
    return QByteArray::fromStdString(out.str());
}

} // namespace poolscope
