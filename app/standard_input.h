// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

namespace poolscope {

/// Reads standard input to its end and puts a file with the same bytes in its place, so that whoever
/// reads it next never waits. A file stays as it is. Blocks; an interrupt ends the program.
[[nodiscard]] Result<void> holdStandardInput();

} // namespace poolscope
