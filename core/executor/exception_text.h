// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace poolscope {

/// Only while an exception is being handled. \return its type and text, and those that it carries
/// inside, outermost first, e.g. "std::runtime_error: cannot load; caused by std::out_of_range: 3".
[[nodiscard]] std::string currentExceptionText();

} // namespace poolscope
