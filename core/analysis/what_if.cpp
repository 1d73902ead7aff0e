// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/what_if.h"

#include "core/analysis/ledger.h"
#include "core/analysis/run_summary.h"
#include "core/analysis/schedule.h"
#include "core/trace/collector.h"

#include <queue>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

namespace poolscope {

namespace {

constexpr std::array<std::string_view, kWhatIfOrderCount> kOrderTexts{
    "as_submitted", "longest_first", "shortest_first"};
constexpr std::array<std::string_view, 6> kDoubtTexts{"run_is_not_explained", "processors_are_few",
                                                      "was_contended",        "workers_changed",
                                                      "tasks_arrive",         "tasks_failed"};
constexpr double kGoodReplay = 0.05;
constexpr double kSlack = 0.05; ///< of what may be said of processors

struct ReplayTask
{
    std::uint64_t task = 0;
    Nanos submitNs = 0; ///< from the first submit
    Nanos runNs = 0;
};

/// What the replay knows of the recorded run.
struct Recorded
{
    TimeRange makespan;
    std::vector<ReplayTask> tasks; ///< by index, which is the order of submitting
    Nanos startUpNs = 0; ///< of a worker
    Nanos handOverNs = 0; ///< of a chunk
};

bool isWorkerOf(const LaneView& lane, int executor)
{
    return lane.info().executor == executor && lane.info().kind != LaneKind::Queue;
}

Recorded readRecorded(const Snapshot& snapshot, int executor)
{
    Recorded recorded;
    recorded.makespan = makespanOf(snapshot, executor);
    if (recorded.makespan.isEmpty()) {
        return recorded;
    }
    for (const LaneView& lane : snapshot.lanes) {
        if (!isWorkerOf(lane, executor)) {
            continue;
        }
        for (std::uint64_t i = 0; i < lane.recordCount; ++i) {
            const TaskRecord& record = lane.lane->record(i);
            if (record.attempt > 0 && !record.wasRetried()) {
                recorded.tasks.push_back(
                    {record.task, record.submitNs - recorded.makespan.beginNs, record.runNs()});
            }
        }
    }
    std::ranges::sort(recorded.tasks, {}, &ReplayTask::task);
    if (recorded.tasks.empty()) {
        return recorded;
    }
    const Ledger ledger = ledgerOf(snapshot, executor, recorded.makespan);
    const auto chunk = static_cast<std::uint64_t>(std::max(1, snapshot.meta->chunk));
    const double chunks =
        std::ceil(static_cast<double>(recorded.tasks.size()) / static_cast<double>(chunk));
    recorded.startUpNs = ledger.of(LaneTime::StartUp) / std::max(1, ledger.lanes);
    recorded.handOverNs = std::llround(static_cast<double>(ledger.of(LaneTime::HandOver)) / chunks);
    return recorded;
}

void sortBy(WhatIfOrder order, std::vector<ReplayTask>& tasks)
{
    if (order == WhatIfOrder::LongestFirst) {
        std::ranges::stable_sort(tasks, std::greater<>{}, &ReplayTask::runNs);
    } else if (order == WhatIfOrder::ShortestFirst) {
        std::ranges::stable_sort(tasks, {}, &ReplayTask::runNs);
    }
}

/// Puts the tasks on workers. \return the makespan; \p bars: where they lie, or null.
Nanos replay(const Recorded& recorded, const WhatIfPlan& plan, std::vector<WhatIfBar>* bars)
{
    std::vector<ReplayTask> tasks = recorded.tasks;
    sortBy(plan.order, tasks);
    using Free = std::pair<Nanos, int>; // when, which worker
    std::priority_queue<Free, std::vector<Free>, std::greater<>> workers;
    for (int worker = 0; worker < plan.workers; ++worker) {
        workers.emplace(recorded.startUpNs, worker);
    }
    Nanos lastNs = 0;
    for (std::size_t first = 0; first < tasks.size(); first += plan.chunk) {
        auto [nowNs, worker] = workers.top();
        workers.pop();
        const std::size_t end = std::min<std::size_t>(tasks.size(), first + plan.chunk);
        // In another order than that of submitting, arrival says nothing.
        if (plan.order == WhatIfOrder::AsSubmitted) {
            nowNs = std::max(nowNs, tasks[end - 1].submitNs);
        }
        nowNs += recorded.handOverNs;
        for (std::size_t i = first; i < end; ++i) {
            if (bars != nullptr) {
                bars->push_back({worker, tasks[i].task, nowNs, nowNs + tasks[i].runNs});
            }
            nowNs += tasks[i].runNs;
        }
        lastNs = std::max(lastNs, nowNs);
        workers.emplace(nowNs, worker);
    }
    return lastNs;
}

/// \return how many processors the tasks would use at once on that many workers, at most.
double processorsFor(const RunSummary& summary, int workers)
{
    // Not measured: a task may compute all the time.
    return workers * (summary.costs.attempts > 0 ? summary.costs.cpuShare() : 1);
}

bool hasResize(const Snapshot& snapshot, int executor)
{
    return std::ranges::any_of(*snapshot.controlEvents, [executor](const ControlEvent& event) {
        return event.executor == executor && event.kind == ControlKind::Resize;
    });
}

void addDoubts(WhatIfAnswer& answer, const Snapshot& snapshot, int executor,
               const Recorded& recorded)
{
    const auto add = [&answer](bool applies, WhatIfDoubt doubt) {
        if (applies) {
            answer.doubts.push_back(doubt);
        }
    };
    const RunSummary summary = summariseRun(snapshot, executor);
    const WhatIfPlan before = recordedPlan(snapshot, executor);
    const double processors = std::max(1, snapshot.meta->machine.usableCpus) * (1 + kSlack);
    add(std::abs(answer.replayError()) > kGoodReplay, WhatIfDoubt::RunIsNotExplained);
    add(answer.plan.workers > before.workers &&
            processorsFor(summary, answer.plan.workers) > processors,
        WhatIfDoubt::ProcessorsAreFew);
    add(answer.plan.workers != before.workers &&
            processorsFor(summary, before.workers) > processors,
        WhatIfDoubt::WasContended);
    add(hasResize(snapshot, executor), WhatIfDoubt::WorkersChanged);
    const Nanos arrivedNs = std::ranges::max(recorded.tasks, {}, &ReplayTask::submitNs).submitNs;
    add(answer.plan.order != WhatIfOrder::AsSubmitted &&
            static_cast<double>(arrivedNs) >
                kGoodReplay * static_cast<double>(recorded.makespan.duration()),
        WhatIfDoubt::TasksArrive);
    add(summary.lostAttempts + summary.failed + summary.lost + summary.timedOut > 0,
        WhatIfDoubt::TasksFailed);
}

} // namespace

std::string_view toText(WhatIfOrder order) noexcept
{
    return kOrderTexts[static_cast<std::size_t>(order)];
}

std::string_view toText(WhatIfDoubt doubt) noexcept
{
    return kDoubtTexts[static_cast<std::size_t>(doubt)];
}

std::optional<WhatIfOrder> whatIfOrderOf(std::string_view text) noexcept
{
    const auto found = std::ranges::find(kOrderTexts, text);
    return found == kOrderTexts.end()
               ? std::nullopt
               : std::optional(static_cast<WhatIfOrder>(found - kOrderTexts.begin()));
}

WhatIfPlan recordedPlan(const Snapshot& snapshot, int executor)
{
    return {std::max(1, snapshot.meta->executors[static_cast<std::size_t>(executor)].workers),
            static_cast<std::uint64_t>(std::max(1, snapshot.meta->chunk)),
            WhatIfOrder::AsSubmitted};
}

Result<WhatIfAnswer> whatIf(const Snapshot& snapshot, int executor, const WhatIfPlan& plan)
{
    if (plan.workers < 1 || plan.chunk < 1) {
        return Error{"A replay needs at least one worker and chunks of at least one task."};
    }
    const Recorded recorded = readRecorded(snapshot, executor);
    if (recorded.tasks.empty()) {
        return Error{"No task of this executor ran, so there is nothing to replay."};
    }
    WhatIfAnswer answer;
    answer.plan = plan;
    answer.recordedNs = recorded.makespan.duration();
    answer.replayedNs = replay(recorded, recordedPlan(snapshot, executor), nullptr);
    answer.bars.reserve(recorded.tasks.size());
    answer.makespanNs = replay(recorded, plan, &answer.bars);
    std::ranges::sort(answer.bars, {}, &WhatIfBar::startNs);
    addDoubts(answer, snapshot, executor, recorded);
    return answer;
}

SnapshotPtr predictedRun(const Snapshot& snapshot, int executor, const WhatIfAnswer& answer)
{
    const ExecutorMeta& from = snapshot.meta->executors[static_cast<std::size_t>(executor)];
    auto meta = std::make_shared<TraceMeta>(*snapshot.meta);
    meta->chunk = static_cast<int>(
        std::min<std::uint64_t>(answer.plan.chunk, std::numeric_limits<int>::max()));
    meta->executors = {{from.kind, from.title, answer.plan.workers}};
    auto recorder = std::make_shared<Recorder>(0, 1);
    std::vector<Lane*> lanes;
    for (int worker = 0; worker < answer.plan.workers; ++worker) {
        const LaneKind kind = from.kind == "processes" ? LaneKind::Process : LaneKind::Thread;
        lanes.push_back(&recorder->addLane({0, kind, worker}));
        lanes.back()->openLife({0, -1, 0, 0});
    }
    recorder->addSubmitted(0, answer.bars.size());
    for (const WhatIfBar& bar : answer.bars) {
        TaskRecord record;
        record.task = static_cast<std::uint32_t>(bar.task);
        record.startNs = bar.startNs;
        record.endNs = bar.endNs;
        record.setState(TaskState::Done);
        lanes[static_cast<std::size_t>(bar.worker)]->append(record, {}, {});
    }
    for (Lane* lane : lanes) {
        lane->closeLife(answer.makespanNs);
    }
    return makeFinishedSnapshot(recorder, meta, {}, answer.makespanNs);
}

} // namespace poolscope
