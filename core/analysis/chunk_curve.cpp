// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/chunk_curve.h"

#include "core/analysis/ledger.h"
#include "core/analysis/repeats.h"
#include "core/analysis/schedule.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace poolscope {

namespace {

/// Sums the parts of the runs with a point's chunk, and scales them to its makespan.
void addParts(std::span<const ChunkRun> runs, ChunkPoint& point)
{
    for (const ChunkRun& run : runs) {
        if (run.chunk == point.chunk) {
            point.workNs += run.workNs;
            point.handOverNs += run.handOverNs;
            point.imbalanceNs += run.imbalanceNs;
            point.otherNs += run.otherNs;
        }
    }
    const double sum = point.workNs + point.handOverNs + point.imbalanceNs + point.otherNs;
    const double factor = sum > 0 ? point.makespanNs.value / sum : 0;
    point.workNs *= factor;
    point.handOverNs *= factor;
    point.imbalanceNs *= factor;
    point.otherNs *= factor;
}

/// Marks the stretch of sizes around the best that are as good, and chooses its middle.
void findFlat(ChunkCurve& curve, std::size_t best)
{
    // By the interval alone: with noise the best of many looks better than it is.
    const auto isFlat = [&curve](std::size_t place) {
        return curve.points[place].overBest.low <= 1;
    };
    std::size_t from = best;
    std::size_t to = best;
    while (from > 0 && isFlat(from - 1)) {
        --from;
    }
    while (to + 1 < curve.points.size() && isFlat(to + 1)) {
        ++to;
    }
    curve.flatFrom = curve.points[from].chunk;
    curve.flatTo = curve.points[to].chunk;
    const double middle = std::sqrt(static_cast<double>(curve.flatFrom) * curve.flatTo);
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t i = from; i <= to; ++i) {
        curve.points[i].isInFlat = true;
        const double distance = std::abs(std::log(curve.points[i].chunk / middle));
        if (distance < nearest) {
            nearest = distance;
            curve.recommended = curve.points[i].chunk;
        }
    }
}

} // namespace

ChunkRun chunkRunOf(const Snapshot& snapshot, int round)
{
    ChunkRun run;
    run.chunk = snapshot.meta->chunk;
    run.round = round;
    const TimeRange makespan = detailedMakespanOf(snapshot, 0);
    if (makespan.isEmpty()) {
        return run;
    }
    const Ledger ledger = ledgerOf(snapshot, 0, makespan);
    const double lanes = std::max(1, ledger.lanes);
    const auto part = [&ledger, lanes](LaneTime use) {
        return static_cast<double>(ledger.of(use)) / lanes;
    };
    run.makespanNs = static_cast<double>(makespan.duration());
    run.workNs = part(LaneTime::Useful) + part(LaneTime::Blocked) + part(LaneTime::Preempted) +
                 part(LaneTime::Wasted);
    run.handOverNs = part(LaneTime::HandOver);
    run.imbalanceNs = part(LaneTime::Tail);
    run.otherNs = std::max(0.0, run.makespanNs - run.workNs - run.handOverNs - run.imbalanceNs);
    return run;
}

bool ChunkCurve::isFirm() const
{
    const ChunkPoint* point = find(recommended);
    return canTell && point != nullptr && point->makespanNs.isFirm();
}

const ChunkPoint* ChunkCurve::find(int chunk) const
{
    const auto found = std::ranges::find(points, chunk, &ChunkPoint::chunk);
    return found == points.end() ? nullptr : &*found;
}

bool ChunkCurve::isSlower(int chunk) const
{
    const ChunkPoint* point = find(chunk);
    return canTell && point != nullptr && point->overBest.low > 1;
}

ChunkCurve chunkCurveOf(std::span<const ChunkRun> runs)
{
    ChunkCurve curve;
    std::vector<Repeat> makespans;
    for (const ChunkRun& run : runs) {
        assert(run.makespanNs > 0);
        makespans.push_back({run.chunk, run.round, run.makespanNs});
    }
    const Repeats repeats(makespans);
    const std::vector<LevelMean>& levels = repeats.levels();
    if (levels.empty()) {
        return curve;
    }
    const auto bestLevel = std::ranges::min_element(levels, {}, &LevelMean::log);
    const auto best = static_cast<std::size_t>(bestLevel - levels.begin());
    const int pairs = std::max(1, static_cast<int>(levels.size()) - 1);
    for (std::size_t i = 0; i < levels.size(); ++i) {
        ChunkPoint point;
        point.chunk = levels[i].level;
        point.runs = levels[i].count;
        point.makespanNs = repeats.meanOf(i);
        point.overBest = repeats.ratioOf(i, best, pairs);
        addParts(runs, point);
        curve.points.push_back(point);
    }
    curve.best = bestLevel->level;
    findFlat(curve, best);
    curve.canTell =
        levels.size() >= 2 && repeats.freedom() > 0 &&
        std::ranges::all_of(levels, [](const LevelMean& level) { return level.count >= 2; });
    return curve;
}

std::uint64_t poolMapDefaultChunk(std::uint64_t tasks, int workers)
{
    assert(workers >= 1);
    constexpr std::uint64_t kChunksPerWorker = 4;
    const std::uint64_t chunks = kChunksPerWorker * static_cast<std::uint64_t>(workers);
    return tasks / chunks + (tasks % chunks > 0 ? 1 : 0);
}

std::vector<int> chunkGrid(std::uint64_t tasks, int workers)
{
    constexpr std::uint64_t kLargest = 1U << 30U;
    const auto lanes = static_cast<std::uint64_t>(std::max(1, workers));
    const std::uint64_t largest =
        std::clamp<std::uint64_t>(tasks / lanes + (tasks % lanes > 0 ? 1 : 0), 1, kLargest);
    std::vector<int> grid;
    for (std::uint64_t chunk = 1; chunk < largest; chunk *= 2) {
        grid.push_back(static_cast<int>(chunk));
    }
    grid.push_back(static_cast<int>(largest));
    return grid;
}

} // namespace poolscope
