// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/figure_text.h"

#include <QPainter>

namespace poolscope {

namespace {

/// Text on paper: sizes are the painter's units, and no hinting, which is for screens.
QFont figureFont(int size, QFont::Weight weight = QFont::Normal)
{
    QFont font;
    font.setFamilies({QStringLiteral("Inter"), QStringLiteral("Noto Sans"),
                      QStringLiteral("DejaVu Sans"), QStringLiteral("Noto Sans CJK KR")});
    font.setPixelSize(size);
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

} // namespace

FigureFonts::FigureFonts()
    : title(figureFont(11, QFont::DemiBold))
    , text(figureFont(8))
    , bold(figureFont(8, QFont::DemiBold))
    , small(figureFont(7))
{}

QStringList wrapped(const QString& text, const QFont& font, double width, int mostLines)
{
    const QFontMetricsF metrics(font);
    QStringList lines;
    QString line;
    const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString longer = line.isEmpty() ? words[i] : line + u' ' + words[i];
        if (line.isEmpty() || metrics.horizontalAdvance(longer) <= width) {
            line = longer;
            continue;
        }
        if (lines.size() + 1 >= mostLines) {
            line += u' ' + words.mid(i).join(u' ');
            break;
        }
        lines += line;
        line = words[i];
    }
    if (!line.isEmpty()) {
        lines += metrics.elidedText(line, Qt::ElideRight, width);
    }
    return lines;
}

void drawLine(QPainter& painter, const QString& text, const QRectF& rect, const QFont& font,
              const QColor& color, Qt::Alignment alignment)
{
    const QFontMetricsF metrics(font);
    const QString shown = metrics.elidedText(text, Qt::ElideRight, rect.width());
    double x = rect.left();
    if (alignment & Qt::AlignRight) {
        x = rect.right() - metrics.horizontalAdvance(shown);
    } else if (alignment & Qt::AlignHCenter) {
        x = rect.center().x() - metrics.horizontalAdvance(shown) / 2;
    }
    painter.setFont(font);
    painter.setPen(color);
    painter.drawText(QPointF(x, rect.center().y() + (metrics.ascent() - metrics.descent()) / 2),
                     shown);
}

} // namespace poolscope
