// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace poolscope::bench {

/// \return whether a program of that name is in the PATH.
[[nodiscard]] bool hasProgram(const std::string& name);

/// Runs a command line by the shell. \return the numbers that it printed; ends the program with a message
/// when it failed.
std::vector<double> runOutside(const std::string& commandLine);

} // namespace poolscope::bench
