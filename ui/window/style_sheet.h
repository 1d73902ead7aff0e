// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"

#include <QString>

namespace poolscope {

/// \return the little that Fusion and the palette cannot say: cards, the toolbar, the one big button,
/// headings and the message bar, found by their object names.
[[nodiscard]] QString windowStyleSheet(const Theme& theme);

} // namespace poolscope
