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

Nanos LaneView::firstStartNs() const
{
    if (letGo) {
        return letGo->firstStartNs;
    }
    return hasRecords() ? lane->record(firstRecord).startNs : 0;
}

Nanos LaneView::lastEndNs() const
{
    if (hasRecords()) {
        return lane->record(recordCount - 1).endNs;
    }
    return letGo ? letGo->lastEndNs : 0;
}

void LaneView::showFrom(const Lane& of)
{
    if (firstRecord == of.firstRecord()) {
        return;
    }
    firstRecord = of.firstRecord();
    firstBlocked = of.firstBlocked();
    letGo = std::make_shared<const LetGo>(of.letGo());
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

std::uint64_t Snapshot::keptCount() const noexcept
{
    std::uint64_t sum = 0;
    for (const LaneView& lane : lanes) {
        sum += lane.recordCount - lane.firstRecord;
    }
    return sum;
}

std::optional<Nanos> detailSince(const Snapshot& snapshot, int executor)
{
    std::optional<Nanos> sinceNs;
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.letGo && (executor < 0 || lane.info().executor == executor)) {
            sinceNs = std::max(sinceNs.value_or(0), lane.letGo->lastEndNs);
        }
    }
    return sinceNs;
}

LetGo letGoOf(const Snapshot& snapshot, int executor)
{
    LetGo sums;
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.letGo && (executor < 0 || lane.info().executor == executor)) {
            sums.add(*lane.letGo);
        }
    }
    return sums;
}

const TaskRecord* findRecord(const Snapshot& snapshot, const RecordRef& ref)
{
    if (ref.lane < 0 || ref.lane >= static_cast<int>(snapshot.lanes.size())) {
        return nullptr;
    }
    const LaneView& lane = snapshot.lanes[static_cast<std::size_t>(ref.lane)];
    const bool isThere = ref.record >= lane.firstRecord && ref.record < lane.recordCount;
    return isThere ? &lane.lane->record(ref.record) : nullptr;
}

} // namespace poolscope
