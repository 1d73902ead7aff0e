// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/memory_limit.h"

#include "core/base/cgroup.h"

#include <fstream>

namespace poolscope {
namespace {

/// Whoever sets no limit says "max", or in version 1 a number near 2^63.
std::optional<double> readBytes(const std::string& file)
{
    constexpr double kNoLimit = 0x1p62;
    std::ifstream in(file);
    double bytes = 0;
    return in >> bytes && bytes > 0 && bytes < kNoLimit ? std::optional(bytes) : std::nullopt;
}

} // namespace

std::uint64_t readMemoryLimit(const std::string& root)
{
    const std::optional<double> limit = readCgroupLimit(
        {"memory",
         [](const std::string& folder) { return readBytes(folder + "/memory.limit_in_bytes"); },
         [](const std::string& folder) { return readBytes(folder + "/memory.max"); }},
        root);
    return static_cast<std::uint64_t>(limit.value_or(0));
}

} // namespace poolscope
