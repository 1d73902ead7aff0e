// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/thread_pool.h"

#include "core/executor/current_worker.h"
#include "core/executor/end_reasons.h"
#include "core/executor/inline_executor.h"

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

constexpr int kCallersLane = kMaxSlots; ///< below those of workers and helpers

WorkQueue::Settings queueSettings(const ExecutorOptions& options, ThreadPool::Threads threads)
{
    WorkQueue::Settings settings;
    settings.capacity = options.queueCapacity;
    settings.chunk = static_cast<std::uint64_t>(std::clamp(options.chunk, 1, kMaxChunk));
    settings.whenFull = options.whenFull;
    settings.order = options.order;
    settings.isLazy = options.isLazy;
    settings.keepAliveNs = options.keepAliveNs;
    settings.minWorkers = options.minWorkers;
    // What each of these does at a submit needs the lock.
    settings.lockCalls = options.whenFull != WhenFull::Block || options.order.isNewestFirst ||
                         options.isLazy || options.keepAliveNs > 0 || options.initializer ||
                         threads == ThreadPool::Threads::OnePerTask;
    return settings;
}

} // namespace

ThreadPool::ThreadPool(const ExecutorOptions& options, const TraceTarget& trace, Threads threads)
    : m_trace(trace)
    , m_queue(queueSettings(options, threads), trace)
    , m_queueLane(trace)
    , m_threads(threads)
    , m_startsOnDemand(options.isLazy || options.keepAliveNs > 0)
    , m_initializer(options.initializer)
    , m_initializerAttempts(options.initializerAttempts)
    , m_callers(options.whenFull == WhenFull::CallerRuns
                    ? makeInlineExecutor(options, trace, kCallersLane)
                    : nullptr)
    , m_targetWorkers(wantedWorkers(options))
    , m_alarm([this] { return obeyClock(); }, trace.recorder, trace.executor)
    , m_interpreterLock(options.hasInterpreterLock ? std::make_unique<InterpreterLock>() : nullptr)
    , m_surroundings{m_trace,
                     m_queue,
                     m_queueLane,
                     m_alarm,
                     options.maxAttempts,
                     m_interpreterLock.get(),
                     &m_areCallsWatched}
{}

ThreadPool::~ThreadPool()
{
    bool hasEnded = false;
    {
        const MutexLock lock(m_threadsMutex);
        hasEnded = m_hasEnded;
    }
    if (!hasEnded) {
        cancel();
        shutdown();
    }
    closeLink();
}

Result<void> ThreadPool::start()
{
    const MutexLock lock(m_threadsMutex);
    return startWorkers(m_queue.setWorkers(m_targetWorkers));
}

Result<void> ThreadPool::submit(const TaskRange& range, CompletionListener* listener)
{
    return admit(
        range.options.get(), [&] { return m_queue.push(range, listener); },
        [&](const Chunk& overflow) {
            return m_callers->submit(
                {range.job, overflow.begin, overflow.count(), range.options, range.chunk},
                listener);
        });
}

Result<void> ThreadPool::submitNode(TaskNodePtr node, std::shared_ptr<const TaskOptions> options)
{
    if (!options) {
        const OpenCall open = openCall();
        if (open.slot != nullptr) {
            fillSlot(*open.slot, std::move(node));
            publishCall(open);
            return {};
        }
        if (open.isCancelled) {
            endCall(std::move(node));
            return {};
        }
    }
    return admit(
        options.get(), [&] { return m_queue.push(node, options); },
        [&](const Chunk&) { return m_callers->submitNode(node, options); });
}

template <class Push, class RunHere>
Result<void> ThreadPool::admit(const TaskOptions* options, const Push& push, const RunHere& runHere)
{
    if (auto watched = watchLimits(options); !watched) {
        return watched;
    }
    if (auto started = startMissing(true); !started) {
        return started;
    }
    const WorkQueue::Admission admission = push();
    if (!admission.refusal.empty()) {
        return Error{admission.refusal};
    }
    endUnbegun({admission.caught}, TaskState::Cancelled, kCancelledReason);
    endUnbegun(admission.dropped, TaskState::Cancelled, kDroppedReason);
    // One worker at least lives, so what is queued runs whether or not another one can be started.
    [[maybe_unused]] const Result<void> more = startMissing(false);
    [[maybe_unused]] const Result<void> watched = watchLimits(options);
    return admission.overflow.isEmpty() ? Result<void>() : runHere(admission.overflow);
}

void ThreadPool::resize(int workers)
{
    const int wanted = std::clamp(workers, 1, kMaxWorkers);
    const MutexLock lock(m_threadsMutex);
    const int before = m_targetWorkers;
    if (m_hasEnded || wanted == before) {
        return;
    }
    m_targetWorkers = wanted;
    note(ControlKind::Resize, wanted, std::to_string(before));
    const Result<void> started = startWorkers(m_queue.setWorkers(wanted));
    if (!started) {
        note(ControlKind::Error, 0, started.error().message);
        note(ControlKind::Resize, m_targetWorkers, std::to_string(wanted));
    }
}

int ThreadPool::targetWorkers() const
{
    return m_targetWorkers;
}

void ThreadPool::pause()
{
    if (m_queue.setPaused(true)) {
        note(ControlKind::Pause);
    }
}

void ThreadPool::resume()
{
    if (m_queue.setPaused(false)) {
        note(ControlKind::Resume);
    }
}

void ThreadPool::cancel()
{
    note(ControlKind::Cancel);
    endUnbegun(m_queue.cancel(), TaskState::Cancelled, kCancelledReason);
    if (m_callers) {
        m_callers->cancel();
    }
}

void ThreadPool::kill()
{
    note(ControlKind::Kill);
    endUnbegun(m_queue.cancel(), TaskState::Cancelled, kCancelledReason);
    if (m_callers) {
        m_callers->kill();
    }
}

void ThreadPool::cancelOnly(const TaskSelection& which, CancelMode mode)
{
    endUnbegun(m_queue.cancel(which), TaskState::Cancelled, kCancelledReason);
    if (m_callers) {
        m_callers->cancelOnly(which, mode);
    }
}

void ThreadPool::cancelPending()
{
    endUnbegun(m_queue.cancelPending(), TaskState::Cancelled, kCancelledReason);
}

void ThreadPool::drain()
{
    m_queue.drain();
    if (m_callers) {
        m_callers->drain();
    }
}

bool ThreadPool::drainFor(Nanos timeout)
{
    const Nanos untilNs = deadlineAfter(timeout);
    return m_queue.drainUntil(untilNs) &&
           (!m_callers || m_callers->drainFor(std::max<Nanos>(untilNs - monotonicNow(), 0)));
}

ExecutorCounts ThreadPool::counts() const
{
    ExecutorCounts counts = m_queue.counts();
    if (m_callers) {
        const ExecutorCounts callers = m_callers->counts();
        counts.waiting += callers.waiting;
        counts.handedOver += callers.handedOver;
        counts.ended += callers.ended;
    }
    return counts;
}

void ThreadPool::shutdown()
{
    m_queue.close();
    m_queue.drain();
    const MutexLock lock(m_threadsMutex);
    m_hasEnded = true;
    const std::vector<int> none = m_queue.setWorkers(0);
    for (Slot& slot : m_slots) {
        slot.thread = {};
    }
    endUnbegun(m_queue.takeLateCalls(), TaskState::Cancelled, kCancelledReason);
}

/// To be called before and after tasks come in: what came in before its limit was known is not missed.
Result<void> ThreadPool::watchLimits(const TaskOptions* options)
{
    if (options == nullptr || (options->timeoutNs == 0 && options->deadlineNs == 0)) {
        return {};
    }
    if (auto started = m_alarm.start(); !started) {
        return started;
    }
    if (options->deadlineNs != 0) {
        m_alarm.setFor(options->deadlineNs);
    }
    return {};
}

Nanos ThreadPool::obeyClock()
{
    const Nanos nowNs = monotonicNow();
    const WorkQueue::Due due = m_queue.obeyClock(nowNs);
    endUnbegun(due.expired, TaskState::TimedOut, kExpiredReason);
    return std::min(due.nextNs, watchCalls(nowNs));
}

void ThreadPool::endUnbegun(const std::vector<Chunk>& chunks, TaskState state,
                            const std::string& reason)
{
    for (const Chunk& chunk : chunks) {
        m_queueLane.end(chunk, state, reason);
        m_queue.countEnded(chunk.count());
    }
}

void ThreadPool::note(ControlKind kind, std::int64_t value, std::string text)
{
    if (m_trace.recorder) {
        m_trace.recorder->addControlEvent(
            {m_trace.recorder->now(), kind, m_trace.executor, -1, value, std::move(text)});
    }
}

namespace {

Result<std::unique_ptr<Executor>> create(const ExecutorOptions& options, const TraceTarget& trace,
                                         ThreadPool::Threads threads)
{
    auto pool = std::make_unique<ThreadPool>(options, trace, threads);
    if (const Result<void> started = pool->start(); !started) {
        return started.error();
    }
    return std::unique_ptr<Executor>(std::move(pool));
}

} // namespace

Result<std::unique_ptr<Executor>> createThreadPool(const ExecutorOptions& options,
                                                   const TraceTarget& trace)
{
    return create(options, trace, ThreadPool::Threads::OnePerWorker);
}

Result<std::unique_ptr<Executor>> createThreadPerTask(const ExecutorOptions& options,
                                                      const TraceTarget& trace)
{
    return create(options, trace, ThreadPool::Threads::OnePerTask);
}

} // namespace poolscope
