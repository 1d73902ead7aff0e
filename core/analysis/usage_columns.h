// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"

#include <vector>

namespace poolscope {

/// A value of which nothing is known.
inline constexpr double kUnknownUsage = -1;

/// What the worker of one lane used in each of equally wide columns of time; kUnknownUsage where nobody looked.
struct LaneUsage
{
    int lane = 0; ///< index in Snapshot::lanes
    std::vector<double>
        cpu; ///< processors, mean over what is known of the column: 1 is one of them all the time
    std::vector<double> memoryKiB; ///< resident, the most that was seen in the column
};

/// \return the usage of those workers of an executor of which anything is known in \p range, in order of lanes.
/// \p range not empty, \p columns 1 to 8192. O(lanes · (columns + samples)). Any thread.
[[nodiscard]] std::vector<LaneUsage> usageColumns(const Snapshot& snapshot, int executor,
                                                  TimeRange range, int columns);

/// What several workers used, column by column, over those of which it is known.
struct UsageSpread
{
    std::vector<double> lowest;
    std::vector<double> mean;
    std::vector<double> highest;
};

/// \p values: LaneUsage::cpu or LaneUsage::memoryKiB. All lanes must have as many columns.
[[nodiscard]] UsageSpread usageSpread(const std::vector<LaneUsage>& lanes,
                                      std::vector<double> LaneUsage::*values);

/// \return the mean of the known values, kUnknownUsage when there is none.
[[nodiscard]] double meanUsage(const std::vector<double>& values);

} // namespace poolscope
