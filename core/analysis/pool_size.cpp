// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/pool_size.h"

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

Estimate times(const Estimate& estimate, double factor)
{
    return {estimate.value * factor, estimate.low * factor, estimate.high * factor};
}

PoolSizePoint pointOf(const Repeats& repeats, std::size_t place)
{
    const LevelMean& level = repeats.levels()[place];
    const int base = repeats.levels().front().level;
    PoolSizePoint point;
    point.workers = level.level;
    point.runs = level.count;
    point.throughput = repeats.meanOf(place);
    point.speedUp = times(repeats.ratioOf(place, 0), base);
    point.efficiency = times(point.speedUp, 1.0 / level.level);
    return point;
}

bool isEnough(const Estimate& shareOfBest)
{
    // The lower end of the one-sided interval of 80 %, by how Student's quantiles stand to each other: 0.84 to
    // 0.97 against 1.96 to 2.8, with five degrees of freedom or more.
    constexpr double kPartOfInterval = 0.43;
    const double low =
        shareOfBest.value * std::pow(shareOfBest.low / shareOfBest.value, kPartOfInterval);
    return low >= PoolSizeAdvice::kEnough;
}

} // namespace

bool PoolSizeAdvice::isFirm() const
{
    const auto point = std::ranges::find(points, recommended, &PoolSizePoint::workers);
    return canTell && point != points.end() && point->throughput.isFirm();
}

PoolSizeAdvice advisePoolSize(std::span<const Repeat> runs)
{
    PoolSizeAdvice advice;
    const Repeats repeats(runs);
    const std::vector<LevelMean>& levels = repeats.levels();
    if (levels.empty()) {
        return advice;
    }
    for (std::size_t i = 0; i < levels.size(); ++i) {
        advice.points.push_back(pointOf(repeats, i));
    }
    const auto bestLevel = std::ranges::max_element(levels, {}, &LevelMean::log);
    const auto best = static_cast<std::size_t>(bestLevel - levels.begin());
    std::size_t recommended = 0;
    while (recommended < best && !isEnough(repeats.ratioOf(recommended, best))) {
        ++recommended;
    }
    advice.baseWorkers = levels.front().level;
    advice.best = bestLevel->level;
    advice.recommended = levels[recommended].level;
    advice.shareOfBest = repeats.ratioOf(recommended, best);
    advice.most = levels.back().level;
    advice.mostOverRecommended = repeats.ratioOf(levels.size() - 1, recommended);
    advice.canTell =
        levels.size() >= 2 && repeats.freedom() > 0 &&
        std::ranges::all_of(levels, [](const LevelMean& level) { return level.count >= 2; });
    return advice;
}

} // namespace poolscope
