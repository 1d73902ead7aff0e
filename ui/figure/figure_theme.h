// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"
#include "ui/figure/figure_options.h"

namespace poolscope {

/// \return the colours of \p theme. Paper: Okabe-Ito on white, where an idle worker is white space.
/// Greyscale: kinds of task differ by at least 9 in CIE lightness. Pure; any thread.
[[nodiscard]] Theme themeOf(FigureTheme theme);

} // namespace poolscope
