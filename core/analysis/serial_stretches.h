// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"

#include <vector>

namespace poolscope {

/// \return the parts of \p within (ordered, disjoint, as the result is) in which at most one worker of \p executor
/// ran a task. O(records of the executor), nothing when \p within is empty.
[[nodiscard]] std::vector<TimeRange> serialStretches(const Snapshot& snapshot, int executor,
                                                     const std::vector<TimeRange>& within);

} // namespace poolscope
