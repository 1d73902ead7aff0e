// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/burn.h"

#include <vector>

namespace poolscope {
namespace {

Result<JobPlan> plan(const ParamSet& params, std::uint64_t /*seed*/)
{
    return planByCount(params, "triad");
}

/// a = b + s c over three arrays (the triad of McCalpin's STREAM), as often as moves the asked amount.
Result<Value> run(const TaskContext& context)
{
    constexpr double kFactor = 0.5;
    const auto count =
        static_cast<std::size_t>(context.params.integer("array_kib")) * 1024 / sizeof(double);
    std::vector<double> sums(count);
    const std::vector<double> first(count, 1.0);
    const std::vector<double> second(count, 2.0);
    const double bytesPerPass = 3.0 * static_cast<double>(count * sizeof(double));
    const auto passes = std::max<std::int64_t>(
        1, std::llround(static_cast<double>(context.params.integer("traffic_mib")) * 1024 * 1024 /
                        bytesPerPass));
    for (std::int64_t pass = 0; pass < passes; ++pass) {
        const auto shift = static_cast<double>(pass % 2); // else one pass would do for all
        for (std::size_t i = 0; i < count; ++i) {
            sums[i] = first[i] + kFactor * second[i] + shift;
        }
        if (context.stop.isRequested()) {
            return cancelledError();
        }
        context.progress(static_cast<double>(pass + 1) / static_cast<double>(passes));
    }
    return Value{sums.front() + sums.back()};
}

std::vector<ParamSpec> params()
{
    return {
        tasksParam("How many tasks to run.", 40, 100'000),
        {.id = "array_kib",
         .label = "Array",
         .help = "How large each of three arrays is: what fits into the cache needs no memory bus.",
         .kind = ParamKind::Integer,
         .defaultValue = std::int64_t{65'536},
         .minimum = 1,
         .maximum = 1'048'576,
         .unit = "KiB"},
        {.id = "traffic_mib",
         .label = "Traffic",
         .help = "How much a task reads and writes in all.",
         .kind = ParamKind::Integer,
         .defaultValue = std::int64_t{400},
         .minimum = 1,
         .maximum = 1'000'000,
         .unit = "MiB"},
    };
}

} // namespace

Workload makeTriad()
{
    return {
        .id = "triad",
        .title = "Memory bandwidth",
        .summary = "Adds up long arrays: the processors wait for the memory that they share.",
        .params = params(),
        .plan = plan,
        .kernel = run,
    };
}

} // namespace poolscope
