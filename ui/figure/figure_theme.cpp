// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/figure_theme.h"

namespace poolscope {

namespace {

Theme paper()
{
    Theme theme = Theme::paper();
    theme.laneEven = Qt::white;
    theme.laneOdd = Qt::white;
    return theme;
}

/// Steps of cividis, made for the colour-blind and of even lightness, dealt so that neighbours in the
/// legend lie far apart.
Theme greyscale()
{
    Theme theme = paper();
    theme.kinds = {QColor(0x1D396F), QColor(0xDCC859), QColor(0x6E6F73), QColor(0xFEE838),
                   QColor(0x00224E), QColor(0xB6A96E), QColor(0x4B546D), QColor(0x908C77)};
    theme.executors = theme.kinds;
    theme.failure = QColor(0x14181F);
    theme.wait = QColor(0x4A4A4A);
    theme.accent = QColor(0x14181F);
    return theme;
}

} // namespace

Theme themeOf(FigureTheme theme)
{
    switch (theme) {
    case FigureTheme::Greyscale:
        return greyscale();
    case FigureTheme::Dark:
        return Theme::dark();
    case FigureTheme::Light:
        return Theme::light();
    case FigureTheme::Paper:
        break;
    }
    return paper();
}

} // namespace poolscope
