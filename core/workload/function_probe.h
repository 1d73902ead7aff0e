// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <string>

namespace poolscope {

/// Lets a process of its own open the library \p path first: what crashes, hangs or exits as soon as it is
/// opened (a file that was cut short crashes the system's own loader) does that there, and not in this
/// program. \p workerProgram: path of poolscope-worker; one that
/// cannot be started finds out nothing and is no error. Any thread. Some milliseconds, at most ten seconds.
/// Error: the library ended that process or did not come back; what else is wrong with it
/// openFunctionLibrary() tells.
[[nodiscard]] Result<void> probeFunctionLibrary(const std::string& workerProgram,
                                                const std::string& path);

/// The other end of it, in that process: opens the library and ends the process.
[[noreturn]] void endProbe(const std::string& path);

} // namespace poolscope
