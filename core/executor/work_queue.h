// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/asymmetric_fence.h"
#include "core/base/full_fence.h"
#include "core/base/futex.h"
#include "core/base/mutex.h"
#include "core/base/time.h"
#include "core/executor/call_queue.h"
#include "core/executor/executor.h"
#include "core/executor/priority_line.h"
#include "core/executor/task_range.h"
#include "core/task/stop_flag.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace poolscope {

/// Neighbouring tasks of one job that wait together or travel to a worker together: [begin, end); or
/// one call, then begin is its number.
struct Chunk
{
    std::shared_ptr<const Job> job; ///< null for a call
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    Nanos submitNs = 0; ///< from the trace's origin; 0 when nothing is recorded
    CompletionListener* listener = nullptr; ///< may be null
    std::shared_ptr<const TaskOptions> options = {}; ///< may be null
    TaskNodePtr node = {}; ///< of a call
    std::uint64_t handOver = 0; ///< tasks handed over together; 0: the queue's
    bool isOutOfTurn = false; ///< a call whose place in the CallQueue stays: it counts there

    [[nodiscard]] std::uint64_t count() const noexcept { return end - begin; }
    [[nodiscard]] bool isEmpty() const noexcept { return begin == end; }
    /// \return kNever when there is none.
    [[nodiscard]] Nanos deadlineNs() const noexcept
    {
        return options && options->deadlineNs != 0 ? options->deadlineNs : kNever;
    }
    [[nodiscard]] int priority() const noexcept { return options ? options->priority : 0; }
    /// Cuts the first \p tasks off, at most count().
    [[nodiscard]] Chunk cutFront(std::uint64_t tasks);
};

/// What waits, who waits for it, and who has to stop: the one place where a pool's threads meet.
/// Workers are known by their slot, 0 to kMaxWorkers - 1. Higher priority first, then first in, first
/// out; one entry covers a whole range, so that a million tasks submitted at once cost a handful of
/// entries.
///
/// Calls with default options pass the lock by, through calls(), while nothing else waits; see
/// docs/decisions/0006-calls-pass-the-lock-by.md.
///
/// Each task that push() took must be reported once, by take() or countEnded(), when it has ended
/// and its listener was told. All members: any thread; take(), giveBack() and orders by the slot's
/// worker. Cost of a hand-over: one lock.
class WorkQueue
{
public:
    struct Settings
    {
        std::uint64_t capacity = 65536; ///< tasks waiting at most
        std::uint64_t chunk = 1; ///< tasks a worker takes at a time
        WhenFull whenFull = WhenFull::Block;
        LineOrder order = {};
        bool isLazy = false;
        Nanos keepAliveNs = 0;
        int minWorkers = 0;
        bool lockCalls = false; ///< all calls go by push()
    };
    /// What became of tasks that somebody wants to queue.
    struct Admission
    {
        std::string refusal; ///< why nothing was taken; empty: it was
        Chunk caught = {}; ///< by a cancel while it waited for room: to be ended by the caller
        std::vector<Chunk> dropped = {}; ///< for newer ones: to be ended by the caller
        Chunk overflow = {}; ///< not taken: to be run by the caller
    };

    /// What a worker looks at between two tasks and its tasks while they run. Written under the
    /// queue's lock, read without it: relaxed on both sides, since they carry no data and an order
    /// that is seen a little late is still obeyed.
    struct alignas(64) Orders
    {
        StopFlag stop; ///< what runs is cancelled or has run too long
        std::atomic<bool> isRecalled{false}; ///< begin no further task of the chunk, give it back
    };

    /// \p trace stamps and counts what comes in.
    WorkQueue(const Settings& settings, const TraceTarget& trace);

    // Submitters.
    /// Queues \p range; what does not fit as WhenFull says (Block: piece by piece).
    [[nodiscard]] Admission push(const TaskRange& range, CompletionListener* listener)
        PS_EXCLUDES(m_mutex);
    /// The same for a call, which gets the next number.
    [[nodiscard]] Admission push(TaskNodePtr node, std::shared_ptr<const TaskOptions> options)
        PS_EXCLUDES(m_mutex);

    enum class Grant {
        Yes,
        LongWay, ///< push() it: something waits that came before
        Cancelled, ///< while it waited outside: the caller ends it
    };
    /// Lets the thread of \p producer submit some calls through calls(), as many as its grantedEnd says;
    /// then it asks again. Waits for room.
    [[nodiscard]] Grant grantCalls(CallQueue::Producer& producer) PS_EXCLUDES(m_mutex);
    /// \return whether calls may pass the lock by now.
    [[nodiscard]] bool takesCalls() const noexcept
    {
        return (m_signs.load(std::memory_order_relaxed) & kLongWaySigns) == 0;
    }
    /// A call was published. Wakes a worker for it if need be.
    /// \return false when all workers have gone meanwhile: the caller ends what takeLateCalls() gives.
    [[nodiscard]] bool callPublished() noexcept
    {
        lightFence(); // after the call was published; pairs with setSigns()
        const std::uint32_t signs = m_signs.load(std::memory_order_relaxed);
        if ((signs & kSleepSign) != 0 && m_searchers.load(std::memory_order_relaxed) == 0) {
            wakeForCall();
        }
        return (signs & kOverSign) == 0;
    }
    [[nodiscard]] CallQueue& calls() noexcept { return m_calls; }

    // Workers.
    /// Reports \p ended tasks and waits for the next \p chunk. An empty one means: run calls().
    /// \return false: the worker must leave.
    [[nodiscard]] bool take(int worker, std::uint64_t ended, Chunk& chunk) PS_EXCLUDES(m_mutex);
    /// The same for who does not wait for tasks to come, only for the end of a pause.
    /// \return false: nothing waits.
    [[nodiscard]] bool takeIfAny(int worker, std::uint64_t ended, Chunk& chunk)
        PS_EXCLUDES(m_mutex);
    /// \return whether a worker that runs calls has to come back to take(): something more urgent waits.
    [[nodiscard]] bool hasUrgent() const noexcept
    {
        return (m_signs.load(std::memory_order_relaxed) & kUrgentSign) != 0;
    }
    /// A worker has taken a call: wakes the next worker for the rest, and submitters if there is room.
    void callTaken() noexcept
    {
        if ((m_signs.load(std::memory_order_relaxed) & (kSleepSign | kBlockedSign)) != 0) {
            passOn();
        }
    }
    /// A worker found no call: looks for one until \p untilNs (fastNow()), unless a processor has to be
    /// left to somebody else. \return whether to look into calls() again.
    [[nodiscard]] bool searchCalls(const Orders& orders, Nanos untilNs) noexcept;
    /// \return how many workers want calls, at least 1.
    [[nodiscard]] std::uint32_t sharers() const noexcept
    {
        return static_cast<std::uint32_t>(std::max(m_alive.load(std::memory_order_relaxed), 1));
    }
    /// Puts what a recalled worker did not begin in front of all others and empties \p rest.
    /// \return false when it is cancelled instead, to be ended by the caller.
    [[nodiscard]] bool giveBack(int worker, Chunk& rest) PS_EXCLUDES(m_mutex);
    /// Takes waiting tasks of the selection for a helper. \return its slot, to be given to endHelp(); nothing
    /// when none wait or all helpers are busy. A call that isOutOfTurn may have begun elsewhere meanwhile.
    [[nodiscard]] std::optional<int> takeFor(const TaskSelection& which, Chunk& chunk)
        PS_EXCLUDES(m_mutex);
    void endHelp(int helper, std::uint64_t ended) PS_EXCLUDES(m_mutex);
    /// \return a helper's slot for who runs calls of workers that are stuck, to be given to endHelp().
    [[nodiscard]] std::optional<int> takeStuck() PS_EXCLUDES(m_mutex);
    /// The worker begins a task that is to be asked to stop at \p stopAtNs (CLOCK_MONOTONIC).
    void beginTimed(int worker, Nanos stopAtNs) PS_EXCLUDES(m_mutex);
    /// That task has ended. \return whether it was asked.
    [[nodiscard]] bool endTimed(int worker) PS_EXCLUDES(m_mutex);
    [[nodiscard]] const Orders& orders(int worker) const { return m_orders[slot(worker)]; }

    // Whoever steers.
    /// Wants the workers 0 to \p count - 1 and sends the others away, each after the task it runs.
    /// \return the slots for which a thread has to be started. \p count 0 to kMaxWorkers.
    [[nodiscard]] std::vector<int> setWorkers(int count) PS_EXCLUDES(m_mutex);
    /// \return the slots for which a thread has to be started now, when workers come with the work:
    /// \p isFirst, before it is pushed, none while one lives; after that one for each chunk that waits.
    [[nodiscard]] std::vector<int> missingWorkers(bool isFirst) PS_EXCLUDES(m_mutex);
    /// Takes a slot back for which no thread could be started.
    void forgetWorker(int worker) PS_EXCLUDES(m_mutex);
    /// Hands nothing out while paused. \return whether that changed anything.
    bool setPaused(bool isPaused) PS_EXCLUDES(m_mutex);
    /// Asks what runs to stop. \return everything that waited, to be ended by the caller.
    [[nodiscard]] std::vector<Chunk> cancel() PS_EXCLUDES(m_mutex);
    /// The same for some tasks.
    [[nodiscard]] std::vector<Chunk> cancel(const TaskSelection& which) PS_EXCLUDES(m_mutex);
    /// \return everything that waited, to be ended by the caller; what runs goes on.
    [[nodiscard]] std::vector<Chunk> cancelPending() PS_EXCLUDES(m_mutex);
    /// Takes nothing more, for the given reason. \return everything that waited, to be ended by the caller.
    [[nodiscard]] std::vector<Chunk> breakDown(const std::string& reason) PS_EXCLUDES(m_mutex);
    /// What time limits ask for now: stops who ran too long.
    struct Due
    {
        std::vector<Chunk> expired; ///< missed their deadline, to be ended by the caller
        Nanos nextNs = kNever; ///< when to look again (CLOCK_MONOTONIC)
    };
    [[nodiscard]] Due obeyClock(Nanos nowNs) PS_EXCLUDES(m_mutex);
    /// Takes nothing more and lifts a pause.
    void close() PS_EXCLUDES(m_mutex);
    /// All workers have gone. \return calls that came too late for them, to be ended by the caller.
    [[nodiscard]] std::vector<Chunk> takeLateCalls() PS_EXCLUDES(m_mutex);
    /// Reports tasks that ended without a worker.
    void countEnded(std::uint64_t tasks) PS_EXCLUDES(m_mutex);
    /// Waits until every task that was taken has ended.
    void drain() PS_EXCLUDES(m_mutex);
    /// \return false when \p untilNs (CLOCK_MONOTONIC) came first.
    [[nodiscard]] bool drainUntil(Nanos untilNs) PS_EXCLUDES(m_mutex);
    [[nodiscard]] ExecutorCounts counts() const PS_EXCLUDES(m_mutex);

private:
    struct Worker
    {
        std::atomic<std::uint32_t> wake{0}; ///< futex: 1 when it is to wake up
        bool isAlive = false; ///< has a thread, or is about to get one
        bool isBusy = false; ///< holds a chunk
        bool isIdle = false; ///< sleeps, is in m_idle
        bool isCalled = false; ///< is woken for a call, see m_isWaking
        bool mustLeave = false;
        // Of the chunk it holds:
        bool isCancelled = false;
        bool isRestCancelled = false; ///< what has not begun is
        bool hasTimedOut = false; ///< the task that runs
        Nanos stopAtNs = kNever; ///< of the task that runs
        const CompletionListener* listener = nullptr;
        std::shared_ptr<const TaskOptions> options;
        TaskNode* node = nullptr; ///< lives until the worker's next take()
    };
    /// A submitter that waits for room.
    struct Outside
    {
        const Chunk* rest;
        bool isCancelled = false;
    };

    // What those who do not hold the lock may know. Relaxed: who acts on a sign looks again under the
    // lock, and who sleeps is woken after it was set.
    static constexpr std::uint32_t kLineSign = 1; ///< something waits in the line or outside
    static constexpr std::uint32_t kUrgentSign = 2; ///< with a priority above 0
    static constexpr std::uint32_t kClosedSign = 4;
    static constexpr std::uint32_t kLockSign = 8; ///< Settings::lockCalls
    static constexpr std::uint32_t kOverSign = 16; ///< all workers have gone
    static constexpr std::uint32_t kSleepSign = 32; ///< a worker sleeps that could be woken
    static constexpr std::uint32_t kBlockedSign = 64; ///< a submitter waits for room
    static constexpr std::uint32_t kDrainSign = 128; ///< somebody waits for the last end
    static constexpr std::uint32_t kLongWaySigns = kLineSign | kClosedSign | kLockSign;

    static std::size_t slot(int worker) { return static_cast<std::size_t>(worker); }
    void wakeForCall() noexcept PS_EXCLUDES(m_mutex);
    void passOn() noexcept PS_EXCLUDES(m_mutex);
    void setSigns() PS_REQUIRES(m_mutex);
    [[nodiscard]] std::uint64_t waiting() const PS_REQUIRES(m_mutex);
    [[nodiscard]] bool hasWork() const PS_REQUIRES(m_mutex);
    [[nodiscard]] bool hasEnded() const PS_REQUIRES(m_mutex);
    [[nodiscard]] int freeHelper() const PS_REQUIRES(m_mutex);
    [[nodiscard]] std::vector<Chunk> cancelCalls() PS_REQUIRES(m_mutex);
    void tellOfRoom() PS_REQUIRES(m_mutex);
    std::atomic<std::uint32_t>& markAwake(int worker) PS_REQUIRES(m_mutex);
    [[nodiscard]] Nanos stamp() const;
    [[nodiscard]] Admission pushAll(Chunk rest) PS_EXCLUDES(m_mutex);
    void makeRoom(Chunk& rest, Admission& admission) PS_REQUIRES(m_mutex);
    void assign(int worker, const Chunk& chunk) PS_REQUIRES(m_mutex);
    void enqueue(Chunk chunk) PS_REQUIRES(m_mutex);
    void waitForRoom(MutexLock& lock, const Outside& self) PS_REQUIRES(m_mutex);
    void finish(int worker, std::uint64_t ended) PS_REQUIRES(m_mutex);
    void handOver(int worker, Chunk& chunk) PS_REQUIRES(m_mutex);
    void takeFront(Chunk& chunk) PS_REQUIRES(m_mutex);
    bool sleep(int worker, MutexLock& lock, Nanos untilNs) PS_REQUIRES(m_mutex);
    void setAlive(int worker, bool isAlive) PS_REQUIRES(m_mutex);
    void countSubmitted(std::uint64_t tasks) const;
    void wake(int worker) PS_REQUIRES(m_mutex);
    void wakeFor(std::uint64_t tasks) PS_REQUIRES(m_mutex);
    void wakeSubmitters() PS_REQUIRES(m_mutex);
    void recallBusy() PS_REQUIRES(m_mutex);
    void stop(int worker) PS_REQUIRES(m_mutex);
    template <class Covers>
    [[nodiscard]] std::vector<Chunk> cancelIf(const Covers& covers) PS_REQUIRES(m_mutex);
    template <class Covers>
    [[nodiscard]] std::vector<Chunk> takeWaiting(const Covers& covers) PS_REQUIRES(m_mutex);
    void subtractEnded(std::uint64_t tasks) PS_REQUIRES(m_mutex);

    const Settings m_settings;
    const std::uint64_t m_capacity;
    const std::uint64_t m_chunk;
    const TraceTarget m_trace;
    std::array<Orders, kMaxSlots> m_orders;
    CallQueue m_calls;
    alignas(64) std::atomic<std::uint32_t> m_signs{0}; ///< written under the lock
    std::atomic<int> m_alive{0}; ///< workers, likewise
    std::atomic<int> m_asleep{0}; ///< workers, likewise
    alignas(64) std::atomic<int> m_searchers{0};

    mutable Mutex m_mutex;
    ConditionVariable m_hasRoom;
    ConditionVariable m_drained;
    PriorityLine<Chunk> m_line PS_GUARDED_BY(m_mutex);
    std::array<Worker, kMaxSlots> m_workers PS_GUARDED_BY(m_mutex);
    std::vector<int> m_idle PS_GUARDED_BY(m_mutex); ///< the last one to fall asleep wakes first
    std::vector<Outside*> m_outside PS_GUARDED_BY(m_mutex);
    std::uint64_t m_unended PS_GUARDED_BY(m_mutex) = 0; ///< tasks taken that have not ended
    std::uint64_t m_ended PS_GUARDED_BY(m_mutex) = 0; ///< tasks so far
    std::uint64_t m_pushing PS_GUARDED_BY(m_mutex) = 0; ///< threads in push()
    int m_drainers PS_GUARDED_BY(m_mutex) = 0; ///< threads that wait for the last end
    bool
        m_isWaking PS_GUARDED_BY(m_mutex) = false; ///< one worker is on its way from sleep to calls
    bool m_isOver PS_GUARDED_BY(m_mutex) = false; ///< all workers have gone
    Nanos
        m_nextDeadlineNs PS_GUARDED_BY(m_mutex) = kNever; ///< the first one in the line, or earlier
    std::string m_refusal PS_GUARDED_BY(m_mutex); ///< why nothing more is taken; empty: it is
    int m_wanted PS_GUARDED_BY(m_mutex) = 0; ///< workers
    bool m_hasBlockedSubmitter PS_GUARDED_BY(m_mutex) = false;
    bool m_isPaused PS_GUARDED_BY(m_mutex) = false;
};

} // namespace poolscope
