// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How calls pass the lock of a thread pool by, and how tasks that wait for others are helped.
#include "core/base/thread_name.h"
#include "core/executor/current_worker.h"
#include "core/executor/end_reasons.h"
#include "core/executor/thread_pool.h"

#include <system_error>

#include <algorithm>
#include <optional>
#include <utility>

namespace poolscope {

Executor::OpenCall ThreadPool::openCall()
{
    if (!m_queue.takesCalls()) {
        return {};
    }
    CallQueue::Producer* producer = m_queue.calls().ofThisThread();
    if (producer == nullptr) {
        return {};
    }
    // Relaxed: only this thread changes it.
    if (producer->ring.submitted() == producer->grantedEnd.load(std::memory_order_relaxed)) {
        const WorkQueue::Grant grant = m_queue.grantCalls(*producer);
        if (grant != WorkQueue::Grant::Yes) {
            return {nullptr, nullptr, grant == WorkQueue::Grant::Cancelled};
        }
    }
    return {producer->ring.nextSlot(), producer};
}

void ThreadPool::publishCall(const OpenCall& open)
{
    TaskSlot& slot = *open.slot;
    CallQueue::Producer& producer = *open.producer;
    slot.task = producer.nextNumber++;
    slot.submitNs = 0;
    if (m_trace.recorder) {
        slot.submitNs = m_trace.recorder->now();
        if (producer.submitted == nullptr) {
            producer.submitted = &m_trace.recorder->addSubmitCounter(m_trace.executor);
        }
        // This thread alone writes it.
        producer.submitted->store(producer.submitted->load(std::memory_order_relaxed) + 1,
                                  std::memory_order_relaxed);
    }
    if (slot.node != nullptr) {
        slot.node->setTicket({&m_queue.calls(), slot.task, slot.submitNs});
    }
    producer.ring.publish();
    const bool isInTime = m_queue.callPublished();
    if (m_trace.recorder) {
        m_trace.recorder->wakeReader(); // after the fence in there
    }
    if (!isInTime) {
        endUnbegun(m_queue.takeLateCalls(), TaskState::Cancelled, kCancelledReason);
    }
}

void ThreadPool::endCall(TaskNodePtr node)
{
    const std::uint64_t number = m_queue.calls().nextNumber();
    const Nanos now = m_trace.recorder ? m_trace.recorder->now() : 0;
    if (m_trace.recorder) {
        m_trace.recorder->addSubmitted(m_trace.executor, 1);
    }
    m_queueLane.end({nullptr, number, number + 1, now, nullptr, nullptr, std::move(node)},
                    TaskState::Cancelled, kCancelledReason);
}

bool ThreadPool::help(const TaskSelection& which)
{
    const CurrentWorker* current = CurrentWorker::get();
    Chunk chunk;
    const std::optional<int> helper =
        current != nullptr && current->isOf(*this) ? m_queue.takeFor(which, chunk) : std::nullopt;
    if (!helper) {
        return false;
    }
    ThreadWorker& worker = this->helper(*helper);
    const std::uint64_t first = chunk.begin;
    worker.runChunk(chunk);
    const std::uint64_t ended = chunk.isOutOfTurn ? 0 : chunk.begin - first;
    if (!chunk.isEmpty() && !chunk.isOutOfTurn && !m_queue.giveBack(*helper, chunk)) {
        endUnbegun({chunk}, TaskState::Cancelled, kCancelledReason);
    }
    m_queue.endHelp(*helper, ended);
    return true;
}

ThreadWorker& ThreadPool::helper(int slot)
{
    const MutexLock lock(m_helpersMutex);
    auto& place = m_helpers[static_cast<std::size_t>(slot - kMaxWorkers)];
    if (!place) {
        place = std::make_unique<ThreadWorker>(m_surroundings, slot);
    }
    return *place;
}

void ThreadPool::runStuckCalls()
{
    const std::optional<int> slot = m_queue.takeStuck();
    if (!slot) {
        return;
    }
    const MutexLock lock(m_helpersMutex);
    try {
        m_rescuers.emplace_back([this, slot = *slot] {
            setThreadName("ps-rescue");
            const CurrentWorker current(*this);
            helper(slot).runStuckCalls();
            m_queue.endHelp(slot, 0);
        });
    } catch (const std::system_error&) {
        m_queue.endHelp(*slot, 0); // no thread to be had now: they are as stuck at the next look
    }
}

/// Looks whether short calls that workers have claimed in advance wait for each other, and runs them on
/// a thread of their own if so. \return when to look again, or kNever.
Nanos ThreadPool::watchCalls(Nanos nowNs)
{
    if (!m_areCallsWatched.load(std::memory_order_relaxed)) {
        return kNever;
    }
    if (nowNs < m_nextWatchNs) {
        return m_nextWatchNs; // the alarm rang for something else
    }
    m_nextWatchNs = nowNs + CallQueue::kStuckAfter;
    CallQueue& calls = m_queue.calls();
    // With one worker they would wait for ever without windows, too.
    if (m_queue.sharers() > 1 && calls.areStuck()) {
        runStuckCalls();
    }
    if (calls.hasWindows()) {
        return m_nextWatchNs;
    }
    m_areCallsWatched.store(false, std::memory_order_relaxed);
    fullFence(); // before the last look; pairs with ThreadWorker::nextCall()
    return calls.hasWindows() && !m_areCallsWatched.exchange(true) ? m_nextWatchNs : kNever;
}

} // namespace poolscope
