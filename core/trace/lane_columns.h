// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/task/workload.h"
#include "core/trace/snapshot.h"

#include <array>
#include <cstdint>
#include <span>

namespace poolscope {

/// A range of time, half open, from the trace's origin.
struct TimeRange
{
    Nanos beginNs = 0;
    Nanos endNs = 0;

    [[nodiscard]] Nanos duration() const noexcept { return endNs - beginNs; }
    [[nodiscard]] bool isEmpty() const noexcept { return endNs <= beginNs; }
    [[nodiscard]] bool contains(Nanos timeNs) const noexcept
    {
        return timeNs >= beginNs && timeNs < endNs;
    }
    friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

/// One pixel column of a lane.
struct ColumnCell
{
    std::array<float, kMaxTaskKinds> busyNs{}; ///< time busy inside the column, by kind
    float waitWeightedLog = 0; ///< sum over busy time of log2(1 + queue wait in ns)
    float endedCount = 0; ///< attempts that ended inside the column (shared out where summarised)
    std::uint8_t stateBits = 0; ///< or of stateBit() of what touches the column

    [[nodiscard]] float busySum() const noexcept
    {
        float sum = 0;
        for (const float part : busyNs) {
            sum += part;
        }
        return sum;
    }
};

/// Fills one cell per column for the columns that divide \p range evenly; cells are overwritten.
/// Nodes no wider than \p detailPx columns are added as they are, wider ones are opened, so the cost
/// is O(columns · log records), whatever the number of records. \p range not empty, 1 to 65536
/// columns. A record touches the columns between its start and its end; an instant (an end, a record
/// of no length) belongs to the column that ends there, at the range's beginning to the first. Error of
/// a column's busy share: below 0.12 at detail 1 for tasks as they occur, none at detail 0. Where records are gone, each
/// 16 are spread evenly from the start of the first to the end of the last. Any thread.
void fillColumns(const Snapshot& snapshot, const LaneView& lane, TimeRange range,
                 std::span<ColumnCell> columns, double detailPx = 1.0);

/// \return the part of \p range whose attempts of the executor all have their records (detailSince()); may be empty.
[[nodiscard]] TimeRange rangeWithDetail(const Snapshot& snapshot, int executor, TimeRange range);

/// \return the index of the first record of \p lane that is there and ends after \p timeNs (recordCount when none).
[[nodiscard]] std::uint64_t firstRecordEndingAfter(const LaneView& lane, Nanos timeNs);

} // namespace poolscope
