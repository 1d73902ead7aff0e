// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/semaphore.h"

#include <algorithm>
#include <utility>

namespace poolscope {

Semaphore::Semaphore(std::int64_t count, std::int64_t most, std::string name)
    : m_most(most)
    , m_available(count)
    , m_point(std::move(name))
{
    if (count < 0) {
        throw SyncError("The semaphore \"" + m_point.name() + "\" cannot begin with " +
                        std::to_string(count) + ": let it begin with 0 or more.");
    }
}

WaitEnd Semaphore::acquire(const WaitLimit& limit)
{
    return m_point.waitUntil(limit, [this] { return takeOne(); });
}

bool Semaphore::takeOne()
{
    const MutexLock lock(m_mutex);
    if (m_available == 0) {
        return false;
    }
    --m_available;
    return true;
}

void Semaphore::release(std::int64_t count)
{
    {
        const MutexLock lock(m_mutex);
        if (count < 1 || count > m_most - m_available) {
            throw SyncError("The semaphore \"" + m_point.name() + "\" cannot be released by " +
                            std::to_string(count) + ": " + std::to_string(m_available) +
                            " of it are free, and there are " + std::to_string(m_most) +
                            ". Release once for each time that it was acquired.");
        }
        m_available += count;
    }
    m_point.wake(static_cast<int>(std::min<std::int64_t>(count, std::numeric_limits<int>::max())));
}

std::int64_t Semaphore::available() const
{
    const MutexLock lock(m_mutex);
    return m_available;
}

} // namespace poolscope
