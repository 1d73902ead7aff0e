// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/task_state.h"

#include <QColor>
#include <QPalette>

#include <array>

namespace poolscope {

/// Every colour that is not the palette's. Values: Okabe-Ito for kinds of task (safe for the
/// colour-blind), neutral greys for all else; failure is always a shape as well as a colour.
struct Theme
{
    bool isDark = false;
    QPalette palette; ///< for the widgets, all groups
    QColor window;
    QColor panel;
    QColor laneEven;
    QColor laneOdd;
    QColor grid;
    QColor text;
    QColor dimText;
    QColor accent;
    QColor wait; ///< queue wait on a lane
    QColor running; ///< outline of what runs now
    QColor failure; ///< edge and hatch of failed, lost and timed-out tasks
    QColor selection; ///< translucent
    std::array<QColor, 8> kinds; ///< tasks by kind
    std::array<QColor, 8> executors; ///< lines in charts, one an executor

    static Theme light();
    static Theme dark();
    /// For figures: light on pure white.
    static Theme paper();
};

enum class ThemeChoice { Auto, Light, Dark };

/// \return the theme for \p choice; Auto asks the desktop (portal, else the palette's lightness).
[[nodiscard]] Theme themeFor(ThemeChoice choice);
/// Gives the application Fusion, the theme's palette and font, \p scale times as large as usual (1 to
/// 3; for a projector). GUI thread.
void applyTheme(const Theme& theme, double scale = 1);
/// \return \p px of the usual font's layout in that of \p font.
[[nodiscard]] double scaledPx(double px, const QFont& font);

} // namespace poolscope
