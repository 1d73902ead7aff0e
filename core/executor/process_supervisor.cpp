// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/process_supervisor.h"

#include "core/base/fast_clock.h"
#include "core/base/machine_facts.h"
#include "core/base/thread_name.h"
#include "core/executor/end_reasons.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace poolscope {

namespace {

constexpr Nanos kTick = 10 * kNanosPerMilli;

} // namespace

ProcessSupervisor::ProcessSupervisor(const ExecutorOptions& options, const TraceTarget& trace,
                                     ReaperProcess::Programs programs, ProcessQueue& queue)
    : m_options(options)
    , m_processors(usableCpuCount())
    , m_hasShortcut(options.recycleAfterTasks == 0 && options.recycleAboveBytes == 0 &&
                    options.recycleAfterNs == 0)
    , m_queue(queue)
    , m_target(trace)
    , m_trace(trace)
    , m_crew(options, std::move(programs), queue, m_trace)
    , m_handout(options, queue, m_crew)
{}

Result<void> ProcessSupervisor::start()
{
    const MutexLock hands(m_hands);
    return m_crew.start();
}

void ProcessSupervisor::run()
{
    setThreadName("ps-process-io");
    BusyLog busy(m_target.recorder, m_target.executor, "Process I/O");
    busy.begin();
    for (bool isOver = false; !isOver;) {
        {
            const MutexLock hands(m_hands);
            m_holder.store(std::this_thread::get_id(), std::memory_order_relaxed);
            work();
            isOver = isFinished();
            m_holder.store({}, std::memory_order_relaxed);
        }
        if (!isOver) {
            waitForEvents(busy);
        }
    }
    {
        const MutexLock hands(m_hands);
        m_crew.forgetReaper(); // and wait for its end
    }
    busy.end();
    m_queue.leave();
}

void ProcessSupervisor::work()
{
    receiveAllResults();
    obeyOrders();
    obeyLimits();
    m_crew.adjust(wantedWorkers());
    m_handout.run();
    showRunning();
    for (const auto& slot : m_crew.slots()) {
        releaseCaller(*slot);
    }
    m_queue.countEnded(m_trace.takeEnded());
    m_queue.confirm(m_orders.number);
}

int ProcessSupervisor::wantedWorkers() const
{
    return m_orders.isOver || m_crew.isBroken() ? 0 : m_orders.workers;
}

void ProcessSupervisor::receiveMessages(WorkerSlot& slot)
{
    WorkerProcess& process = slot.process();
    process.receive();
    while (const std::optional<Message> message = process.nextMessage()) {
        if (!accept(slot, *message)) {
            process.refuse();
        }
    }
    killIfMalformed(slot);
    if (process.hasHungUp() && !slot.isCutOff) {
        m_crew.poll().ignoreSocket(process); // a closed one would be readable for ever
        m_crew.cutOff(slot);
    }
}

void ProcessSupervisor::receiveAllResults()
{
    for (const auto& slot : m_crew.slots()) {
        if (slot->phase != WorkerSlot::Phase::Empty && slot->process().hasNews()) {
            receiveResults(*slot);
        }
    }
}

void ProcessSupervisor::receiveResults(WorkerSlot& slot)
{
    WorkerProcess& process = slot.process();
    std::uint32_t left = process.beginResults();
    const Nanos now = fastNow(); // none of them ended later
    for (; left > 0 && process.nextResult(m_result); --left) {
        if (!acceptResult(slot, now)) {
            process.refuse();
        }
    }
    process.endResults();
    killIfMalformed(slot);
}

void ProcessSupervisor::killIfMalformed(WorkerSlot& slot)
{
    if (slot.process().isMalformed() && slot.killReason.empty()) {
        slot.killReason = "sent a malformed message and was killed";
        slot.process().kill();
    }
}

bool ProcessSupervisor::accept(WorkerSlot& slot, const Message& message)
{
    switch (message.kind) {
    case MessageKind::Hello:
        if (!m_crew.welcome(slot, message)) {
            return false;
        }
        if (slot.phase == WorkerSlot::Phase::Ready) {
            takeBackWhatWaits();
        }
        return true;
    case MessageKind::Doorbell: // its results are looked at in every round
        return slot.phase != WorkerSlot::Phase::Starting || slot.isInitializing();
    case MessageKind::Job:
    case MessageKind::Tasks:
    case MessageKind::Result:
        break;
    }
    return false;
}

/// A new worker is to begin with what was queued first, and that may lie behind a long task by now.
void ProcessSupervisor::takeBackWhatWaits()
{
    std::vector<ProcessWork> unbegun;
    for (const auto& slot : m_crew.slots()) {
        std::ranges::move(slot->takeBackUnbegun(), std::back_inserter(unbegun));
    }
    std::ranges::stable_sort(unbegun, {}, &ProcessWork::sentNs);
    m_queue.putBack(std::move(unbegun));
}

int ProcessSupervisor::mostAttempts(const ProcessWork& task) const
{
    return task.options && task.options->maxAttempts > 0 ? task.options->maxAttempts
                                                         : m_options.maxAttempts;
}

/// \return whether m_result can be the result of the first task there.
bool ProcessSupervisor::acceptResult(WorkerSlot& slot, Nanos receivedNs)
{
    if (slot.isInitializing()) {
        const bool isIts = m_crew.acceptInitializer(slot, m_result);
        if (slot.phase == WorkerSlot::Phase::Ready) {
            takeBackWhatWaits();
        }
        return isIts;
    }
    if (!slot.hasBegun() || slot.front().begin != m_result.index) {
        return false;
    }
    const Nanos runNs = m_result.endNs - m_result.startNs;
    const Nanos limitNs = slot.exceededLimit();
    if (limitNs > 0 && runNs >= limitNs) {
        m_result.state = TaskState::TimedOut;
        m_result.value = {};
        m_result.error = timedOutReason(limitNs);
    }
    const ProcessWork& front = slot.front();
    const bool isRetried = m_result.state == TaskState::Failed && front.options &&
                           front.options->retryFailed && front.attempts + 1 < mostAttempts(front);
    m_trace.taskReturned({slot.index(), receivedNs, isRetried}, front, m_result);
    if (isRetried) {
        ProcessWork again = front;
        again.end = again.begin + 1;
        ++again.attempts;
        slot.dropFirst(runNs);
        m_queue.putBack({std::move(again)});
    } else {
        slot.dropFirst(runNs);
    }
    m_crew.succeeded(slot);
    return true;
}

void ProcessSupervisor::showRunning()
{
    for (const auto& slot : m_crew.slots()) {
        if (slot->begunTasks() > 0) {
            const Nanos startNs = slot->process().page().startNs.load(std::memory_order_relaxed);
            const std::uint64_t task = slot->runningTask();
            m_trace.showRunning(slot->index(), task, startNs, slot->process().page().progress);
            slot->runningChunk().tellRunning(task);
        } else {
            m_trace.showIdle(slot->index());
        }
    }
}

void ProcessSupervisor::waitForEvents(BusyLog& busy)
{
    WorkerPoll* poll = nullptr;
    Nanos untilNs = 0;
    {
        const MutexLock hands(m_hands);
        poll = &m_crew.poll();
        untilNs = mayNotSleep() ? 0 : nextDeadline();
    }
    busy.end();
    const std::vector<WorkerPoll::Event>& events = poll->wait(untilNs);
    busy.begin();
    const MutexLock hands(m_hands);
    m_holder.store(std::this_thread::get_id(), std::memory_order_relaxed);
    for (const WorkerPoll::Event& event : events) {
        take(event);
    }
    m_holder.store({}, std::memory_order_relaxed);
}

void ProcessSupervisor::take(const WorkerPoll::Event& event)
{
    if (event.kind == WorkerPoll::Kind::Queue) {
        m_hasOrders = true;
        return;
    }
    if (event.kind == WorkerPoll::Kind::Reaper) {
        receiveNotices();
        return;
    }
    WorkerSlot& slot = m_crew.slot(event.worker);
    if (slot.phase == WorkerSlot::Phase::Empty) {
        return; // died earlier in this round
    }
    if (event.kind == WorkerPoll::Kind::Message) {
        receiveMessages(slot); // what is to be sent goes out in the next round
    } else if (!slot.process().receiveOutput()) {
        m_crew.poll().ignoreOutput(slot.process());
    }
}

/// Asks the workers for doorbells. \return whether there is something to do before one comes.
bool ProcessSupervisor::mayNotSleep()
{
    bool isAnyNew = false;
    for (const auto& slot : m_crew.slots()) {
        // Whoever waits for a result himself is told by the worker himself.
        if (slot->isAwaited() && slot->attended == nullptr && slot->process().mayNotSleep()) {
            isAnyNew = true;
        }
    }
    return isAnyNew;
}

Nanos ProcessSupervisor::nextDeadline()
{
    Nanos next = std::min(m_crew.nextDeadline(), m_queue.nextDeadline());
    m_isLookingAround = std::exchange(m_isUsedDirectly, false);
    for (const auto& slot : m_crew.slots()) {
        next = std::min({next, slot->limitNs(), slot->nextDeadline()});
        m_isLookingAround = m_isLookingAround || slot->isAwaited();
    }
    return m_isLookingAround ? std::min(next, monotonicNow() + kTick) : next;
}

bool ProcessSupervisor::isFinished() const
{
    return m_orders.isOver && m_crew.isEmpty();
}

} // namespace poolscope
