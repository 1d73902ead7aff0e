// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace poolscope {

/// \return what an option of core/run/run_options.h is called on screen; an unknown one by its own name.
[[nodiscard]] QString runOptionName(const QString& id);

} // namespace poolscope
