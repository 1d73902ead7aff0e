// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace poolscope {

/// \return the path of the program \p name in the folder of the running one, there or not. Any thread.
[[nodiscard]] std::string programBesideThis(std::string_view name);

} // namespace poolscope
