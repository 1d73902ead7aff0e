// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/lock.h"

namespace poolscope {

WaitEnd Lock::lock(const WaitLimit& limit)
{
    if (isMine()) {
        throw SyncError("The lock \"" + name() +
                        "\" is held by this thread already, which would wait for itself. Lock it "
                        "once, or pass on that it is held.");
    }
    return m_point.waitUntil(limit, [this] { return take(); });
}

bool Lock::take()
{
    const MutexLock lock(m_mutex);
    if (m_holder != std::thread::id()) {
        return false;
    }
    m_holder = std::this_thread::get_id();
    return true;
}

void Lock::unlock()
{
    {
        const MutexLock lock(m_mutex);
        if (m_holder != std::this_thread::get_id()) {
            throw SyncError("The lock \"" + name() +
                            "\" cannot be unlocked by a thread that does not hold it.");
        }
        m_holder = {};
    }
    m_point.wake(1);
}

bool Lock::isMine() const
{
    const MutexLock lock(m_mutex);
    return m_holder == std::this_thread::get_id();
}

} // namespace poolscope
