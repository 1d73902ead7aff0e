// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run_initializer.h"

#include "core/executor/run_kernel.h"
#include "core/workload/catalogue.h"

namespace poolscope {

Result<std::shared_ptr<const Job>> planInitializer(const RunSettings& settings)
{
    if (settings.initializer.empty()) {
        return std::shared_ptr<const Job>();
    }
    auto job = planJob(*findWorkload(settings.initializer), {}, settings.seed);
    if (!job || job.value()->plan->taskCount == 0) {
        return Error{"The initializer '" + settings.initializer + "' cannot be run: " +
                     (job ? "it has no task by default" : job.error().message)};
    }
    return job;
}

void setInitializer(ExecutorOptions& options, const std::shared_ptr<const Job>& initializer)
{
    if (!initializer) {
        return;
    }
    options.processInitializer = initializer;
    options.initializer = [initializer](int) -> Result<void> {
        const StopFlag never;
        const Result<Value> ended = runKernel(*initializer, 0, never);
        return ended ? Result<void>() : ended.error();
    };
}

} // namespace poolscope
