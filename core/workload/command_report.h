// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workload/command_runner.h"

#include <string>
#include <string_view>

namespace poolscope {

/// \return whether it ended by itself with exit status 0.
[[nodiscard]] bool hasSucceeded(const CommandOutcome& outcome);

/// \return the task's result: a line with exit status, processor time and peak memory, then the
/// beginning of the standard output.
[[nodiscard]] std::string resultText(const CommandOutcome& outcome);

/// \return the task's error: command line, what became of it, and the last lines of its standard
/// error, or of its standard output when that is empty.
[[nodiscard]] std::string failureText(const std::string& commandLine, const CommandLimits& limits,
                                      const CommandOutcome& outcome);

/// \return \p commandLine, cut in the middle when it is long.
[[nodiscard]] std::string shortened(std::string_view commandLine);

} // namespace poolscope
