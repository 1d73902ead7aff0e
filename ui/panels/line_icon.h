// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"

#include <QIcon>
#include <QString>

namespace poolscope {

/// Draws the line icon \p name (a file of resources/icons without suffix) in the theme's text colour,
/// and dimmed for the disabled state, for screens of every pixel ratio up to 3. GUI thread.
[[nodiscard]] QIcon lineIcon(const QString& name, const Theme& theme);
/// The same in \p colour, for text that is not the theme's.
[[nodiscard]] QIcon lineIcon(const QString& name, const QColor& colour, const QColor& disabled);
/// \return the program's own icon, for window and task bar. GUI thread.
[[nodiscard]] QIcon programIcon();

} // namespace poolscope
