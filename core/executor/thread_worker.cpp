// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/thread_worker.h"

#include "core/base/thread_name.h"
#include "core/executor/current_worker.h"
#include "core/executor/end_reasons.h"
#include "core/executor/recorded_value.h"
#include "core/executor/run_kernel.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

std::uint16_t currentCore()
{
    const int core = ::sched_getcpu();
    return core >= 0 ? static_cast<std::uint16_t>(core) : TaskRecord::kNoCore;
}

} // namespace

ThreadWorker::ThreadWorker(const WorkerSurroundings& around, int slot, int lane)
    : m_around(&around)
    , m_slot(slot)
{
    if (around.trace.recorder) {
        m_lane = &around.trace.recorder->addLane({around.trace.executor, LaneKind::Thread, lane});
        m_laneIndex = around.trace.recorder->indexOf(*m_lane);
    }
}

void ThreadWorker::openLife()
{
    if (m_lane != nullptr) {
        m_lane->openLife({m_around->trace.recorder->now(), -1, ::getpid(), currentThreadId()});
        note(ControlKind::WorkerStarted);
    }
}

void ThreadWorker::closeLife()
{
    if (m_lane != nullptr) {
        m_lane->closeLife(m_around->trace.recorder->now());
        note(ControlKind::WorkerRetired);
    }
}

void ThreadWorker::runChunk(Chunk& chunk)
{
    const WorkQueue::Orders& orders = m_around->queue.orders(m_slot);
    const BlockingScope blocking(m_around->trace.recorder.get(), m_lane);
    const ProgressScope progress(m_lane != nullptr ? &m_lane->progress() : nullptr);
    chooseMeter();
    Nanos now = beginNow();
    if (!chunk.options && !chunk.node) {
        runPlainTasks(chunk, now);
    }
    // Relaxed: see WorkQueue::Orders.
    while (!chunk.isEmpty() && !orders.isRecalled.load(std::memory_order_relaxed)) {
        now = runTask(chunk, now);
        ++chunk.begin;
    }
    if (m_lane != nullptr) {
        m_lane->setIdle();
    }
}

/// Runs tasks of a job of which nothing was said at their submit, as of most: they have no limit and are tried
/// once, so that nothing lies between them but their record.
void ThreadWorker::runPlainTasks(Chunk& chunk, Nanos now)
{
    static const Value kNothing;
    static const std::string kNoError;
    const WorkQueue::Orders& orders = m_around->queue.orders(m_slot);
    const Job& job = *chunk.job;
    CompletionListener* const listener = chunk.listener;
    // Relaxed: see WorkQueue::Orders.
    for (; !chunk.isEmpty() && !orders.isRecalled.load(std::memory_order_relaxed); ++chunk.begin) {
        const Begun begun{chunk.begin, chunk.submitNs, now, job.chunks.get()};
        if (m_lane != nullptr) {
            m_lane->setRunning(begun.task, now);
        }
        if (listener != nullptr) {
            listener->tasksMoved(begun.task, begun.task + 1, TaskState::Running);
        }
        Result<Value> result = runOnce(job, begun.task);
        if (result) {
            now = record(begun, Outcome{TaskState::Done, result.value(), {}});
            if (listener != nullptr) {
                listener->taskEnded({job, begun.task, TaskState::Done, 1, result.value(), kNoError,
                                     &result.value()});
            }
            continue;
        }
        const TaskState state = stateAfter(result.error(), orders.stop);
        now = record(begun, Outcome{state, kNothing, result.error().message});
        if (listener != nullptr) {
            listener->taskEnded({job, begun.task, state, 1, kNothing, result.error().message});
        }
    }
}

/// Runs the kernel, when it is this task's turn to compute.
Result<Value> ThreadWorker::runOnce(const Job& job, std::uint64_t task)
{
    const InterpreterLock::Holder turn(m_around->interpreterLock);
    return runKernel(job, task, m_around->queue.orders(m_slot).stop);
}

/// Tasks of one worker may run on several threads, one after the other.
void ThreadWorker::chooseMeter()
{
    if (m_lane == nullptr || !m_lane->hasCosts()) {
        return;
    }
    if (const int thread = currentThreadId(); thread != m_meteredThread) {
        m_costs.emplace();
        m_meteredThread = thread;
    }
}

/// \return now, when a task may begin that does not follow another one.
Nanos ThreadWorker::beginNow()
{
    // Another thread may have written last.
    const Nanos now =
        m_lane != nullptr ? std::max(m_around->trace.recorder->now(), m_lane->lastEndNs()) : 0;
    if (m_costs) {
        m_costs->begin(now);
    }
    return now;
}

/// Runs the first task of \p chunk. \return its end, which is the start of the next one.
Nanos ThreadWorker::runTask(const Chunk& chunk, Nanos startNs)
{
    const std::uint64_t task = chunk.begin;
    if (chunk.isOutOfTurn && !chunk.node->beginOutOfTurn()) {
        return startNs; // whose turn it is has begun it
    }
    if (hasMissedItsDeadline(chunk) || (chunk.node && !chunk.isOutOfTurn && !chunk.node->begin())) {
        Chunk only = chunk;
        m_around->queueLane.end(only.cutFront(1), TaskState::TimedOut, kExpiredReason);
        return beginNow();
    }
    if (m_lane != nullptr) {
        m_lane->setRunning(task, startNs);
    }
    if (chunk.listener != nullptr) {
        chunk.listener->tasksMoved(task, task + 1, TaskState::Running);
    }
    const ItemChunks* chunks = chunk.job ? chunk.job->chunks.get() : nullptr;
    Ending ending = execute(chunk);
    while (ending.state == TaskState::Failed && ending.attempts < maxAttempts(chunk)) {
        startNs = record({task, chunk.submitNs, startNs, chunks}, ending, true);
        const int attempts = ending.attempts + 1;
        ending = execute(chunk);
        ending.attempts = attempts;
    }
    const Nanos endNs = record({task, chunk.submitNs, startNs, chunks}, ending);
    if (chunk.listener != nullptr) {
        chunk.listener->taskEnded({*chunk.job, task, ending.state, ending.attempts, ending.value,
                                   ending.error, &ending.value});
    }
    if (chunk.node) {
        if (ending.state == TaskState::TimedOut) {
            chunk.node->setError({ending.error, {}, {}});
        }
        chunk.node->end(ending.state, 1);
    }
    return endNs;
}

int ThreadWorker::maxAttempts(const Chunk& chunk) const
{
    if (!chunk.options || !chunk.options->retryFailed || chunk.node) {
        return 1;
    }
    return chunk.options->maxAttempts > 0 ? chunk.options->maxAttempts : m_around->maxAttempts;
}

bool ThreadWorker::hasMissedItsDeadline(const Chunk& chunk) const
{
    return chunk.options && chunk.options->deadlineNs != 0 &&
           monotonicNow() >= chunk.options->deadlineNs;
}

ThreadWorker::Ending ThreadWorker::execute(const Chunk& chunk)
{
    const Nanos timeoutNs = chunk.options ? chunk.options->timeoutNs : 0;
    if (timeoutNs == 0) {
        return executeOnce(chunk);
    }
    const Nanos stopAtNs = deadlineAfter(timeoutNs);
    m_around->queue.beginTimed(m_slot, stopAtNs);
    m_around->alarm.setFor(stopAtNs);
    Ending ending = executeOnce(chunk);
    if (m_around->queue.endTimed(m_slot)) {
        ending = {TaskState::TimedOut, {}, timedOutReason(timeoutNs)};
    }
    return ending;
}

ThreadWorker::Ending ThreadWorker::executeOnce(const Chunk& chunk)
{
    if (chunk.node) {
        const InterpreterLock::Holder turn(m_around->interpreterLock);
        chunk.node->setRunner(CurrentWorker::get());
        const TaskState state = chunk.node->run();
        return {state, {}, state == TaskState::Done ? std::string{} : chunk.node->error()->text};
    }
    Result<Value> result = runOnce(*chunk.job, chunk.begin);
    if (result) {
        return {TaskState::Done, std::move(result).value(), {}};
    }
    const StopFlag& stop = m_around->queue.orders(m_slot).stop;
    return {stateAfter(result.error(), stop), {}, result.error().message};
}

/// \return now.
Nanos ThreadWorker::record(const Begun& begun, const Outcome& outcome, bool isRetried)
{
    if (m_lane == nullptr) {
        return 0;
    }
    const Nanos endNs = std::max(m_around->trace.recorder->now(), begun.startNs);
    const std::optional<TaskCost> cost =
        m_costs ? std::optional(m_costs->end(endNs)) : std::nullopt;
    const TaskCost* const measured = cost ? &*cost : nullptr;
    if (TaskRecord* const place = m_lane->nextRecord()) {
        place->submitNs = std::min(begun.submitNs, begun.startNs); // by another thread's clock
        place->startNs = begun.startNs;
        place->endNs = endNs;
        place->sentLeadNs = 0;
        place->returnLagNs = 0;
        place->task = static_cast<std::uint32_t>(begun.task);
        place->core = currentCore();
        place->attempt = static_cast<std::uint8_t>(std::min(outcome.attempts, 255));
        place->setState(outcome.state, isRetried);
        if (isRecordedOtherwise(begun.chunks, outcome.state, outcome.value)) {
            m_lane->publish(recordedValue(begun.chunks, begun.task, outcome.value), outcome.error,
                            measured);
        } else {
            m_lane->publish(outcome.value, outcome.error, measured);
        }
    }
    if (isRetried) {
        note(ControlKind::TaskRetried, static_cast<std::int64_t>(begun.task));
        m_lane->setRunning(begun.task, endNs);
    }
    return endNs;
}

void ThreadWorker::note(ControlKind kind, std::int64_t value)
{
    const TraceTarget& trace = m_around->trace;
    trace.recorder->addControlEvent(
        {trace.recorder->now(), kind, trace.executor, m_laneIndex, value, {}});
}

} // namespace poolscope
