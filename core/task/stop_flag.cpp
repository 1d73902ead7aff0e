// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/stop_flag.h"

#include "core/base/declared_wait.h"
#include "core/base/futex.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>

namespace poolscope {

// Not FUTEX_PRIVATE_FLAG in either call: the word may lie in memory shared between processes.

void StopFlag::request() noexcept
{
    // Relaxed, as every access to the word: it carries no data, only the wish to stop.
    m_word.store(1, std::memory_order_relaxed);
    ::syscall(SYS_futex, &m_word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

bool StopFlag::waitFor(Nanos timeout) const noexcept
{
    const DeclaredWait wait;
    const Nanos deadline = deadlineAfter(timeout);
    while (!isRequested() && monotonicNow() < deadline) {
        timespec until{};
        until.tv_sec = deadline / kNanosPerSecond;
        until.tv_nsec = deadline % kNanosPerSecond;
        // The bitset form takes an absolute CLOCK_MONOTONIC time, so signals and spurious wake-ups
        // just go round. The kernel compares the word with 0 itself: no wake-up can be missed.
        ::syscall(SYS_futex, &m_word, FUTEX_WAIT_BITSET, 0U, &until, nullptr,
                  FUTEX_BITSET_MATCH_ANY);
    }
    return isRequested();
}

void StopFlag::waitWith(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                        Nanos untilNs) const noexcept
{
    futexWaitEither(word, expected, m_word, 0, untilNs);
}

} // namespace poolscope
