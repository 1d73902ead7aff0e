// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <cstdint>
#include <string>

namespace poolscope {

/// What may be said about tasks when they are submitted.
struct TaskOptions
{
    std::string name; ///< on screen and in files; empty: the job's own naming
    int priority = 0; ///< higher begins first; first in, first out within one priority
    /// Of one attempt, from its start; 0: none. Threads are asked to stop, processes are killed after it.
    Nanos timeoutNs = 0;
    /// CLOCK_MONOTONIC; a task that has not begun by then ends as timed out without running; 0: none.
    Nanos deadlineNs = 0;
    int maxAttempts = 0; ///< 0: the executor's
    /// Begins a task again that failed, not only one whose worker died. Not for C++ calls: they give
    /// their arguments away.
    bool retryFailed = false;
    std::uint64_t group = 0; ///< for Executor::cancelGroup(); 0: none
};

} // namespace poolscope
