// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/process_usage.h"

#include <time.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace poolscope {

namespace {

std::optional<Nanos> readClock(clockid_t clock)
{
    timespec time{};
    if (::clock_gettime(clock, &time) != 0) {
        return std::nullopt;
    }
    return Nanos{time.tv_sec} * kNanosPerSecond + time.tv_nsec;
}

/// The kernel's id of the clock of a thread: pthread_getcpuclockid() makes the same, of a pthread_t only.
clockid_t threadClock(int threadId)
{
    constexpr unsigned kOfOneThread = 4;
    constexpr unsigned kOnProcessor = 2;
    return static_cast<clockid_t>((~static_cast<unsigned>(threadId) << 3U) | kOfOneThread |
                                  kOnProcessor);
}

} // namespace

std::optional<Nanos> processCpuNs(int processId)
{
    clockid_t clock = 0;
    // 0 would be the caller.
    const bool isThere = processId > 0 && ::clock_getcpuclockid(processId, &clock) == 0;
    return isThere ? readClock(clock) : std::nullopt;
}

std::optional<Nanos> threadCpuNs(int threadId)
{
    return threadId > 0 ? readClock(threadClock(threadId)) : std::nullopt;
}

std::uint64_t residentBytes(int processId)
{
    std::ifstream file("/proc/" + std::to_string(processId) + "/statm");
    std::uint64_t pages = 0;
    std::uint64_t residentPages = 0;
    return file >> pages >> residentPages
               ? residentPages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))
               : 0;
}

} // namespace poolscope
