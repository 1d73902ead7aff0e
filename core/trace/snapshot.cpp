// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/snapshot.h"

#include <algorithm>

namespace poolscope {

const LaneLife* LaneView::lifeAt(Nanos timeNs) const
{
    if (!lives) {
        return nullptr;
    }
    const auto later = std::find_if(lives->begin(), lives->end(), [timeNs](const LaneLife& life) {
        return life.openedNs > timeNs;
    });
    return later == lives->begin() ? nullptr : &*std::prev(later);
}

std::uint64_t ExecutorTotals::endedCount() const noexcept
{
    std::uint64_t sum = 0;
    for (const std::uint64_t count : ended) {
        sum += count;
    }
    return sum;
}

std::uint64_t Snapshot::recordCount() const noexcept
{
    std::uint64_t sum = 0;
    for (const LaneView& lane : lanes) {
        sum += lane.recordCount;
    }
    return sum;
}

const TaskRecord* findRecord(const Snapshot& snapshot, const RecordRef& ref)
{
    if (ref.lane < 0 || ref.lane >= static_cast<int>(snapshot.lanes.size())) {
        return nullptr;
    }
    const LaneView& lane = snapshot.lanes[static_cast<std::size_t>(ref.lane)];
    return ref.record < lane.recordCount ? &lane.lane->record(ref.record) : nullptr;
}

} // namespace poolscope
