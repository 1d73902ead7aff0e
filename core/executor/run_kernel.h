// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/task/stop_flag.h"
#include "core/task/task_state.h"
#include "core/task/value.h"
#include "core/task/workload.h"

#include <cstdint>

namespace poolscope {

/// Calls \p kernel. What it throws becomes the error: its type, its text and what it was caused by.
[[nodiscard]] Result<Value> callKernel(const Kernel& kernel, const TaskContext& context) noexcept;

/// Runs one task's kernel on the calling thread, as callKernel().
[[nodiscard]] Result<Value> runKernel(const Job& job, std::uint64_t task,
                                      const StopFlag& stop) noexcept;

/// \return how a task ends whose kernel gave \p error: a kernel's own time limit counts as one, and what
/// fails after it was asked to stop was cancelled.
[[nodiscard]] TaskState stateAfter(const Error& error, const StopFlag& stop) noexcept;

} // namespace poolscope
