// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"

#include <algorithm>
#include <cstdint>
#include <iosfwd>

namespace poolscope {

/// A bar of a figure: one attempt of a task, or neighbours too short to be told apart, merged.
struct PlottedBar
{
    std::uint64_t first = 0; ///< record on its lane
    std::uint64_t count = 0; ///< of records; above 1: merged
    Nanos beginNs = 0;
    Nanos endNs = 0;
    Nanos busyNs = 0; ///< sum of the run times
    std::uint8_t stateBits = 0; ///< or of stateBit()

    [[nodiscard]] bool isMerged() const noexcept { return count > 1; }
};

/// What is shorter than a bar can show, in a figure.
struct MergeRule
{
    Nanos belowNs = 0; ///< shorter runs merge with neighbours that are short too; 0: none
    double belowPt = 0; ///< how long that is on paper
    /// Neighbours lie at most this far apart.
    [[nodiscard]] Nanos gapNs() const noexcept { return belowNs * 4; }
};

/// Calls \p visit(PlottedBar) for all bars of \p lane that touch \p range, in order, and \p see(record)
/// for each record before. O(log records + records in the range).
template <class Visit, class See>
void forEachPlottedBar(const LaneView& lane, TimeRange range, MergeRule rule, const Visit& visit,
                       const See& see)
{
    PlottedBar run;
    const auto flush = [&] {
        if (run.count > 0) {
            visit(run);
            run.count = 0;
        }
    };
    for (std::uint64_t i = firstRecordEndingAfter(lane, range.beginNs - 1); i < lane.recordCount;
         ++i) {
        const TaskRecord& record = lane.lane->record(i);
        if (record.startNs > range.endNs) {
            break;
        }
        see(record);
        const bool isShort = record.runNs() < rule.belowNs;
        if (!isShort || record.startNs - run.endNs > rule.gapNs()) {
            flush();
        }
        if (run.count == 0) {
            run = {i, 0, record.startNs, record.endNs, 0, 0};
        }
        ++run.count;
        run.endNs = std::max(run.endNs, record.endNs);
        run.busyNs += record.runNs();
        run.stateBits = static_cast<std::uint8_t>(run.stateBits | stateBit(record.state()));
        if (!isShort) {
            flush();
        }
    }
    flush();
}

template <class Visit>
void forEachPlottedBar(const LaneView& lane, TimeRange range, MergeRule rule, const Visit& visit)
{
    forEachPlottedBar(lane, range, rule, visit, [](const TaskRecord&) {});
}

/// Writes the bars of all lanes of \p snapshot in \p range as CSV, one row a bar (docs/file-formats.md).
void writePlottedBars(const Snapshot& snapshot, TimeRange range, MergeRule rule, std::ostream& out);

} // namespace poolscope
