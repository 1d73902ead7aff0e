// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/full_fence.h"

#include <atomic>

namespace poolscope {

namespace detail {
/// Whether the kernel can make all threads of this process pass a fence (membarrier(2)).
extern const bool kHasProcessFence;
} // namespace detail

/// As fullFence() against heavyFence() in another thread, but mostly without cost: of two threads that each
/// write and then look at what the other has written, the one that does so all the time calls this, the
/// one that does so seldom calls heavyFence(), and one of the two sees the other.
inline void lightFence() noexcept
{
    if (detail::kHasProcessFence) {
        std::atomic_signal_fence(std::memory_order_seq_cst);
    } else {
        fullFence();
    }
}

/// The other side of lightFence(). Costs some microseconds: it reaches every processor that runs a thread
/// of this process.
void heavyFence() noexcept;

} // namespace poolscope
