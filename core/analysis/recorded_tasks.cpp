// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/recorded_tasks.h"

#include "core/analysis/ledger.h"
#include "core/analysis/schedule.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

namespace poolscope {

namespace {

/// \return the tasks of the job, each by its last attempt; submits from the trace's origin.
std::vector<RecordedTask> lastAttempts(const Snapshot& snapshot, int executor)
{
    std::vector<RecordedTask> tasks(snapshot.meta->plan->taskCount);
    for (const LaneView& lane : snapshot.lanes) {
        if (!lane.isWorkerOf(executor)) {
            continue;
        }
        for (std::uint64_t i = lane.firstRecord; i < lane.recordCount; ++i) {
            const TaskRecord& record = lane.lane->record(i);
            if (record.attempt > 0 && !record.wasRetried() && record.task < tasks.size()) {
                tasks[record.task] = {record.runNs(), record.submitNs};
            }
        }
    }
    return tasks;
}

/// Leaves those that ran and lets their submits count from the first one.
void keepWhatRan(RecordedTasks& recorded)
{
    std::vector<RecordedTask>& tasks = recorded.tasks;
    const bool allRan =
        std::ranges::all_of(tasks, [](const RecordedTask& task) { return task.runNs >= 0; });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        if (tasks[i].runNs >= 0) {
            tasks[kept++] = {tasks[i].runNs,
                             std::max<Nanos>(0, tasks[i].submitNs - recorded.makespan.beginNs)};
            if (!allRan) {
                recorded.indices.push_back(static_cast<std::uint32_t>(i));
            }
        }
    }
    tasks.resize(kept);
}

} // namespace

std::vector<Nanos> RecordedTasks::durations() const
{
    std::vector<Nanos> durations(tasks.size());
    std::ranges::transform(tasks, durations.begin(), &RecordedTask::runNs);
    return durations;
}

RecordedTasks readRecordedTasks(const Snapshot& snapshot, int executor)
{
    RecordedTasks recorded;
    Ledger ledger;
    std::jthread accountant([&recorded, &ledger, &snapshot, executor] {
        recorded.makespan = detailedMakespanOf(snapshot, executor);
        if (!recorded.makespan.isEmpty()) {
            ledger = ledgerOf(snapshot, executor, recorded.makespan);
        }
    });
    std::vector<RecordedTask> tasks = lastAttempts(snapshot, executor);
    accountant.join();
    if (recorded.makespan.isEmpty()) {
        return recorded;
    }
    recorded.tasks = std::move(tasks);
    keepWhatRan(recorded);
    const auto chunk = static_cast<double>(std::max(1, snapshot.meta->chunk));
    const double chunks = std::ceil(static_cast<double>(recorded.tasks.size()) / chunk);
    recorded.startUpNs = ledger.of(LaneTime::StartUp) / std::max(1, ledger.lanes);
    recorded.handOverNs =
        std::llround(static_cast<double>(ledger.of(LaneTime::HandOver)) / std::max(1.0, chunks));
    return recorded;
}

} // namespace poolscope
