// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/run_kernel.h"

#include "core/executor/exception_text.h"
#include "core/executor/run_items.h"

namespace poolscope {

namespace {

Error currentException() noexcept
{
    try {
        return Error{currentExceptionText()};
    } catch (...) {
        return Error{"out of memory"}; // short enough to need none
    }
}

} // namespace

Result<Value> callKernel(const Kernel& kernel, const TaskContext& context) noexcept
{
    try {
        return kernel(context);
    } catch (...) {
        return currentException();
    }
}

Result<Value> runKernel(const Job& job, std::uint64_t task, const StopFlag& stop) noexcept
{
    if (job.call) {
        try {
            return job.call(task, stop);
        } catch (...) {
            return currentException();
        }
    }
    if (job.chunks) {
        return runItems({*job.workload, job.params, job.seed, stop}, *job.chunks, task);
    }
    return callKernel(job.workload->kernel,
                      {job.params, job.seed, task, job.plan->item(task), stop});
}

TaskState stateAfter(const Error& error, const StopFlag& stop) noexcept
{
    if (error.isTimeout) {
        return TaskState::TimedOut;
    }
    return stop.isRequested() ? TaskState::Cancelled : TaskState::Failed;
}

} // namespace poolscope
