// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace poolscope {

/// Records of a snapshot by their places, in some order; 8 bytes each, so that there may be one for every
/// task of a large run.
class RecordList
{
public:
    [[nodiscard]] std::size_t size() const { return m_places.size(); }
    [[nodiscard]] bool isEmpty() const { return m_places.empty(); }
    [[nodiscard]] RecordRef operator[](std::size_t index) const
    {
        return unpacked(m_places[index]);
    }
    void add(const RecordRef& ref) { m_places.push_back(packed(ref)); }
    void reserve(std::size_t count) { m_places.reserve(count); }
    void clear() { m_places.clear(); }

    /// The same list, one number a record: for tight loops.
    [[nodiscard]] const std::vector<std::uint64_t>& places() const { return m_places; }
    [[nodiscard]] std::vector<std::uint64_t>& places() { return m_places; }
    /// \p ref: a record that exists; lanes hold fewer than 2^28.
    [[nodiscard]] static std::uint64_t packed(const RecordRef& ref)
    {
        return (static_cast<std::uint64_t>(ref.lane) << 32U) | ref.record;
    }
    [[nodiscard]] static RecordRef unpacked(std::uint64_t place)
    {
        return {static_cast<int>(place >> 32U), place & 0xffff'ffffU};
    }
    friend bool operator==(const RecordList&, const RecordList&) = default;

private:
    std::vector<std::uint64_t> m_places;
};

/// \return whether \p a comes before \p b in order of time: by start, then lane, then place on the lane.
/// Both must exist.
[[nodiscard]] bool isEarlier(const Snapshot& snapshot, const RecordRef& a, const RecordRef& b);

/// \return the index of the first record of \p list that starts at \p timeNs or later, or its size.
/// \p list: in order of time. O(log size). Any thread.
[[nodiscard]] std::size_t firstStartingAt(const Snapshot& snapshot, const RecordList& list,
                                          Nanos timeNs);
/// \return where \p ref is in \p list, which is in order of time; nothing when it is not. O(log size).
[[nodiscard]] std::optional<std::size_t> indexInTime(const Snapshot& snapshot,
                                                     const RecordList& list, const RecordRef& ref);

/// \return the place that the task will have that runs on that lane at the snapshot's moment: the record does not exist
/// yet. Nothing when none runs there.
[[nodiscard]] std::optional<RecordRef> runningPlace(const Snapshot& snapshot, int lane);
/// \return whether \p ref is such a place.
[[nodiscard]] bool isRunningPlace(const Snapshot& snapshot, const RecordRef& ref);

/// A run that goes on may get lanes, and then a record's lane has another index. \return the place in \p to
/// of what \p ref means in \p from, a snapshot of the same run; nothing when it is not there.
[[nodiscard]] std::optional<RecordRef> placeIn(const Snapshot& to, const Snapshot& from,
                                               const RecordRef& ref);
/// \return likewise, but a task that runs in either snapshot has a place, its runningPlace().
[[nodiscard]] std::optional<RecordRef> taskPlaceIn(const Snapshot& to, const Snapshot& from,
                                                   const RecordRef& ref);

} // namespace poolscope
