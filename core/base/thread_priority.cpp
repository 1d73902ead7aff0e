// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/thread_priority.h"

#include "core/base/thread_name.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace poolscope {

namespace {

/// As in linux/sched/types.h, which cannot be included beside sched.h of this C library.
struct SchedulingAttributes
{
    std::uint32_t size = sizeof(SchedulingAttributes);
    std::uint32_t policy = 0;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtimeNs = 0; ///< of usual policies: the length of a turn
    std::uint64_t deadlineNs = 0;
    std::uint64_t periodNs = 0;
};

constexpr std::uint64_t kResetOnFork = 0x01; // SCHED_FLAG_RESET_ON_FORK

} // namespace

void stepBack()
{
    constexpr int kNicest = 19;
    // Of this thread only: on Linux each has a nice value of its own (setpriority(2)). Being nicer is never refused.
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(currentThreadId()), kNicest);
}

void takeShortTurns()
{
    constexpr std::uint64_t kTurnNs = 100'000; // the shortest there is
    SchedulingAttributes attributes;
    const long known = ::syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0);
    // The flag would take a better nice value from threads that are started later.
    if (known != 0 || attributes.policy != 0 || attributes.nice < 0) {
        return;
    }
    attributes.size = sizeof attributes;
    attributes.flags |= kResetOnFork;
    attributes.runtimeNs = kTurnNs;
    ::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

} // namespace poolscope
