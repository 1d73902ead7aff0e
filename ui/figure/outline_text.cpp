// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/outline_text.h"

#include <QPaintEngine>
#include <QPainter>
#include <QPainterPath>

#include <cmath>
#include <limits>

namespace poolscope {

class OutlineTextDevice::Engine : public QPaintEngine
{
public:
    explicit Engine(QPainter& target)
        : QPaintEngine(PrimitiveTransform | PainterPaths | Antialiasing | AlphaBlend |
                       PixmapTransform | ConstantOpacity)
        , m_target(target)
        , m_base(target.transform())
    {}

    bool begin(QPaintDevice*) override { return true; }
    bool end() override { return true; }
    [[nodiscard]] Type type() const override { return User; }

    void updateState(const QPaintEngineState& now) override
    {
        const DirtyFlags dirty = now.state();
        if (dirty & DirtyTransform) {
            m_target.setTransform(now.transform() * m_base);
        }
        if (dirty & DirtyPen) {
            m_target.setPen(now.pen());
        }
        if (dirty & DirtyBrush) {
            m_target.setBrush(now.brush());
        }
        if (dirty & DirtyOpacity) {
            m_target.setOpacity(now.opacity());
        }
        if (dirty & DirtyHints) {
            m_target.setRenderHints(~now.renderHints(), false);
            m_target.setRenderHints(now.renderHints());
        }
        if (dirty & DirtyClipPath) {
            m_target.setClipPath(now.clipPath(), now.clipOperation());
        }
        if (dirty & DirtyClipRegion) {
            m_target.setClipRegion(now.clipRegion(), now.clipOperation());
        }
        if (dirty & DirtyClipEnabled) {
            m_target.setClipping(now.isClipEnabled());
        }
    }
    void drawRects(const QRectF* rects, int count) override { m_target.drawRects(rects, count); }
    void drawPath(const QPainterPath& path) override { m_target.drawPath(path); }
    void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override
    {
        if (mode == PolylineMode) {
            m_target.drawPolyline(points, count);
        } else {
            m_target.drawPolygon(points, count,
                                 mode == WindingMode ? Qt::WindingFill : Qt::OddEvenFill);
        }
    }
    void drawPixmap(const QRectF& to, const QPixmap& pixmap, const QRectF& from) override
    {
        m_target.drawPixmap(to, pixmap, from);
    }
    void drawImage(const QRectF& to, const QImage& image, const QRectF& from,
                   Qt::ImageConversionFlags flags) override
    {
        m_target.drawImage(to, image, from, flags);
    }
    // drawTextItem() of the base class makes a path of it.
    using QPaintEngine::drawPolygon;
    using QPaintEngine::drawRects;

private:
    QPainter& m_target;
    QTransform m_base;
};

OutlineTextDevice::OutlineTextDevice(QPainter& target, QSizeF size)
    : PointDevice(size)
    , m_engine(std::make_unique<Engine>(target))
{}

OutlineTextDevice::~OutlineTextDevice() = default;

QPaintEngine* OutlineTextDevice::paintEngine() const
{
    return m_engine.get();
}

} // namespace poolscope
