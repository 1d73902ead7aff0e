// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The short way of one task: its caller hands it to a worker and fetches the result, while the I/O thread
// sleeps. One wake-up each way, or none while both wait awake.
#include "core/base/fast_clock.h"
#include "core/base/pause_briefly.h"
#include "core/executor/process_supervisor.h"

#include <algorithm>
#include <utility>

namespace poolscope {

bool ProcessSupervisor::handDirectly(const TaskRange& range, CompletionListener* listener)
{
    // Limits are the I/O thread's. Who is called back by it or in fetchResult() has the lock.
    const bool hasLimits =
        range.options && (range.options->timeoutNs != 0 || range.options->deadlineNs != 0);
    if (!m_hasShortcut || hasLimits || range.count != 1 ||
        m_holder.load(std::memory_order_relaxed) == std::this_thread::get_id() ||
        !m_hands.tryLock()) {
        return false;
    }
    WorkerSlot* slot = idleWorker();
    std::optional<ProcessWork> work =
        slot != nullptr ? m_queue.admit(range, listener) : std::nullopt;
    if (work) {
        slot->hand(std::move(*work), m_writer);
        [[maybe_unused]] const bool isLate =
            slot->process().mayNotSleep(); // nobody waits there yet
        slot->process().setMaySpin(mayWaitAwake());
        m_hasWokenIt = slot->process().flush();
        m_crew.poll().watchWrites(slot->process(), slot->index());
        m_lastIdle = slot->index();
        m_isUsedDirectly = true;
        if (!std::exchange(m_isLookingAround, true)) {
            m_queue.poke(); // what runs now and what has died is looked for as long as tasks come
        }
    }
    m_hands.unlock();
    return work.has_value();
}

/// \return a worker that has nothing to do, best the one that was used last; null when there is none.
WorkerSlot* ProcessSupervisor::idleWorker() const
{
    const WorkerCrew::Slots& slots = m_crew.slots();
    const auto isIdle = [](const WorkerCrew& crew, const WorkerSlot& slot) {
        return crew.isUsable(slot) && !slot.holdsWork() && slot.requestRoom() > 0;
    };
    if (m_lastIdle < std::ssize(slots) && isIdle(m_crew, m_crew.slot(m_lastIdle))) {
        return &m_crew.slot(m_lastIdle);
    }
    for (const auto& slot : slots) {
        if (isIdle(m_crew, *slot)) {
            return slot.get();
        }
    }
    return nullptr;
}

/// \return whether there is a processor for each busy worker and the caller.
bool ProcessSupervisor::mayWaitAwake() const
{
    std::ptrdiff_t busy = 0;
    for (const auto& slot : m_crew.slots()) {
        busy += slot->holdsWork() ? 1 : 0;
    }
    return busy < m_processors;
}

void ProcessSupervisor::attend(const TaskNode& node, const CompletionListener* listener,
                               Nanos untilNs)
{
    Caller caller{node, listener, untilNs};
    if (!takeCharge(caller)) {
        return;
    }
    const Nanos sinceNs = fastNow();
    if (!waitAwake(caller)) {
        waitAsleep(caller);
    }
    fetchResult(caller, fastNow() - sinceNs);
}

bool ProcessSupervisor::takeCharge(Caller& caller)
{
    if (m_holder.load(std::memory_order_relaxed) == std::this_thread::get_id() ||
        !m_hands.tryLock()) {
        return false;
    }
    const WorkerCrew::Slots& slots = m_crew.slots();
    const auto isIts = [&caller](const auto& slot) {
        return slot->isFirst(caller.listener) && slot->attended == nullptr;
    };
    const bool isLast = m_lastIdle < std::ssize(slots) && isIts(*(slots.begin() + m_lastIdle));
    // There are no slots before the I/O thread has worked for the first time.
    const auto found =
        isLast ? slots.begin() + m_lastIdle : std::find_if(slots.begin(), slots.end(), isIts);
    if (found != slots.end()) {
        caller.slot = found->get();
        caller.slot->attended = caller.listener;
        caller.process = caller.slot->shareProcess();
        caller.process->page().announcement.stayAwake();
        caller.results = caller.process->resultCount();
        caller.mayWaitAwake =
            !std::exchange(m_hasWokenIt, false) && mayWaitAwake() && m_callersSpin.maySpin(0, 0);
    }
    m_hands.unlock();
    return caller.slot != nullptr;
}

/// \return whether something has come.
bool ProcessSupervisor::waitAwake(const Caller& caller) const
{
    const std::atomic<std::uint32_t>& written = caller.process->page().results.written;
    const auto isOver = [&] {
        return written.load(std::memory_order_acquire) != caller.results ||
               hasEnded(caller.node.state());
    };
    const Nanos giveUpNs = fastNow() + SpinPolicy::kMostSpin;
    while (caller.mayWaitAwake && !isOver() && fastNow() < giveUpNs) {
        pauseBriefly();
    }
    return isOver();
}

void ProcessSupervisor::waitAsleep(const Caller& caller) const
{
    WorkerPage& page = caller.process->page();
    const auto isOver = [&] {
        return page.results.written.load(std::memory_order_acquire) != caller.results ||
               hasEnded(caller.node.state());
    };
    // What wakes it for good: the result, the end of the task, or that the task has left its worker.
    const std::uint32_t count = page.announcement.count();
    page.announcement.sleep(count, caller.untilNs, isOver);
}

void ProcessSupervisor::fetchResult(const Caller& caller, Nanos waitedNs)
{
    WorkerSlot& slot = *caller.slot;
    // Not lock(): what the I/O thread does under it may wait for something that this caller holds.
    if (hasEnded(caller.node.state()) || !m_hands.tryLock()) {
        const CompletionListener* attended = caller.listener;
        if (slot.attended.compare_exchange_strong(attended, nullptr)) {
            m_queue.poke();
        }
        return;
    }
    m_callersSpin.foundAfter(waitedNs);
    if (slot.attended == caller.listener) { // else the I/O thread has settled it
        m_holder.store(std::this_thread::get_id(), std::memory_order_relaxed);
        receiveFirstResult(slot);
        dropCharge(slot);
        m_queue.countEnded(m_trace.takeEnded());
        m_holder.store({}, std::memory_order_relaxed);
    }
    m_hands.unlock();
}

/// Nobody else's: listeners are called, and this is not the I/O thread.
void ProcessSupervisor::receiveFirstResult(WorkerSlot& slot)
{
    WorkerProcess& process = slot.process();
    if (process.beginResults() == 0 || !slot.isFirst(slot.attended)) {
        return;
    }
    const Nanos now = fastNow();
    if (process.nextResult(m_result) && !acceptResult(slot, now)) {
        process.refuse();
    }
    process.endResults();
    killIfMalformed(slot);
}

/// The I/O thread is in charge of \p slot again.
void ProcessSupervisor::dropCharge(WorkerSlot& slot)
{
    slot.attended = nullptr;
    if (!slot.holdsWork()) {
        m_trace.showIdle(slot.index());
    }
    if (slot.isAwaited() && (slot.process().mayNotSleep() || slot.process().hasNews())) {
        m_queue.poke();
    }
}

/// Lets a caller go whose task is not the first of \p slot any more.
void ProcessSupervisor::releaseCaller(WorkerSlot& slot)
{
    if (slot.attended != nullptr && !slot.isFirst(slot.attended)) {
        slot.attended = nullptr;
        slot.process().page().announcement.wakeCaller();
    }
}

} // namespace poolscope
