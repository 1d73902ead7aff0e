// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/process_supervisor.h"

#include "core/base/thread_name.h"
#include "core/executor/end_reasons.h"

#include <algorithm>
#include <csignal>
#include <functional>
#include <iterator>
#include <utility>

namespace poolscope {

namespace {

constexpr Nanos kStopPatience = 200 * kNanosPerMilli; ///< after kill() or a time limit
constexpr Nanos kTick = 10 * kNanosPerMilli;

} // namespace

ProcessSupervisor::ProcessSupervisor(const ExecutorOptions& options, const TraceTarget& trace,
                                     ReaperProcess::Programs programs, ProcessQueue& queue)
    : m_options(options)
    , m_queue(queue)
    , m_trace(trace)
    , m_crew(options, std::move(programs), queue, m_trace)
{}

Result<void> ProcessSupervisor::start()
{
    return m_crew.start();
}

void ProcessSupervisor::run()
{
    setThreadName("ps-process-io");
    for (;;) {
        obeyOrders();
        obeyLimits();
        m_crew.adjust(wantedWorkers());
        handOut();
        showRunning();
        m_queue.countEnded(m_trace.takeEnded());
        m_queue.confirm(m_orders.number);
        if (isFinished()) {
            break;
        }
        waitForEvents();
    }
    m_queue.leave();
}

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
        std::for_each(covered, unbegun.end(), [this](const ProcessWork& work) {
            m_trace.endUnbegun(work, TaskState::Cancelled, kCancelledReason);
        });
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
        receive(*slot); // it may be back already
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

int ProcessSupervisor::wantedWorkers() const
{
    return m_orders.isOver || m_crew.isBroken() ? 0 : m_orders.workers;
}

void ProcessSupervisor::handOut()
{
    do {
        fillWorkers();
    } while (takeBackForIdleWorker());
    sendOut();
}

void ProcessSupervisor::fillWorkers()
{
    std::size_t held = 0;
    while (fillOneRound(held)) {
        ++held; // everybody's next chunk before anybody's second
    }
}

/// Gives a chunk to each worker that has \p held of them and wants more.
/// \return whether any worker wants more, and there is more.
bool ProcessSupervisor::fillOneRound(std::size_t held)
{
    bool isAnyWanting = false;
    for (int i = 0; i < wantedWorkers(); ++i) {
        WorkerSlot& slot = m_crew.slot(i);
        const std::uint64_t room = m_crew.roomFor(slot);
        if (!m_crew.isUsable(slot) || room == 0 || !slot.wantsMore(m_options.prefetchedChunks)) {
            continue;
        }
        isAnyWanting = true;
        if (slot.chunkCount() > held) {
            continue;
        }
        std::optional<ProcessWork> work = m_queue.take(room);
        if (!work) {
            return false;
        }
        slot.hand(std::move(*work), m_writer);
    }
    return isAnyWanting;
}

void ProcessSupervisor::sendOut()
{
    for (const auto& slot : m_crew.slots()) {
        if (slot->phase != WorkerSlot::Phase::Empty) {
            slot->process().flush();
            m_crew.poll().watchWrites(slot->process(), slot->index());
        }
    }
}

/// A chunk that waits behind another one at its worker must not wait on while somebody has nothing to do.
/// \return whether there is something to hand out now.
bool ProcessSupervisor::takeBackForIdleWorker()
{
    const bool isAnyIdle =
        std::any_of(m_crew.slots().begin(), m_crew.slots().end(), [this](const auto& slot) {
            return m_crew.isUsable(*slot) && !slot->holdsWork();
        });
    for (const auto& slot : m_crew.slots()) {
        if (isAnyIdle && slot->chunkCount() > 1) {
            std::vector<ProcessWork> unbegun = slot->takeBackUnbegun();
            if (!unbegun.empty()) {
                m_queue.putBack(std::move(unbegun));
                return true;
            }
        }
    }
    return false;
}

void ProcessSupervisor::receive(WorkerSlot& slot)
{
    WorkerProcess& process = slot.process();
    process.receive();
    while (const std::optional<Message> message = process.nextMessage()) {
        if (!accept(slot, *message)) {
            process.refuse();
        }
    }
    if (process.isMalformed() && slot.killReason.empty()) {
        slot.killReason = "sent a malformed message and was killed";
        process.kill();
    }
    if (process.hasHungUp() && !slot.isCutOff) {
        m_crew.poll().ignoreSocket(process); // a closed one would be readable for ever
        m_crew.cutOff(slot);
    }
}

bool ProcessSupervisor::accept(WorkerSlot& slot, const Message& message)
{
    switch (message.kind) {
    case MessageKind::Hello:
        if (!m_crew.welcome(slot, message)) {
            return false;
        }
        takeBackWhatWaits();
        return true;
    case MessageKind::Result:
        return acceptResult(slot, message);
    case MessageKind::Doorbell:
        return slot.phase != WorkerSlot::Phase::Starting;
    case MessageKind::Job:
    case MessageKind::Tasks:
    case MessageKind::Stop:
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

bool ProcessSupervisor::acceptResult(WorkerSlot& slot, const Message& message)
{
    std::optional<ResultMessage> result = decodeResult(message.body);
    if (!result || slot.begunTasks() == 0 || slot.front().begin != result->index) {
        return false;
    }
    const Nanos limitNs = slot.exceededLimit();
    if (limitNs > 0 && result->endNs - result->startNs >= limitNs) {
        result->state = TaskState::TimedOut;
        result->value = {};
        result->error = timedOutReason(limitNs);
    }
    const ProcessWork& front = slot.front();
    const bool isRetried = result->state == TaskState::Failed && front.options &&
                           front.options->retryFailed && front.attempts + 1 < mostAttempts(front);
    std::vector<ProcessWork> again;
    if (isRetried) {
        again.push_back(front);
        again.back().end = front.begin + 1;
        ++again.back().attempts;
    }
    m_trace.taskReturned(slot.index(), front, *result, isRetried);
    slot.dropFirst(result->endNs - result->startNs);
    m_crew.succeeded(slot);
    m_queue.putBack(std::move(again));
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

void ProcessSupervisor::receiveNotices()
{
    while (std::optional<ReaperProcess::Notice> notice = m_crew.nextNotice()) {
        WorkerSlot* slot = m_crew.findWorker(notice->what.worker);
        if (slot == nullptr) {
            continue;
        }
        if (notice->what.kind == ReaperNotice::Kind::Ended) {
            workerGone(*slot, notice->what.exit);
        } else {
            m_crew.takeNotice(*slot, std::move(*notice));
        }
    }
    if (m_crew.hasLostReaper()) {
        buryWithReaper();
    }
}

void ProcessSupervisor::buryWithReaper()
{
    bool hasCounted = false; // one accident, however many workers were about to begin
    for (const auto& slot : m_crew.slots()) {
        if (slot->phase != WorkerSlot::Phase::Empty) {
            slot->killReason = "died with its parent, poolscope-reaper";
            slot->process().kill();
            slot->process().awaitDeath();
            hasCounted = workerGone(*slot, {0, SIGKILL, 0}, !hasCounted) || hasCounted;
        }
    }
    m_crew.forgetReaper();
}

/// \p mayCount: whether a worker that has begun nothing counts as one that failed to start. \return whether
/// it did.
bool ProcessSupervisor::workerGone(WorkerSlot& slot, const WorkerExit& exit, bool mayCount)
{
    receive(slot); // what it finished counts
    slot.process().receiveOutput();
    const FaultNote& fault = slot.process().page().fault;
    const bool isClean = exit.signal == 0 && exit.exitCode == 0;
    const bool hasBegun = slot.begunTasks() > 0;
    // It may have died of something else before our signal came.
    Death death{monotonicNow(), exit.signal == SIGKILL ? slot.killReason : std::string{}, {}};
    if (death.reason.empty() && !isClean) {
        death.reason = describeExit(exit, fault);
        if (exit.signal == SIGKILL) {
            death.reason += m_crew.guessKiller();
        }
    } else if (death.reason.empty() && slot.phase != WorkerSlot::Phase::Leaving) {
        death.reason = hasBegun ? "exited with status 0 without giving its task's result"
                                : "exited without being asked to";
    }
    const bool isRegular = death.reason.empty();
    if (!isRegular) {
        death.remains = describeRemains(exit, fault, slot.process().output());
    }
    m_trace.workerGone(slot.index(), slot.process().processId(), death.goneNs,
                       isRegular ? ControlKind::WorkerRetired : ControlKind::WorkerDied,
                       isRegular ? slot.retireReason : death.reason + death.remains);

    const bool hasFailedToStart =
        mayCount && !hasBegun && (slot.phase == WorkerSlot::Phase::Starting || slot.holdsWork());
    m_queue.putBack(slot.takeBackUnbegun());
    if (slot.holdsWork()) {
        giveUpBegunTasks(slot, death);
    }
    m_crew.bury(slot, death.reason + death.remains, hasFailedToStart);
    return hasFailedToStart;
}

void ProcessSupervisor::giveUpBegunTasks(WorkerSlot& slot, const Death& death)
{
    const Nanos limitNs = slot.exceededLimit();
    // All but the first are there only if a dying worker has scribbled over its page.
    std::vector<ProcessWork> rest = slot.takeBackAll();
    ProcessWork task = rest.front().cutFront(1);
    m_queue.putBack(std::move(rest));
    const int attempts = task.attempts + 1;
    const Nanos startNs = slot.process().page().startNs.load(std::memory_order_relaxed);
    const BrokenAttempt attempt{slot.index(), startNs, death.goneNs};
    m_crew.succeeded(slot);
    if (m_crew.isBroken()) {
        m_trace.taskBroken(attempt, task, TaskState::Failed, m_crew.brokenReason());
    } else if (limitNs > 0) {
        m_trace.taskBroken(attempt, task, TaskState::TimedOut,
                           timedOutReason(limitNs) +
                               " and did not stop; its worker: " + death.reason);
    } else if (slot.isStopping()) {
        m_trace.taskBroken(attempt, task, TaskState::Cancelled,
                           "cancelled while it ran; its worker: " + death.reason);
    } else if (attempts < mostAttempts(task)) {
        m_trace.attemptLost(attempt, task, death.reason + death.remains);
        task.attempts = attempts;
        m_queue.putBack({std::move(task)});
    } else {
        m_trace.taskBroken(
            attempt, task, TaskState::Lost,
            "lost with its worker (process " + std::to_string(slot.process().processId()) +
                ", attempt " + std::to_string(attempts) + " of " +
                std::to_string(mostAttempts(task)) + "): " + death.reason + death.remains);
    }
}

void ProcessSupervisor::waitForEvents()
{
    for (const WorkerPoll::Event& event : m_crew.poll().wait(nextDeadline())) {
        if (event.kind == WorkerPoll::Kind::Queue) {
            m_hasOrders = true;
            continue;
        }
        if (event.kind == WorkerPoll::Kind::Reaper) {
            receiveNotices();
            continue;
        }
        WorkerSlot& slot = m_crew.slot(event.worker);
        if (slot.phase == WorkerSlot::Phase::Empty) {
            continue; // died earlier in this round
        }
        if (event.kind == WorkerPoll::Kind::Message) {
            receive(slot); // what is to be sent goes out in the next round
        } else if (!slot.process().receiveOutput()) {
            m_crew.poll().ignoreOutput(slot.process());
        }
    }
    tick();
}

/// Takes in what workers have not announced, because a long task came after it.
void ProcessSupervisor::tick()
{
    const Nanos now = monotonicNow();
    if (now < m_nextTickNs) {
        return;
    }
    m_nextTickNs = now + kTick;
    for (const auto& slot : m_crew.slots()) {
        if (slot->holdsWork()) {
            receive(*slot);
        }
    }
}

Nanos ProcessSupervisor::nextDeadline() const
{
    Nanos next = std::min(m_crew.nextDeadline(), m_queue.nextDeadline());
    for (const auto& slot : m_crew.slots()) {
        next = std::min({next, slot->limitNs(), slot->nextDeadline()});
        if (slot->holdsWork()) {
            next = std::min(next, m_nextTickNs);
        }
    }
    return next;
}

bool ProcessSupervisor::isFinished() const
{
    return m_orders.isOver && m_crew.isEmpty();
}

} // namespace poolscope
