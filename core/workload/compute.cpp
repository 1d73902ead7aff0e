// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/burn.h"

namespace poolscope {
namespace {

Result<JobPlan> plan(const ParamSet& params, std::uint64_t /*seed*/)
{
    return planByCount(params, "compute");
}

Result<Value> run(const TaskContext& context)
{
    const auto waitNs = static_cast<Nanos>(context.params.real("wait_ms") * kNanosPerMilli);
    if (waitNs > 0 && context.stop.waitFor(waitNs)) {
        return cancelledError();
    }
    return burnForValue(context, context.params.real("cpu_ms"));
}

std::vector<ParamSpec> params()
{
    return {
        tasksParam("How many tasks to run, all alike.", 200, 1'000'000),
        millisParam("cpu_ms", "Computing", "How long a task computes, about.", 5),
        millisParam("wait_ms", "Waiting", "How long it waits first, as for a server's answer.", 0),
    };
}

} // namespace

Workload makeCompute()
{
    return {
        .id = "compute",
        .title = "Compute and wait",
        .summary = "Tasks that are all alike: each waits, then computes. With more waiting than "
                   "computing more workers than processors help.",
        .params = params(),
        .plan = plan,
        .kernel = run,
    };
}

} // namespace poolscope
