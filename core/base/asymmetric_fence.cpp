// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/asymmetric_fence.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace poolscope {

namespace {

long membarrier(int command) noexcept
{
    return ::syscall(SYS_membarrier, command, 0, 0);
}

} // namespace

// Zero, and so fullFence(), until it is set: what runs before that is on the safe side.
const bool detail::kHasProcessFence = membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0;

void heavyFence() noexcept
{
    fullFence();
    if (detail::kHasProcessFence) {
        membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
    }
}

} // namespace poolscope
