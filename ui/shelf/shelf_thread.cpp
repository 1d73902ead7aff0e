// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shelf/shelf_thread.h"

#include "core/base/thread_name.h"
#include "core/base/thread_priority.h"

#include <utility>

namespace poolscope {

ShelfThread::ShelfThread(QString folder, QObject* parent)
    : QObject(parent)
    , m_folder(std::move(folder))
{
    connect(this, &ShelfThread::worked, this, &ShelfThread::deliverAll, Qt::QueuedConnection);
    m_thread = std::jthread([this] { work(); });
}

ShelfThread::~ShelfThread()
{
    const MutexLock lock(m_mutex);
    m_isEnding = true;
    m_asked.notifyAll();
}

void ShelfThread::ask(Work work)
{
    const MutexLock lock(m_mutex);
    m_works.push_back(std::move(work));
    m_asked.notifyAll();
}

void ShelfThread::work()
{
    setThreadName("ps-shelf");
    stepBack(); // a run is written while the next one may go on
    std::unique_ptr<RunShelf> shelf;
    MutexLock lock(m_mutex);
    while (!m_works.empty() || !m_isEnding) {
        if (m_works.empty()) {
            m_asked.wait(lock);
            continue;
        }
        Work work = std::move(m_works.front());
        m_works.pop_front();
        lock.unlock();
        std::vector<Deliver> results = resultsOf(work, shelf);
        work = nullptr; // may free a whole trace, which nobody should have to wait for
        lock.lock();
        for (Deliver& result : results) {
            m_results.push_back(std::move(result));
        }
        emit worked({});
    }
}

std::vector<ShelfThread::Deliver> ShelfThread::resultsOf(const Work& work,
                                                         std::unique_ptr<RunShelf>& shelf)
{
    std::vector<Deliver> results;
    if (!shelf) {
        Result<std::unique_ptr<RunShelf>> opened = RunShelf::open(m_folder);
        if (!opened) {
            results.emplace_back([this, problem = QString::fromStdString(opened.error().message)] {
                emit unusable(problem);
            });
            return results;
        }
        shelf = std::move(opened).value();
    }
    results.push_back(work(*shelf));
    for (const QString& notice : shelf->takeNotices()) {
        results.emplace_back([this, notice] { emit noticed(notice); });
    }
    return results;
}

void ShelfThread::deliverAll()
{
    std::deque<Deliver> results;
    {
        const MutexLock lock(m_mutex);
        results.swap(m_results);
    }
    for (const Deliver& deliver : results) {
        if (deliver) {
            deliver();
        }
    }
}

} // namespace poolscope
