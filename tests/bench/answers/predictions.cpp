// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/schedule.h"
#include "core/analysis/what_if.h"
#include "core/control/rerun.h"
#include "core/run/run.h"
#include "tests/bench/answers/answers.h"

#include <cmath>
#include <cstdio>
#include <random>

namespace poolscope::bench {

namespace {

constexpr int kRuns = 30;
constexpr double kBound = 0.05;

SnapshotPtr runOnce(RunSettings settings)
{
    settings.workerProgram = workerProgram();
    auto run = Run::start(settings, "bench", {});
    if (!run) {
        std::fprintf(stderr, "%s\n", run.error().message.c_str());
        return nullptr;
    }
    run.value()->waitUntilFinished();
    return run.value()->snapshot();
}

} // namespace

bool measurePredictions()
{
    std::mt19937_64 random(77);
    const auto between = [&random](int from, int to) {
        return std::uniform_int_distribution<int>(from, to)(random);
    };
    std::vector<double> errors;
    int doubted = 0;
    for (int i = 0; i < kRuns; ++i) {
        RunSettings settings;
        settings.workload = "sleep"; // needs no processor, so that nothing is contended
        settings.seed = random();
        settings.params.set("tasks", std::int64_t{between(40, 160)});
        settings.params.set("ms", static_cast<double>(between(20, 120)) / 10);
        settings.params.set("jitter", static_cast<double>(between(0, 10)) / 10);
        settings.costLevel = CostLevel::Totals;
        settings.executors = {{i % 2 == 0 ? "threads" : "processes", between(1, 6)}};
        settings.chunk = between(1, 4);
        const SnapshotPtr recorded = runOnce(settings);
        if (!recorded) {
            return false;
        }
        const WhatIfPlan plan{between(1, 8), static_cast<std::uint64_t>(between(1, 6)),
                              WhatIfOrder::AsSubmitted};
        const auto answer = whatIf(*recorded, 0, plan);
        RunSettings other = rerunSettings(*recorded->meta, 0);
        other.executors.front().workers = plan.workers;
        other.chunk = static_cast<int>(plan.chunk);
        const SnapshotPtr real = runOnce(other);
        if (!answer || !real) {
            return false;
        }
        const auto took = static_cast<double>(makespanOf(*real, 0).duration());
        const double error = static_cast<double>(answer.value().makespanNs) / took - 1;
        doubted += answer.value().doubts.empty() ? 0 : 1;
        errors.push_back(std::abs(error));
        std::printf("%-9s %d -> %d workers, chunk %d -> %d: %+.1f %%%s\n",
                    settings.executors.front().kind.c_str(), settings.executors.front().workers,
                    plan.workers, settings.chunk, other.chunk, 100 * error,
                    answer.value().doubts.empty() ? "" : " (doubted)");
        std::fflush(stdout);
    }
    std::printf("what-if: median error %.2f %% over %d runs, %d doubted\n", 100 * median(errors),
                kRuns, doubted);
    return median(errors) <= kBound;
}

} // namespace poolscope::bench
