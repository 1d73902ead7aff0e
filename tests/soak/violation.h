// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace poolscope::soak {

/// Says what a violation is to be reported with. Any thread.
void setSituation(std::uint64_t seed, int cycle) noexcept;

/// Prints what was violated with seed and cycle, and ends the program with 1 at once: what comes after
/// the first violation proves nothing. Any thread, listeners too.
[[noreturn]] void violated(const std::string& what) noexcept;

/// Violated unless \p count is \p expected.
void expectEqual(std::uint64_t count, std::uint64_t expected, const std::string& what);

} // namespace poolscope::soak
