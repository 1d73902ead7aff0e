// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/schedule.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <limits>
#include <numeric>

namespace poolscope {

namespace {

/// When each worker is free again; the next one to be free on top.
class FreeTimes
{
public:
    explicit FreeTimes(int workers)
        : m_heap(static_cast<std::size_t>(workers), 0)
    {}

    /// Occupies the first free worker for \p busyNs.
    void occupyFirst(Nanos busyNs)
    {
        std::ranges::pop_heap(m_heap, std::greater<>{});
        m_heap.back() += busyNs;
        m_last = std::max(m_last, m_heap.back());
        std::ranges::push_heap(m_heap, std::greater<>{});
    }
    [[nodiscard]] Nanos last() const { return m_last; }

private:
    std::vector<Nanos> m_heap;
    Nanos m_last = 0;
};

} // namespace

Nanos simulatedMakespan(std::span<const Nanos> durations, const SchedulePlan& plan)
{
    assert(plan.workers >= 1 && plan.chunk >= 1);
    std::vector<Nanos> sorted;
    if (plan.isLongestFirst) {
        sorted.assign(durations.begin(), durations.end());
        std::ranges::sort(sorted, std::greater<>{});
        durations = sorted;
    }
    FreeTimes workers(plan.workers);
    while (!durations.empty()) {
        const auto taken = durations.first(std::min<std::size_t>(plan.chunk, durations.size()));
        workers.occupyFirst(std::accumulate(taken.begin(), taken.end(), plan.handOverNs));
        durations = durations.subspan(taken.size());
    }
    return workers.last();
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
        for (std::uint64_t i = 0; i < lane.recordCount; ++i) {
            range.beginNs = std::min(range.beginNs, lane.lane->record(i).submitNs);
            range.endNs = std::max(range.endNs, lane.lane->record(i).endNs);
        }
    }
    return range.isEmpty() ? TimeRange{} : range;
}

std::vector<Nanos> taskDurations(const Snapshot& snapshot, int executor)
{
    std::vector<Nanos> durations(snapshot.meta->plan->taskCount, -1);
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.info().executor != executor || lane.info().kind == LaneKind::Queue) {
            continue;
        }
        for (std::uint64_t i = 0; i < lane.recordCount; ++i) {
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
