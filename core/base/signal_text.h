// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace poolscope {

/// \return "SIGSEGV (Segmentation fault)"; "signal 99" when the number has no name.
[[nodiscard]] std::string signalText(int signal);

} // namespace poolscope
