// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/workload.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace poolscope {

/// What a worker program must know that this folder may not: its catalogue and its version.
struct WorkerEnvironment
{
    const Workload* (*findWorkload)(std::string_view id) = nullptr;
    std::uint64_t catalogueHash = 0;
    std::string version;
    int parentProcessId = 0; ///< the process that spawned this one, the pool's reaper
};

/// The life of a worker process: runs the tasks that come through its socket (kWorkerSocketFd) until it
/// is told to stop. Dies at once when the pool's process does, also in the middle of a kernel.
/// \return the exit status; 2 without the descriptors of a pool, after one line on standard error.
int runWorker(const WorkerEnvironment& environment);

} // namespace poolscope
