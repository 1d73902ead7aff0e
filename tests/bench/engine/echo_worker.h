// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace poolscope::bench {

// What the program and its workers agree on.
inline constexpr const char* kEcho = "echo";
inline constexpr std::uint64_t kEchoCatalogue = 0xec40;
/// At the begin of a value: nanoseconds as text.
inline constexpr std::size_t kEchoDigits = 20;

} // namespace poolscope::bench
