// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/comparison.h"
#include "tests/bench/answers/answers.h"

#include <cstdio>

namespace poolscope::bench {

namespace {

constexpr int kDuels = 40;
constexpr int kRounds = 7;

} // namespace

bool measureRealDuels()
{
    RunSettings settings;
    settings.workload = "mixed";
    settings.params.set("tasks", std::int64_t{60});
    settings.params.set("median_ms", 0.5);
    settings.params.set("longest_ms", 10.0);
    settings.executors = {{"threads", 2}};
    int alarms = 0;
    for (int i = 0; i < kDuels; ++i) {
        settings.executors.front().kind = i % 2 == 0 ? "threads" : "processes";
        settings.seed = static_cast<std::uint64_t>(i) + 1;
        const ExperimentPlan plan{
            {settings, settings}, kRounds, ExperimentPlan::Order::Alternating, 1};
        const Comparison comparison = compareRounds(duelRoundsOf(runAll(plan), 0, 1));
        if (comparison.isDecided()) {
            ++alarms;
            std::printf("false alarm in duel %d (%s): ratio %.3f\n", i,
                        settings.executors.front().kind.c_str(), comparison.ratio.value);
        }
    }
    std::printf("real duels of a side against itself: %d winners in %d duels of %d rounds\n",
                alarms, kDuels, kRounds);
    return alarms * 20 <= kDuels; // 5 %
}

} // namespace poolscope::bench
