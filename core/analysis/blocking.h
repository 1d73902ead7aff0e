// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <string>
#include <vector>

namespace poolscope {

/// How long tasks were blocked on one thing.
struct BlockedOn
{
    std::string name;
    std::uint64_t times = 0;
    Nanos sumNs = 0;
    Nanos longestNs = 0;

    friend bool operator==(const BlockedOn&, const BlockedOn&) = default;
};

/// \return what blocked the attempt \p record of \p lane, the longest sum first. O(log of the lane's stretches +
/// its own). Any thread.
[[nodiscard]] std::vector<BlockedOn> blockedIn(const Snapshot& snapshot, const LaneView& lane,
                                               const TaskRecord& record);
/// \return what blocked the tasks of one executor in stretches that end in \p range, the longest sum first.
/// O(its stretches). Any thread.
[[nodiscard]] std::vector<BlockedOn> blockedIn(const Snapshot& snapshot, int executor,
                                               TimeRange range);
/// The same of the whole run.
[[nodiscard]] std::vector<BlockedOn> blockedIn(const Snapshot& snapshot, int executor);

} // namespace poolscope
