// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/thread_annotations.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace poolscope {

/// std::mutex that clang's thread-safety analysis understands. Every member that a Mutex protects
/// says so with PS_GUARDED_BY.
class PS_CAPABILITY("mutex") Mutex
{
public:
    void lock() PS_ACQUIRE() { m_mutex.lock(); }
    void unlock() PS_RELEASE() { m_mutex.unlock(); }
    /// Precondition: the caller does not hold it. \return whether it does now.
    [[nodiscard]] bool tryLock() PS_TRY_ACQUIRE(true) { return m_mutex.try_lock(); }

private:
    std::mutex m_mutex;
};

/// Holds a Mutex for a scope; can be let go and taken again inside it (for a condition variable, or
/// to call out without the lock).
class PS_SCOPED_CAPABILITY MutexLock
{
public:
    explicit MutexLock(Mutex& mutex) PS_ACQUIRE(mutex)
        : m_mutex(mutex)
    {
        m_mutex.lock();
    }
    ~MutexLock() PS_RELEASE()
    {
        if (m_isHeld) {
            m_mutex.unlock();
        }
    }
    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;

    void lock() PS_ACQUIRE()
    {
        m_mutex.lock();
        m_isHeld = true;
    }
    void unlock() PS_RELEASE()
    {
        m_isHeld = false;
        m_mutex.unlock();
    }

private:
    Mutex& m_mutex;
    bool m_isHeld = true;
};

/// Condition variable for Mutex. Waits are written as a loop around the condition at the call site,
/// so that the analysis sees which lock guards what is read.
class ConditionVariable
{
public:
    void wait(MutexLock& lock) PS_NO_ANALYSIS { m_condition.wait(lock); }
    /// \return false when \p timeout passed first.
    template <class Rep, class Period>
    bool waitFor(MutexLock& lock, std::chrono::duration<Rep, Period> timeout) PS_NO_ANALYSIS
    {
        return m_condition.wait_for(lock, timeout) == std::cv_status::no_timeout;
    }
    void notifyOne() noexcept { m_condition.notify_one(); }
    void notifyAll() noexcept { m_condition.notify_all(); }

private:
    std::condition_variable_any m_condition;
};

} // namespace poolscope
