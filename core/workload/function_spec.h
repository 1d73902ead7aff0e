// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/task/poolscope_task.h"
#include "core/task/workload.h"

#include <vector>

namespace poolscope {

/// Makes workloads of what a library describes, and checks it: ids, kinds, bounds, defaults. A function
/// without a planner and without a parameter "tasks" gets one. Error: names the function, the parameter,
/// what is wrong and what is allowed.
[[nodiscard]] Result<std::vector<Workload>> readFunctions(const poolscope_library& library);

} // namespace poolscope
