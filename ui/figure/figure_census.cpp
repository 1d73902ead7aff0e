// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/figure_census.h"

#include "ui/figure/figure_threads.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace poolscope {

namespace {

void addLane(FigureCensus& census, const Snapshot& snapshot, const LaneView& lane, TimeRange range,
             MergeRule rule, ColorMode mode)
{
    auto& busy = census.busyNs[static_cast<std::size_t>(lane.info().executor)];
    const bool isQueue = lane.info().kind == LaneKind::Queue;
    const auto seen = [range](Nanos from, Nanos to) {
        return static_cast<double>(
            std::max<Nanos>(0, std::min(to, range.endNs) - std::max(from, range.beginNs)));
    };
    const auto see = [&](const TaskRecord& record) {
        const double ns = seen(record.startNs, record.endNs);
        const auto state = static_cast<std::size_t>(record.state());
        busy[snapshot.kindOf(record.task)] += ns;
        census.classNs[static_cast<std::size_t>(colorClass(mode, snapshot, lane.info(), record))] +=
            ns;
        census.stateNs[state] += ns;
        census.allNs += ns;
        ++census.ended[state];
        census.hasWait = census.hasWait || (!isQueue && record.waitNs() >= kNanosPerMicro);
    };
    forEachPlottedBar(
        lane, range, isQueue ? MergeRule{} : rule,
        [&](const PlottedBar& bar) {
            if (bar.isMerged()) {
                census.merged += bar.count;
            }
        },
        see);
    if (lane.running.startNs >= 0 && lane.running.startNs < range.endNs) {
        const double ns = seen(lane.running.startNs, snapshot.nowNs);
        busy[snapshot.kindOf(lane.running.task)] += ns;
        census.classNs[static_cast<std::size_t>(
            runningColorClass(mode, snapshot, lane, snapshot.nowNs - lane.running.startNs))] += ns;
        census.allNs += ns;
        census.isRunning = true;
    }
}

void add(FigureCensus& sum, const FigureCensus& part)
{
    for (std::size_t i = 0; i < sum.busyNs.size(); ++i) {
        for (std::size_t kind = 0; kind < kMaxTaskKinds; ++kind) {
            sum.busyNs[i][kind] += part.busyNs[i][kind];
        }
    }
    for (std::size_t i = 0; i < sum.classNs.size(); ++i) {
        sum.classNs[i] += part.classNs[i];
    }
    for (std::size_t state = 0; state < kTaskStateCount; ++state) {
        sum.stateNs[state] += part.stateNs[state];
        sum.ended[state] += part.ended[state];
    }
    sum.allNs += part.allNs;
    sum.merged += part.merged;
    sum.hasWait = sum.hasWait || part.hasWait;
    sum.isRunning = sum.isRunning || part.isRunning;
}

std::uint64_t deathsIn(const Snapshot& snapshot, TimeRange range)
{
    if (!snapshot.controlEvents) {
        return 0;
    }
    return static_cast<std::uint64_t>(
        std::ranges::count_if(*snapshot.controlEvents, [&](const ControlEvent& event) {
            return event.kind == ControlKind::WorkerDied && range.contains(event.timeNs) &&
                   std::ranges::any_of(snapshot.lanes, [&event](const LaneView& lane) {
                       return lane.laneIndex == event.lane;
                   });
        }));
}

} // namespace

FigureCensus takeCensus(const Snapshot& snapshot, TimeRange range, MergeRule rule, ColorMode mode,
                        const std::vector<std::string>& collapsed)
{
    FigureCensus census;
    census.busyNs.resize(snapshot.meta->executors.size());
    // A part a lane, added up in order: the sums do not depend on which thread was faster.
    std::vector<FigureCensus> parts(snapshot.lanes.size(), census);
    std::atomic<std::size_t> next{0};
    const auto ruleOf = [&](const LaneView& lane) {
        const auto executor = static_cast<std::size_t>(lane.info().executor);
        const bool isCollapsed =
            std::ranges::find(collapsed, snapshot.meta->executors[executor].kind) !=
            collapsed.end();
        return isCollapsed ? MergeRule{} : rule;
    };
    const auto work = [&] {
        for (std::size_t i = next++; i < parts.size(); i = next++) {
            const LaneView& lane = snapshot.lanes[i];
            addLane(parts[i], snapshot, lane, range, ruleOf(lane), mode);
        }
    };
    constexpr std::uint64_t kWorthThreads = 200'000;
    if (snapshot.recordCount() > kWorthThreads) {
        std::vector<std::jthread> helpers;
        const auto processors = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
        for (unsigned i = 1; i < processors; ++i) {
            helpers.push_back(inBackground(work));
        }
        work();
    } else {
        work();
    }
    for (const FigureCensus& part : parts) {
        add(census, part);
    }
    census.deaths = deathsIn(snapshot, range);
    return census;
}

} // namespace poolscope
