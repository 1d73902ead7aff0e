// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What steers a queue: its workers, pauses, cancels, time limits and its end.
#include "core/executor/work_queue.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <iterator>

namespace poolscope {

std::vector<int> WorkQueue::setWorkers(int count)
{
    assert(count >= 0 && count <= kMaxWorkers);
    const MutexLock lock(m_mutex);
    std::vector<int> toStart;
    m_wanted = count;
    for (int i = 0; i < kMaxWorkers; ++i) {
        Worker& worker = m_workers[slot(i)];
        worker.mustLeave = i >= count;
        if (!worker.mustLeave && !worker.isAlive && !m_settings.isLazy) {
            setAlive(i, true);
            toStart.push_back(i);
        } else if (worker.mustLeave && worker.isBusy) {
            m_orders[slot(i)].isRecalled.store(true, std::memory_order_relaxed);
        } else if (worker.mustLeave && worker.isIdle) {
            wake(i);
        }
    }
    if (m_settings.isLazy && m_unended > 0 && count > 0 &&
        std::none_of(m_workers.begin(), m_workers.begin() + count,
                     [](const Worker& worker) { return worker.isAlive; })) {
        setAlive(0, true); // for what those give back who leave now
        toStart.push_back(0);
    }
    return toStart;
}

std::vector<int> WorkQueue::missingWorkers(bool isFirst)
{
    const MutexLock lock(m_mutex);
    std::vector<int> toStart;
    const int living = m_alive;
    const std::uint64_t chunks = (m_line.taskCount() + m_chunk - 1) / m_chunk;
    // Who lives and is not busy takes a chunk soon.
    const auto busy = std::count_if(m_workers.begin(), m_workers.begin() + kMaxWorkers,
                                    [](const Worker& worker) { return worker.isBusy; });
    const auto free = static_cast<std::uint64_t>(std::max<std::ptrdiff_t>(living - busy, 0));
    std::uint64_t wanted = chunks > free ? chunks - free : 0;
    if (isFirst) {
        wanted = living == 0 ? 1 : 0;
    }
    for (int i = 0; i < m_wanted && toStart.size() < wanted; ++i) {
        if (!m_workers[slot(i)].isAlive) {
            setAlive(i, true);
            toStart.push_back(i);
        }
    }
    return toStart;
}

void WorkQueue::forgetWorker(int worker)
{
    const MutexLock lock(m_mutex);
    setAlive(worker, false);
}

bool WorkQueue::setPaused(bool isPaused)
{
    const MutexLock lock(m_mutex);
    if (m_isPaused == isPaused) {
        return false;
    }
    m_isPaused = isPaused;
    if (isPaused) {
        recallBusy();
    }
    setSigns();
    wakeFor(m_line.taskCount() + m_calls.waiting());
    return true;
}

std::vector<Chunk> WorkQueue::cancel()
{
    const MutexLock lock(m_mutex);
    std::vector<Chunk> waiting = cancelCalls();
    std::vector<int> busy;
    for (int i = 0; i < kMaxSlots; ++i) {
        if (m_workers[slot(i)].isBusy) {
            busy.push_back(i);
        }
    }
    m_calls.stopCurrents(busy);
    std::vector<Chunk> line = cancelIf(
        [](const CompletionListener*, const TaskOptions*, const TaskNode*) { return true; });
    waiting.insert(waiting.end(), std::make_move_iterator(line.begin()),
                   std::make_move_iterator(line.end()));
    return waiting;
}

std::vector<Chunk> WorkQueue::cancel(const TaskSelection& which)
{
    const MutexLock lock(m_mutex);
    return cancelIf(
        [&which](const CompletionListener* listener, const TaskOptions* options,
                 const TaskNode* node) { return which.covers(listener, options, node); });
}

template <class Covers>
std::vector<Chunk> WorkQueue::cancelIf(const Covers& covers)
{
    for (int i = 0; i < kMaxSlots; ++i) {
        Worker& worker = m_workers[slot(i)];
        if (worker.isBusy && covers(worker.listener, worker.options.get(), worker.node)) {
            worker.isCancelled = true;
            // Recalled before it can come back: it must not begin the next task of its chunk.
            m_orders[slot(i)].isRecalled.store(true, std::memory_order_relaxed);
            stop(i);
        }
    }
    return takeWaiting(covers);
}

/// Takes out what waits, here or for room.
template <class Covers>
std::vector<Chunk> WorkQueue::takeWaiting(const Covers& covers)
{
    for (Outside* submitter : m_outside) {
        const Chunk& rest = *submitter->rest;
        submitter->isCancelled =
            submitter->isCancelled || covers(rest.listener, rest.options.get(), rest.node.get());
    }
    wakeSubmitters();
    std::vector<Chunk> waiting = m_line.takeIf([&covers](const Chunk& chunk) {
        return covers(chunk.listener, chunk.options.get(), chunk.node.get());
    });
    setSigns();
    while (m_line.isEmpty() && !m_idle.empty()) {
        wake(m_idle.back()); // who waits for the end of a pause has nothing to wait for any more
    }
    return waiting;
}

std::vector<Chunk> WorkQueue::cancelPending()
{
    const MutexLock lock(m_mutex);
    recallBusy();
    for (Worker& worker : m_workers) {
        worker.isRestCancelled = worker.isBusy;
    }
    std::vector<Chunk> waiting = cancelCalls();
    std::vector<Chunk> line = takeWaiting(
        [](const CompletionListener*, const TaskOptions*, const TaskNode*) { return true; });
    waiting.insert(waiting.end(), std::make_move_iterator(line.begin()),
                   std::make_move_iterator(line.end()));
    return waiting;
}

std::vector<Chunk> WorkQueue::breakDown(const std::string& reason)
{
    const MutexLock lock(m_mutex);
    m_refusal = reason;
    setSigns();
    return takeWaiting(
        [](const CompletionListener*, const TaskOptions*, const TaskNode*) { return true; });
}

WorkQueue::Due WorkQueue::obeyClock(Nanos nowNs)
{
    Due due;
    const MutexLock lock(m_mutex);
    for (int i = 0; i < kMaxSlots; ++i) {
        Worker& worker = m_workers[slot(i)];
        if (worker.stopAtNs <= nowNs && !worker.hasTimedOut) {
            worker.hasTimedOut = true;
            stop(i);
        } else if (!worker.hasTimedOut) {
            due.nextNs = std::min(due.nextNs, worker.stopAtNs);
        }
    }
    if (m_nextDeadlineNs <= nowNs) {
        Nanos nextDeadlineNs = kNever;
        due.expired = m_line.takeIf([&nextDeadlineNs, nowNs](const Chunk& chunk) {
            const bool isExpired = chunk.deadlineNs() <= nowNs;
            nextDeadlineNs =
                isExpired ? nextDeadlineNs : std::min(nextDeadlineNs, chunk.deadlineNs());
            return isExpired;
        });
        m_nextDeadlineNs = nextDeadlineNs;
        setSigns();
        tellOfRoom();
        while (m_line.isEmpty() && !m_idle.empty()) {
            wake(m_idle.back());
        }
    }
    // Deadlines that lie close together are met in one go: looking for them costs O(entries).
    constexpr Nanos kLeastPause = 2 * kNanosPerMilli;
    if (m_nextDeadlineNs != kNever) {
        due.nextNs = std::min(due.nextNs, std::max(m_nextDeadlineNs, nowNs + kLeastPause));
    }
    return due;
}

void WorkQueue::close()
{
    const MutexLock lock(m_mutex);
    if (m_refusal.empty()) {
        m_refusal = "The executor takes no more tasks: it was shut down.";
    }
    m_isPaused = false;
    setSigns();
    wakeFor(m_line.taskCount() + m_calls.waiting());
}

void WorkQueue::countEnded(std::uint64_t tasks)
{
    const MutexLock lock(m_mutex);
    subtractEnded(tasks);
}

void WorkQueue::drain()
{
    [[maybe_unused]] const bool isDrained = drainUntil(kNever);
}

bool WorkQueue::drainUntil(Nanos untilNs)
{
    MutexLock lock(m_mutex);
    ++m_drainers;
    setSigns(); // before the look at the ends; pairs with CallQueue::flush()
    while (!hasEnded()) {
        const Nanos restNs = untilNs == kNever ? kNever : untilNs - monotonicNow();
        if (restNs == kNever) {
            m_drained.wait(lock);
        } else if (restNs > 0) {
            m_drained.waitFor(lock, std::chrono::nanoseconds(restNs));
        } else {
            break;
        }
    }
    --m_drainers;
    setSigns();
    return hasEnded();
}

ExecutorCounts WorkQueue::counts() const
{
    const MutexLock lock(m_mutex);
    std::uint64_t outside = 0;
    for (const Outside* submitter : m_outside) {
        outside += submitter->rest->count();
    }
    const std::uint64_t lineUp = m_line.taskCount() + outside;
    // In this order: what has ended was taken before, what was taken was published before.
    const std::uint64_t callsEnded = m_calls.ended();
    const std::uint64_t callsWaiting = m_calls.waiting();
    const std::uint64_t callsPublished = m_calls.published();
    const std::uint64_t callsTaken = callsPublished - std::min(callsPublished, callsWaiting);
    return {lineUp + callsWaiting,
            m_unended - lineUp + callsTaken - std::min(callsTaken, callsEnded),
            m_ended + m_calls.endedByWorkers(), m_alive};
}

} // namespace poolscope
