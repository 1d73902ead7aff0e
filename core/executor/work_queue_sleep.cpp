// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Who sleeps at a queue, who wakes them, and what others may know of that without the lock.
#include "core/executor/work_queue.h"

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

/// Lets the lock go while it sleeps on \p wake, as a condition variable does: unseen by the analysis.
void sleepUnlocked(MutexLock& lock, const std::atomic<std::uint32_t>& wake,
                   Nanos untilNs) PS_NO_ANALYSIS
{
    lock.unlock();
    futexWait(wake, 0, untilNs);
    lock.lock();
}

} // namespace

/// \return false when \p untilNs came before anybody woke it.
bool WorkQueue::sleep(int worker, MutexLock& lock, Nanos untilNs)
{
    Worker& self = m_workers[slot(worker)];
    self.isIdle = true;
    self.wake.store(0, std::memory_order_relaxed);
    m_idle.push_back(worker);
    ++m_asleep;
    setSigns();
    bool isInTime = true;
    // A call that was published before anybody could see that this worker sleeps has woken nobody.
    if (!m_isPaused && m_calls.hasWork()) {
        markAwake(worker);
    }
    while (self.isIdle) {
        if (untilNs != kNever && monotonicNow() >= untilNs) {
            markAwake(worker);
            isInTime = false;
            break;
        }
        sleepUnlocked(lock, self.wake, untilNs);
    }
    if (std::exchange(self.isCalled, false)) {
        m_isWaking = false; // before it looks at the calls; pairs with wakeForCall()
    }
    return isInTime;
}

void WorkQueue::setAlive(int worker, bool isAlive)
{
    if (std::exchange(m_workers[slot(worker)].isAlive, isAlive) != isAlive) {
        m_alive += isAlive ? 1 : -1;
    }
}

/// To be called whenever something changes that a sign tells of.
void WorkQueue::setSigns()
{
    const auto signIf = [](bool isSo, std::uint32_t sign) { return isSo ? sign : 0; };
    const bool isUrgent = !m_line.isEmpty() && m_line.front().priority() > 0;
    const std::uint32_t signs =
        signIf(!m_line.isEmpty() || m_pushing > 0, kLineSign) | signIf(isUrgent, kUrgentSign) |
        signIf(!m_refusal.empty(), kClosedSign) | signIf(m_settings.lockCalls, kLockSign) |
        signIf(m_isOver, kOverSign) | signIf(!m_idle.empty() && !m_isPaused, kSleepSign) |
        signIf(m_hasBlockedSubmitter, kBlockedSign) | signIf(m_drainers > 0, kDrainSign);
    const std::uint32_t set = signs & ~m_signs.load(std::memory_order_relaxed);
    m_signs.store(signs, std::memory_order_relaxed);
    // Before a look at the calls.
    if ((set & (kSleepSign | kOverSign)) != 0 && !m_settings.lockCalls) {
        heavyFence(); // pairs with callPublished()
    } else if (set != 0) {
        fullFence(); // pairs with callTaken() and CallQueue::flush()
    }
}

/// \return tasks that have not begun, and those that may come without asking.
std::uint64_t WorkQueue::waiting() const
{
    return m_line.taskCount() + m_calls.reserved();
}

bool WorkQueue::hasWork() const
{
    return !m_isPaused && (!m_line.isEmpty() || m_calls.hasWork());
}

bool WorkQueue::hasEnded() const
{
    return m_unended == 0 && m_calls.allEnded();
}

void WorkQueue::tellOfRoom()
{
    if (m_hasBlockedSubmitter && waiting() <= m_capacity / 2) {
        wakeSubmitters();
    }
}

void WorkQueue::wake(int worker)
{
    futexWake(markAwake(worker), 1);
}

/// \return where the worker sleeps: to be woken by the caller unless it is the worker.
std::atomic<std::uint32_t>& WorkQueue::markAwake(int worker)
{
    Worker& sleeper = m_workers[slot(worker)];
    m_idle.erase(std::find(m_idle.begin(), m_idle.end(), worker));
    --m_asleep;
    sleeper.isIdle = false;
    sleeper.wake.store(1, std::memory_order_relaxed);
    setSigns();
    return sleeper.wake;
}

void WorkQueue::wakeFor(std::uint64_t tasks)
{
    // Whoever is busy takes by itself: no more are woken than find a chunk each.
    for (std::uint64_t taken = 0; taken < tasks && !m_idle.empty() && !m_isPaused;
         taken += m_chunk) {
        wake(m_idle.back());
    }
}

void WorkQueue::wakeSubmitters()
{
    m_hasBlockedSubmitter = false;
    setSigns();
    m_hasRoom.notifyAll();
}

} // namespace poolscope
