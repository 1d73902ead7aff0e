// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figure/figure_options.h"

#include <QBrush>
#include <QByteArray>
#include <QHash>
#include <QPaintEngine>
#include <QPen>
#include <QRectF>
#include <QString>
#include <QTransform>

namespace poolscope {

/// \return \p text as XML holds it, in UTF-8; what XML cannot hold at all is left out.
[[nodiscard]] QByteArray xmlText(QString text);
/// \return a number of at most three decimals, as SVG has it: 1/1000 pt is 0.4 µm.
[[nodiscard]] QByteArray svgNumber(double value);

/// Writes what a painter draws as elements of an SVG.
/// Maps all to points by itself, so that only text and images that are turned need a transform.
class SvgEngine : public QPaintEngine
{
public:
    explicit SvgEngine(TextForm textForm)
        : QPaintEngine(PrimitiveTransform | PainterPaths | Antialiasing | AlphaBlend |
                       PixmapTransform | ConstantOpacity)
        , m_textForm(textForm)
    {}

    bool begin(QPaintDevice*) override { return true; }
    bool end() override
    {
        closeClip();
        return true;
    }
    [[nodiscard]] Type type() const override { return User; }
    void updateState(const QPaintEngineState& now) override;

    void drawRects(const QRectF* rects, int count) override;
    void drawPath(const QPainterPath& path) override;
    void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override;
    void drawPixmap(const QRectF& to, const QPixmap& pixmap, const QRectF& from) override;
    void drawImage(const QRectF& to, const QImage& image, const QRectF& from,
                   Qt::ImageConversionFlags flags) override;
    void drawTextItem(const QPointF& at, const QTextItem& item) override;
    using QPaintEngine::drawPolygon;
    using QPaintEngine::drawRects;

    QByteArray body;
    QByteArray definitions;
    QString family; ///< of the text there is
    int elements = 0;

private:
    void clipTo(const QRectF& rect, Qt::ClipOperation operation);
    void openClip();
    void closeClip();
    void write(const QByteArray& element);
    [[nodiscard]] QByteArray stroke() const;
    [[nodiscard]] QByteArray fill() const;

    TextForm m_textForm;
    QTransform m_transform;
    QPen m_pen;
    QBrush m_brush;
    double m_opacity = 1;
    bool m_hasClip = false;
    bool m_isClipEnabled = true; ///< as a painter begins; without a clip it means nothing
    QRectF m_clip; ///< in points
    QRectF m_written; ///< the clip of the group that is open
    bool m_isOpen = false;
    QHash<QByteArray, int> m_clips; ///< number of each that is defined
};

} // namespace poolscope
