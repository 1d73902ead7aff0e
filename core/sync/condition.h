// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/sync/lock.h"

#include <deque>
#include <string>

namespace poolscope {

/// Tasks that hold a lock wait here for others to change what it protects. Wakes in the order in which they
/// came, and only who waited by then; nobody wakes without a reason. All members: any thread that holds the
/// lock, else they throw SyncError.
class Condition
{
public:
    explicit Condition(Lock& lock, std::string name = "condition")
        : m_lock(lock)
        , m_name(std::move(name))
    {}
    Condition(const Condition&) = delete;
    Condition& operator=(const Condition&) = delete;

    /// Lets go of the lock until somebody notifies; holds it again when it returns, however it ended (to get
    /// it again has no limit).
    WaitEnd wait(const WaitLimit& limit = {}) PS_EXCLUDES(m_mutex);
    /// Waits until \p holds() gives true, which is asked with the lock held.
    template <class Predicate>
    WaitEnd waitUntil(const Predicate& holds, WaitLimit limit = {})
    {
        const Nanos untilNs = limit.timeoutNs == kNever ? kNever : deadlineAfter(limit.timeoutNs);
        while (!holds()) {
            if (untilNs != kNever) {
                limit.timeoutNs = untilNs - monotonicNow();
            }
            if (const WaitEnd end = wait(limit); end != WaitEnd::Ready) {
                return holds() ? WaitEnd::Ready : end;
            }
        }
        return WaitEnd::Ready;
    }
    void notifyOne() PS_EXCLUDES(m_mutex);
    void notifyAll() PS_EXCLUDES(m_mutex);

private:
    struct Waiter;

    void expectLocked(const char* what) const;
    void notifyFirst() PS_REQUIRES(m_mutex);

    Lock& m_lock;
    const std::string m_name;
    Mutex m_mutex;
    std::deque<Waiter*> m_waiters PS_GUARDED_BY(m_mutex); ///< the oldest first
};

} // namespace poolscope
