// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/run_summary.h"
#include "core/trace/duration_histogram.h"
#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace poolscope {

/// How busy a worker's lane was in a range.
struct LaneShare
{
    int lane = 0; ///< index in Snapshot::lanes
    std::uint64_t attempts = 0; ///< that ended in the range
    Nanos busyNs = 0; ///< of laneNs
    Nanos laneNs = 0; ///< time the lane had a worker

    [[nodiscard]] double share() const
    {
        return laneNs > 0 ? static_cast<double>(busyNs) / static_cast<double>(laneNs) : 0;
    }
};

/// All figures of one executor in a range. Attempts are counted as in RunSummary; where records are gone, those of the
/// whole run have their part in all but the percentiles.
struct RangeFigures
{
    RunSummary summary;
    Nanos runSumNs = 0; ///< of what summary.run is about
    Nanos waitSumNs = 0; ///< of what summary.wait is about
    std::uint64_t attempts = 0; ///< of which there are run times and waits
    DurationHistogram runs;
    DurationHistogram waits;
    std::vector<LaneShare> lanes; ///< the executor's workers that lived in the range, in order
};

/// \p range: nothing: the whole run. An empty one has no figures but zeros. O(records in the range).
/// Any thread.
[[nodiscard]] RangeFigures rangeFigures(const Snapshot& snapshot, int executor,
                                        std::optional<TimeRange> range);

} // namespace poolscope
