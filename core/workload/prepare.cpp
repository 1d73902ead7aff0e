// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/burn.h"

namespace poolscope {
namespace {

Result<JobPlan> plan(const ParamSet& params, std::uint64_t /*seed*/)
{
    return planByCount(params, "prepare");
}

Result<Value> run(const TaskContext& context)
{
    return burnForValue(context, context.params.real("ms"));
}

std::vector<ParamSpec> params()
{
    return {
        tasksParam("How many times to prepare.", 1, 10'000),
        millisParam("ms", "Preparation", "How long it computes, about.", 100),
    };
}

} // namespace

Workload makePrepare()
{
    return {
        .id = "prepare",
        .title = "Preparation",
        .summary = "A tenth of a second of computing, as loading a table or a model: as "
                   "initializer of each worker it is the part that no further worker shortens.",
        .params = params(),
        .plan = plan,
        .kernel = run,
    };
}

} // namespace poolscope
