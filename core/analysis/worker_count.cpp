// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/worker_count.h"

#include <algorithm>
#include <utility>

namespace poolscope {

std::vector<WorkerCount> workerCounts(const Snapshot& snapshot, int executor)
{
    std::vector<std::pair<Nanos, int>> changes;
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.isWorkerOf(executor)) {
            for (const LaneLife& life : *lane.lives) {
                changes.emplace_back(life.openedNs, +1);
                if (life.closedNs >= 0) {
                    changes.emplace_back(life.closedNs, -1);
                }
            }
        }
    }
    std::ranges::sort(changes);
    std::vector<WorkerCount> counts;
    counts.reserve(changes.size());
    int now = 0;
    for (const auto& [timeNs, change] : changes) {
        now += change;
        counts.push_back({timeNs, now});
    }
    return counts;
}

} // namespace poolscope
