// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/task/stop_flag.h"
#include "core/task/value.h"
#include "core/task/workload.h"

#include <cstdint>

namespace poolscope {

/// Runs one task's kernel on the calling thread. What the kernel throws becomes the error.
[[nodiscard]] Result<Value> runKernel(const Job& job, std::uint64_t task,
                                      const StopFlag& stop) noexcept;

} // namespace poolscope
