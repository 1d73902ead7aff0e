// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/theme.h"

#include <QApplication>
#include <QFont>
#include <QFontMetricsF>
#include <QStyleHints>

#include <algorithm>

namespace poolscope {

namespace {

// Okabe-Ito without black; the neutral is dark, since the usual grey comes too close to the pink for
// the colour-blind.
const std::array<QColor, 8> kOkabeIto{QColor(0x56B4E9), QColor(0xE69F00), QColor(0x009E73),
                                      QColor(0xCC79A7), QColor(0x0072B2), QColor(0xD55E00),
                                      QColor(0xF0E442), QColor(0x646B78)};

struct PaletteColors
{
    QColor window;
    QColor base;
    QColor alternate;
    QColor button;
    QColor text;
    QColor dimText;
    QColor disabledText;
    QColor accent;
    QColor accentText;
    QColor border;
    QColor tip;
};

QPalette makePalette(const PaletteColors& colors)
{
    QPalette palette;
    palette.setColor(QPalette::Window, colors.window);
    palette.setColor(QPalette::WindowText, colors.text);
    palette.setColor(QPalette::Base, colors.base);
    palette.setColor(QPalette::AlternateBase, colors.alternate);
    palette.setColor(QPalette::Text, colors.text);
    palette.setColor(QPalette::PlaceholderText, colors.dimText);
    palette.setColor(QPalette::Button, colors.button);
    palette.setColor(QPalette::ButtonText, colors.text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::ToolTipBase, colors.tip);
    palette.setColor(QPalette::ToolTipText, colors.text);
    palette.setColor(QPalette::Highlight, colors.accent);
    palette.setColor(QPalette::HighlightedText, colors.accentText);
    palette.setColor(QPalette::Link, colors.accent);
    palette.setColor(QPalette::LinkVisited, colors.accent);
    palette.setColor(QPalette::Light, colors.button.lighter(115));
    palette.setColor(QPalette::Midlight, colors.button.lighter(107));
    palette.setColor(QPalette::Mid, colors.border);
    palette.setColor(QPalette::Dark, colors.border.darker(115));
    palette.setColor(QPalette::Shadow, colors.border.darker(150));

    for (const auto role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::PlaceholderText,
          QPalette::ToolTipText, QPalette::Link, QPalette::HighlightedText}) {
        palette.setColor(QPalette::Disabled, role, colors.disabledText);
    }
    palette.setColor(QPalette::Disabled, QPalette::Base, colors.window);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, colors.border);
    return palette;
}

// Asked once, before our own palette covers the desktop's.
bool desktopIsDark()
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    return QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#else
    static const bool isDark = [] {
        const QPalette palette = QGuiApplication::palette();
        return palette.color(QPalette::WindowText).lightness() >
               palette.color(QPalette::Window).lightness();
    }();
    return isDark;
#endif
}

} // namespace

Theme Theme::dark()
{
    Theme theme;
    theme.isDark = true;
    theme.window = QColor(0x14171C);
    theme.panel = QColor(0x1A1E25);
    theme.laneEven = QColor(0x20252D);
    theme.laneOdd = QColor(0x1D2229);
    theme.grid = QColor(0x2C333D);
    theme.text = QColor(0xE6E9EF);
    theme.dimText = QColor(0x8F9AA9);
    theme.accent = QColor(0x56B4E9);
    theme.wait = QColor(0xF5C26B);
    theme.running = QColor(0xFFFFFF);
    theme.failure = QColor(0xFF4D4F);
    theme.selection = QColor(0x56, 0xB4, 0xE9, 46);
    theme.kinds = kOkabeIto;
    theme.executors = kOkabeIto;
    theme.palette = makePalette({.window = theme.window,
                                 .base = QColor(0x101318),
                                 .alternate = theme.laneOdd,
                                 .button = QColor(0x262C35),
                                 .text = theme.text,
                                 .dimText = theme.dimText,
                                 .disabledText = QColor(0x5C6673),
                                 .accent = theme.accent,
                                 .accentText = QColor(0x0B0E12),
                                 .border = QColor(0x333B47),
                                 .tip = QColor(0x2A313B)});
    return theme;
}

Theme Theme::light()
{
    Theme theme;
    theme.window = QColor(0xF3F5F8);
    theme.panel = QColor(0xFFFFFF);
    theme.laneEven = QColor(0xEDF0F4);
    theme.laneOdd = QColor(0xF3F5F8);
    theme.grid = QColor(0xD9DEE6);
    theme.text = QColor(0x1B2430);
    theme.dimText = QColor(0x5B6675);
    theme.accent = QColor(0x0072B2);
    theme.wait = QColor(0xA86400);
    theme.running = QColor(0x1B2430);
    theme.failure = QColor(0xD3122B);
    theme.selection = QColor(0x00, 0x72, 0xB2, 36);
    theme.kinds = kOkabeIto;
    // Lines need more contrast on white than bars do: dark blue first, no yellow before the end.
    theme.executors = {kOkabeIto[4], kOkabeIto[5], kOkabeIto[2], kOkabeIto[3],
                       kOkabeIto[1], kOkabeIto[0], kOkabeIto[7], QColor(0xB5A900)};
    theme.palette = makePalette({.window = theme.window,
                                 .base = theme.panel,
                                 .alternate = QColor(0xF6F8FA),
                                 .button = QColor(0xFBFCFD),
                                 .text = theme.text,
                                 .dimText = theme.dimText,
                                 .disabledText = QColor(0xA3ACB8),
                                 .accent = theme.accent,
                                 .accentText = Qt::white,
                                 .border = QColor(0xC6CDD7),
                                 .tip = theme.panel});
    return theme;
}

Theme Theme::paper()
{
    Theme theme = light();
    theme.window = Qt::white;
    theme.panel = Qt::white;
    theme.laneEven = QColor(0xF1F3F6);
    theme.laneOdd = QColor(0xF1F3F6);
    theme.grid = QColor(0xDCE1E8);
    theme.text = QColor(0x14181F);
    theme.dimText = QColor(0x566070);
    return theme;
}

Theme themeFor(ThemeChoice choice)
{
    switch (choice) {
    case ThemeChoice::Light:
        return Theme::light();
    case ThemeChoice::Dark:
        return Theme::dark();
    case ThemeChoice::Auto:
        break;
    }
    return desktopIsDark() ? Theme::dark() : Theme::light();
}

double scaledPx(double px, const QFont& font)
{
    constexpr double kUsualHeight = 15; // of a line at 9 points and 96 dpi
    return px * std::max(1.0, QFontMetricsF(font).height() / kUsualHeight);
}

void applyTheme(const Theme& theme, double scale)
{
    desktopIsDark(); // remembers the desktop's answer
    QApplication::setStyle(QStringLiteral("Fusion"));
    QApplication::setPalette(theme.palette);
    QFont font = QApplication::font();
    font.setFamilies({QStringLiteral("Inter"), QStringLiteral("Noto Sans"),
                      QStringLiteral("DejaVu Sans"), QStringLiteral("Noto Sans CJK KR")});
    static const double usual = std::clamp(font.pointSizeF(), 9.0, 12.0);
    font.setPointSizeF(usual * std::clamp(scale, 1.0, 3.0));
    QApplication::setFont(font);
}

} // namespace poolscope
