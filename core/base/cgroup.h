// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace poolscope {

/// Reads a limit from the files of one control group; \p folder is its folder. Nothing: it has none.
using ReadCgroupLimit = std::function<std::optional<double>(const std::string& folder)>;

/// What a controller says in both versions of control groups.
struct CgroupController
{
    std::string name; ///< of version 1, e.g. "cpu"
    ReadCgroupLimit readVersion1;
    ReadCgroupLimit readVersion2;
};

/// \return the tightest limit of this process's control groups and those above them; nothing when there is none.
/// \p root: empty, or in tests what stands before /proc and /sys.
[[nodiscard]] std::optional<double> readCgroupLimit(const CgroupController& controller,
                                                    const std::string& root);

} // namespace poolscope
