// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/what_if.h"

#include "core/analysis/duration_order.h"
#include "core/analysis/free_workers.h"
#include "core/analysis/recorded_tasks.h"
#include "core/analysis/run_summary.h"
#include "core/trace/collector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <thread>
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

/// \return places in RecordedTasks::tasks; empty: as they are.
std::vector<std::uint32_t> orderOf(const RecordedTasks& recorded, WhatIfOrder order)
{
    return order == WhatIfOrder::AsSubmitted
               ? std::vector<std::uint32_t>()
               : orderByDuration(recorded.durations(), order == WhatIfOrder::LongestFirst);
}

/// Puts the tasks on workers, those of a chunk one after the other. \return the makespan. \p taskAt gives the
/// n-th to be handed over, \p put is told its worker and its times.
template <class TaskAt, class Put>
Nanos replay(const RecordedTasks& recorded, const WhatIfPlan& plan, TaskAt taskAt, Put put)
{
    const std::size_t count = recorded.tasks.size();
    FreeWorkers workers(plan.workers, recorded.startUpNs);
    Nanos lastNs = 0;
    for (std::size_t first = 0; first < count;) {
        const int worker = workers.first();
        const std::size_t end = std::min<std::size_t>(count, first + plan.chunk);
        Nanos nowNs = std::max(workers.firstTime(), taskAt(end - 1).submitNs) + recorded.handOverNs;
        for (; first < end; ++first) {
            const Nanos endNs = nowNs + taskAt(first).runNs;
            put(first, worker, nowNs, endNs);
            nowNs = endNs;
        }
        lastNs = std::max(lastNs, nowNs);
        workers.occupyFirst(nowNs);
    }
    return lastNs;
}

constexpr auto kPutNowhere = [](std::size_t, int, Nanos, Nanos) {};

Nanos replayedMakespan(const RecordedTasks& recorded, const WhatIfPlan& plan)
{
    if (plan.order == WhatIfOrder::AsSubmitted) {
        return replay(
            recorded, plan, [&recorded](std::size_t n) { return recorded.tasks[n]; }, kPutNowhere);
    }
    std::vector<Nanos> durations = recorded.durations(); // which task is which does not matter
    sortDurations(durations);
    const bool isReversed = plan.order == WhatIfOrder::LongestFirst;
    return replay(
        recorded, plan,
        [&durations, isReversed](std::size_t n) {
            // In another order than that of submitting, arrival says nothing.
            return RecordedTask{durations[isReversed ? durations.size() - 1 - n : n], 0};
        },
        kPutNowhere);
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
               const RecordedTasks& recorded)
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
    const Nanos arrivedNs = std::ranges::max(recorded.tasks, {}, &RecordedTask::submitNs).submitNs;
    add(answer.plan.order != WhatIfOrder::AsSubmitted &&
            static_cast<double>(arrivedNs) >
                kGoodReplay * static_cast<double>(recorded.makespan.duration()),
        WhatIfDoubt::TasksArrive);
    add(hasFailures(snapshot.totals[static_cast<std::size_t>(executor)]), WhatIfDoubt::TasksFailed);
}

Result<RecordedTasks> readChecked(const Snapshot& snapshot, int executor, const WhatIfPlan& plan)
{
    if (plan.workers < 1 || plan.chunk < 1) {
        return Error{"A replay needs at least one worker and chunks of at least one task."};
    }
    RecordedTasks recorded = readRecordedTasks(snapshot, executor);
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
    std::jthread asItWas([&answer, &recorded, before = recordedPlan(snapshot, executor)] {
        answer.replayedNs = replayedMakespan(recorded.value(), before);
    });
    answer.makespanNs = replayedMakespan(recorded.value(), plan);
    asItWas.join();
    addDoubts(answer, snapshot, executor, recorded.value());
    return answer;
}

Result<std::vector<WhatIfBar>> whatIfBars(const Snapshot& snapshot, int executor,
                                          const WhatIfPlan& plan)
{
    const auto read = readChecked(snapshot, executor, plan);
    if (!read) {
        return read.error();
    }
    const RecordedTasks& recorded = read.value();
    const std::vector<std::uint32_t> order = orderOf(recorded, plan.order);
    const auto placeOf = [&order](std::size_t n) { return order.empty() ? n : order[n]; };
    std::vector<WhatIfBar> bars;
    bars.reserve(recorded.tasks.size());
    replay(
        recorded, plan,
        [&recorded, &placeOf, isArrival = order.empty()](std::size_t n) {
            const RecordedTask& task = recorded.tasks[placeOf(n)];
            return RecordedTask{task.runNs, isArrival ? task.submitNs : 0};
        },
        [&](std::size_t n, int worker, Nanos startNs, Nanos endNs) {
            bars.push_back({worker, recorded.index(placeOf(n)), startNs, endNs});
        });
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
