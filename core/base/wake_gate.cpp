// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/wake_gate.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <ctime>

namespace poolscope {

WakeGate::Ticket WakeGate::prepareWait() noexcept
{
    const Ticket ticket = m_epoch.load();
    m_sleepers.fetch_add(1);
    // Whoever was to be woken may have been this thread, just before it said so. Taken back before the
    // caller looks again: a notify that is left out from here on would be lost.
    m_isWaking.store(0);
    // Before the caller's look at what it waits for; pairs with notifyOne().
    fullFence();
    return ticket;
}

void WakeGate::wait(Ticket ticket) noexcept
{
    ::syscall(SYS_futex, &m_epoch, FUTEX_WAIT_PRIVATE, ticket, nullptr, nullptr, 0);
    comeBack();
}

bool WakeGate::waitFor(Ticket ticket, Nanos timeout) noexcept
{
    timespec rest{};
    rest.tv_sec = timeout / kNanosPerSecond;
    rest.tv_nsec = timeout % kNanosPerSecond;
    const long failure =
        ::syscall(SYS_futex, &m_epoch, FUTEX_WAIT_PRIVATE, ticket, &rest, nullptr, 0);
    const bool isTimeout = failure != 0 && errno == ETIMEDOUT;
    comeBack();
    return !isTimeout;
}

void WakeGate::notifyAll() noexcept
{
    m_epoch.fetch_add(1);
    ::syscall(SYS_futex, &m_epoch, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

void WakeGate::wakeOne() noexcept
{
    if (m_isWaking.exchange(1) == 0) {
        m_epoch.fetch_add(1);
        ::syscall(SYS_futex, &m_epoch, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
    }
}

void WakeGate::comeBack() noexcept
{
    m_sleepers.fetch_sub(1);
    m_isWaking.store(0); // before the caller looks again, as in prepareWait()
    fullFence();
}

} // namespace poolscope
