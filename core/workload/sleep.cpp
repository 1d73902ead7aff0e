// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/common.h"

#include <cmath>

namespace poolscope {
namespace {

std::int64_t plannedMicros(const TaskContext& context)
{
    const double jitter = context.params.real("jitter");
    const double factor = 1 + jitter * (2 * toUnit(randomBits(context.seed, context.index)) - 1);
    return std::llround(context.params.real("ms") * factor * 1'000);
}

Result<JobPlan> plan(const ParamSet& params, std::uint64_t /*seed*/)
{
    return planByCount(params, "sleep");
}

Result<Value> run(const TaskContext& context)
{
    const std::int64_t micros = plannedMicros(context);
    if (context.stop.waitFor(micros * kNanosPerMicro)) {
        return cancelledError();
    }
    return Value{micros};
}

std::vector<ParamSpec> params()
{
    return {
        tasksParam("How many times to sleep.", 500, 1'000'000),
        {.id = "ms",
         .label = "Time asleep",
         .help = "How long a task sleeps on average.",
         .kind = ParamKind::Real,
         .defaultValue = 10.0,
         .minimum = 0,
         .maximum = 3'600'000,
         .unit = "ms"},
        {.id = "jitter",
         .label = "Jitter",
         .help = "By which share a task may sleep shorter or longer, drawn from the seed.",
         .kind = ParamKind::Real,
         .defaultValue = 0.5,
         .minimum = 0,
         .maximum = 1},
    };
}

} // namespace

Workload makeSleep()
{
    return {
        .id = "sleep",
        .title = "Sleep",
        .summary = "Each task sleeps, as one that waits for a disk or a server: more workers than "
                   "processors help.",
        .params = params(),
        .plan = plan,
        .kernel = run,
    };
}

} // namespace poolscope
