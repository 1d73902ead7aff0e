// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/newest_job.h"

#include "core/base/thread_name.h"

#include <utility>

namespace poolscope {

NewestJob::NewestJob(QObject* parent)
    : QObject(parent)
{
    connect(this, &NewestJob::worked, this, &NewestJob::deliver, Qt::QueuedConnection);
    m_thread = std::jthread([this] { work(); });
}

NewestJob::~NewestJob()
{
    const MutexLock lock(m_mutex);
    m_isEnding = true;
    m_asked.notifyAll();
}

void NewestJob::ask(Work work)
{
    const MutexLock lock(m_mutex);
    m_work = std::move(work);
    m_deliver = nullptr;
    ++m_generation;
    m_asked.notifyAll();
}

void NewestJob::forget()
{
    const MutexLock lock(m_mutex);
    m_work = nullptr;
    m_deliver = nullptr;
    ++m_generation;
}

void NewestJob::work()
{
    setThreadName("ps-view");
    MutexLock lock(m_mutex);
    while (!m_isEnding) {
        if (!m_work) {
            m_asked.wait(lock);
            continue;
        }
        Work work = std::exchange(m_work, nullptr);
        const quint64 generation = m_generation;
        lock.unlock();
        Deliver deliver = work();
        work = nullptr; // may free a whole trace, which nobody should have to wait for
        lock.lock();
        if (generation == m_generation && !m_isEnding) {
            m_deliver = std::move(deliver);
            emit worked({});
        }
    }
}

void NewestJob::deliver()
{
    Deliver deliver;
    {
        const MutexLock lock(m_mutex);
        deliver = std::exchange(m_deliver, nullptr);
    }
    if (deliver) {
        deliver();
    }
}

} // namespace poolscope
