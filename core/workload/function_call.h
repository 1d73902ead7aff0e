// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/poolscope_task.h"
#include "core/task/workload.h"

namespace poolscope {

/// \return a kernel that calls \p function. What the function gives back is copied; one that saw that it
/// shall stop, and gave nothing, was cancelled. Precondition: it stays loaded as long as the kernel lives.
[[nodiscard]] Kernel functionKernel(const poolscope_function& function);

/// \return a planner that asks \p function for the number of tasks, or takes the parameter "tasks" when
/// it has no planner of its own. What it throws is the planner's error.
[[nodiscard]] Planner functionPlanner(const poolscope_function& function);

} // namespace poolscope
