// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/figure_clipboard.h"

#include <QMimeData>

namespace poolscope {

ClipboardPicture clipboardPictureOf(const Figure& figure)
{
    ClipboardPicture picture;
    picture.text = figure.facts().altText;
    if (const auto svg = findFigureFormat(QStringLiteral(".svg"))->render(figure)) {
        picture.svg = svg.value();
    }
    const auto png = findFigureFormat(QStringLiteral(".png"))->render(figure);
    if (png) {
        picture.image = QImage::fromData(png.value(), "PNG");
        picture.html =
            QStringLiteral("<img alt=\"%1\" src=\"data:image/png;base64,%2\">")
                .arg(picture.text.toHtmlEscaped(), QString::fromLatin1(png.value().toBase64()));
    }
    return picture;
}

QMimeData* newMimeData(const ClipboardPicture& picture)
{
    auto* mime = new QMimeData;
    if (!picture.image.isNull()) {
        mime->setImageData(picture.image);
        mime->setHtml(picture.html);
    }
    if (!picture.svg.isEmpty()) {
        mime->setData(QStringLiteral("image/svg+xml"), picture.svg);
    }
    mime->setText(picture.text);
    return mime;
}

} // namespace poolscope
