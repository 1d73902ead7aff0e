// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/executor/alarm.h"
#include "core/executor/executor.h"
#include "core/executor/queue_lane.h"
#include "core/executor/thread_worker.h"
#include "core/executor/work_queue.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace poolscope {

/// Runs tasks on threads of this process. Worker n writes to lane n of the executor; a worker that
/// comes back after a resize continues the lane with a new life.
///
/// A task is asked to stop, never forced: a kernel that does not look at its StopFlag holds up
/// shutdown(), but not resize(), cancel() or kill(). Cost of a task beyond its kernel: one clock read
/// and one record, and one lock a chunk (none for a call with default options); without a recorder
/// hardly any clock is read. Tasks with a time limit cost two locks more. A thread that watches time
/// limits, and calls that might get stuck, is started when there is something to watch.
class ThreadPool final : public Executor
{
public:
    enum class Threads {
        OnePerWorker,
        OnePerTask, ///< a worker starts a thread for each task and waits for it
    };

    ThreadPool(const ExecutorOptions& options, const TraceTarget& trace, Threads threads);
    ~ThreadPool() override;

    /// Starts the workers; to be called once, before anything else. Error: no thread to be had.
    Result<void> start() PS_EXCLUDES(m_threadsMutex);

    using Executor::submit;
    Result<void> submit(const TaskRange& range, CompletionListener* listener) override;
    Result<void> submitNode(TaskNodePtr node, std::shared_ptr<const TaskOptions> options) override;
    void resize(int workers) override PS_EXCLUDES(m_threadsMutex);
    [[nodiscard]] int targetWorkers() const override;
    void pause() override;
    void resume() override;
    void cancel() override;
    void kill() override;
    void cancelOnly(const TaskSelection& which, CancelMode mode) override;
    void cancelPending() override;
    void drain() override;
    [[nodiscard]] bool drainFor(Nanos timeout) override;
    [[nodiscard]] ExecutorCounts counts() const override;
    bool help(const TaskSelection& which) override PS_EXCLUDES(m_helpersMutex);
    void shutdown() override PS_EXCLUDES(m_threadsMutex);

private:
    struct Slot
    {
        std::unique_ptr<ThreadWorker> worker; ///< made for the first thread
        std::jthread thread;
    };

    Result<void> startWorkers(const std::vector<int>& slots) PS_REQUIRES(m_threadsMutex);
    void startWorker(int slot) PS_REQUIRES(m_threadsMutex);
    Result<void> startMissing(bool isFirst) PS_EXCLUDES(m_threadsMutex);
    [[nodiscard]] bool initialize(int slot);
    void work(ThreadWorker& worker);
    OpenCall openCall() override;
    void publishCall(const OpenCall& open) override;
    void endCall(TaskNodePtr node) override;
    Nanos watchCalls(Nanos nowNs) PS_EXCLUDES(m_helpersMutex);
    void runStuckCalls() PS_EXCLUDES(m_helpersMutex);
    ThreadWorker& helper(int slot) PS_EXCLUDES(m_helpersMutex);
    void runOnOwnThreads(ThreadWorker& worker, Chunk& chunk);
    template <class Push, class RunHere>
    Result<void> admit(const TaskOptions* options, const Push& push, const RunHere& runHere);
    Result<void> watchLimits(const TaskOptions* options);
    Nanos obeyClock();
    void endUnbegun(const std::vector<Chunk>& chunks, TaskState state, const std::string& reason);
    void note(ControlKind kind, std::int64_t value = 0, std::string text = {});

    const TraceTarget m_trace;
    WorkQueue m_queue;
    QueueLane m_queueLane;
    const Threads m_threads;
    const bool m_startsOnDemand; ///< workers come with tasks and may leave again
    const std::function<Result<void>(int)> m_initializer;
    const int m_initializerAttempts;
    const std::unique_ptr<Executor>
        m_callers; ///< runs what submitters have to run themselves; may be null
    std::atomic<int> m_targetWorkers;

    Mutex
        m_threadsMutex; ///< threads are started and joined by one at a time; no task runs under it
    std::array<Slot, kMaxWorkers> m_slots PS_GUARDED_BY(m_threadsMutex);
    bool m_hasEnded PS_GUARDED_BY(m_threadsMutex) = false;

    Mutex m_helpersMutex;
    std::array<std::unique_ptr<ThreadWorker>, kMaxHelpers>
        m_helpers PS_GUARDED_BY(m_helpersMutex); ///< made for their first tasks
    std::vector<std::jthread> m_rescuers PS_GUARDED_BY(m_helpersMutex); ///< run stuck calls
    std::atomic<bool> m_areCallsWatched{false};
    Nanos m_nextWatchNs = 0; ///< of the alarm's thread

    Alarm m_alarm; ///< last: its thread uses the others
    const std::unique_ptr<InterpreterLock> m_interpreterLock; ///< null: there is none
    const WorkerSurroundings m_surroundings;
};

/// The rows of the executor table. Error: no thread to be had.
[[nodiscard]] Result<std::unique_ptr<Executor>> createThreadPool(const ExecutorOptions& options,
                                                                 const TraceTarget& trace);
[[nodiscard]] Result<std::unique_ptr<Executor>> createThreadPerTask(const ExecutorOptions& options,
                                                                    const TraceTarget& trace);

} // namespace poolscope
