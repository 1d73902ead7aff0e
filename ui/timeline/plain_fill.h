// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPainter>
#include <QRect>
#include <QRectF>

namespace poolscope {

/// Fills rectangles as QPainter::fillRect() does; on an image straight into its pixels, which for small ones
/// takes a tenth of the time. Transform and clip are those of the painter when the object is made. GUI thread,
/// or the one that the painter is used on.
class PlainFill
{
public:
    explicit PlainFill(QPainter& painter);

    /// \p color: opaque ones are fast.
    void fill(const QRectF& rect, const QColor& color) const;
    /// \return the painter's clip, in its units; asked for once.
    [[nodiscard]] const QRectF& clip() const { return m_clip; }

private:
    QPainter& m_painter;
    QRectF m_clip;
    QRgb* m_pixels = nullptr; ///< null: left to the painter
    qsizetype m_stride = 0;
    double m_scaleX = 1;
    double m_scaleY = 1;
    double m_left = 0;
    double m_top = 0;
    QRect m_deviceClip;
};

} // namespace poolscope
