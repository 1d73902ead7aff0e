// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace poolscope {

/// Finds the files that \p paths name: each file itself, each folder with all below it. Links to
/// files count as files, links to folders below a given one are not followed, and what is neither
/// (sockets, pipes, devices) is left out. A folder that cannot be read and a link that leads nowhere
/// are in the list under their own name, so that whoever opens them learns why. Error: a given path
/// does not exist or is neither file nor folder.
[[nodiscard]] Result<std::vector<std::string>> findFiles(const std::vector<std::string>& paths);

/// \return the lines of the files \p listFiles, empty ones left out. Error: one cannot be read.
[[nodiscard]] Result<std::vector<std::string>>
readFileLists(const std::vector<std::string>& listFiles);

/// \return the file's suffix in lower case, "" when it has none or no usual one (up to 12 letters
/// and digits).
[[nodiscard]] std::string fileSuffix(const std::string& path);

} // namespace poolscope
