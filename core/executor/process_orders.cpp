// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What callers order and clocks ask for: pauses, cancels, kills, time limits and deadlines.
#include "core/executor/end_reasons.h"
#include "core/executor/process_supervisor.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace poolscope {

namespace {

constexpr Nanos kStopPatience = 200 * kNanosPerMilli; ///< after kill() or a time limit

} // namespace

void ProcessSupervisor::obeyOrders()
{
    if (!std::exchange(m_hasOrders, false)) {
        return;
    }
    const bool wasPaused = m_orders.isPaused;
    m_orders = m_queue.takeOrders();
    if (m_orders.isCancelled) {
        cancelAll(m_orders.isKilled);
    }
    if (m_orders.isPendingCancelled) {
        for (const auto& slot : m_crew.slots()) {
            for (const ProcessWork& work : slot->takeBackUnbegun()) {
                m_trace.endUnbegun(work, TaskState::Cancelled, kCancelledReason);
            }
        }
    }
    for (const ProcessQueue::Cancellation& cancellation : m_orders.cancellations) {
        cancelSome(cancellation);
    }
    for (const ProcessWork& work : m_orders.swept) {
        if (m_crew.isBroken()) {
            m_trace.endUnbegun(work, TaskState::Failed, m_crew.brokenReason());
        } else {
            m_trace.endUnbegun(work, TaskState::Cancelled, kCancelledReason);
        }
    }
    if (m_orders.isPaused && !wasPaused) {
        for (const auto& slot : m_crew.slots()) {
            m_queue.putBack(slot->takeBackUnbegun());
        }
    }
}

void ProcessSupervisor::cancelAll(bool isKill)
{
    for (const auto& slot : m_crew.slots()) {
        for (const ProcessWork& work : slot->takeBackUnbegun()) {
            m_trace.endUnbegun(work, TaskState::Cancelled, kCancelledReason);
        }
        if (slot->holdsWork()) {
            slot->askToStop(isKill ? monotonicNow() + kStopPatience : WorkerSlot::kNever);
        }
    }
}

void ProcessSupervisor::cancelSome(const ProcessQueue::Cancellation& cancellation)
{
    const auto covers = [&cancellation](const ProcessWork& work) {
        return cancellation.which.covers(work.listener, work.options.get());
    };
    for (const auto& slot : m_crew.slots()) {
        if (!slot->holdsAny(cancellation.which)) {
            continue;
        }
        std::vector<ProcessWork> unbegun = slot->takeBackUnbegun();
        const auto covered =
            std::stable_partition(unbegun.begin(), unbegun.end(), std::not_fn(covers));
        for (auto work = covered; work != unbegun.end(); ++work) {
            m_trace.endUnbegun(*work, TaskState::Cancelled, kCancelledReason);
        }
        unbegun.erase(covered, unbegun.end());
        m_queue.putBack(std::move(unbegun));
        if (slot->begunTasks() > 0 && covers(slot->runningChunk())) {
            const bool isKill = cancellation.mode == CancelMode::Kill;
            slot->askToStop(isKill ? monotonicNow() + kStopPatience : WorkerSlot::kNever);
        }
    }
}

/// Stops what has run too long, ends what missed its deadline while it waited.
void ProcessSupervisor::obeyLimits()
{
    const Nanos now = monotonicNow();
    for (const auto& slot : m_crew.slots()) {
        if (slot->nextDeadline() <= now) {
            m_queue.putBack(slot->takeBackUnbegun());
        }
        if (slot->limitNs() > now) {
            continue;
        }
        receiveResults(*slot); // it may be back already
        m_queue.putBack(slot->takeBackUnbegun());
        if (slot->limitNs() <= now) {
            slot->markTimedOut();
            slot->askToStop(now + kStopPatience);
        }
    }
    for (const ProcessWork& work : m_queue.takeExpired(now)) {
        m_trace.endUnbegun(work, TaskState::TimedOut, kExpiredReason);
    }
}

} // namespace poolscope
