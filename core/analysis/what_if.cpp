// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/what_if.h"

#include "core/analysis/duration_order.h"
#include "core/analysis/free_workers.h"
#include "core/analysis/ledger.h"
#include "core/analysis/run_summary.h"
#include "core/analysis/schedule.h"
#include "core/trace/collector.h"

#include <algorithm>
#include <array>
#include <cmath>
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

/// What the replay knows of the recorded run. Tasks in the order of their index, which is that of submitting.
struct Recorded
{
    TimeRange makespan;
    std::vector<std::uint64_t> tasks;
    std::vector<Nanos> runNs; ///< by place in tasks
    std::vector<Nanos> submitNs; ///< likewise, from the first submit
    Nanos startUpNs = 0; ///< of a worker
    Nanos handOverNs = 0; ///< of a chunk
};

Recorded readRecorded(const Snapshot& snapshot, int executor)
{
    Recorded recorded;
    recorded.makespan = makespanOf(snapshot, executor);
    if (recorded.makespan.isEmpty()) {
        return recorded;
    }
    const std::uint64_t taskCount = snapshot.meta->plan->taskCount;
    std::vector<Nanos> runNs(taskCount, -1);
    std::vector<Nanos> submitNs(taskCount, 0);
    for (const LaneView& lane : snapshot.lanes) {
        if (!lane.isWorkerOf(executor)) {
            continue;
        }
        for (std::uint64_t i = 0; i < lane.recordCount; ++i) {
            const TaskRecord& record = lane.lane->record(i);
            if (record.attempt > 0 && !record.wasRetried() && record.task < taskCount) {
                runNs[record.task] = record.runNs();
                submitNs[record.task] = record.submitNs - recorded.makespan.beginNs;
            }
        }
    }
    for (std::uint64_t task = 0; task < taskCount; ++task) {
        if (runNs[task] >= 0) {
            recorded.tasks.push_back(task);
            runNs[recorded.tasks.size() - 1] = runNs[task];
            submitNs[recorded.tasks.size() - 1] = submitNs[task];
        }
    }
    runNs.resize(recorded.tasks.size());
    submitNs.resize(recorded.tasks.size());
    recorded.runNs = std::move(runNs);
    recorded.submitNs = std::move(submitNs);
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

/// \return places in Recorded::tasks; empty: as they are.
std::vector<std::uint32_t> orderOf(const Recorded& recorded, WhatIfOrder order)
{
    return order == WhatIfOrder::AsSubmitted
               ? std::vector<std::uint32_t>()
               : orderByDuration(recorded.runNs, order == WhatIfOrder::LongestFirst);
}

/// Puts the tasks on workers. \return the makespan; \p bars: where they lie, or null.
Nanos replay(const Recorded& recorded, const WhatIfPlan& plan, std::vector<WhatIfBar>* bars)
{
    const std::vector<std::uint32_t> order = orderOf(recorded, plan.order);
    FreeWorkers workers(plan.workers, recorded.startUpNs);
    Nanos lastNs = 0;
    for (std::size_t first = 0; first < recorded.tasks.size();) {
        const int worker = workers.first();
        Nanos nowNs = workers.firstTime();
        const std::size_t end = std::min<std::size_t>(recorded.tasks.size(), first + plan.chunk);
        // In another order than that of submitting, arrival says nothing.
        if (order.empty()) {
            nowNs = std::max(nowNs, recorded.submitNs[end - 1]);
        }
        nowNs += recorded.handOverNs;
        for (; first < end; ++first) {
            const std::size_t place = order.empty() ? first : order[first];
            const Nanos endNs = nowNs + recorded.runNs[place];
            if (bars != nullptr) {
                bars->push_back({worker, recorded.tasks[place], nowNs, endNs});
            }
            nowNs = endNs;
        }
        lastNs = std::max(lastNs, nowNs);
        workers.occupyFirst(nowNs);
    }
    return lastNs;
}

/// \return how many processors the tasks would use at once on that many workers, at most.
double processorsFor(const CostSums& costs, int workers)
{
    // Not measured: a task may compute all the time.
    return workers * (costs.attempts > 0 ? costs.cpuShare() : 1);
}

bool hasFailures(const ExecutorTotals& totals)
{
    return totals.lostAttempts + totals.count(TaskState::Failed) + totals.count(TaskState::Lost) +
               totals.count(TaskState::TimedOut) >
           0;
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
    const CostSums costs = costSumsOf(snapshot, executor);
    const WhatIfPlan before = recordedPlan(snapshot, executor);
    const double processors = std::max(1, snapshot.meta->machine.usableCpus) * (1 + kSlack);
    add(std::abs(answer.replayError()) > kGoodReplay, WhatIfDoubt::RunIsNotExplained);
    add(answer.plan.workers > before.workers &&
            processorsFor(costs, answer.plan.workers) > processors,
        WhatIfDoubt::ProcessorsAreFew);
    add(answer.plan.workers != before.workers && processorsFor(costs, before.workers) > processors,
        WhatIfDoubt::WasContended);
    add(hasResize(snapshot, executor), WhatIfDoubt::WorkersChanged);
    const Nanos arrivedNs = std::ranges::max(recorded.submitNs);
    add(answer.plan.order != WhatIfOrder::AsSubmitted &&
            static_cast<double>(arrivedNs) >
                kGoodReplay * static_cast<double>(recorded.makespan.duration()),
        WhatIfDoubt::TasksArrive);
    add(hasFailures(snapshot.totals[static_cast<std::size_t>(executor)]), WhatIfDoubt::TasksFailed);
}

Result<Recorded> readChecked(const Snapshot& snapshot, int executor, const WhatIfPlan& plan)
{
    if (plan.workers < 1 || plan.chunk < 1) {
        return Error{"A replay needs at least one worker and chunks of at least one task."};
    }
    Recorded recorded = readRecorded(snapshot, executor);
    if (recorded.tasks.empty()) {
        return Error{"No task of this executor ran, so there is nothing to replay."};
    }
    return recorded;
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
    const auto* const found = std::ranges::find(kOrderTexts, text);
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
    auto recorded = readChecked(snapshot, executor, plan);
    if (!recorded) {
        return recorded.error();
    }
    WhatIfAnswer answer;
    answer.plan = plan;
    answer.recordedNs = recorded.value().makespan.duration();
    answer.replayedNs = replay(recorded.value(), recordedPlan(snapshot, executor), nullptr);
    addDoubts(answer, snapshot, executor, recorded.value());
    if (plan.order != WhatIfOrder::AsSubmitted) { // which task is which does not matter
        sortDurations(recorded.value().runNs);
        if (plan.order == WhatIfOrder::LongestFirst) {
            std::ranges::reverse(recorded.value().runNs);
        }
        std::ranges::fill(recorded.value().submitNs, 0);
    }
    answer.makespanNs =
        replay(recorded.value(), {plan.workers, plan.chunk, WhatIfOrder::AsSubmitted}, nullptr);
    return answer;
}

Result<std::vector<WhatIfBar>> whatIfBars(const Snapshot& snapshot, int executor,
                                          const WhatIfPlan& plan)
{
    const auto recorded = readChecked(snapshot, executor, plan);
    if (!recorded) {
        return recorded.error();
    }
    std::vector<WhatIfBar> bars;
    bars.reserve(recorded.value().tasks.size());
    replay(recorded.value(), plan, &bars);
    return bars;
}

Result<SnapshotPtr> predictedRun(const Snapshot& snapshot, int executor, const WhatIfPlan& plan)
{
    const auto bars = whatIfBars(snapshot, executor, plan);
    if (!bars) {
        return bars.error();
    }
    const ExecutorMeta& from = snapshot.meta->executors[static_cast<std::size_t>(executor)];
    auto meta = std::make_shared<TraceMeta>(*snapshot.meta);
    meta->chunk =
        static_cast<int>(std::min<std::uint64_t>(plan.chunk, std::numeric_limits<int>::max()));
    meta->executors = {{from.kind, from.title, plan.workers}};
    auto recorder = std::make_shared<Recorder>(0, 1);
    std::vector<Lane*> lanes;
    for (int worker = 0; worker < plan.workers; ++worker) {
        const LaneKind kind = from.kind == "processes" ? LaneKind::Process : LaneKind::Thread;
        lanes.push_back(&recorder->addLane({0, kind, worker}));
        lanes.back()->openLife({0, -1, 0, 0});
    }
    recorder->addSubmitted(0, bars.value().size());
    Nanos lastNs = 0;
    for (const WhatIfBar& bar : bars.value()) {
        TaskRecord record;
        record.task = static_cast<std::uint32_t>(bar.task);
        record.startNs = bar.startNs;
        record.endNs = bar.endNs;
        record.setState(TaskState::Done);
        lanes[static_cast<std::size_t>(bar.worker)]->append(record, {}, {});
        lastNs = std::max(lastNs, bar.endNs);
    }
    for (Lane* lane : lanes) {
        lane->closeLife(lastNs);
    }
    return makeFinishedSnapshot(recorder, meta, {}, lastNs);
}

} // namespace poolscope
