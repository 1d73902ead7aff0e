// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/thread_pool.h"

#include "core/base/thread_name.h"
#include "core/executor/run_kernel.h"

#include <sched.h>
#include <system_error>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

const Value kNothing;
const std::string kNoError;

std::uint64_t chunkTasks(const ExecutorOptions& options)
{
    return static_cast<std::uint64_t>(std::clamp(options.chunk, 1, kMaxChunk));
}

TaskState stateOf(const Result<Value>& result, const StopFlag& stop)
{
    if (result) {
        return TaskState::Done;
    }
    return stop.isRequested() ? TaskState::Cancelled : TaskState::Failed;
}

std::uint16_t currentCore()
{
    const int core = ::sched_getcpu();
    return core >= 0 ? static_cast<std::uint16_t>(core) : TaskRecord::kNoCore;
}

} // namespace

ThreadPool::ThreadPool(const ExecutorOptions& options, const TraceTarget& trace)
    : m_trace(trace)
    , m_queue(options.queueCapacity, chunkTasks(options), trace)
    , m_queueLane(trace)
    , m_targetWorkers(std::clamp(options.workers, 1, kMaxWorkers))
{}

ThreadPool::~ThreadPool()
{
    {
        const MutexLock lock(m_threadsMutex);
        if (m_hasEnded) {
            return;
        }
    }
    cancel();
    shutdown();
}

Result<void> ThreadPool::start()
{
    const MutexLock lock(m_threadsMutex);
    return startWorkers(m_queue.setWorkers(m_targetWorkers));
}

Result<void> ThreadPool::submit(const TaskRange& range, CompletionListener* listener)
{
    const std::optional<Chunk> caughtOutside = m_queue.push(range, listener);
    if (!caughtOutside) {
        return Error{"The thread pool takes no more tasks: it was shut down."};
    }
    endCancelled(*caughtOutside);
    return {};
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
    note(ControlKind::Resize, -1, wanted, std::to_string(before));
    const Result<void> started = startWorkers(m_queue.setWorkers(wanted));
    if (!started) {
        note(ControlKind::Error, -1, 0, started.error().message);
        note(ControlKind::Resize, -1, m_targetWorkers, std::to_string(wanted));
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
    cancelTasks();
}

void ThreadPool::kill()
{
    note(ControlKind::Kill);
    cancelTasks();
}

void ThreadPool::drain()
{
    m_queue.drain();
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
}

Result<void> ThreadPool::startWorkers(const std::vector<int>& slots)
{
    for (auto slot = slots.begin(); slot != slots.end(); ++slot) {
        try {
            startWorker(*slot);
        } catch (const std::system_error& error) {
            std::for_each(slot, slots.end(),
                          [this](int missing) { m_queue.forgetWorker(missing); });
            m_targetWorkers = *slot;
            const std::vector<int> none = m_queue.setWorkers(*slot);
            return Error{"Worker " + std::to_string(*slot + 1) +
                         " of the thread pool could not be started: " + error.what() +
                         ". Use fewer workers or raise the limit on threads (ulimit -u)."};
        }
    }
    return {};
}

void ThreadPool::startWorker(int slot)
{
    Slot& place = m_slots[static_cast<std::size_t>(slot)];
    place.thread = {}; // joins the last one here, which has left: the lane has one writer at a time
    place.worker.slot = slot;
    if (m_trace.recorder && place.worker.lane == nullptr) {
        place.worker.lane = &m_trace.recorder->addLane({m_trace.executor, LaneKind::Thread, slot});
        place.worker.laneIndex = m_trace.recorder->indexOf(*place.worker.lane);
    }
    place.thread = std::jthread([this, worker = place.worker] { work(worker); });
}

void ThreadPool::work(const Worker& worker)
{
    setThreadName("ps-thr-" + std::to_string(worker.slot));
    openLife(worker);
    Chunk chunk;
    std::uint64_t ended = 0;
    while (m_queue.take(worker.slot, ended, chunk)) {
        const std::uint64_t first = chunk.begin;
        runChunk(worker, chunk);
        ended = chunk.begin - first;
        if (!chunk.isEmpty() && !m_queue.giveBack(worker.slot, chunk)) {
            endCancelled(chunk);
        }
    }
    closeLife(worker);
}

void ThreadPool::runChunk(const Worker& worker, Chunk& chunk)
{
    const WorkQueue::Orders& orders = m_queue.orders(worker.slot);
    Nanos now = worker.lane != nullptr ? m_trace.recorder->now() : 0;
    // Relaxed: see WorkQueue::Orders.
    while (!chunk.isEmpty() && !orders.isRecalled.load(std::memory_order_relaxed)) {
        now = runTask(worker, chunk, now);
        ++chunk.begin;
    }
    if (worker.lane != nullptr) {
        worker.lane->setIdle();
    }
}

/// Runs the first task of \p chunk. \return its end, which is the start of the next one.
Nanos ThreadPool::runTask(const Worker& worker, const Chunk& chunk, Nanos startNs)
{
    const std::uint64_t task = chunk.begin;
    if (worker.lane != nullptr) {
        worker.lane->setRunning(task, startNs);
    }
    const StopFlag& stop = m_queue.orders(worker.slot).stop;
    const Result<Value> result = runKernel(*chunk.job, task, stop);
    const TaskState state = stateOf(result, stop);
    const Value& value = result ? result.value() : kNothing;
    const std::string& error = result ? kNoError : result.error().message;

    Nanos endNs = 0;
    if (worker.lane != nullptr) {
        endNs = m_trace.recorder->now();
        TaskRecord record;
        record.submitNs = chunk.submitNs;
        record.startNs = startNs;
        record.endNs = endNs;
        record.task = static_cast<std::uint32_t>(task);
        record.core = currentCore();
        record.setState(state);
        worker.lane->append(record, value, error);
    }
    if (chunk.listener != nullptr) {
        chunk.listener->taskEnded({*chunk.job, task, state, 1, value, error});
    }
    return endNs;
}

void ThreadPool::openLife(const Worker& worker)
{
    if (worker.lane != nullptr) {
        worker.lane->openLife({m_trace.recorder->now(), -1, ::getpid(), currentThreadId()});
        note(ControlKind::WorkerStarted, worker.laneIndex);
    }
}

void ThreadPool::closeLife(const Worker& worker)
{
    if (worker.lane != nullptr) {
        worker.lane->closeLife(m_trace.recorder->now());
        note(ControlKind::WorkerRetired, worker.laneIndex);
    }
}

void ThreadPool::cancelTasks()
{
    for (const Chunk& chunk : m_queue.cancel()) {
        endCancelled(chunk);
    }
}

void ThreadPool::endCancelled(const Chunk& chunk)
{
    m_queueLane.endCancelled(chunk);
    m_queue.countEnded(chunk.count());
}

void ThreadPool::note(ControlKind kind, int lane, std::int64_t value, std::string text)
{
    if (m_trace.recorder) {
        m_trace.recorder->addControlEvent(
            {m_trace.recorder->now(), kind, m_trace.executor, lane, value, std::move(text)});
    }
}

Result<std::unique_ptr<Executor>> createThreadPool(const ExecutorOptions& options,
                                                   const TraceTarget& trace)
{
    auto pool = std::make_unique<ThreadPool>(options, trace);
    const Result<void> started = pool->start();
    if (!started) {
        return started.error();
    }
    return std::unique_ptr<Executor>(std::move(pool));
}

} // namespace poolscope
