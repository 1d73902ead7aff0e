// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/executor.h"

#include <memory>

namespace poolscope {

/// A pool of worker processes (poolscope-worker) behind the Executor contract. What a worker finished
/// survives its death; the task it had begun is begun again, up to ExecutorOptions::maxAttempts times.
/// pause() and cancel() return once no unbegun task is left with a worker. kill() gives running tasks
/// 200 ms to stop by themselves; so does the destructor.
///
/// Error: the worker program is missing or cannot be started; the message names its path. A worker that
/// turns out not to fit (other version, other catalogue) breaks the pool: every task that has not ended
/// fails with the reason, submit() returns it. Any thread.
Result<std::unique_ptr<Executor>> createProcessPool(const ExecutorOptions& options,
                                                    const TraceTarget& target);

} // namespace poolscope
