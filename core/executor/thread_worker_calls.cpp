// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How a worker of a thread pool runs calls that passed the lock by.
#include "core/base/fast_clock.h"
#include "core/executor/current_worker.h"
#include "core/executor/end_reasons.h"
#include "core/executor/thread_worker.h"

#include <algorithm>
#include <utility>

namespace poolscope {

void ThreadWorker::runCalls()
{
    const BlockingScope blocking(m_around->trace.recorder.get(), m_lane);
    const ProgressScope progress(m_lane != nullptr ? &m_lane->progress() : nullptr);
    chooseMeter();
    if (m_idleSinceNs != 0) {
        m_spin.foundAfter(fastNow() - m_idleSinceNs);
    }
    WorkQueue& queue = m_around->queue;
    const WorkQueue::Orders& orders = queue.orders(m_slot);
    bool mayGoOn = true;
    while (mayGoOn) {
        Nanos now = beginNow();
        while (TaskSlot* call = nextCall()) {
            runCall(*call, now);
        }
        queue.calls().flush(m_slot);
        if (m_lane != nullptr) {
            m_lane->setIdle();
        }
        m_idleSinceNs = fastNow();
        mayGoOn = m_spin.maySpin(m_idleSinceNs, m_idleSinceNs) && !queue.hasUrgent() &&
                  queue.searchCalls(orders, m_idleSinceNs + SpinPolicy::kMostSpin);
        if (mayGoOn) {
            m_spin.foundAfter(fastNow() - m_idleSinceNs);
        }
    }
}

void ThreadWorker::runStuckCalls()
{
    const BlockingScope blocking(m_around->trace.recorder.get(), m_lane);
    const ProgressScope progress(m_lane != nullptr ? &m_lane->progress() : nullptr);
    chooseMeter();
    CallQueue& calls = m_around->queue.calls();
    Nanos now = beginNow();
    while (TaskSlot* call = calls.nextOfOthers(m_slot)) {
        runCall(*call, now);
    }
    calls.flush(m_slot);
}

/// \return null when there is none, or the worker may begin none now.
TaskSlot* ThreadWorker::nextCall()
{
    WorkQueue& queue = m_around->queue;
    // Relaxed: see WorkQueue::Orders.
    if (queue.orders(m_slot).isRecalled.load(std::memory_order_relaxed) || queue.hasUrgent()) {
        return nullptr;
    }
    TaskSlot* call = queue.calls().next(m_slot, queue.sharers());
    if (call != nullptr) {
        queue.callTaken();
        if (queue.calls().hasClaimedMore(m_slot)) {
            fullFence(); // after the claim; pairs with ThreadPool::watchCalls()
            if (!m_around->areCallsWatched->load(std::memory_order_relaxed) &&
                !m_around->areCallsWatched->exchange(true) && m_around->alarm.start()) {
                m_around->alarm.setFor(deadlineAfter(CallQueue::kStuckAfter));
            }
        }
    }
    return call;
}

/// \p now: the end of the one before, and then of this one.
void ThreadWorker::runCall(TaskSlot& call, Nanos& now)
{
    if (!mayRun(call)) {
        endUnbegun(call);
        now = beginNow();
        return;
    }
    // The counter may have been read ahead of the slot.
    const Begun begun{call.task, call.submitNs, std::max(now, call.submitNs)};
    if (m_lane != nullptr) {
        m_lane->setRunning(begun.task, begun.startNs);
    }
    const Ending ending = execute(call);
    now = record(begun, ending);
    if (call.node != nullptr) {
        call.node->end(ending.state, 1);
        call.node->release();
    }
}

bool ThreadWorker::mayRun(TaskSlot& call)
{
    CallQueue& calls = m_around->queue.calls();
    if (call.node == nullptr) {
        return !calls.isCancelled(m_slot);
    }
    calls.setCurrent(m_slot, call.node);
    if (!calls.isCancelled(m_slot) && call.node->begin()) {
        return true;
    }
    calls.endCurrent(m_slot);
    return false;
}

ThreadWorker::Ending ThreadWorker::execute(TaskSlot& call)
{
    const InterpreterLock::Holder turn(m_around->interpreterLock);
    Ending ending;
    if (call.node == nullptr) {
        ending.state = call.kind->run(call, ending.error);
        return ending;
    }
    call.node->setRunner(CurrentWorker::get());
    ending.state = call.node->run();
    m_around->queue.calls().endCurrent(m_slot);
    if (ending.state != TaskState::Done) {
        ending.error = call.node->error()->text;
    }
    return ending;
}

void ThreadWorker::endUnbegun(TaskSlot& call)
{
    if (call.kind != nullptr) {
        call.kind->drop(call);
    }
    const TaskNodePtr node = TaskNodePtr::adopt(call.node);
    if (!node || !node->isOutOfTurn()) { // else it was begun, and is recorded, elsewhere
        m_around->queueLane.end(
            {nullptr, call.task, call.task + 1, call.submitNs, nullptr, nullptr, node},
            TaskState::Cancelled, kCancelledReason);
    }
}

} // namespace poolscope
