// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace poolscope {

/// \return bytes of memory that this process may use by its control groups, all versions; 0: they set no limit.
/// \p root: empty, or in tests what stands before /proc and /sys. Any thread.
[[nodiscard]] std::uint64_t readMemoryLimit(const std::string& root = {});

} // namespace poolscope
