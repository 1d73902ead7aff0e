// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"

#include <vector>

namespace poolscope {

/// What one executor did in each of equally wide columns of time: the throughput, queue and
/// busy-worker graphs. All vectors have one entry a column.
struct Activity
{
    TimeRange range;
    std::vector<double> tasksPerSecond; ///< attempts that ended on workers
    std::vector<double> queued; ///< tasks waiting, at the column's end
    std::vector<double> busyWorkers; ///< mean over the column
    std::vector<double> workers; ///< open lanes, at the column's end
};

/// \p range not empty, \p columns 1 to 8192. O(lanes · columns · log records). Any thread. Columns
/// after the snapshot's moment are zero.
[[nodiscard]] Activity activityOf(const Snapshot& snapshot, int executor, TimeRange range,
                                  int columns);

} // namespace poolscope
