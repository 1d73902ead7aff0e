// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/full_fence.h"
#include "core/base/time.h"

#include <atomic>
#include <cstdint>

namespace poolscope {

/// Where threads sleep until there is something to do, without a lock around what they wait for (an
/// event count). Who has made something visible calls notifyOne(); who found nothing sleeps so:
///
///     const WakeGate::Ticket ticket = gate.prepareWait();
///     if (isThereSomething()) {
///         gate.cancelWait();
///     } else {
///         gate.wait(ticket);
///     }
///
/// and looks again, after either call. At most one thread is on its way from sleep to work at a time:
/// one that comes back and leaves something behind calls notifyOne() for the next. So a burst of tasks
/// costs one system call, not one a task, and no wake-up is lost. All members: any thread.
class WakeGate
{
public:
    using Ticket = std::uint32_t;

    /// Says that the caller is about to sleep. A notify after this ends the wait at once.
    [[nodiscard]] Ticket prepareWait() noexcept;
    void cancelWait() noexcept { comeBack(); }
    /// Sleeps until notified. May also come back for no reason.
    void wait(Ticket ticket) noexcept;
    /// \return false when \p timeout passed first.
    bool waitFor(Ticket ticket, Nanos timeout) noexcept;

    /// Wakes one sleeper unless there is none or one is on its way already. Costs a fence (some ns)
    /// when there is nothing to wake.
    void notifyOne() noexcept
    {
        // After what was made visible and before the look at the sleepers; pairs with prepareWait().
        fullFence();
        if (m_sleepers.load(std::memory_order_relaxed) != 0 &&
            m_isWaking.load(std::memory_order_relaxed) == 0) {
            wakeOne();
        }
    }
    void notifyAll() noexcept;

    /// \return threads between prepareWait() and coming back.
    [[nodiscard]] std::uint32_t sleepers() const noexcept
    {
        return m_sleepers.load(std::memory_order_relaxed);
    }

private:
    void wakeOne() noexcept;
    void comeBack() noexcept;

    alignas(64) std::atomic<std::uint32_t> m_epoch{0}; ///< the futex; counts notifications
    alignas(64) std::atomic<std::uint32_t> m_sleepers{0};
    std::atomic<std::uint32_t> m_isWaking{0};
};

} // namespace poolscope
