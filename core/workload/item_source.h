// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

/// Reads what a job is to work on from \p sources, one a line, in their order:
/// \verbatim
///   *.png        the files that match (* ? and […]), by name; ~/ is the home folder
///   @list.txt    the lines of a file; what a zero byte ends instead when the file has any
///   1..100       whole numbers; 001..100 fills up with zeros, 0..100..10 steps, 5..1 counts down
///   -            standard input, read as a file of lines
///   \@text       a backslash takes the rest as it stands
///   anything     the text itself
/// \endverbatim
/// Empty lines are left out, in files too. Relative paths are seen from \p folder (empty: the working
/// directory). Error: a pattern matches nothing, a file cannot be read, a range is too long, or
/// standard input is not a file, from which reading cannot be stopped (the command line makes it one).
[[nodiscard]] Result<std::vector<std::string>> readItems(std::string_view sources,
                                                         const std::string& folder);

/// \return \p path as seen from the working directory when it was seen from \p folder.
[[nodiscard]] std::string fromFolder(const std::string& folder, const std::string& path);

} // namespace poolscope
