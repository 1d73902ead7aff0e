// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Holds a pool of two workers, each of which has started a daemon and then hangs; prints the process
// ids of reaper, workers and daemons, and waits to be killed:
//     pool_holder <fault_worker> <poolscope-reaper>

#include "core/executor/process_pool.h"
#include "core/task/stop_flag.h"
#include "tests/conformance/end_log.h"
#include "tests/integration/processes/fault_worker.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace {

using namespace poolscope;

/// Waits here, not in the test, so that what is printed holds. One look every 10 ms is enough.
void waitUntilBothHang(const Recorder& recorder)
{
    const StopFlag never;
    std::uint64_t daemons = 0;
    for (int busy = 0; busy < 2 || daemons < 2; never.waitFor(10 * kNanosPerMilli)) {
        busy = 0;
        daemons = 0;
        for (const Lane* lane : recorder.lanes()) {
            busy += lane->running().startNs >= 0 ? 1 : 0;
            daemons += lane->recordCount(); // one worker may have started both
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        return EXIT_FAILURE;
    }
    ExecutorOptions options;
    options.workers = 2;
    options.chunk = 2;
    options.prefetchedChunks = 0;
    options.workerProgram = argv[1];
    options.reaperProgram = argv[2];
    options.catalogueHash = test::kFaultCatalogue;
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    const auto pool = createProcessPool(options, {recorder, 0});
    const Workload workload{test::kFaultWorkload, "Fault", "", {}, nullptr, nullptr};
    JobPlan plan;
    plan.taskCount = 4;
    plan.items = {"daemon", "hang", "daemon", "hang"};
    plan.kinds = {"fault"};
    const auto job = std::make_shared<const Job>(
        Job{&workload, {}, 1, std::make_shared<const JobPlan>(std::move(plan))});
    test::EndLog log(4);
    if (!pool || !pool.value()->submit({job, 0, 4}, &log)) {
        return EXIT_FAILURE;
    }
    waitUntilBothHang(*recorder);
    for (const Lane* lane : recorder->lanes()) {
        std::printf("%d\n", lane->lives()->back().processId);
    }
    for (const test::SeenEnd& end : log.ends()) {
        if (end.state == TaskState::Done) {
            std::printf("%d\n", static_cast<int>(std::get<std::int64_t>(end.value)));
        }
    }
    std::fflush(stdout);
    for (;;) {
        ::pause();
    }
}
