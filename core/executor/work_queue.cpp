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

WorkQueue::WorkQueue(const Settings& settings, const TraceTarget& trace)
    : m_settings(settings)
    , m_capacity(std::max<std::uint64_t>(settings.capacity, 1))
    , m_chunk(std::max<std::uint64_t>(settings.chunk, 1))
    , m_trace(trace)
    , m_signs(settings.lockCalls ? kLockSign : 0)
    , m_line(settings.order)
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
        rest.begin = m_calls.nextNumber();
        rest.end = rest.begin + 1;
    }
    m_unended += rest.count();
    Outside self{&rest};
    m_outside.push_back(&self);
    ++m_pushing;
    while (!rest.isEmpty()) {
        waitForRoom(lock, self);
        rest.submitNs = stamp();
        if (self.isCancelled) {
            break;
        }
        enqueue(rest.cutFront(std::min(rest.count(), m_capacity - waiting())));
    }
    std::erase(m_outside, &self);
    --m_pushing;
    setSigns();
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
        if (hasWork()) {
            handOver(worker, chunk);
            return true;
        }
        if (last) {
            lock.unlock();
            last = {};
            lock.lock();
        } else if (!sleep(worker, lock, untilNs)) {
            const bool mayLeave =
                m_line.isEmpty() && m_alive > m_settings.minWorkers &&
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
    m_calls.abandonWindow(worker);
    setAlive(worker, false);
    if (hasWork() && !m_idle.empty()) {
        wake(m_idle.back()); // who leaves may have been woken for something
    }
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
    const int helper = freeHelper();
    if (helper == kMaxSlots) {
        return std::nullopt;
    }
    if (which.node != nullptr && which.node->ticket().queue == &m_calls) {
        if (!which.node->isWaiting()) {
            return std::nullopt;
        }
        const CallTicket& ticket = which.node->ticket();
        chunk = {nullptr, ticket.number, ticket.number + 1,       ticket.submitNs,
                 nullptr, nullptr,       TaskNodePtr(which.node), 1,
                 true};
    } else {
        std::optional<Chunk> found = m_line.takeOne([&which](const Chunk& each) {
            return which.covers(each.listener, each.options.get(), each.node.get());
        });
        if (!found) {
            return std::nullopt;
        }
        chunk = std::move(*found);
    }
    assign(helper, chunk);
    tellOfRoom();
    return helper;
}

/// \return its slot; kMaxSlots when all are busy.
int WorkQueue::freeHelper() const
{
    const auto free = std::find_if(m_workers.begin() + kMaxWorkers, m_workers.end(),
                                   [](const Worker& helper) { return !helper.isBusy; });
    return static_cast<int>(free - m_workers.begin());
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
    setSigns();
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
    setSigns();
    wakeFor(tasks);
}

void WorkQueue::waitForRoom(MutexLock& lock, const Outside& self)
{
    if (waiting() < m_capacity) {
        return;
    }
    // Once full, wait for a half empty queue: else submitter and workers take turns sleeping.
    for (;;) {
        m_hasBlockedSubmitter = true;
        setSigns(); // before the look at what waits; pairs with callTaken()
        if (waiting() <= m_capacity / 2 || self.isCancelled) {
            return;
        }
        m_hasRoom.wait(lock);
    }
}

void WorkQueue::finish(int worker, std::uint64_t ended)
{
    subtractEnded(ended);
    tellOfRoom();
    m_workers[slot(worker)].isBusy = false;
    m_workers[slot(worker)].node = nullptr;
}

void WorkQueue::handOver(int worker, Chunk& chunk)
{
    // Calls have come before what is in the line, except for what is urgent.
    if (m_line.isEmpty() || (m_calls.hasWork() && !hasUrgent())) {
        chunk = {};
    } else {
        takeFront(chunk);
    }
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
    setSigns();
    tellOfRoom();
}

void WorkQueue::countSubmitted(std::uint64_t tasks) const
{
    if (m_trace.recorder && tasks > 0) {
        m_trace.recorder->addSubmitted(m_trace.executor, tasks);
    }
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
    for (int i = 0; i < kMaxSlots; ++i) {
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
    if (m_drainers > 0 && hasEnded()) {
        m_drained.notifyAll();
    }
}

} // namespace poolscope
