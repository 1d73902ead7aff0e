// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figure/figure_options.h"
#include "ui/figure/point_device.h"

#include <QByteArray>

#include <memory>

namespace poolscope {

class SvgEngine;

/// What painters draw on to get an SVG: a short one, where QSvgGenerator repeats every attribute at
/// every element, ignores clips and names the first font that was asked for instead of the one there is.
/// Solid colours, rectangular clips, text (also as outlines) and images, which is what figures consist
/// of; gradients and textures are drawn in their plain colour. Any thread; with a QGuiApplication.
class SvgCanvas : public PointDevice
{
public:
    /// \p sizePt in points, which are the painter's units.
    SvgCanvas(QSizeF sizePt, TextForm textForm);
    ~SvgCanvas() override;

    /// What stands in the file beside the drawing.
    struct Words
    {
        QString title;
        QString description;
        QByteArray metadata; ///< XML, the content of <metadata>
    };
    /// \return the file. The painter has ended.
    [[nodiscard]] QByteArray file(const Words& words) const;
    /// \return how many shapes, texts and images were drawn.
    [[nodiscard]] int elementCount() const;

    [[nodiscard]] QPaintEngine* paintEngine() const override;

private:
    std::unique_ptr<SvgEngine> m_engine;
};

} // namespace poolscope
