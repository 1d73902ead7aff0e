// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Figures as images and files.

#include "core/io/file_format.h"
#include "ui/timeline/figure.h"
#include "ui/timeline/figure_facts.h"

#include <QBuffer>
#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace poolscope {

QImage renderFigure(const Snapshot& snapshot, const FigureOptions& options)
{
    const int dpi = std::clamp(options.dpi, 50, 1200);
    const QSizeF points = figureSize(snapshot, options);
    const double scale = dpi / 72.0;
    QImage image(static_cast<int>(std::lround(points.width() * scale)),
                 static_cast<int>(std::lround(points.height() * scale)), QImage::Format_RGB32);
    if (image.isNull()) {
        return image;
    }
    image.fill(options.theme.window);
    {
        QPainter painter(&image);
        painter.scale(scale, scale);
        painter.setRenderHint(QPainter::TextAntialiasing);
        paintFigure(painter, snapshot, options, points);
    }
    image.setDotsPerMeterX(static_cast<int>(std::lround(dpi / 0.0254)));
    image.setDotsPerMeterY(static_cast<int>(std::lround(dpi / 0.0254)));
    const TimeRange range = options.range.value_or(TimeRange{0, snapshot.nowNs});
    for (const auto& [key, text] : figureFacts(snapshot, range, options.title, 0).metadata) {
        image.setText(key, text);
    }
    return image;
}

Result<void> writeFigure(const Snapshot& snapshot, const FigureOptions& options,
                         const QString& path)
{
    const QImage image = renderFigure(snapshot, options);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (image.isNull() || !buffer.open(QIODevice::WriteOnly) || !image.save(&buffer, "PNG")) {
        return Error{QCoreApplication::translate(
                         "poolscope::Figure", "Cannot make a picture of %1 × %2 mm at %3 dpi: "
                                              "there is not enough memory for it. Choose a smaller "
                                              "size or fewer dots per inch.")
                         .arg(options.sizeMm.width())
                         .arg(options.sizeMm.height())
                         .arg(options.dpi)
                         .toStdString()};
    }
    return replaceFile(path.toStdString(),
                       std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

} // namespace poolscope
