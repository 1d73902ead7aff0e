// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The threads of a pool: how they start, and what each of them does until it leaves.
#include "core/base/thread_name.h"
#include "core/executor/current_worker.h"
#include "core/executor/end_reasons.h"
#include "core/executor/thread_pool.h"

#include <system_error>

#include <algorithm>
#include <utility>

namespace poolscope {

Result<void> ThreadPool::startWorkers(const std::vector<int>& slots)
{
    for (auto slot = slots.begin(); slot != slots.end(); ++slot) {
        try {
            startWorker(*slot);
        } catch (const std::system_error& error) {
            std::for_each(slot, slots.end(),
                          [this](int missing) { m_queue.forgetWorker(missing); });
            m_targetWorkers = *slot;
            const std::vector<int> none = m_queue.setWorkers(*slot);
            return Error{"Worker " + std::to_string(*slot + 1) +
                         " of the thread pool could not be started: " + error.what() +
                         ". Use fewer workers or raise the limit on threads (ulimit -u)."};
        }
    }
    return {};
}

void ThreadPool::startWorker(int slot)
{
    Slot& place = m_slots[static_cast<std::size_t>(slot)];
    place.thread = {}; // joins the last one here, which has left: the lane has one writer at a time
    if (!place.worker) {
        place.worker = std::make_unique<ThreadWorker>(m_surroundings, slot);
    }
    place.thread = std::jthread([this, worker = place.worker.get()] { work(*worker); });
}

/// Starts the workers that come with tasks; see WorkQueue::missingWorkers().
Result<void> ThreadPool::startMissing(bool isFirst)
{
    if (!m_startsOnDemand) {
        return {};
    }
    const MutexLock lock(m_threadsMutex);
    return m_hasEnded ? Result<void>() : startWorkers(m_queue.missingWorkers(isFirst));
}

/// Calls the initializer, several times if need be. \return false when the pool is broken now.
bool ThreadPool::initialize(int slot)
{
    Nanos pauseNs = 10 * kNanosPerMilli;
    StopFlag never;
    for (int tries = 1; m_initializer; ++tries) {
        Result<void> ready = Error{"unknown exception"};
        try {
            ready = m_initializer(slot);
        } catch (...) {
            ready = Error{describeCurrentException().text};
        }
        if (ready) {
            break;
        }
        if (tries >= m_initializerAttempts) {
            const std::string reason = initializerReason(slot, tries, ready.error().message);
            note(ControlKind::Error, 0, reason);
            endUnbegun(m_queue.breakDown(reason), TaskState::Failed, reason);
            return false;
        }
        never.waitFor(pauseNs);
        pauseNs *= 2;
    }
    return true;
}

void ThreadPool::work(ThreadWorker& worker)
{
    setThreadName("ps-thr-" + std::to_string(worker.slot()));
    const CurrentWorker current(*this);
    worker.openLife();
    if (!initialize(worker.slot())) {
        m_queue.forgetWorker(worker.slot());
        worker.closeLife();
        return;
    }
    Chunk chunk;
    std::uint64_t ended = 0;
    while (m_queue.take(worker.slot(), ended, chunk)) {
        if (chunk.isEmpty()) {
            worker.runCalls();
            ended = 0;
            continue;
        }
        const std::uint64_t first = chunk.begin;
        if (m_threads == Threads::OnePerWorker) {
            worker.runChunk(chunk);
        } else {
            runOnOwnThreads(worker, chunk);
        }
        ended = chunk.begin - first;
        if (!chunk.isEmpty() && !m_queue.giveBack(worker.slot(), chunk)) {
            endUnbegun({chunk}, TaskState::Cancelled, kCancelledReason);
        }
    }
    worker.closeLife();
}

/// Runs each task of \p chunk on a thread of its own, one after the other.
void ThreadPool::runOnOwnThreads(ThreadWorker& worker, Chunk& chunk)
{
    const WorkQueue::Orders& orders = m_queue.orders(worker.slot());
    // Relaxed: see WorkQueue::Orders.
    while (!chunk.isEmpty() && !orders.isRecalled.load(std::memory_order_relaxed)) {
        Chunk one = chunk.cutFront(1);
        try {
            std::jthread([this, &worker, &one] {
                setThreadName("ps-task");
                const CurrentWorker current(*this);
                worker.runChunk(one);
            }).join();
        } catch (const std::system_error& error) {
            m_queueLane.end(one, TaskState::Failed,
                            std::string("no thread could be started for it: ") + error.what() +
                                ". Use fewer workers or raise the limit on threads (ulimit -u).");
            one.begin = one.end;
        }
        if (!one.isEmpty()) { // recalled before it began
            --chunk.begin;
        }
    }
}

} // namespace poolscope
