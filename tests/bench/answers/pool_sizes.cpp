// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/pool_size.h"
#include "core/control/scenario.h"
#include "tests/bench/answers/answers.h"

#include <algorithm>
#include <cstdio>
#include <random>
#include <string>

namespace poolscope::bench {

namespace {

constexpr int kMost = 8;
constexpr int kRounds = 7; // runs of a tenth of a second vary by as much as a tenth
constexpr int kDuelRounds = 15;
constexpr double kBound = 0.95;

/// The throughput of each number of workers from 1 to kMost, all measured.
std::vector<PoolSizePoint> exhaustiveSweep(const RunSettings& settings)
{
    std::vector<int> all;
    for (int workers = 1; workers <= kMost; ++workers) {
        all.push_back(workers);
    }
    ExperimentPlan plan{armsByWorkers(settings, all), kRounds, ExperimentPlan::Order::Shuffled, 7};
    plan.takesPartRuns = true;
    return advisePoolSize(throughputsOf(plan, runAll(plan))).points;
}

/// \return the throughput with \p workers over that with \p others, run in turn: the best of eight noisy means
/// looks better than it is, so it has to prove itself once more.
double throughputRatio(const RunSettings& settings, int workers, int others)
{
    ExperimentPlan plan{armsByWorkers(settings, {workers, others}), kDuelRounds};
    plan.takesPartRuns = true;
    const std::vector<Repeat> runs = throughputsOf(plan, runAll(plan));
    const auto medianOf = [&runs](int level) {
        std::vector<double> values;
        for (const Repeat& run : runs) {
            if (run.level == level) {
                values.push_back(run.value);
            }
        }
        return median(std::move(values));
    };
    const double base = medianOf(others);
    return base > 0 ? medianOf(workers) / base : 0;
}

/// \return throughput of the recommended size over the best one; 0: it could not be measured.
double shareOfBest(const char* name, const RunSettings& settings)
{
    ExperimentPlan plan{armsByWorkers(settings, {1, 2, 3, 4, 6, kMost}), kRounds,
                        ExperimentPlan::Order::Shuffled, 3};
    plan.takesPartRuns = true;
    const PoolSizeAdvice advice = advisePoolSize(throughputsOf(plan, runAll(plan)));
    const std::vector<PoolSizePoint> points = exhaustiveSweep(settings);
    if (!advice.canTell || points.size() != kMost) {
        std::printf("%-24s could not be measured\n", name);
        return 0;
    }
    const auto best = std::ranges::max_element(
        points, {}, [](const PoolSizePoint& point) { return point.throughput.value; });
    const double share = best->workers == advice.recommended
                             ? 1
                             : throughputRatio(settings, advice.recommended, best->workers);
    std::printf("%-24s recommended %d, best %d, share of best %.3f\n", name, advice.recommended,
                best->workers, share);
    std::fflush(stdout);
    return share;
}

std::vector<std::pair<std::string, RunSettings>> randomWorkloads()
{
    std::mt19937_64 random(2024);
    const auto real = [&random](double from, double to) {
        return std::uniform_real_distribution<double>(from, to)(random);
    };
    std::vector<std::pair<std::string, RunSettings>> all;
    for (int i = 0; i < 10; ++i) {
        RunSettings settings;
        settings.seed = random();
        settings.executors = {{i % 3 == 2 ? "processes" : "threads", 1}};
        if (i % 2 == 0) {
            settings.workload = "mixed";
            settings.params.set("tasks", std::int64_t{200});
            settings.params.set("median_ms", real(0.3, 2));
            settings.params.set("spread", real(0, 1.5));
            settings.params.set("longest_ms", 40.0);
        } else {
            settings.workload = "compute";
            settings.params.set("tasks", std::int64_t{150});
            settings.params.set("cpu_ms", real(0.1, 1.5));
            settings.params.set("wait_ms", real(0, 6));
        }
        all.emplace_back("random " + std::to_string(i) + " " + settings.workload, settings);
    }
    return all;
}

} // namespace

bool measurePoolSizes(const std::string& only)
{
    std::vector<double> shares;
    const auto add = [&shares, &only](const std::string& name, const RunSettings& settings) {
        if (name.find(only) != std::string::npos) {
            shares.push_back(shareOfBest(name.c_str(), settings));
        }
    };
    for (const Scenario& scenario : teachingScenarios(2)) {
        RunSettings settings = scenario.steps.front().settings;
        settings.cancelAtNs = 0; // all of the job counts
        if (const ParamValue* tasks = settings.params.find("tasks")) {
            settings.params.set("tasks",
                                std::max<std::int64_t>(20, std::get<std::int64_t>(*tasks) / 3));
        }
        add(scenario.id.toStdString(), settings);
    }
    for (const auto& [name, settings] : randomWorkloads()) {
        add(name, settings);
    }
    if (shares.empty()) {
        std::printf("pool sizes: nothing is called %s\n", only.c_str());
        return false;
    }
    const auto good = std::ranges::count_if(shares, [](double share) { return share >= kBound; });
    std::printf("pool sizes: %ld of %zu reach %.2f of the best; the least %.3f\n",
                static_cast<long>(good), shares.size(), kBound, std::ranges::min(shares));
    return good == static_cast<std::ptrdiff_t>(shares.size());
}

} // namespace poolscope::bench
