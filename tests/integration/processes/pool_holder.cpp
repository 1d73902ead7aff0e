// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Holds a pool of two workers inside long tasks, prints their process ids and waits to be killed:
//     pool_holder <worker program>

#include "core/executor/process_pool.h"
#include "core/workload/catalogue.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv)
{
    using namespace poolscope;
    if (argc != 2) {
        return EXIT_FAILURE;
    }
    ExecutorOptions options;
    options.workers = 2;
    options.workerProgram = argv[1];
    options.catalogueHash = catalogueHash();
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    const auto pool = createProcessPool(options, {recorder, 0});
    ParamSet params;
    params.set("tasks", std::int64_t{2});
    params.set("ms", 3'600'000.0);
    const auto job = planJob(*findWorkload("sleep"), params, 1);
    if (!pool || !job || !pool.value()->submit({job.value(), 0, 2}, nullptr)) {
        return EXIT_FAILURE;
    }
    // Waits here, not in the test, so that what is printed holds. One look every 10 ms is enough.
    const StopFlag never;
    for (int busy = 0; busy < 2; never.waitFor(10 * kNanosPerMilli)) {
        busy = 0;
        for (const Lane* lane : recorder->lanes()) {
            busy += lane->running().startNs >= 0 ? 1 : 0;
        }
    }
    for (const Lane* lane : recorder->lanes()) {
        std::printf("%d\n", lane->lives()->back().processId);
    }
    std::fflush(stdout);
    for (;;) {
        ::pause();
    }
}
