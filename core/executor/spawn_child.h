// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace poolscope {

/// What a child process starts with: nothing is inherited but what stands here, and the environment.
struct SpawnSetup
{
    std::string program; ///< path
    std::vector<std::string> arguments; ///< the program's name first
    std::vector<int> fds; ///< become 3, 4, …
    int outputFd = -1; ///< becomes standard output and error; -1: both go to our standard error
};

/// Starts a child: leader of a process group of its own, with default signals, and /dev/null as
/// standard input. Returns once the program has been loaded. Safe in programs with many threads.
/// \return 0, or the errno that says why there is no child.
[[nodiscard]] int spawnChild(const SpawnSetup& setup, pid_t& processId);

} // namespace poolscope
