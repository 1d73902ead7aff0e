// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/burn.h"

namespace poolscope {
namespace {

bool isLong(const ParamSet& params, std::uint64_t index)
{
    const auto tasks = static_cast<std::uint64_t>(params.integer("tasks"));
    const auto longOnes = std::min(tasks, static_cast<std::uint64_t>(params.integer("long_tasks")));
    const std::string& order = params.text("order");
    if (order == "first") {
        return index < longOnes;
    }
    if (order == "last") {
        return index >= tasks - longOnes;
    }
    // Spread: where the count of long ones so far goes up.
    return (index + 1) * longOnes / tasks > index * longOnes / tasks;
}

Result<JobPlan> plan(const ParamSet& params, std::uint64_t /*seed*/)
{
    JobPlan plan = planByCount(params, "short");
    plan.kinds.emplace_back("long");
    for (std::uint64_t task = 0; task < plan.taskCount; ++task) {
        plan.kindOfTask.push_back(isLong(params, task) ? 1 : 0);
    }
    return plan;
}

Result<Value> run(const TaskContext& context)
{
    const char* length = isLong(context.params, context.index) ? "long_ms" : "ms";
    return burnForValue(context, context.params.real(length));
}

std::vector<ParamSpec> params()
{
    return {
        tasksParam("How many tasks there are, short and long.", 40, 100'000),
        millisParam("ms", "Short task", "How long a short task computes, about.", 5),
        {.id = "long_tasks",
         .label = "Long tasks",
         .help = "How many of them are long.",
         .kind = ParamKind::Integer,
         .defaultValue = std::int64_t{4},
         .minimum = 0,
         .maximum = 100'000},
        millisParam("long_ms", "Long task", "How long a long task computes, about.", 60),
        {.id = "order",
         .label = "Long tasks come",
         .help = "Where the long tasks stand in the queue.",
         .kind = ParamKind::Choice,
         .defaultValue = std::string("last"),
         .choices = {{"last", "last"}, {"first", "first"}, {"spread", "evenly spread"}}},
    };
}

} // namespace

Workload makeStragglers()
{
    return {
        .id = "stragglers",
        .title = "Stragglers",
        .summary = "Short tasks and a few long ones in a chosen order: what the order costs at "
                   "the end of the run.",
        .params = params(),
        .plan = plan,
        .kernel = run,
    };
}

} // namespace poolscope
