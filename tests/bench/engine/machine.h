// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace poolscope::bench {

/// What figures in nanoseconds depend on whatever the pool, measured now: some tenths of a second.
/// \return a paragraph: the machine, and what its clock, locked operations, cache lines, system calls, wake-ups, fresh
/// pages and new processes cost.
[[nodiscard]] std::string describeMachine();

} // namespace poolscope::bench
