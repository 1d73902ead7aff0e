// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/plain_fill.h"

#include <QImage>
#include <QPaintEngine>

#include <algorithm>

namespace poolscope {

PlainFill::PlainFill(QPainter& painter)
    : m_painter(painter)
    , m_clip(painter.clipBoundingRect())
{
    const QPaintDevice* device = painter.device();
    const QTransform transform = painter.deviceTransform();
    const bool isImage = device != nullptr && device->devType() == QInternal::Image &&
                         painter.paintEngine()->type() == QPaintEngine::Raster;
    if (!isImage || transform.type() > QTransform::TxScale ||
        painter.testRenderHint(QPainter::Antialiasing) || !painter.hasClipping() ||
        painter.opacity() < 1 ||
        painter.compositionMode() != QPainter::CompositionMode_SourceOver) {
        return;
    }
    const auto* image = static_cast<const QImage*>(device);
    if (image->format() != QImage::Format_RGB32 &&
        image->format() != QImage::Format_ARGB32_Premultiplied) {
        return;
    }
    // The painter draws into the same bytes; writing through bits() could part the two.
    m_pixels = const_cast<QRgb*>(reinterpret_cast<const QRgb*>(image->constBits()));
    m_stride = image->bytesPerLine() / static_cast<qsizetype>(sizeof(QRgb));
    m_scaleX = transform.m11();
    m_scaleY = transform.m22();
    m_left = transform.dx();
    m_top = transform.dy();
    m_deviceClip = transform.mapRect(m_clip).toAlignedRect().intersected(image->rect());
}

void PlainFill::fill(const QRectF& rect, const QColor& color) const
{
    if (m_pixels == nullptr || color.alpha() != 255) {
        m_painter.fillRect(rect, color);
        return;
    }
    const int left = std::max(m_deviceClip.left(), qRound(rect.left() * m_scaleX + m_left));
    const int right = std::min(m_deviceClip.right() + 1, qRound(rect.right() * m_scaleX + m_left));
    const int top = std::max(m_deviceClip.top(), qRound(rect.top() * m_scaleY + m_top));
    const int bottom =
        std::min(m_deviceClip.bottom() + 1, qRound(rect.bottom() * m_scaleY + m_top));
    if (right <= left) {
        return;
    }
    const QRgb pixel = color.rgb();
    for (int y = top; y < bottom; ++y) {
        QRgb* row = m_pixels + y * m_stride;
        std::fill(row + left, row + right, pixel);
    }
}

} // namespace poolscope
