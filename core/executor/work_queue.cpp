// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/work_queue.h"

#include <algorithm>
#include <cassert>
#include <chrono>
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

WorkQueue::WorkQueue(const Settings& settings, const TraceTarget& trace)
    : m_settings(settings)
    , m_capacity(std::max<std::uint64_t>(settings.capacity, 1))
    , m_chunk(std::max<std::uint64_t>(settings.chunk, 1))
    , m_trace(trace)
{}

WorkQueue::Admission WorkQueue::push(const TaskRange& range, CompletionListener* listener)
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

WorkQueue::Admission WorkQueue::push(TaskNodePtr node, std::shared_ptr<const TaskOptions> options)
{
    return pushAll({nullptr, 0, 1, 0, nullptr, std::move(options), std::move(node), 1});
}

WorkQueue::Admission WorkQueue::pushAll(Chunk rest)
{
    Admission admission;
    MutexLock lock(m_mutex);
    admission.refusal = m_refusal;
    if (admission.refusal.empty()) {
        makeRoom(rest, admission);
    }
    if (!admission.refusal.empty()) {
        return admission;
    }
    if (rest.node && !rest.isEmpty()) {
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
    countSubmitted(rest.count());
    admission.caught = std::move(rest);
    return admission;
}

/// Does what WhenFull says, so that \p rest fits or may wait.
void WorkQueue::makeRoom(Chunk& rest, Admission& admission)
{
    const std::uint64_t room = m_capacity - std::min(m_capacity, m_line.taskCount());
    if (m_settings.whenFull == WhenFull::Block || rest.count() <= room) {
        return;
    }
    if (m_settings.whenFull == WhenFull::Reject) {
        admission.refusal = "The queue is full: " + std::to_string(m_line.taskCount()) +
                            " tasks wait, at most " + std::to_string(m_capacity) +
                            " may, and none of the new ones was taken. Submit them later.";
    } else if (m_settings.whenFull == WhenFull::CallerRuns) {
        admission.overflow = rest;
        rest = admission.overflow.cutFront(room);
    } else {
        while (!m_line.isEmpty() && m_line.taskCount() + rest.count() > m_capacity) {
            admission.dropped.push_back(
                m_line.takeOldest(m_line.taskCount() + rest.count() - m_capacity));
        }
        if (rest.count() > m_capacity) {
            Chunk oldest = rest.cutFront(rest.count() - m_capacity);
            oldest.submitNs = stamp();
            countSubmitted(oldest.count());
            m_unended += oldest.count();
            admission.dropped.push_back(std::move(oldest));
        }
    }
}

bool WorkQueue::take(int worker, std::uint64_t ended, Chunk& chunk)
{
    // The last call's result may be foreign code's: it goes without the lock, and before a sleep.
    TaskNodePtr last = std::move(chunk.node);
    MutexLock lock(m_mutex);
    Worker& self = m_workers[slot(worker)];
    finish(worker, ended);
    Nanos untilNs = m_settings.keepAliveNs > 0 ? deadlineAfter(m_settings.keepAliveNs) : kNever;
    while (!self.mustLeave) {
        if (!m_isPaused && !m_line.isEmpty()) {
            handOver(worker, chunk);
            return true;
        }
        if (last) {
            lock.unlock();
            last = {};
            lock.lock();
        } else if (!sleep(worker, lock, untilNs)) {
            const bool mayLeave =
                m_line.isEmpty() && livingWorkers() > m_settings.minWorkers &&
                std::none_of(m_workers.begin(), m_workers.end(), [](const Worker& other) {
                    return other.isBusy && other.mustLeave; // and may give its chunk back
                });
            if (mayLeave) {
                break;
            }
            // Paused with tasks in the queue: it waits on.
            untilNs = m_line.isEmpty() ? kNever : deadlineAfter(m_settings.keepAliveNs);
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
        sleep(worker, lock, kNever);
    }
    return false;
}

std::optional<int> WorkQueue::takeFor(const TaskSelection& which, Chunk& chunk)
{
    const MutexLock lock(m_mutex);
    for (int helper = kMaxWorkers; helper < kSlots; ++helper) {
        if (m_workers[slot(helper)].isBusy) {
            continue;
        }
        std::optional<Chunk> found = m_line.takeOne([&which](const Chunk& each) {
            return which.covers(each.listener, each.options.get(), each.node.get());
        });
        if (!found) {
            return std::nullopt;
        }
        chunk = std::move(*found);
        assign(helper, chunk);
        if (m_hasBlockedSubmitter && m_line.taskCount() <= m_capacity / 2) {
            wakeSubmitters();
        }
        return helper;
    }
    return std::nullopt;
}

void WorkQueue::endHelp(int helper, std::uint64_t ended)
{
    const MutexLock lock(m_mutex);
    finish(helper, ended);
}

bool WorkQueue::giveBack(int worker, Chunk& rest)
{
    const MutexLock lock(m_mutex);
    if (m_workers[slot(worker)].isCancelled || m_workers[slot(worker)].isRestCancelled) {
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

Nanos WorkQueue::stamp() const
{
    return m_trace.recorder ? m_trace.recorder->now() : 0;
}

void WorkQueue::enqueue(Chunk chunk)
{
    const std::uint64_t tasks = chunk.count();
    countSubmitted(tasks);
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
    takeFront(chunk);
    assign(worker, chunk);
}

void WorkQueue::assign(int worker, const Chunk& chunk)
{
    // What was asked of the last chunk does not concern this one.
    m_orders[slot(worker)].stop.clear();
    m_orders[slot(worker)].isRecalled.store(false, std::memory_order_relaxed);
    Worker& self = m_workers[slot(worker)];
    self.isBusy = true;
    self.isCancelled = false;
    self.isRestCancelled = false;
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

/// \return false when \p untilNs came before anybody woke it.
bool WorkQueue::sleep(int worker, MutexLock& lock, Nanos untilNs)
{
    Worker& self = m_workers[slot(worker)];
    self.isIdle = true;
    m_idle.push_back(worker);
    while (self.isIdle) {
        const Nanos restNs = untilNs == kNever ? kNever : untilNs - monotonicNow();
        if (restNs == kNever) {
            self.wake.wait(lock);
        } else if (restNs > 0) {
            self.wake.waitFor(lock, std::chrono::nanoseconds(restNs));
        } else {
            std::erase(m_idle, worker);
            self.isIdle = false;
            return false;
        }
    }
    return true;
}

int WorkQueue::livingWorkers() const
{
    return static_cast<int>(std::count_if(m_workers.begin(), m_workers.end(),
                                          [](const Worker& worker) { return worker.isAlive; }));
}

void WorkQueue::countSubmitted(std::uint64_t tasks) const
{
    if (m_trace.recorder && tasks > 0) {
        m_trace.recorder->addSubmitted(m_trace.executor, tasks);
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
    for (int i = 0; i < kSlots; ++i) {
        if (m_workers[slot(i)].isBusy) {
            m_orders[slot(i)].isRecalled.store(true, std::memory_order_relaxed);
        }
    }
}

void WorkQueue::subtractEnded(std::uint64_t tasks)
{
    assert(tasks <= m_unended);
    m_unended -= tasks;
    m_ended += tasks;
    if (tasks > 0 && m_unended == 0) {
        m_drained.notifyAll();
    }
}

} // namespace poolscope
