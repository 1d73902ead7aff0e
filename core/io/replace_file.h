// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <functional>
#include <iosfwd>
#include <string>

namespace poolscope {

/// Renders a file into a stream. May stop early with an error of its own; a full disk need not be
/// its concern, the stream's owner notices.
using FileContent = std::function<Result<void>(std::ostream&)>;

/// Gives \p path the bytes that \p write renders, or leaves everything as it was: they go to a
/// temporary file in the same folder, and only when every one of them is on the disk does it take
/// the place of an older file, whose permissions it keeps. A symbolic link stays; the file it
/// points to is replaced. Devices and pipes cannot be replaced, so they are written to directly.
///
/// Any thread. The file needs no more memory than one buffer of 64 KiB.
/// Error: names the path, the step that failed and the system's reason.
[[nodiscard]] Result<void> replaceFileWith(const std::string& path, const FileContent& write);

} // namespace poolscope
