// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/tail.h"

#include "core/trace/lane_columns.h"

#include <algorithm>

namespace poolscope {

namespace {

/// A worker that was still there when the job ended.
struct LastWorker
{
    int lane = -1;
    Nanos lastEndNs = 0; ///< of its last task
};

Nanos lastEndOf(const Snapshot& snapshot, int executor)
{
    Nanos endNs = 0;
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.isWorkerOf(executor) && lane.recordCount > 0) {
            endNs = std::max(endNs, lane.lastEndNs());
        }
    }
    return endNs;
}

std::vector<LastWorker> workersAt(const Snapshot& snapshot, int executor, Nanos endNs)
{
    std::vector<LastWorker> workers;
    for (int i = 0; i < static_cast<int>(snapshot.lanes.size()); ++i) {
        const LaneView& lane = snapshot.lanes[static_cast<std::size_t>(i)];
        if (!lane.isWorkerOf(executor) || lane.lives->empty()) {
            continue;
        }
        const LaneLife& life = lane.lives->back();
        if (life.openedNs < endNs && (life.closedNs < 0 || life.closedNs >= endNs)) {
            workers.push_back({i, std::max(lane.lastEndNs(), life.openedNs)});
        }
    }
    return workers;
}

void addGuilty(Tail& tail, const Snapshot& snapshot, int executor)
{
    for (int i = 0; i < static_cast<int>(snapshot.lanes.size()); ++i) {
        const LaneView& lane = snapshot.lanes[static_cast<std::size_t>(i)];
        if (!lane.isWorkerOf(executor)) {
            continue;
        }
        for (std::uint64_t at = firstRecordEndingAfter(lane, tail.idealEndNs);
             at < lane.recordCount; ++at) {
            const TaskRecord& record = lane.lane->record(at);
            tail.guilty.push_back(
                {record.task, i, record.startNs, record.endNs, record.endNs - tail.idealEndNs});
        }
    }
    std::ranges::stable_sort(tail.guilty, std::greater<>{}, &TailTask::endNs);
    tail.guilty.resize(std::min(tail.guilty.size(), Tail::kMostGuilty));
}

} // namespace

Tail tailOf(const Snapshot& snapshot, int executor)
{
    Tail tail;
    tail.endNs = lastEndOf(snapshot, executor);
    const std::vector<LastWorker> workers = workersAt(snapshot, executor, tail.endNs);
    tail.workers = static_cast<int>(workers.size());
    tail.beginNs = tail.endNs;
    for (const LastWorker& worker : workers) {
        tail.beginNs = std::min(tail.beginNs, worker.lastEndNs);
        tail.idleNs += tail.endNs - worker.lastEndNs;
    }
    tail.idealEndNs = tail.workers > 0 ? tail.endNs - tail.idleNs / tail.workers : tail.endNs;
    addGuilty(tail, snapshot, executor);
    return tail;
}

} // namespace poolscope
