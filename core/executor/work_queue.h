// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/base/time.h"
#include "core/executor/executor.h"
#include "core/executor/task_range.h"
#include "core/task/stop_flag.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace poolscope {

/// Neighbouring tasks of one job that wait together or travel to a worker together: [begin, end).
struct Chunk
{
    std::shared_ptr<const Job> job;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    Nanos submitNs = 0; ///< from the trace's origin; 0 when nothing is recorded
    CompletionListener* listener = nullptr; ///< may be null

    [[nodiscard]] std::uint64_t count() const noexcept { return end - begin; }
    [[nodiscard]] bool isEmpty() const noexcept { return begin == end; }
    /// Cuts the first \p tasks off, at most count().
    [[nodiscard]] Chunk cutFront(std::uint64_t tasks);
};

/// What waits, who waits for it, and who has to stop: the one place where a pool's threads meet.
/// Workers are known by their slot, 0 to kMaxWorkers - 1. First in, first out; one entry covers a
/// whole range, so that a million tasks submitted at once cost a handful of entries.
///
/// Each task that push() took must be reported once, by take() or countEnded(), when it has ended
/// and its listener was told. All members: any thread; take(), giveBack() and orders by the slot's
/// worker. Cost of a hand-over: one lock.
class WorkQueue
{
public:
    /// What a worker looks at between two tasks and its tasks while they run. Written under the
    /// queue's lock, read without it: relaxed on both sides, since they carry no data and an order
    /// that is seen a little late is still obeyed.
    struct alignas(64) Orders
    {
        StopFlag stop; ///< the tasks it holds are cancelled
        std::atomic<bool> isRecalled{false}; ///< begin no further task of the chunk, give it back
    };

    /// \p capacity: tasks waiting at most; \p chunk: tasks a worker takes at a time; \p trace stamps
    /// and counts what comes in.
    WorkQueue(std::uint64_t capacity, std::uint64_t chunk, const TraceTarget& trace);

    // Submitters.
    /// Queues \p range, piece by piece while there is no room for all of it.
    /// \return what a cancel() in the meantime caught outside, to be ended by the caller (empty
    /// otherwise); nothing when the queue was closed before.
    [[nodiscard]] std::optional<Chunk> push(const TaskRange& range, CompletionListener* listener)
        PS_EXCLUDES(m_mutex);

    // Workers.
    /// Reports \p ended tasks and waits for the next \p chunk. \return false: the worker must leave.
    [[nodiscard]] bool take(int worker, std::uint64_t ended, Chunk& chunk) PS_EXCLUDES(m_mutex);
    /// Puts what a recalled worker did not begin in front of all others and empties \p rest.
    /// \return false when it is cancelled instead, to be ended by the caller.
    [[nodiscard]] bool giveBack(int worker, Chunk& rest) PS_EXCLUDES(m_mutex);
    [[nodiscard]] const Orders& orders(int worker) const { return m_orders[slot(worker)]; }

    // Whoever steers.
    /// Wants the workers 0 to \p count - 1 and sends the others away, each after the task it runs.
    /// \return the slots for which a thread has to be started. \p count 0 to kMaxWorkers.
    [[nodiscard]] std::vector<int> setWorkers(int count) PS_EXCLUDES(m_mutex);
    /// Takes a slot back for which no thread could be started.
    void forgetWorker(int worker) PS_EXCLUDES(m_mutex);
    /// Hands nothing out while paused. \return whether that changed anything.
    bool setPaused(bool isPaused) PS_EXCLUDES(m_mutex);
    /// Asks what runs to stop. \return everything that waited, to be ended by the caller.
    [[nodiscard]] std::deque<Chunk> cancel() PS_EXCLUDES(m_mutex);
    /// Takes nothing more.
    void close() PS_EXCLUDES(m_mutex);
    /// Reports tasks that ended without a worker.
    void countEnded(std::uint64_t tasks) PS_EXCLUDES(m_mutex);
    /// Waits until every task that was taken has ended.
    void drain() PS_EXCLUDES(m_mutex);

private:
    struct Worker
    {
        ConditionVariable wake;
        bool isAlive = false; ///< has a thread, or is about to get one
        bool isBusy = false; ///< holds a chunk
        bool isIdle = false; ///< sleeps, is in m_idle
        bool mustLeave = false;
    };

    static std::size_t slot(int worker) { return static_cast<std::size_t>(worker); }
    [[nodiscard]] Nanos stamp() const;
    void enqueue(Chunk chunk) PS_REQUIRES(m_mutex);
    void waitForRoom(MutexLock& lock, std::uint64_t cancelCount) PS_REQUIRES(m_mutex);
    void takeFront(Chunk& chunk) PS_REQUIRES(m_mutex);
    void sleep(int worker, MutexLock& lock) PS_REQUIRES(m_mutex);
    void wake(int worker) PS_REQUIRES(m_mutex);
    void wakeFor(std::uint64_t tasks) PS_REQUIRES(m_mutex);
    void recallBusy() PS_REQUIRES(m_mutex);
    void subtractEnded(std::uint64_t tasks) PS_REQUIRES(m_mutex);

    const std::uint64_t m_capacity;
    const std::uint64_t m_chunk;
    const TraceTarget m_trace;
    std::array<Orders, kMaxWorkers> m_orders;

    mutable Mutex m_mutex;
    ConditionVariable m_hasRoom;
    ConditionVariable m_drained;
    std::deque<Chunk> m_chunks PS_GUARDED_BY(m_mutex);
    std::array<Worker, kMaxWorkers> m_workers PS_GUARDED_BY(m_mutex);
    std::vector<int> m_idle PS_GUARDED_BY(m_mutex); ///< the last one to fall asleep wakes first
    std::uint64_t m_waiting PS_GUARDED_BY(m_mutex) = 0; ///< tasks in m_chunks
    std::uint64_t m_unended PS_GUARDED_BY(m_mutex) = 0; ///< tasks taken that have not ended
    std::uint64_t m_cancelCount PS_GUARDED_BY(m_mutex) = 0;
    bool m_hasBlockedSubmitter PS_GUARDED_BY(m_mutex) = false;
    bool m_isPaused PS_GUARDED_BY(m_mutex) = false;
    bool m_isClosed PS_GUARDED_BY(m_mutex) = false;
};

} // namespace poolscope
