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
    Chunk rest{range.job, range.first, range.first + range.count, 0, listener};
    MutexLock lock(m_mutex);
    if (m_isClosed) {
        return std::nullopt;
    }
    m_unended += range.count;
    const std::uint64_t cancelCount = m_cancelCount;
    while (!rest.isEmpty()) {
        waitForRoom(lock, cancelCount);
        rest.submitNs = stamp();
        if (m_cancelCount != cancelCount) {
            break;
        }
        enqueue(rest.cutFront(std::min(rest.count(), m_capacity - m_waiting)));
    }
    if (m_trace.recorder && !rest.isEmpty()) {
        m_trace.recorder->addSubmitted(m_trace.executor, rest.count());
    }
    return rest;
}

bool WorkQueue::take(int worker, std::uint64_t ended, Chunk& chunk)
{
    MutexLock lock(m_mutex);
    Worker& self = m_workers[slot(worker)];
    subtractEnded(ended);
    self.isBusy = false;
    while (!self.mustLeave) {
        if (!m_isPaused && !m_chunks.empty()) {
            // What was asked of the last chunk does not concern this one.
            m_orders[slot(worker)].stop.clear();
            m_orders[slot(worker)].isRecalled.store(false, std::memory_order_relaxed);
            self.isBusy = true;
            takeFront(chunk);
            return true;
        }
        sleep(worker, lock);
    }
    self.isAlive = false;
    return false;
}

bool WorkQueue::giveBack(int worker, Chunk& rest)
{
    const MutexLock lock(m_mutex);
    if (m_orders[slot(worker)].stop.isRequested()) {
        return false;
    }
    m_waiting += rest.count();
    wakeFor(rest.count());
    m_chunks.push_front(rest);
    rest.begin = rest.end;
    return true;
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
        wakeFor(m_waiting);
    }
    return true;
}

std::deque<Chunk> WorkQueue::cancel()
{
    std::deque<Chunk> cancelled;
    const MutexLock lock(m_mutex);
    ++m_cancelCount;
    recallBusy();
    for (int i = 0; i < kMaxWorkers; ++i) {
        if (m_workers[slot(i)].isBusy) {
            m_orders[slot(i)].stop.request();
        }
    }
    cancelled.swap(m_chunks);
    m_waiting = 0;
    m_hasBlockedSubmitter = false;
    m_hasRoom.notifyAll();
    return cancelled;
}

void WorkQueue::close()
{
    const MutexLock lock(m_mutex);
    m_isClosed = true;
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
    m_waiting += tasks;
    m_chunks.push_back(std::move(chunk));
    wakeFor(tasks);
}

void WorkQueue::waitForRoom(MutexLock& lock, std::uint64_t cancelCount)
{
    if (m_waiting < m_capacity) {
        return;
    }
    // Once full, wait for a half empty queue: else submitter and workers take turns sleeping.
    while (m_waiting > m_capacity / 2 && m_cancelCount == cancelCount) {
        m_hasBlockedSubmitter = true;
        m_hasRoom.wait(lock);
    }
}

void WorkQueue::takeFront(Chunk& chunk)
{
    Chunk& front = m_chunks.front();
    const std::uint64_t tasks = std::min(m_chunk, front.count());
    if (chunk.job != front.job) {
        chunk.job = front.job; // neighbours mostly share the job: spare its contended counter
    }
    chunk.begin = front.begin;
    chunk.end = front.begin + tasks;
    chunk.submitNs = front.submitNs;
    chunk.listener = front.listener;
    front.begin = chunk.end;
    if (front.isEmpty()) {
        m_chunks.pop_front();
    }
    m_waiting -= tasks;
    if (m_hasBlockedSubmitter && m_waiting <= m_capacity / 2) {
        m_hasBlockedSubmitter = false;
        m_hasRoom.notifyAll();
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
