// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QFontMetricsF>
#include <QRectF>
#include <QStringList>

class QPainter;

namespace poolscope {

/// The fonts of a figure, in its units: 8 is the size that was asked for.
struct FigureFonts
{
    FigureFonts();

    QFont title;
    QFont text;
    QFont bold;
    QFont small; ///< 7: nothing is smaller
};

/// Breaks \p text at spaces into at most \p mostLines lines of \p width; the last one is elided.
[[nodiscard]] QStringList wrapped(const QString& text, const QFont& font, double width,
                                  int mostLines);

/// Draws one line into \p rect, elided to its width, centred upright.
void drawLine(QPainter& painter, const QString& text, const QRectF& rect, const QFont& font,
              const QColor& color, Qt::Alignment alignment = Qt::AlignLeft);

} // namespace poolscope
