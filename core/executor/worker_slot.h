// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/executor/message.h"
#include "core/executor/process_queue.h"
#include "core/executor/worker_process.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace poolscope {

/// One worker slot of a process pool: the process in it, if any, and the tasks that lie with that
/// process, in the order in which it runs them. I/O thread only.
class WorkerSlot
{
public:
    static constexpr Nanos kNever = std::numeric_limits<Nanos>::max();

    enum class Phase {
        Empty,
        Starting, ///< has not said hello yet, or runs its initializer
        Ready,
        Leaving, ///< was told to stop
    };

    explicit WorkerSlot(int index)
        : m_index(index)
    {}

    [[nodiscard]] int index() const noexcept { return m_index; }
    /// Precondition: phase is not Empty.
    [[nodiscard]] WorkerProcess& process() const noexcept { return *m_process; }
    /// \return the same, for a caller who waits for a result of it and may outlast it.
    [[nodiscard]] std::shared_ptr<WorkerProcess> shareProcess() const noexcept { return m_process; }
    void occupy(std::unique_ptr<WorkerProcess> process);
    void vacate();
    /// \return since when the process is in the slot (CLOCK_MONOTONIC).
    [[nodiscard]] Nanos sinceNs() const noexcept { return m_sinceNs; }

    // The initializer.
    /// Posts the one task of \p initializer to a process that has just come. Its result is no task's end.
    void initialize(const ProcessWork& initializer, MessageWriter& writer);
    /// \return whether its result is still to come.
    [[nodiscard]] bool isInitializing() const noexcept { return m_isInitializing; }
    /// It is back. Precondition: isInitializing().
    void initialized() noexcept;

    /// \return when the memory of large values is to be given back if no other comes (CLOCK_MONOTONIC), or
    /// kNever: also while there are tasks.
    [[nodiscard]] Nanos valuesRestNs() const noexcept;

    // The tasks that lie with the process.
    /// Posts \p work to the process, in chunks of work.handOver, and keeps it until its results are back.
    /// Precondition: no more than requestRoom() chunks.
    void hand(ProcessWork work, MessageWriter& writer);
    /// \return how many chunks hand() can take now.
    [[nodiscard]] std::uint64_t requestRoom() const noexcept;
    /// \return whether the process will have news: results, or room after it had none.
    [[nodiscard]] bool isAwaited() const noexcept
    {
        return m_isInitializing || (phase == Phase::Ready && (holdsWork() || requestRoom() == 0));
    }
    /// \return whether the first task here is that of \p listener.
    [[nodiscard]] bool isFirst(const CompletionListener* listener) const noexcept
    {
        return holdsWork() && front().listener == listener;
    }
    /// The listener of the first task here, while a caller waits for it who is in charge of its result.
    /// Null: the I/O thread is. Callers may set it to null without the lock, and then poke the queue.
    std::atomic<const CompletionListener*> attended{nullptr};
    /// \return the hand-overs that lie here, the last of which may be one that has ended in part.
    [[nodiscard]] std::uint64_t chunkCount() const noexcept;
    [[nodiscard]] bool holdsWork() const noexcept { return !m_chunks.empty(); }
    [[nodiscard]] std::uint64_t taskCount() const noexcept { return m_taskCount; }
    /// \return how many tasks it is to get beyond those it has, in whole chunks: one chunk as long as it
    /// has no more than \p prefetched beyond the one that runs; if any, also what it needs for not
    /// having less to do than the way from and to the pool may take. 0: none.
    [[nodiscard]] std::uint64_t tasksWanted(int prefetched) const noexcept;
    /// \return how many tasks the process in the slot has given back.
    [[nodiscard]] std::uint64_t endedTasks() const noexcept { return m_endedTasks; }
    /// \return the chunk whose first task is the next to return. Precondition: holdsWork().
    [[nodiscard]] const ProcessWork& front() const noexcept { return m_chunks.front(); }
    /// \return how many of the tasks here have begun, which are the first ones.
    [[nodiscard]] std::uint64_t begunTasks() const noexcept;
    /// \return the index of the task begun last. Precondition: begunTasks() > 0.
    [[nodiscard]] std::uint64_t runningTask() const noexcept;
    /// \return the chunk it belongs to. Precondition: begunTasks() > 0.
    [[nodiscard]] const ProcessWork& runningChunk() const noexcept;
    /// \return whether the first task here has begun; quicker than begunTasks().
    [[nodiscard]] bool hasBegun() noexcept;
    /// The first task is back. Precondition: hasBegun().
    /// \p runNs: how long it ran.
    void dropFirst(Nanos runNs);
    /// \return whether an order to cancel is about a task here.
    [[nodiscard]] bool holdsAny(const TaskSelection& which) const noexcept;
    /// Takes every task back that has not begun; the worker will not begin it any more.
    [[nodiscard]] std::vector<ProcessWork> takeBackUnbegun();
    /// Takes everything back, of a process that is gone.
    [[nodiscard]] std::vector<ProcessWork> takeBackAll();

    /// Asks the task that runs to stop, and says when patience with it ends. Precondition: holdsWork().
    void askToStop(Nanos patienceEndsNs);
    /// Its task is cancelled or has run too long: it gets no other before that one has ended.
    [[nodiscard]] bool isStopping() const noexcept { return m_isStopping; }

    // Time limits.
    /// \return when the task that runs will have run too long (CLOCK_MONOTONIC), or kNever.
    [[nodiscard]] Nanos limitNs() const noexcept;
    /// \return the limit that the last task here was stopped for; 0: it was not. Precondition: holdsWork().
    [[nodiscard]] Nanos exceededLimit() const noexcept;
    /// \return the first deadline of the tasks here that have not begun (CLOCK_MONOTONIC), or kNever.
    [[nodiscard]] Nanos nextDeadline() const noexcept;
    /// The task that runs has run too long; nothing else may lie here behind it. Then askToStop().
    void markTimedOut() noexcept { m_hasTimedOut = true; }

    Phase phase = Phase::Empty;
    Nanos killAtNs = kNever; ///< when patience with the process ends (CLOCK_MONOTONIC)
    Nanos stoppedKillAtNs = kNever; ///< the same, of one that a signal has stopped
    int stoppedBy = 0; ///< that signal
    bool isCutOff = false; ///< it has closed its socket
    std::string killReason; ///< why we killed it, when not for a cancelled task
    int failedStarts = 0; ///< in a row: processes that were gone before they did anything
    int failedInitializers = 0; ///< in a row, of the processes that were here
    Nanos notBeforeNs = 0; ///< of the next start

    // Of WorkerRecycling.
    std::string retireReason; ///< not empty: it gets no more tasks and is to leave
    Nanos nextMemoryLookNs = 0; ///< CLOCK_MONOTONIC
    std::uint64_t tasksAtMemoryLook = 0; ///< endedTasks() at the last one

    // Of WorkerDemand.
    bool comesOnDemand = false; ///< the next process here is started for a task, not before
    Nanos idleSinceNs = 0; ///< CLOCK_MONOTONIC; 0: not idle when looked at last
    std::uint64_t tasksAtIdleLook = 0; ///< endedTasks() at that time

private:
    int m_index;
    std::shared_ptr<WorkerProcess> m_process;
    std::deque<ProcessWork> m_chunks; ///< neighbouring ones may lie in one entry
    std::shared_ptr<const ProcessJob> m_job; ///< the one the process was told last
    std::uint64_t m_epoch = 0; ///< see TaskClaim
    std::uint64_t m_begunBefore = 0; ///< tasks here that began in an earlier epoch
    Nanos m_sinceNs = 0;
    std::uint64_t m_endedTasks = 0;
    std::uint64_t m_taskCount = 0; ///< in m_chunks
    Nanos m_usualRunNs = kNever; ///< smoothed; kNever: not known yet
    std::uint64_t m_returned = 0; ///< tasks of this epoch that are back
    std::uint64_t m_begunSeen = 0; ///< tasks of this epoch that have begun, at the last look
    bool m_isInitializing = false;
    bool m_isStopping = false;
    bool m_hasTimedOut = false; ///< the last task here
};

} // namespace poolscope
