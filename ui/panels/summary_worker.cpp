// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/summary_worker.h"

#include "core/base/thread_name.h"

#include <utility>

namespace poolscope {

namespace {

SummaryWorker::Answer summarise(const SummaryWorker::Request& request)
{
    const Nanos start = monotonicNow();
    SummaryWorker::Answer answer;
    answer.range = request.range;
    const int executors = static_cast<int>(request.snapshot->meta->executors.size());
    for (int executor = 0; executor < executors; ++executor) {
        answer.summaries.push_back(request.range
                ? summariseRange(*request.snapshot, executor, *request.range)
                : summariseRun(*request.snapshot, executor));
    }
    answer.tookNs = monotonicNow() - start;
    return answer;
}

} // namespace

SummaryWorker::SummaryWorker(QObject* parent)
    : QObject(parent)
    , m_thread([this] { work(); })
{
}

SummaryWorker::~SummaryWorker()
{
    MutexLock lock(m_mutex);
    m_isEnding = true;
    m_asked.notifyAll();
}

void SummaryWorker::request(Request request)
{
    const MutexLock lock(m_mutex);
    m_request = std::move(request);
    m_answer.reset();
    ++m_generation;
    m_asked.notifyAll();
}

void SummaryWorker::forget()
{
    const MutexLock lock(m_mutex);
    m_request.reset();
    m_answer.reset();
    ++m_generation;
}

std::optional<SummaryWorker::Answer> SummaryWorker::takeAnswer()
{
    const MutexLock lock(m_mutex);
    return std::exchange(m_answer, std::nullopt);
}

void SummaryWorker::work()
{
    setThreadName("ps-summary");
    MutexLock lock(m_mutex);
    while (!m_isEnding) {
        if (!m_request) {
            m_asked.wait(lock);
            continue;
        }
        std::optional<Request> request = std::exchange(m_request, std::nullopt);
        const quint64 generation = m_generation;
        lock.unlock();
        Answer answer = summarise(*request);
        request.reset(); // may free a whole trace, which nobody should have to wait for
        lock.lock();
        if (generation == m_generation && !m_isEnding) {
            m_answer = std::move(answer);
            QMetaObject::invokeMethod(this, &SummaryWorker::ready, Qt::QueuedConnection);
        }
    }
}

} // namespace poolscope
