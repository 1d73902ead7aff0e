// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/burn.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace poolscope {
namespace {

/// Kinds by planned duration, in medians: each ends below its limit.
struct Band
{
    const char* name;
    double medians;
};
constexpr std::array kBands{Band{"short", 1}, Band{"medium", 3}, Band{"long", 10}};
constexpr const char* kLastBand = "very long";

/// \return the task's planned duration, log-normal around the median and cut at the longest.
double plannedMillis(const ParamSet& params, std::uint64_t seed, std::uint64_t index)
{
    // Box and Muller; 1 - [0, 1) keeps the logarithm finite.
    const double radius = std::sqrt(-2 * std::log(1 - toUnit(randomBits(seed, index, 0))));
    const double angle = 2 * std::numbers::pi * toUnit(randomBits(seed, index, 1));
    const double normal = radius * std::cos(angle);
    const double millis = params.real("median_ms") * std::exp(params.real("spread") * normal);
    return std::min(millis, params.real("longest_ms"));
}

std::uint8_t bandOf(double millis, double median)
{
    const auto* band = std::ranges::find_if(
        kBands, [=](const Band& candidate) { return millis < candidate.medians * median; });
    return static_cast<std::uint8_t>(band - kBands.begin());
}

Result<JobPlan> plan(const ParamSet& params, std::uint64_t seed)
{
    JobPlan plan = planByCount(params, kBands.front().name);
    plan.kinds.clear();
    for (const Band& band : kBands) {
        plan.kinds.emplace_back(band.name);
    }
    plan.kinds.emplace_back(kLastBand);
    const double median = params.real("median_ms");
    plan.kindOfTask.reserve(plan.taskCount);
    for (std::uint64_t task = 0; task < plan.taskCount; ++task) {
        plan.kindOfTask.push_back(bandOf(plannedMillis(params, seed, task), median));
    }
    return plan;
}

Result<Value> run(const TaskContext& context)
{
    return burnForValue(context, plannedMillis(context.params, context.seed, context.index));
}

std::vector<ParamSpec> params()
{
    return {
        tasksParam("How many tasks to run.", 2'000, 1'000'000),
        {.id = "median_ms",
         .label = "Median duration",
         .help = "Half of the tasks take about this long or less.",
         .kind = ParamKind::Real,
         .defaultValue = 2.0,
         .minimum = 0.001,
         .maximum = 10'000,
         .unit = "ms"},
        {.id = "spread",
         .label = "Spread",
         .help = "How far durations scatter: 0 makes all alike, 1 puts a sixth above 2.7 "
                 "medians, 2 a sixth above 7.4.",
         .kind = ParamKind::Real,
         .defaultValue = 1.2,
         .minimum = 0,
         .maximum = 4},
        {.id = "longest_ms",
         .label = "Longest duration",
         .help = "No task is longer than this.",
         .kind = ParamKind::Real,
         .defaultValue = 500.0,
         .minimum = 0.001,
         .maximum = 600'000,
         .unit = "ms"},
    };
}

} // namespace

Workload makeMixed()
{
    return {
        .id = "mixed",
        .title = "Mixed durations",
        .summary =
            "Many short tasks and a few very long ones, drawn from the seed: shows imbalance "
            "and the long tail.",
        .params = params(),
        .plan = plan,
        .kernel = run,
    };
}

} // namespace poolscope
