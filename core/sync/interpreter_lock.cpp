// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/interpreter_lock.h"

#include <atomic>

namespace poolscope {

namespace {

thread_local InterpreterLock::Holder* currentHolder = nullptr;

} // namespace

/// Lives on the stack of who waits.
struct InterpreterLock::Waiter
{
    WaitPoint point{"interpreter lock"};
    std::atomic<bool> isNext{false};
};

void InterpreterLock::acquire()
{
    Waiter self;
    {
        const MutexLock lock(m_mutex);
        if (!m_isHeld) {
            m_isHeld = true;
            return;
        }
        m_waiters.push_back(&self);
    }
    self.point.waitUntil({}, [&self] { return self.isNext.load(std::memory_order_acquire); });
    const MutexLock lock(m_mutex); // who handed it over is done with self
}

/// Hands it to the one who has waited longest.
void InterpreterLock::release() noexcept
{
    const MutexLock lock(m_mutex);
    if (m_waiters.empty()) {
        m_isHeld = false;
        return;
    }
    Waiter& next = *m_waiters.front();
    m_waiters.pop_front();
    next.isNext.store(true, std::memory_order_release); // pairs with acquire()
    next.point.wake(1);
}

bool InterpreterLock::isWanted() noexcept
{
    const MutexLock lock(m_mutex);
    return !m_waiters.empty();
}

void InterpreterLock::Holder::begin(InterpreterLock& lock) noexcept
{
    m_outer = currentHolder;
    const bool isHeldHere = m_outer != nullptr && m_outer->m_lock == &lock && m_outer->m_waits == 0;
    if (isHeldHere) {
        return; // a task that runs within one that waits for it
    }
    m_lock = &lock;
    setWaitHooks(nullptr); // to wait for the lock is no wait without it
    m_lock->acquire();
    m_sinceNs = monotonicNow();
    currentHolder = this;
    setWaitHooks(this);
}

void InterpreterLock::Holder::end() noexcept
{
    m_lock->release();
    currentHolder = m_outer;
    setWaitHooks(m_outer);
}

void InterpreterLock::Holder::beginWait() noexcept
{
    if (m_waits++ == 0) {
        m_lock->release();
    }
}

void InterpreterLock::Holder::endWait() noexcept
{
    if (--m_waits == 0) {
        setWaitHooks(nullptr); // as in the constructor
        m_lock->acquire();
        setWaitHooks(this);
        m_sinceNs = monotonicNow();
    }
}

void InterpreterLock::Holder::offerSwitch() noexcept
{
    if (m_waits == 0 && monotonicNow() - m_sinceNs >= kSwitchAfterNs && m_lock->isWanted()) {
        const DeclaredWait toTheOthers;
    }
}

} // namespace poolscope
