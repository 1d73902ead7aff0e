// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/executor/executor.h"
#include "core/executor/queue_lane.h"
#include "core/executor/work_queue.h"

#include <array>
#include <atomic>
#include <cstdint>
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
/// and one record, and one lock a chunk; without a recorder no clock is read.
class ThreadPool final : public Executor
{
public:
    ThreadPool(const ExecutorOptions& options, const TraceTarget& trace);
    ~ThreadPool() override;
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    /// Starts the workers; to be called once, before anything else. Error: no thread to be had.
    Result<void> start() PS_EXCLUDES(m_threadsMutex);

    Result<void> submit(const TaskRange& range, CompletionListener* listener) override;
    void resize(int workers) override PS_EXCLUDES(m_threadsMutex);
    [[nodiscard]] int targetWorkers() const override;
    void pause() override;
    void resume() override;
    void cancel() override;
    void kill() override;
    void drain() override;
    void shutdown() override PS_EXCLUDES(m_threadsMutex);

private:
    /// What a worker's thread works with.
    struct Worker
    {
        int slot = 0;
        Lane* lane = nullptr; ///< null when nothing is recorded
        int laneIndex = -1;
    };
    struct Slot
    {
        Worker worker;
        std::jthread thread;
    };

    Result<void> startWorkers(const std::vector<int>& slots) PS_REQUIRES(m_threadsMutex);
    void startWorker(int slot) PS_REQUIRES(m_threadsMutex);
    void work(const Worker& worker);
    void runChunk(const Worker& worker, Chunk& chunk);
    Nanos runTask(const Worker& worker, const Chunk& chunk, Nanos startNs);
    void openLife(const Worker& worker);
    void closeLife(const Worker& worker);
    void cancelTasks();
    void endCancelled(const Chunk& chunk);
    void note(ControlKind kind, int lane = -1, std::int64_t value = 0, std::string text = {});

    const TraceTarget m_trace;
    WorkQueue m_queue;
    QueueLane m_queueLane;
    std::atomic<int> m_targetWorkers;

    Mutex
        m_threadsMutex; ///< threads are started and joined by one at a time; no task runs under it
    std::array<Slot, kMaxWorkers> m_slots PS_GUARDED_BY(m_threadsMutex);
    bool m_hasEnded PS_GUARDED_BY(m_threadsMutex) = false;
};

/// The thread pool's row in the executor table. Error: no thread to be had.
[[nodiscard]] Result<std::unique_ptr<Executor>> createThreadPool(const ExecutorOptions& options,
                                                                 const TraceTarget& trace);

} // namespace poolscope
