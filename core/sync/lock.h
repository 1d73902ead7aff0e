// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/sync/wait_point.h"

#include <string>
#include <thread>

namespace poolscope {

/// A lock whose waits are recorded and may be limited. For what is held shortly, Mutex is cheaper.
/// All members: any thread.
class Lock
{
public:
    explicit Lock(std::string name = "lock")
        : m_point(std::move(name))
    {}
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return m_point.name(); }
    /// Throws SyncError on the thread that holds it: it would wait for itself.
    WaitEnd lock(const WaitLimit& limit = {}) PS_EXCLUDES(m_mutex);
    [[nodiscard]] bool tryLock() { return lock({0, nullptr}) == WaitEnd::Ready; }
    /// Throws SyncError on a thread that does not hold it.
    void unlock() PS_EXCLUDES(m_mutex);
    /// \return whether the calling thread holds it.
    [[nodiscard]] bool isMine() const PS_EXCLUDES(m_mutex);

private:
    [[nodiscard]] bool take() PS_EXCLUDES(m_mutex);

    mutable Mutex m_mutex;
    std::thread::id m_holder PS_GUARDED_BY(m_mutex);
    WaitPoint m_point;
};

/// Holds a Lock for a scope.
class LockHolder
{
public:
    explicit LockHolder(Lock& lock, const WaitLimit& limit = {})
        : m_lock(lock)
        , m_end(lock.lock(limit))
    {}
    ~LockHolder()
    {
        if (m_end == WaitEnd::Ready) {
            m_lock.unlock();
        }
    }
    LockHolder(const LockHolder&) = delete;
    LockHolder& operator=(const LockHolder&) = delete;

    /// \return Ready when it is held.
    [[nodiscard]] WaitEnd end() const noexcept { return m_end; }
    explicit operator bool() const noexcept { return m_end == WaitEnd::Ready; }

private:
    Lock& m_lock;
    const WaitEnd m_end;
};

} // namespace poolscope
