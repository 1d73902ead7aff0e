// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/lock.h"
#include "core/workload/burn.h"

namespace poolscope {
namespace {

/// One a process: threads share it, worker processes do not.
Lock& sharedLock()
{
    static Lock theLock("shared lock");
    return theLock;
}

Result<JobPlan> plan(const ParamSet& params, std::uint64_t /*seed*/)
{
    return planByCount(params, "locked");
}

Result<Value> run(const TaskContext& context)
{
    const double millis = context.params.real("ms");
    const double share = context.params.real("share");
    std::uint64_t bits = randomBits(context.seed, context.index, 2);
    if (share > 0) {
        const LockHolder holder(sharedLock(), {kNever, &context.stop});
        if (!holder) {
            return cancelledError();
        }
        const auto done = burn(context, millis * share, bits);
        if (!done) {
            return done.error();
        }
        bits = done.value();
    }
    const auto done = burn(context, millis * (1 - share), bits);
    if (!done) {
        return done.error();
    }
    return Value{static_cast<std::int64_t>(done.value())};
}

std::vector<ParamSpec> params()
{
    return {
        tasksParam("How many tasks to run.", 400, 1'000'000),
        millisParam("ms", "Computing", "How long a task computes, about.", 2),
        {.id = "share",
         .label = "Locked share",
         .help = "Which share of it happens under one lock that all threads of the program share.",
         .kind = ParamKind::Real,
         .defaultValue = 0.5,
         .minimum = 0,
         .maximum = 1},
    };
}

} // namespace

Workload makeLocked()
{
    return {
        .id = "locked",
        .title = "Lock contention",
        .summary = "Each task computes partly under one lock: threads queue for it, worker "
                   "processes have one each.",
        .params = params(),
        .plan = plan,
        .kernel = run,
    };
}

} // namespace poolscope
