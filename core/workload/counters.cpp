// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/burn.h"

#include <array>
#include <atomic>

namespace poolscope {
namespace {

constexpr std::size_t kMostCounters = 64;
constexpr std::size_t kLargestDistance = 256;

/// Where all tasks of the process count: what lies on one line of the cache is the point.
std::atomic<std::int64_t>& counterAt(std::size_t byte)
{
    alignas(kLargestDistance) static std::array<std::atomic<std::int64_t>,
                                                kMostCounters * kLargestDistance / 8>
        theCounters{};
    return theCounters[byte / 8];
}

Result<JobPlan> plan(const ParamSet& params, std::uint64_t /*seed*/)
{
    return planByCount(params, "count");
}

Result<Value> run(const TaskContext& context)
{
    constexpr std::int64_t kCountsPerLook = 100'000;
    const auto distance = static_cast<std::size_t>(std::stoi(context.params.text("distance")));
    std::atomic<std::int64_t>& counter = counterAt(context.index % kMostCounters * distance);
    const std::int64_t counts = context.params.integer("thousands") * 1'000;
    for (std::int64_t done = 0; done < counts;) {
        const std::int64_t end = std::min(counts, done + kCountsPerLook);
        for (; done < end; ++done) {
            counter.fetch_add(1, std::memory_order_relaxed);
        }
        if (context.stop.isRequested()) {
            return cancelledError();
        }
        context.progress(static_cast<double>(done) / static_cast<double>(counts));
    }
    return Value{counts};
}

std::vector<ParamSpec> params()
{
    return {
        tasksParam("How many tasks to run; each has a counter of its own, up to 64.", 64, 100'000),
        {.id = "thousands",
         .label = "Increments",
         .help = "How many thousand times a task counts up.",
         .kind = ParamKind::Integer,
         .defaultValue = std::int64_t{2'000},
         .minimum = 1,
         .maximum = 10'000'000,
         .unit = "thousand"},
        {.id = "distance",
         .label = "Distance",
         .help = "How far apart the counters lie in memory. A line of the cache has 64 bytes, and "
                 "only one processor at a time may write to it.",
         .kind = ParamKind::Choice,
         .defaultValue = std::string("8"),
         .choices = {{"8", "8 bytes"}, {"64", "64 bytes"}, {"128", "128 bytes"}}},
    };
}

} // namespace

Workload makeCounters()
{
    return {
        .id = "counters",
        .title = "False sharing",
        .summary = "Tasks count up neighbouring counters: as long as they lie on one line of the "
                   "cache, threads slow each other down though they share nothing.",
        .params = params(),
        .plan = plan,
        .kernel = run,
    };
}

} // namespace poolscope
