// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/record_list.h"

#include <algorithm>
#include <tuple>

namespace poolscope {

namespace {

Nanos startOf(const Snapshot& snapshot, std::uint64_t place)
{
    const RecordRef ref = RecordList::unpacked(place);
    return snapshot.lanes[static_cast<std::size_t>(ref.lane)].lane->record(ref.record).startNs;
}

} // namespace

bool isEarlier(const Snapshot& snapshot, const RecordRef& a, const RecordRef& b)
{
    const std::uint64_t placeA = RecordList::packed(a);
    const std::uint64_t placeB = RecordList::packed(b);
    return std::tuple(startOf(snapshot, placeA), placeA) <
           std::tuple(startOf(snapshot, placeB), placeB);
}

std::size_t firstStartingAt(const Snapshot& snapshot, const RecordList& list, Nanos timeNs)
{
    const auto& places = list.places();
    const auto found = std::partition_point(places.begin(), places.end(), [&](std::uint64_t place) {
        return startOf(snapshot, place) < timeNs;
    });
    return static_cast<std::size_t>(found - places.begin());
}

std::optional<std::size_t> indexInTime(const Snapshot& snapshot, const RecordList& list,
                                       const RecordRef& ref)
{
    if (findRecord(snapshot, ref) == nullptr) {
        return std::nullopt;
    }
    const auto& places = list.places();
    const auto found = std::partition_point(places.begin(), places.end(), [&](std::uint64_t place) {
        return isEarlier(snapshot, RecordList::unpacked(place), ref);
    });
    if (found == places.end() || *found != RecordList::packed(ref)) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - places.begin());
}

std::optional<RecordRef> runningPlace(const Snapshot& snapshot, int lane)
{
    const LaneView& view = snapshot.lanes[static_cast<std::size_t>(lane)];
    return view.running.startNs >= 0 ? std::optional(RecordRef{lane, view.recordCount})
                                     : std::nullopt;
}

bool isRunningPlace(const Snapshot& snapshot, const RecordRef& ref)
{
    return ref.lane >= 0 && ref.lane < static_cast<int>(snapshot.lanes.size()) &&
           runningPlace(snapshot, ref.lane) == ref;
}

std::optional<RecordRef> placeIn(const Snapshot& to, const Snapshot& from, const RecordRef& ref)
{
    if (findRecord(from, ref) == nullptr) {
        return std::nullopt;
    }
    const std::optional<RecordRef> place = taskPlaceIn(to, from, ref);
    return place && findRecord(to, *place) != nullptr ? place : std::nullopt;
}

std::optional<RecordRef> taskPlaceIn(const Snapshot& to, const Snapshot& from, const RecordRef& ref)
{
    if (findRecord(from, ref) == nullptr && !isRunningPlace(from, ref)) {
        return std::nullopt;
    }
    const Lane* lane = from.lanes[static_cast<std::size_t>(ref.lane)].lane;
    const auto found =
        std::ranges::find_if(to.lanes, [lane](const LaneView& view) { return view.lane == lane; });
    if (found == to.lanes.end() || ref.record < found->firstRecord) {
        return std::nullopt;
    }
    const RecordRef place{static_cast<int>(found - to.lanes.begin()), ref.record};
    const bool isThere = findRecord(to, place) != nullptr || isRunningPlace(to, place);
    return isThere ? std::optional(place) : std::nullopt;
}

} // namespace poolscope
