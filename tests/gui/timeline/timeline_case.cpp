// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/timeline/timeline_case.h"

#include "core/trace/collector.h"

#include <memory>

namespace poolscope::test {

SnapshotPtr makeLane(int tasks, int bad, TaskState state, bool isLive)
{
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = static_cast<std::uint64_t>(tasks) + 1;
    plan->kinds = {"task"};
    auto meta = std::make_shared<TraceMeta>();
    meta->workloadId = "made";
    meta->executors = {{"threads", "Thread pool", 1}};
    meta->plan = plan;
    const Nanos end = tasks * kTaskNs;
    auto recorder = std::make_shared<Recorder>(monotonicNow() - end - 5 * kTaskNs, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    lane.openLife({0, -1, 1, 2});
    for (int i = 0; i < tasks; ++i) {
        TaskRecord record;
        record.submitNs = 0;
        record.startNs = i * kTaskNs;
        // The bad one is as short as can be: it must be seen all the same.
        record.endNs = record.startNs + (i == bad ? 10 : kTaskNs - 1000);
        record.task = static_cast<std::uint32_t>(i);
        record.setState(i == bad ? state : TaskState::Done);
        lane.append(record, {}, i == bad ? "broken" : "");
    }
    if (isLive) {
        lane.setRunning(static_cast<std::uint64_t>(tasks), end + kTaskNs);
    }
    const SnapshotPtr finished = makeFinishedSnapshot(recorder, meta, {{}}, end + 5 * kTaskNs);
    auto snapshot = std::make_shared<Snapshot>(*finished);
    snapshot->isLive = isLive;
    snapshot->lanes[0].running = lane.running();
    return snapshot;
}

SnapshotPtr makeProcessLane()
{
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = 1;
    plan->kinds = {"task"};
    auto meta = std::make_shared<TraceMeta>();
    meta->workloadId = "made";
    meta->executors = {{"processes", "Process pool", 1}};
    meta->plan = plan;
    auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Process, 0});
    lane.openLife({0, -1, 7, 7});
    TaskRecord record;
    record.startNs = 6 * kTaskNs;
    record.endNs = 8 * kTaskNs;
    record.sentLeadNs = 4 * kTaskNs;
    record.returnLagNs = kTaskNs;
    record.setState(TaskState::Done);
    lane.append(record, {}, "");
    lane.closeLife(12 * kTaskNs);
    recorder->addControlEvent(
        {12 * kTaskNs, ControlKind::WorkerDied, 0, 0, 7, "killed by signal 9 (Killed)"});
    return makeFinishedSnapshot(recorder, meta, {{}}, 20 * kTaskNs);
}

int countPixels(const QImage& image, const QRect& rect, const QColor& color)
{
    int count = 0;
    for (int y = rect.top(); y <= rect.bottom(); ++y) {
        for (int x = rect.left(); x <= rect.right(); ++x) {
            count += image.pixel(x, y) == color.rgb() ? 1 : 0;
        }
    }
    return count;
}

} // namespace poolscope::test
