// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/base/unique_fd.h"
#include "core/executor/executor.h"
#include "core/executor/priority_line.h"
#include "core/executor/task_range.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace poolscope {

/// A job as a process pool carries it: with its message to the workers, encoded once.
struct ProcessJob
{
    std::shared_ptr<const Job> job;
    std::string message;

    /// Error: the parameters are too large to be sent.
    static Result<std::shared_ptr<const ProcessJob>> encode(const std::shared_ptr<const Job>& job,
                                                            CostLevel level);
};

/// Error: one of the tasks cannot be sent to a worker process; says which and why.
[[nodiscard]] Result<void> checkItems(const TaskRange& range);

/// Neighbouring tasks of one job that wait together or lie with a worker together: [begin, end).
struct ProcessWork
{
    std::shared_ptr<const ProcessJob> job;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    CompletionListener* listener = nullptr; ///< may be null
    Nanos submitNs = 0; ///< from the trace's origin; 0 when nothing is recorded
    Nanos sentNs = 0; ///< CLOCK_MONOTONIC, when it was handed to its worker
    int attempts = 0; ///< how often the tasks were begun before
    std::shared_ptr<const TaskOptions> options = {}; ///< may be null
    std::uint64_t handOver = 0; ///< tasks handed over together; 0: the queue's

    [[nodiscard]] std::uint64_t count() const noexcept { return end - begin; }
    [[nodiscard]] bool isEmpty() const noexcept { return begin == end; }
    /// \return kNever when there is none.
    [[nodiscard]] Nanos deadlineNs() const noexcept
    {
        return options && options->deadlineNs != 0 ? options->deadlineNs : kNever;
    }
    /// Tells the listener, if any, that the worker has begun \p task.
    void tellRunning(std::uint64_t task) const
    {
        if (listener != nullptr && task >= begin && task < end) {
            listener->tasksMoved(task, task + 1, TaskState::Running);
        }
    }
    /// Tells the listener, if any, where the tasks are now.
    void tellMoved(TaskState state) const
    {
        if (listener != nullptr && !isEmpty()) {
            listener->tasksMoved(begin, end, state);
        }
    }
    /// Cuts the first \p tasks off, at most count().
    [[nodiscard]] ProcessWork cutFront(std::uint64_t tasks);
};

/// Where the callers of a process pool meet its I/O thread: the tasks that wait and the orders given.
/// The I/O thread is woken through a descriptor it polls. A task that was pushed counts until it is
/// reported by countEnded().
class ProcessQueue
{
public:
    /// Tasks that are to end.
    struct Cancellation
    {
        TaskSelection which;
        CancelMode mode = CancelMode::Soft;
    };
    /// What the callers want, as the I/O thread takes it over.
    struct Orders
    {
        int workers = 0;
        bool isPaused = false;
        bool isOver = false; ///< everything has ended and nothing more will come
        bool isCancelled = false; ///< cancel() or kill() was called since the last orders
        bool isPendingCancelled = false; ///< cancelPending() was called since the last orders
        bool isKilled = false; ///< kill() was called since the last orders
        std::vector<Cancellation> cancellations; ///< since the last orders
        std::vector<ProcessWork> swept; ///< tasks that waited when that happened, to be ended
        std::uint64_t number = 0; ///< to be given to confirm()
    };

    /// Error: no descriptor to be had.
    static Result<std::unique_ptr<ProcessQueue>> create(const ExecutorOptions& options,
                                                        const TraceTarget& trace);

    // Callers: any thread. The first three wait until the I/O thread has carried the order out.
    /// \return whether that changed anything.
    bool setPaused(bool isPaused) PS_EXCLUDES(m_mutex);
    void cancel() PS_EXCLUDES(m_mutex);
    void kill() PS_EXCLUDES(m_mutex);
    /// Some tasks are to end. Does not wait for the I/O thread.
    void cancelOnly(const Cancellation& cancellation) PS_EXCLUDES(m_mutex);
    /// Everything that has not begun is to end; waits until the I/O thread has taken it back.
    void cancelPending() PS_EXCLUDES(m_mutex);
    /// Queues \p range, piece by piece while there is no room for all of it. Error: closed, broken,
    /// or the job or an item is too large to be sent.
    Result<void> push(const TaskRange& range, CompletionListener* listener) PS_EXCLUDES(m_mutex);
    /// Takes the one task of \p range past the line, if nobody waits there and no order is under way; the
    /// caller hands it to a worker at once. \return nothing when it has to be pushed.
    [[nodiscard]] std::optional<ProcessWork> admit(const TaskRange& range,
                                                   CompletionListener* listener)
        PS_EXCLUDES(m_mutex);
    /// Wakes the I/O thread.
    void poke() const noexcept;
    /// \return the size before.
    int setWorkers(int workers) PS_EXCLUDES(m_mutex);
    [[nodiscard]] int workers() const PS_EXCLUDES(m_mutex);
    /// Waits until every task that was pushed has ended.
    void drain() PS_EXCLUDES(m_mutex);
    /// \return false when \p untilNs (CLOCK_MONOTONIC) came first.
    [[nodiscard]] bool drainUntil(Nanos untilNs) PS_EXCLUDES(m_mutex);
    [[nodiscard]] ExecutorCounts counts() const PS_EXCLUDES(m_mutex);
    /// Takes nothing more and lifts a pause.
    void close() PS_EXCLUDES(m_mutex);
    /// \return whether a task has not ended yet.
    [[nodiscard]] bool hasUnended() const PS_EXCLUDES(m_mutex);

    // I/O thread.
    [[nodiscard]] int wakeFd() const noexcept { return m_wake.get(); }
    [[nodiscard]] Orders takeOrders() PS_EXCLUDES(m_mutex);
    void confirm(std::uint64_t orderNumber) PS_EXCLUDES(m_mutex);
    /// What a worker can be given.
    struct Portion
    {
        std::uint64_t wantedTasks = 1; ///< more than a chunk only while there is plenty for all
        std::uint64_t mostTasks = 1;
        std::uint64_t mostChunks = 1;
    };
    /// \return the next tasks for a worker, of one range, with handOver set; nothing when there are none or
    /// it is paused. The next push then wakes the I/O thread.
    [[nodiscard]] std::optional<ProcessWork> take(const Portion& portion) PS_EXCLUDES(m_mutex);
    /// Puts \p work in front of all others; its first entry will be the first to be taken. With an order
    /// to cancel under way, or in a broken pool, it comes out with the next orders instead.
    void putBack(std::vector<ProcessWork> work) PS_EXCLUDES(m_mutex);
    void countEnded(std::uint64_t tasks) PS_EXCLUDES(m_mutex);
    /// \return how many chunks wait, paused or not.
    [[nodiscard]] std::uint64_t waitingChunks() const PS_EXCLUDES(m_mutex);
    /// The next push wakes the I/O thread: a worker could be started for it.
    void awaitPush() PS_EXCLUDES(m_mutex);
    void setLivingWorkers(int workers) PS_EXCLUDES(m_mutex);
    /// \return the tasks that wait and have missed their deadline, to be ended.
    [[nodiscard]] std::vector<ProcessWork> takeExpired(Nanos nowNs) PS_EXCLUDES(m_mutex);
    /// \return when to call that again (CLOCK_MONOTONIC), or kNever.
    [[nodiscard]] Nanos nextDeadline() const PS_EXCLUDES(m_mutex);
    /// Takes nothing more, for the given reason. What waits comes out with the next orders.
    void breakDown(const std::string& reason) PS_EXCLUDES(m_mutex);
    /// The I/O thread has ended: nobody waits for it any more.
    void leave() PS_EXCLUDES(m_mutex);

private:
    ProcessQueue(const ExecutorOptions& options, const TraceTarget& trace, UniqueFd wake);

    void order() PS_REQUIRES(m_mutex);
    void awaitOrder(MutexLock& lock) PS_REQUIRES(m_mutex);
    void sweep() PS_REQUIRES(m_mutex);
    /// A submitter that waits for room.
    struct Outside
    {
        const ProcessWork* rest;
        bool isSwept = false;
    };
    void waitForRoom(MutexLock& lock, const Outside& self) PS_REQUIRES(m_mutex);
    [[nodiscard]] Result<void> makeRoom(const TaskRange& range) PS_REQUIRES(m_mutex);
    void enqueue(ProcessWork piece, bool isSwept) PS_REQUIRES(m_mutex);
    [[nodiscard]] std::uint64_t portionOf(const ProcessWork& front, const Portion& portion) const
        PS_REQUIRES(m_mutex);
    [[nodiscard]] bool isCancelledNow(const ProcessWork& work) const PS_REQUIRES(m_mutex);
    [[nodiscard]] Result<std::shared_ptr<const ProcessJob>>
    jobFor(const std::shared_ptr<const Job>& job) PS_REQUIRES(m_mutex);
    void countSubmitted(std::uint64_t tasks) const;

    const WhenFull m_whenFull;
    const std::uint64_t m_capacity;
    const std::uint64_t m_chunk;
    const TraceTarget m_trace;
    const UniqueFd m_wake;

    mutable Mutex m_mutex;
    ConditionVariable m_hasRoom;
    ConditionVariable m_drained;
    ConditionVariable m_confirmed;
    PriorityLine<ProcessWork> m_line PS_GUARDED_BY(m_mutex);
    Nanos
        m_nextDeadlineNs PS_GUARDED_BY(m_mutex) = kNever; ///< the first one in the line, or earlier
    std::vector<Outside*> m_outside PS_GUARDED_BY(m_mutex);
    std::uint64_t m_unended PS_GUARDED_BY(m_mutex) = 0;
    std::uint64_t m_ended PS_GUARDED_BY(m_mutex) = 0; ///< so far
    std::vector<ProcessWork> m_swept PS_GUARDED_BY(m_mutex);
    std::vector<Cancellation> m_cancellations PS_GUARDED_BY(m_mutex); ///< not yet carried out
    std::shared_ptr<const ProcessJob> m_recentJob PS_GUARDED_BY(m_mutex);
    std::string m_brokenReason PS_GUARDED_BY(m_mutex);
    int m_workers PS_GUARDED_BY(m_mutex); ///< wanted
    int m_livingWorkers PS_GUARDED_BY(m_mutex) = 0;
    std::uint64_t m_ordersGiven PS_GUARDED_BY(m_mutex) = 0;
    std::uint64_t m_ordersDone PS_GUARDED_BY(m_mutex) = 0;
    bool m_isPaused PS_GUARDED_BY(m_mutex) = false;
    bool m_isCancelled PS_GUARDED_BY(m_mutex) = false;
    bool m_isPendingCancelled PS_GUARDED_BY(m_mutex) = false;
    bool m_isKilled PS_GUARDED_BY(m_mutex) = false;
    bool m_isClosed PS_GUARDED_BY(m_mutex) = false;
    bool m_isHungry PS_GUARDED_BY(m_mutex) = false; ///< a worker could have had more
    bool m_hasLeft PS_GUARDED_BY(m_mutex) = false;
};

} // namespace poolscope
