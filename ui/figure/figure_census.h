// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"
#include "ui/figure/plotted_bars.h"
#include "ui/timeline/task_coloring.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace poolscope {

/// What occurs in a crop: times by executor, kind and end, and how much of it is too short to be seen.
struct FigureCensus
{
    std::vector<std::array<double, kMaxTaskKinds>> busyNs; ///< one an executor, inside the range
    std::array<double, kColorClasses>
        classNs{}; ///< time inside the range by the class of its colour
    std::array<double, kTaskStateCount> stateNs{}; ///< time inside the range by how it ended
    std::array<std::uint64_t, kTaskStateCount> ended{}; ///< attempts
    double allNs = 0; ///< sum of busyNs
    std::uint64_t merged = 0; ///< attempts on workers that share a bar with others
    std::uint64_t deaths = 0; ///< of workers on these lanes
    bool hasWait = false; ///< of a microsecond or more
    bool isRunning = false; ///< a task that has not ended
};

/// Counts. \p mode: what colours say, an effective one. \p collapsed: kinds of executors on whose lanes no bar is drawn,
/// so none is merged. O(records in the range), on as many threads as there are processors when that is worth it.
[[nodiscard]] FigureCensus takeCensus(const Snapshot& snapshot, TimeRange range, MergeRule rule,
                                      ColorMode mode = ColorMode::Kind,
                                      const std::vector<std::string>& collapsed = {});

} // namespace poolscope
