// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"

namespace poolscope {

class Executor;

/// The way from a future to its executor, which may be gone. All members: any thread.
class ExecutorLink
{
public:
    explicit ExecutorLink(Executor& executor)
        : m_executor(&executor)
    {}

    /// Calls \p function with the executor, which lives on until the call returns.
    /// \return false when the executor is gone.
    template <class Function>
    bool use(const Function& function) PS_EXCLUDES(m_mutex)
    {
        Executor* executor = nullptr;
        {
            const MutexLock lock(m_mutex);
            executor = m_executor;
            m_users += executor != nullptr ? 1 : 0;
        }
        if (executor == nullptr) {
            return false;
        }
        function(*executor);
        const MutexLock lock(m_mutex);
        if (--m_users == 0) {
            m_unused.notifyAll();
        }
        return true;
    }
    /// The executor goes: waits for the calls under way and lets no more in.
    void close() PS_EXCLUDES(m_mutex)
    {
        MutexLock lock(m_mutex);
        m_executor = nullptr;
        while (m_users > 0) {
            m_unused.wait(lock);
        }
    }

private:
    Mutex m_mutex;
    ConditionVariable m_unused;
    Executor* m_executor PS_GUARDED_BY(m_mutex);
    int m_users PS_GUARDED_BY(m_mutex) = 0;
};

} // namespace poolscope
