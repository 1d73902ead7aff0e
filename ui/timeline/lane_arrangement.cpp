// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lane_arrangement.h"

#include "ui/timeline/lane_facts.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace poolscope {

namespace {

/// \return what lanes are ordered by, least first.
double rankOf(const Snapshot& snapshot, const LaneView& lane, LaneOrder order)
{
    switch (order) {
    case LaneOrder::Number:
        break;
    case LaneOrder::BusyShare:
        return -busyShare(snapshot, lane, {0, snapshot.nowNs}, snapshot.nowNs).value_or(-1);
    case LaneOrder::Tasks:
        return -static_cast<double>(lane.recordCount);
    case LaneOrder::Start:
        return lane.recordCount > 0 ? static_cast<double>(lane.firstStartNs())
                                    : std::numeric_limits<double>::max();
    }
    return 0;
}

} // namespace

std::vector<int> orderedLanes(const Snapshot& snapshot, LaneOrder order)
{
    std::vector<int> lanes(snapshot.lanes.size());
    std::iota(lanes.begin(), lanes.end(), 0);
    if (order == LaneOrder::Number) {
        return lanes; // as they are
    }
    std::vector<double> ranks;
    ranks.reserve(lanes.size());
    for (const LaneView& lane : snapshot.lanes) {
        ranks.push_back(rankOf(snapshot, lane, order));
    }
    std::stable_sort(lanes.begin(), lanes.end(), [&](int a, int b) {
        const auto first = static_cast<std::size_t>(a);
        const auto second = static_cast<std::size_t>(b);
        const LaneInfo& one = snapshot.lanes[first].info();
        const LaneInfo& other = snapshot.lanes[second].info();
        if (one.executor != other.executor) {
            return one.executor < other.executor;
        }
        const bool isQueue = one.kind == LaneKind::Queue;
        if (isQueue != (other.kind == LaneKind::Queue)) {
            return !isQueue; // what never ran stands below the workers
        }
        return ranks[first] < ranks[second];
    });
    return lanes;
}

} // namespace poolscope
