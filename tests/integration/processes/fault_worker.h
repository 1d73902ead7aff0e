// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace poolscope::test {

/// fault_worker is a worker program with one workload, whose tasks do what their item says: "quick" gives
/// its index, "text <bytes>" gives that much text; the others are in its table of faults.
inline constexpr const char* kFaultWorkload = "fault";
inline constexpr std::uint64_t kFaultCatalogue = 1;

} // namespace poolscope::test
