// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/worker_process.h"
#include "core/workload/burn.h"

#include <csignal>
#include <cstdlib>

namespace poolscope {
namespace {

Result<JobPlan> plan(const ParamSet& params, std::uint64_t /*seed*/)
{
    JobPlan plan = planByCount(params, "compute");
    plan.kinds.emplace_back("crash");
    const auto victim = static_cast<std::uint64_t>(params.integer("victim"));
    for (std::uint64_t task = 0; task < plan.taskCount; ++task) {
        plan.kindOfTask.push_back(task == victim ? 1 : 0);
    }
    return plan;
}

void die(const std::string& how)
{
    if (how == "exit") {
        std::_Exit(3);
    }
    std::raise(how == "segv" ? SIGSEGV : how == "abort" ? SIGABRT : SIGKILL);
}

Result<Value> run(const TaskContext& context)
{
    const double millis = context.params.real("ms");
    if (context.index != static_cast<std::uint64_t>(context.params.integer("victim"))) {
        return burnForValue(context, millis);
    }
    if (!isWorkerProcess()) {
        return Error{"This task would end the program with all its threads. Run it on processes, "
                     "where it ends its own worker only."};
    }
    if (const auto half = burn(context, millis / 2, 1); !half) {
        return half.error();
    }
    die(context.params.text("how"));
    return Error{"the signal did not end this process"};
}

std::vector<ParamSpec> params()
{
    return {
        tasksParam("How many tasks to run.", 40, 1'000'000),
        millisParam("ms", "Computing", "How long a task computes, about.", 5),
        {.id = "victim",
         .label = "Victim",
         .help = "Which task ends its worker process half-way, counted from 0.",
         .kind = ParamKind::Integer,
         .defaultValue = std::int64_t{13},
         .minimum = 0,
         .maximum = 1'000'000},
        {.id = "how",
         .label = "How it dies",
         .help = "What ends the worker process.",
         .kind = ParamKind::Choice,
         .defaultValue = std::string("kill"),
         .choices = {{"kill", "killed (SIGKILL)"},
                     {"segv", "bad address (SIGSEGV)"},
                     {"abort", "abort (SIGABRT)"},
                     {"exit", "exit"}}},
    };
}

} // namespace

Workload makeCrash()
{
    return {
        .id = "crash",
        .title = "Worker crash",
        .summary = "One task ends its worker process: a process pool loses that task and goes on.",
        .params = params(),
        .plan = plan,
        .kernel = run,
    };
}

} // namespace poolscope
