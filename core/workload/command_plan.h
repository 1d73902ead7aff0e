// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/workload.h"
#include "core/workload/command_template.h"

#include <cstdint>
#include <string>

namespace poolscope {

// What the workload "command" makes of its parameters before anything runs.

/// The value of "shell" without one, and of "repeat" for commands that must not run again.
inline constexpr const char* kNoShell = "none";
inline constexpr const char* kRunsOnce = "once";

/// Plans a task for each item. Makes the folder for the output, which must be new or empty. Error: no
/// command, no items, or a folder that is not there; a parameter has a form that is not its own.
[[nodiscard]] Result<JobPlan> planCommand(const ParamSet& params, std::uint64_t seed);

/// \return the command with its places. Error: as CommandTemplate.
[[nodiscard]] Result<CommandTemplate> commandTemplate(const ParamSet& params);

/// \return the path of a task's output without its suffix, in the folder "keep_output".
[[nodiscard]] std::string outputFile(const ParamSet& params, std::uint64_t task);

} // namespace poolscope
