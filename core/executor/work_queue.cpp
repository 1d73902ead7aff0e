// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/work_queue.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace poolscope {

Chunk Chunk::cutFront(std::uint64_t tasks)
{
    assert(tasks <= count());
    Chunk front = *this;
    front.end = front.begin + tasks;
    begin = front.end;
    return front;
}

WorkQueue::WorkQueue(std::uint64_t capacity, std::uint64_t chunk, const TraceTarget& trace)
    : m_capacity(std::max<std::uint64_t>(capacity, 1))
    , m_chunk(std::max<std::uint64_t>(chunk, 1))
    , m_trace(trace)
{}

std::optional<Chunk> WorkQueue::push(const TaskRange& range, CompletionListener* listener)
{
    return pushAll({range.job,
                    range.first,
                    range.first + range.count,
                    0,
                    listener,
                    range.options,
                    {},
                    range.chunk});
}

std::optional<Chunk> WorkQueue::push(TaskNodePtr node, std::shared_ptr<const TaskOptions> options)
{
    return pushAll({nullptr, 0, 1, 0, nullptr, std::move(options), std::move(node), 1});
}

std::optional<Chunk> WorkQueue::pushAll(Chunk rest)
{
    MutexLock lock(m_mutex);
    if (m_isClosed) {
        return std::nullopt;
    }
    if (rest.node) {
        rest.begin = m_calls++;
        rest.end = m_calls;
    }
    m_unended += rest.count();
    Outside self{&rest};
    m_outside.push_back(&self);
    while (!rest.isEmpty()) {
        waitForRoom(lock, self);
        rest.submitNs = stamp();
        if (self.isCancelled) {
            break;
        }
        enqueue(rest.cutFront(std::min(rest.count(), m_capacity - m_line.taskCount())));
    }
    std::erase(m_outside, &self);
    if (m_trace.recorder && !rest.isEmpty()) {
        m_trace.recorder->addSubmitted(m_trace.executor, rest.count());
    }
    return rest;
}

bool WorkQueue::take(int worker, std::uint64_t ended, Chunk& chunk)
{
    // The last call's result may be foreign code's: it goes without the lock, and before a sleep.
    TaskNodePtr last = std::move(chunk.node);
    MutexLock lock(m_mutex);
    Worker& self = m_workers[slot(worker)];
    finish(worker, ended);
    while (!self.mustLeave) {
        if (!m_isPaused && !m_line.isEmpty()) {
            handOver(worker, chunk);
            return true;
        }
        if (last) {
            lock.unlock();
            last = {};
            lock.lock();
        } else {
            sleep(worker, lock);
        }
    }
    self.isAlive = false;
    return false;
}

bool WorkQueue::takeIfAny(int worker, std::uint64_t ended, Chunk& chunk)
{
    const TaskNodePtr last = std::move(chunk.node);
    MutexLock lock(m_mutex);
    finish(worker, ended);
    while (!m_line.isEmpty()) {
        if (!m_isPaused) {
            handOver(worker, chunk);
            return true;
        }
        sleep(worker, lock);
    }
    return false;
}

bool WorkQueue::giveBack(int worker, Chunk& rest)
{
    const MutexLock lock(m_mutex);
    if (m_workers[slot(worker)].isCancelled) {
        return false;
    }
    wakeFor(rest.count());
    m_line.pushFront(rest);
    rest.begin = rest.end;
    return true;
}

void WorkQueue::beginTimed(int worker, Nanos stopAtNs)
{
    const MutexLock lock(m_mutex);
    m_workers[slot(worker)].stopAtNs = stopAtNs;
}

bool WorkQueue::endTimed(int worker)
{
    const MutexLock lock(m_mutex);
    Worker& self = m_workers[slot(worker)];
    self.stopAtNs = kNever;
    const bool hasTimedOut = std::exchange(self.hasTimedOut, false);
    if (hasTimedOut && !self.isCancelled) {
        m_orders[slot(worker)].stop.clear(); // does not concern the next task of the chunk
    }
    return hasTimedOut;
}

std::vector<int> WorkQueue::setWorkers(int count)
{
    assert(count >= 0 && count <= kMaxWorkers);
    const MutexLock lock(m_mutex);
    std::vector<int> toStart;
    for (int i = 0; i < kMaxWorkers; ++i) {
        Worker& worker = m_workers[slot(i)];
        worker.mustLeave = i >= count;
        if (!worker.mustLeave && !worker.isAlive) {
            worker.isAlive = true;
            toStart.push_back(i);
        } else if (worker.mustLeave && worker.isBusy) {
            m_orders[slot(i)].isRecalled.store(true, std::memory_order_relaxed);
        } else if (worker.mustLeave && worker.isIdle) {
            wake(i);
        }
    }
    return toStart;
}

void WorkQueue::forgetWorker(int worker)
{
    const MutexLock lock(m_mutex);
    m_workers[slot(worker)].isAlive = false;
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
    } else {
        wakeFor(m_line.taskCount());
    }
    return true;
}

std::vector<Chunk> WorkQueue::cancel()
{
    const MutexLock lock(m_mutex);
    return cancelIf([](const CompletionListener*, const TaskOptions*) { return true; });
}

std::vector<Chunk> WorkQueue::cancel(const TaskSelection& which)
{
    const MutexLock lock(m_mutex);
    return cancelIf([&which](const CompletionListener* listener, const TaskOptions* options) {
        return which.covers(listener, options);
    });
}

template <class Covers>
std::vector<Chunk> WorkQueue::cancelIf(const Covers& covers)
{
    for (int i = 0; i < kMaxWorkers; ++i) {
        Worker& worker = m_workers[slot(i)];
        if (worker.isBusy && covers(worker.listener, worker.options.get())) {
            worker.isCancelled = true;
            // Recalled before it can come back: it must not begin the next task of its chunk.
            m_orders[slot(i)].isRecalled.store(true, std::memory_order_relaxed);
            stop(i);
        }
    }
    for (Outside* submitter : m_outside) {
        submitter->isCancelled = submitter->isCancelled ||
                                 covers(submitter->rest->listener, submitter->rest->options.get());
    }
    wakeSubmitters();
    std::vector<Chunk> waiting = m_line.takeIf(
        [&covers](const Chunk& chunk) { return covers(chunk.listener, chunk.options.get()); });
    while (m_line.isEmpty() && !m_idle.empty()) {
        wake(m_idle.back()); // who waits for the end of a pause has nothing to wait for any more
    }
    return waiting;
}

WorkQueue::Due WorkQueue::obeyClock(Nanos nowNs)
{
    Due due;
    const MutexLock lock(m_mutex);
    for (int i = 0; i < kMaxWorkers; ++i) {
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
        if (m_hasBlockedSubmitter && m_line.taskCount() <= m_capacity / 2) {
            wakeSubmitters();
        }
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
    m_isClosed = true;
    if (m_isPaused) {
        m_isPaused = false;
        wakeFor(m_line.taskCount());
    }
}

void WorkQueue::countEnded(std::uint64_t tasks)
{
    const MutexLock lock(m_mutex);
    subtractEnded(tasks);
}

void WorkQueue::drain()
{
    MutexLock lock(m_mutex);
    while (m_unended > 0) {
        m_drained.wait(lock);
    }
}

Nanos WorkQueue::stamp() const
{
    return m_trace.recorder ? m_trace.recorder->now() : 0;
}

void WorkQueue::enqueue(Chunk chunk)
{
    const std::uint64_t tasks = chunk.count();
    if (m_trace.recorder) {
        m_trace.recorder->addSubmitted(m_trace.executor, tasks);
    }
    m_nextDeadlineNs = std::min(m_nextDeadlineNs, chunk.deadlineNs());
    m_line.pushBack(std::move(chunk));
    wakeFor(tasks);
}

void WorkQueue::waitForRoom(MutexLock& lock, const Outside& self)
{
    if (m_line.taskCount() < m_capacity) {
        return;
    }
    // Once full, wait for a half empty queue: else submitter and workers take turns sleeping.
    while (m_line.taskCount() > m_capacity / 2 && !self.isCancelled) {
        m_hasBlockedSubmitter = true;
        m_hasRoom.wait(lock);
    }
}

void WorkQueue::finish(int worker, std::uint64_t ended)
{
    subtractEnded(ended);
    m_workers[slot(worker)].isBusy = false;
    m_workers[slot(worker)].node = nullptr;
}

void WorkQueue::handOver(int worker, Chunk& chunk)
{
    // What was asked of the last chunk does not concern this one.
    m_orders[slot(worker)].stop.clear();
    m_orders[slot(worker)].isRecalled.store(false, std::memory_order_relaxed);
    takeFront(chunk);
    Worker& self = m_workers[slot(worker)];
    self.isBusy = true;
    self.isCancelled = false;
    self.hasTimedOut = false;
    self.stopAtNs = kNever;
    self.listener = chunk.listener;
    if (self.options != chunk.options) {
        self.options = chunk.options;
    }
    self.node = chunk.node.get();
}

void WorkQueue::takeFront(Chunk& chunk)
{
    const Chunk& front = m_line.front();
    const std::uint64_t handOver = front.handOver > 0 ? front.handOver : m_chunk;
    const std::uint64_t tasks = std::min(handOver, front.count());
    if (chunk.job != front.job) {
        chunk.job = front.job; // neighbours mostly share the job: spare its contended counter
    }
    if (chunk.options != front.options) {
        chunk.options = front.options;
    }
    chunk.node = front.node;
    chunk.handOver = front.handOver; // for what is given back
    chunk.begin = front.begin;
    chunk.end = front.begin + tasks;
    chunk.submitNs = front.submitNs;
    chunk.listener = front.listener;
    m_line.dropFront(tasks);
    if (m_hasBlockedSubmitter && m_line.taskCount() <= m_capacity / 2) {
        wakeSubmitters();
    }
}

void WorkQueue::sleep(int worker, MutexLock& lock)
{
    Worker& self = m_workers[slot(worker)];
    self.isIdle = true;
    m_idle.push_back(worker);
    while (self.isIdle) {
        self.wake.wait(lock);
    }
}

void WorkQueue::wake(int worker)
{
    m_idle.erase(std::find(m_idle.begin(), m_idle.end(), worker));
    m_workers[slot(worker)].isIdle = false;
    m_workers[slot(worker)].wake.notifyOne();
}

void WorkQueue::wakeFor(std::uint64_t tasks)
{
    // Whoever is busy takes by itself: no more are woken than find a chunk each.
    for (std::uint64_t taken = 0; taken < tasks && !m_idle.empty() && !m_isPaused;
         taken += m_chunk) {
        wake(m_idle.back());
    }
}

void WorkQueue::wakeSubmitters()
{
    m_hasBlockedSubmitter = false;
    m_hasRoom.notifyAll();
}

void WorkQueue::stop(int worker)
{
    m_orders[slot(worker)].stop.request();
    if (m_workers[slot(worker)].node != nullptr) {
        m_workers[slot(worker)].node->requestStop();
    }
}

void WorkQueue::recallBusy()
{
    for (int i = 0; i < kMaxWorkers; ++i) {
        if (m_workers[slot(i)].isBusy) {
            m_orders[slot(i)].isRecalled.store(true, std::memory_order_relaxed);
        }
    }
}

void WorkQueue::subtractEnded(std::uint64_t tasks)
{
    assert(tasks <= m_unended);
    m_unended -= tasks;
    if (tasks > 0 && m_unended == 0) {
        m_drained.notifyAll();
    }
}

} // namespace poolscope
