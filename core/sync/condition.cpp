// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/condition.h"

#include <atomic>

namespace poolscope {

/// Lives on the stack of who waits, and in the list until it was notified or has given up.
struct Condition::Waiter
{
    WaitPoint point;
    std::atomic<bool> isNotified{false};
};

WaitEnd Condition::wait(const WaitLimit& limit)
{
    expectLocked("waited for");
    Waiter self{WaitPoint(m_name)};
    {
        const MutexLock lock(m_mutex);
        m_waiters.push_back(&self);
    }
    m_lock.unlock();
    WaitEnd end = self.point.waitUntil(
        limit, [&self] { return self.isNotified.load(std::memory_order_acquire); });
    {
        // Also so that who notifies is done with it before it goes.
        const MutexLock lock(m_mutex);
        std::erase(m_waiters, &self);
        end = self.isNotified.load(std::memory_order_relaxed) ? WaitEnd::Ready : end;
    }
    m_lock.lock();
    return end;
}

void Condition::notifyOne()
{
    expectLocked("notified");
    const MutexLock lock(m_mutex);
    if (!m_waiters.empty()) {
        notifyFirst();
    }
}

void Condition::notifyAll()
{
    expectLocked("notified");
    const MutexLock lock(m_mutex);
    while (!m_waiters.empty()) {
        notifyFirst();
    }
}

void Condition::notifyFirst()
{
    Waiter& first = *m_waiters.front();
    m_waiters.pop_front();
    first.isNotified.store(true, std::memory_order_release); // pairs with wait()
    first.point.wake(1);
}

void Condition::expectLocked(const char* what) const
{
    if (!m_lock.isMine()) {
        throw SyncError("The condition \"" + m_name + "\" cannot be " + what +
                        " by a thread that does not hold its lock \"" + m_lock.name() + "\".");
    }
}

} // namespace poolscope
