// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/alarm.h"

#include "core/base/thread_name.h"

#include <system_error>

#include <chrono>
#include <string>
#include <utility>

namespace poolscope {

Alarm::Alarm(std::function<Nanos()> ring, std::shared_ptr<Recorder> recorder, int executor)
    : m_ring(std::move(ring))
    , m_recorder(std::move(recorder))
    , m_executor(executor)
{}

Alarm::~Alarm()
{
    std::jthread thread;
    {
        const MutexLock lock(m_mutex);
        m_isOver = true;
        m_changed.notifyAll();
        thread = std::move(m_thread);
    }
}

Result<void> Alarm::start()
{
    const MutexLock lock(m_mutex);
    if (m_thread.joinable()) {
        return {};
    }
    try {
        m_thread = std::jthread([this] { work(); });
    } catch (const std::system_error& error) {
        return Error{std::string("The thread that watches time limits could not be started: ") +
                     error.what() + ". Raise the limit on threads (ulimit -u)."};
    }
    return {};
}

void Alarm::setFor(Nanos timeNs)
{
    if (timeNs >= m_nextNs.load(std::memory_order_relaxed)) { // see m_nextNs
        return;
    }
    const MutexLock lock(m_mutex);
    if (timeNs < m_nextNs.load(std::memory_order_relaxed)) {
        m_nextNs.store(timeNs, std::memory_order_relaxed);
        m_changed.notifyAll();
    }
}

void Alarm::work()
{
    setThreadName("ps-alarm");
    BusyLog busy(m_recorder, m_executor, "Alarm");
    MutexLock lock(m_mutex);
    while (!m_isOver) {
        const Nanos nextNs = m_nextNs.load(std::memory_order_relaxed);
        const Nanos restNs = nextNs == kNever ? kNever : nextNs - monotonicNow();
        if (restNs == kNever) {
            m_changed.wait(lock);
        } else if (restNs > 0) {
            m_changed.waitFor(lock, std::chrono::nanoseconds(restNs));
        } else {
            m_nextNs.store(kNever, std::memory_order_relaxed);
            lock.unlock();
            busy.begin();
            const Nanos againNs = m_ring();
            setFor(againNs);
            busy.end();
            busy.flush();
            lock.lock();
        }
    }
}

} // namespace poolscope
