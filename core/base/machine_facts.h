// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace poolscope {

/// What a reader of a run must know of the machine it ran on.
struct MachineFacts
{
    std::string operatingSystem; ///< e.g. "Debian GNU/Linux 12 (bookworm)"
    std::string kernel; ///< e.g. "Linux 6.1.0-18-amd64 x86_64"
    std::string cpuModel;
    int logicalCpus = 1; ///< online processors
    int usableCpus = 1; ///< by affinity mask and cgroup CPU quota, at least 1
    std::string usableCpusReason; ///< e.g. "2 of 8: affinity mask", for display
    std::uint64_t memoryBytes = 0;
    std::string clock; ///< the clock that stamped the tasks

    friend bool operator==(const MachineFacts&, const MachineFacts&) = default;
};

/// Reads /proc, /etc/os-release, the affinity mask and the cgroup quota. Fields that cannot be read
/// stay at their defaults. Any thread; about a millisecond.
[[nodiscard]] MachineFacts readMachineFacts();

/// \return bytes of memory that this process may use: the machine's, or what its control groups allow; 0: unknown.
/// Any thread.
[[nodiscard]] std::uint64_t usableMemoryBytes();

/// \return how many processors this process may really use: affinity mask and cgroup quota
/// (rounded up), at least 1. Any thread.
[[nodiscard]] int usableCpuCount();

} // namespace poolscope
