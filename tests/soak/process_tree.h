// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace poolscope::soak {

/// What this program holds of the system.
struct Holdings
{
    std::uint64_t threads = 0;
    std::uint64_t descriptors = 0;
    std::uint64_t children = 0; ///< zombies counted in
    std::uint64_t sharedMappings = 0; ///< of anonymous shared memory
    std::uint64_t allocatedBytes = 0; ///< in use, by the allocator's account
    std::uint64_t residentBytes = 0; ///< once the allocator has given back what is free
};

[[nodiscard]] Holdings holdings();

/// \return the children of all threads of \p process, zombies counted in; none when it is gone.
[[nodiscard]] std::vector<pid_t> childrenOf(pid_t process);

/// Kills \p process with SIGKILL if it still is a child of \p parent: by a descriptor, so that a number
/// that was given away again is not hit. \return whether it was.
bool killChild(pid_t process, pid_t parent);

} // namespace poolscope::soak
