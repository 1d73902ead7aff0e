// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <cstdint>
#include <span>
#include <vector>

namespace poolscope {

/// \return the indices of \p durations (none below 0, at most 2^32), the longest or else the shortest first, equal
/// ones in the order given. O(n) for durations below four seconds, else O(n log n).
[[nodiscard]] std::vector<std::uint32_t> orderByDuration(std::span<const Nanos> durations,
                                                         bool isLongestFirst);

/// Sorts them (none below 0), the shortest first. O(n), a pass for each eleven bits of the longest.
void sortDurations(std::vector<Nanos>& durations);

} // namespace poolscope
