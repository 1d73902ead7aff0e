// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/run_kernel.h"

#include <exception>

namespace poolscope {

Result<Value> runKernel(const Job& job, std::uint64_t task, const StopFlag& stop) noexcept
{
    try {
        return job.workload->kernel({job.params, job.seed, task, job.plan->item(task), stop});
    } catch (const std::exception& exception) {
        return Error{exception.what()};
    } catch (...) {
        return Error{"unknown exception"};
    }
}

} // namespace poolscope
