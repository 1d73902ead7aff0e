// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/common.h"

namespace poolscope {
namespace {

Result<JobPlan> plan(const ParamSet& params, std::uint64_t /*seed*/)
{
    return planByCount(params, "square");
}

Result<Value> run(const TaskContext& context)
{
    // The largest index is 100 million less one; its square fits with room to spare.
    return Value{static_cast<std::int64_t>(context.index * context.index)};
}

} // namespace

Workload makeSquare()
{
    return {
        .id = "square",
        .title = "Square numbers",
        .summary =
            "Task n gives n², the smallest task there is: what is left is the executor's own "
            "cost.",
        .params = {tasksParam("How many numbers to square.", 100'000, 100'000'000)},
        .plan = plan,
        .kernel = run,
    };
}

} // namespace poolscope
