// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figure/figure.h"

#include <QByteArray>
#include <QImage>
#include <QString>

QT_FORWARD_DECLARE_CLASS(QMimeData)

namespace poolscope {

/// A figure in the forms that other programs take from the clipboard.
struct ClipboardPicture
{
    QImage image;
    QByteArray svg;
    QString html; ///< the picture with its alternative text
    QString text; ///< the alternative text
};

/// Renders it. Any thread.
[[nodiscard]] ClipboardPicture clipboardPictureOf(const Figure& figure);
/// \return it for QClipboard, which becomes the owner.
[[nodiscard]] QMimeData* newMimeData(const ClipboardPicture& picture);

} // namespace poolscope
