// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/executor.h"

#include <memory>

namespace poolscope {

/// Runs tasks in submit() itself, on the calling thread, one task at a time: when submit() returns they
/// have ended. Threads that submit at the same time take turns. While paused, submit() waits. A task may
/// submit to the executor it runs on; what it submits runs at once and is recorded on a lane below.
/// There are no workers: resize() does nothing.
[[nodiscard]] Result<std::unique_ptr<Executor>> createInlineExecutor(const ExecutorOptions& options,
                                                                     const TraceTarget& trace);

/// The same with its lanes numbered from \p firstLane.
[[nodiscard]] std::unique_ptr<Executor> makeInlineExecutor(const ExecutorOptions& options,
                                                           const TraceTarget& trace, int firstLane);

} // namespace poolscope
