// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/schedule.h"

#include "core/analysis/duration_order.h"
#include "core/analysis/free_workers.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <limits>
#include <numeric>
#include <thread>

namespace poolscope {

namespace {

/// \p next: the run times in the order in which they are dealt.
template <class Iterator>
Nanos dealt(std::size_t tasks, const SchedulePlan& plan, Iterator next)
{
    FreeWorkers workers(plan.workers, 0);
    Nanos lastNs = 0;
    while (tasks > 0) {
        Nanos endNs = workers.firstTime() + plan.handOverNs;
        for (std::uint64_t left = std::min<std::uint64_t>(plan.chunk, tasks); left > 0; --left) {
            endNs += *next++;
            --tasks;
        }
        workers.occupyFirst(endNs);
        lastNs = std::max(lastNs, endNs);
    }
    return lastNs;
}

} // namespace

Nanos simulatedMakespan(std::span<const Nanos> durations, const SchedulePlan& plan)
{
    assert(plan.workers >= 1 && plan.chunk >= 1);
    if (plan.isLongestFirst) {
        std::vector<Nanos> sorted(durations.begin(), durations.end());
        sortDurations(sorted);
        return dealt(sorted.size(), plan, sorted.rbegin());
    }
    return dealt(durations.size(), plan, durations.begin());
}

std::vector<Nanos> simulatedMakespans(std::span<const Nanos> durations,
                                      std::span<const SchedulePlan> plans)
{
    std::vector<Nanos> makespans(plans.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next.fetch_add(1); i < plans.size(); i = next.fetch_add(1)) {
            makespans[i] = simulatedMakespan(durations, plans[i]);
        }
    };
    std::jthread helper(work);
    work();
    helper.join();
    return makespans;
}

ScheduleBounds scheduleBounds(std::span<const Nanos> durations, int workers)
{
    assert(workers >= 1);
    if (durations.empty()) {
        return {};
    }
    const Nanos sum = std::accumulate(durations.begin(), durations.end(), Nanos{0});
    const Nanos longest = std::ranges::max(durations);
    const Nanos even = (sum + workers - 1) / workers;
    return {std::max(even, longest), even + longest - longest / workers};
}

TimeRange makespanOf(const Snapshot& snapshot, int executor)
{
    TimeRange range{std::numeric_limits<Nanos>::max(), 0};
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.info().executor != executor || lane.info().kind == LaneKind::Queue) {
            continue;
        }
        for (std::uint64_t i = lane.firstRecord; i < lane.recordCount; ++i) {
            range.beginNs = std::min(range.beginNs, lane.lane->record(i).submitNs);
            range.endNs = std::max(range.endNs, lane.lane->record(i).endNs);
        }
        if (lane.letGo) {
            range.beginNs = std::min(range.beginNs, lane.letGo->firstSubmitNs);
            range.endNs = std::max(range.endNs, lane.letGo->lastEndNs);
        }
    }
    return range.isEmpty() ? TimeRange{} : range;
}

TimeRange detailedMakespanOf(const Snapshot& snapshot, int executor)
{
    return rangeWithDetail(snapshot, executor, makespanOf(snapshot, executor));
}

std::vector<Nanos> taskDurations(const Snapshot& snapshot, int executor)
{
    std::vector<Nanos> durations(snapshot.meta->plan->taskCount, -1);
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.info().executor != executor || lane.info().kind == LaneKind::Queue) {
            continue;
        }
        for (std::uint64_t i = lane.firstRecord; i < lane.recordCount; ++i) {
            const TaskRecord& record = lane.lane->record(i);
            if (record.attempt > 0 && !record.wasRetried() && record.task < durations.size()) {
                durations[record.task] = record.runNs();
            }
        }
    }
    std::erase(durations, -1);
    return durations;
}

} // namespace poolscope
