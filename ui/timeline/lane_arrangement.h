// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"

#include <cstdint>
#include <vector>

namespace poolscope {

/// By what the lanes of an executor are ordered.
enum class LaneOrder : std::uint8_t {
    Number,
    BusyShare, ///< of the time they had a worker, busiest first
    Tasks, ///< most first
    Start, ///< of the first task
};

/// How the user has arranged the lanes.
struct LaneArrangement
{
    static constexpr double kLeastHeight = 10;
    static constexpr double kGreatestHeight = 160;

    LaneOrder order = LaneOrder::Number;
    std::uint64_t collapsed = 0; ///< a bit an executor (from the 64th on they cannot be collapsed)
    double laneHeight = 0; ///< 0: as the room allows

    [[nodiscard]] bool isCollapsed(int executor) const
    {
        return executor < 64 && ((collapsed >> static_cast<unsigned>(executor)) & 1U) != 0;
    }
    void setCollapsed(int executor, bool isCollapsed)
    {
        if (executor < 64) {
            const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(executor);
            collapsed = isCollapsed ? collapsed | bit : collapsed & ~bit;
        }
    }
    friend bool operator==(const LaneArrangement&, const LaneArrangement&) = default;
};

/// \return indices in Snapshot::lanes of all lanes, those of an executor in \p order one after the other.
[[nodiscard]] std::vector<int> orderedLanes(const Snapshot& snapshot, LaneOrder order);

} // namespace poolscope
