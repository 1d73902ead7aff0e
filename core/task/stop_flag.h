// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <atomic>
#include <cstdint>

namespace poolscope {

/// Asks a task to stop. One word that works between threads and, placed in shared memory, between
/// processes; waiting on it is an interruptible sleep. All members: any thread, any process.
class StopFlag
{
public:
    [[nodiscard]] bool isRequested() const noexcept
    {
        return m_word.load(std::memory_order_relaxed) != 0;
    }
    /// Sets the flag and wakes everybody who waits on it.
    void request() noexcept;
    /// Takes the request back, for the next task or run.
    void clear() noexcept { m_word.store(0, std::memory_order_relaxed); }
    /// Sleeps until the flag is set or \p timeout has passed. \return isRequested().
    bool waitFor(Nanos timeout) const noexcept;
    /// Sleeps while the flag is not set and \p word (of this process) is \p expected, until somebody wakes
    /// it or until \p untilNs (CLOCK_MONOTONIC). May return early for no reason.
    void waitWith(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                  Nanos untilNs) const noexcept;

private:
    std::atomic<std::uint32_t> m_word{0};
};

static_assert(sizeof(StopFlag) == 4, "lives in memory shared with worker processes");

} // namespace poolscope
