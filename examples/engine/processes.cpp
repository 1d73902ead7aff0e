// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Python's multiprocessing: a pool of processes maps a function over many items. What travels to another
// process is a task of a workload: a built-in one, or a function of a library (see examples/functions).

#include "core/executor/process_pool.h"
#include "core/workload/catalogue.h"

#include <cstdio>
#include <vector>

using namespace poolscope;

namespace {

int fail(const Error& error)
{
    std::fprintf(stderr, "%s\n", error.message.c_str());
    return 1;
}

} // namespace

// processes [LIBRARY WORKLOAD]
int main(int argc, char** argv)
{
    Catalogue known;
    if (argc == 3) {
        if (const Result<void> added = known.addLibrary(argv[1]); !added) {
            return fail(added.error());
        }
    }
    const Workload* workload = known.find(argc == 3 ? argv[2] : "count_primes");
    ParamSet params;
    params.set("tasks", std::int64_t{100});
    const auto job = workload ? planJob(*workload, params, 1) : Error{"no such workload"};
    ExecutorOptions options;
    options.workers = 4;
    options.workerProgram = WORKER_PROGRAM;
    options.catalogueHash = known.hash();
    options.functionLibraries = known.libraries();
    const auto pool = createProcessPool(options, {});
    if (!job || !pool) {
        return fail(!job ? job.error() : pool.error());
    }

    std::vector<Future<Value>> futures;
    for (std::uint64_t task = 0; task < job.value()->plan->taskCount; ++task) {
        futures.push_back(pool.value()->submitTask(job.value(), task));
    }
    for (std::size_t task = 0; task < futures.size(); ++task) { // in order, as map() gives them
        const TaskOutcome outcome = futures[task].get();
        std::printf("%zu: %s\n", task,
                    outcome.isDone() ? toText(futures[task].value()).c_str()
                                     : outcome.error.c_str());
    }
}
