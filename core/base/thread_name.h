// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace poolscope {

/// Names the calling thread for debuggers and /proc; longer names are cut to 15 characters.
void setThreadName(const std::string& name);

/// \return the kernel's id of the calling thread.
[[nodiscard]] int currentThreadId();

} // namespace poolscope
