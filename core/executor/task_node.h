// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/futex.h"
#include "core/base/intrusive_ptr.h"
#include "core/base/node_memory.h"
#include "core/executor/task_range.h"
#include "core/task/stop_flag.h"

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace poolscope {

class CurrentWorker;
class FutureListeners;

/// Why a task is not done.
struct TaskError
{
    std::string text;
    std::string type; ///< of what was thrown, e.g. "std::out_of_range"; empty: nothing was
    std::exception_ptr exception; ///< what was thrown, in this process only
};

/// \return what is being thrown. To be called in a catch clause.
[[nodiscard]] TaskError describeCurrentException();

/// Where a call waits that went to a pool without a lock.
struct CallTicket
{
    const void* queue = nullptr; ///< null: it did not
    std::uint64_t number = 0;
    Nanos submitNs = 0; ///< from the trace's origin; 0 when nothing is recorded
};

/// Is told once that a task has ended, on the thread that ends it; must be quick.
class FutureListener
{
public:
    virtual ~FutureListener() = default;
    virtual void futureEnded(TaskNode& node) noexcept = 0;
};

/// What the copies of a future and the executor share of one task: its state in one word, its error,
/// and who waits. Counts its references; a task that nobody's future watches any more is no trouble.
///
/// One side at a time may end a task: whoever got claim() or begin(). All members: any thread, except
/// where they say so. Cost: waiting and waking are one futex call each, and none when nobody waits.
class TaskNode
{
public:
    TaskNode(const TaskNode&) = delete;
    TaskNode& operator=(const TaskNode&) = delete;

    // Nodes come and go by the million, mostly made by one thread and dropped by another one.
    // NOLINTNEXTLINE(misc-new-delete-overloads): the matching one is told the size
    static void* operator new(std::size_t bytes) { return NodeMemory::take(bytes); }
    static void operator delete(void* place, std::size_t bytes) noexcept
    {
        NodeMemory::give(place, bytes);
    }
    static void* operator new(std::size_t bytes, std::align_val_t alignment)
    {
        return ::operator new(bytes, alignment);
    }
    static void operator delete(void* place, std::size_t /*bytes*/,
                                std::align_val_t alignment) noexcept
    {
        ::operator delete(place, alignment);
    }

    void addRef() noexcept { m_references.fetch_add(1, std::memory_order_relaxed); }
    /// The same while nobody else knows the node.
    void addRefUnshared() noexcept
    {
        m_references.store(m_references.load(std::memory_order_relaxed) + 1,
                           std::memory_order_relaxed);
    }
    void release() noexcept
    {
        // The last one must see what the others wrote. Who holds the only reference is alone with it.
        if (m_references.load(std::memory_order_acquire) == 1 ||
            m_references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            delete this;
        }
    }

    [[nodiscard]] TaskState state() const noexcept
    {
        return stateOf(m_word.load(std::memory_order_acquire)); // pairs with end()
    }
    /// Waits for the end. A worker that waits without a limit runs the task itself if it still waits in the
    /// worker's executor; throws DeadlockError when the task waits for the worker's.
    /// \return false when \p untilNs (CLOCK_MONOTONIC) came first.
    bool wait(Nanos untilNs = kNever);
    /// The same, and does nothing but sleep.
    bool sleepUntilEnd(Nanos untilNs) const noexcept;
    /// \return what an executor knows the task by.
    [[nodiscard]] virtual TaskSelection selection() noexcept { return {nullptr, 0, this}; }
    /// Precondition of the two: the task has ended. Null for a done one.
    [[nodiscard]] const TaskError* error() const noexcept { return m_error.get(); }
    [[nodiscard]] int attempts() const noexcept { return m_attempts; }
    /// Asks for its end: a task that has not begun never will, a running one is asked to stop.
    /// \return false when it had ended.
    virtual bool cancel(CancelMode mode) noexcept;
    [[nodiscard]] const StopFlag& stop() const noexcept { return m_stop; }
    void requestStop() noexcept { m_stop.request(); }

    /// Tells \p listener of the end. \return false when the task has ended: it will not be told.
    [[nodiscard]] bool addListener(const std::shared_ptr<FutureListener>& listener);
    void removeListener(const FutureListener* listener) noexcept;

    // Whoever runs the task.
    /// Shows where the task is. Does nothing once it has ended.
    void moveTo(TaskState state) noexcept;
    /// \return whether the caller is the one that may end the task, which did not begin.
    [[nodiscard]] bool claim() noexcept { return claimAs(std::nullopt); }
    /// The same, and the task is running from now on.
    [[nodiscard]] bool begin() noexcept { return claimAs(TaskState::Running); }
    /// The same for who comes before the worker that has the task's ticket.
    [[nodiscard]] bool beginOutOfTurn() noexcept
    {
        return claimAs(TaskState::Running, kIsOutOfTurn);
    }
    /// \return whether beginOutOfTurn() came first.
    [[nodiscard]] bool isOutOfTurn() const noexcept
    {
        return (m_word.load(std::memory_order_relaxed) & kIsOutOfTurn) != 0;
    }
    /// \return whether nobody has claimed it yet.
    [[nodiscard]] bool isWaiting() const noexcept
    {
        const std::uint32_t word = m_word.load(std::memory_order_relaxed);
        return (word & kClaimed) == 0 && !hasEnded(stateOf(word));
    }
    /// Set by the thread that submits, before anybody else may look.
    void setTicket(const CallTicket& ticket) noexcept { m_ticket = ticket; }
    [[nodiscard]] const CallTicket& ticket() const noexcept { return m_ticket; }
    /// Runs the task and keeps what comes out of it. \return Done, Failed or Cancelled, to be given to
    /// end(). Precondition: begin().
    virtual TaskState run() noexcept { return TaskState::Failed; }
    /// Says who runs it; before run().
    void setRunner(const CurrentWorker* worker) noexcept
    {
        m_runner.store(worker, std::memory_order_relaxed);
    }
    /// \return who runs it, if anybody; to be compared only, it may be gone.
    [[nodiscard]] const CurrentWorker* runner() const noexcept
    {
        return m_runner.load(std::memory_order_relaxed);
    }
    /// Says why the task is not done; before end(). Precondition: claim() or begin().
    void setError(TaskError error) { m_error = std::make_unique<TaskError>(std::move(error)); }
    /// Publishes value or error and wakes who waits. Precondition: claim() or begin().
    void end(TaskState state, int attempts) noexcept;

protected:
    TaskNode() = default;
    virtual ~TaskNode();
    /// What whoever waits can do for the task to end sooner; may return before it has.
    virtual void attend(Nanos /*untilNs*/) const {}
    /// Frees what only run() needs.
    virtual void dropWork() noexcept {}

private:
    static constexpr std::uint32_t kStateMask = 0xff;
    static constexpr std::uint32_t kClaimed = 0x100; ///< somebody may end it
    static constexpr std::uint32_t kHasSleepers = 0x200; ///< somebody sleeps on the word
    static constexpr std::uint32_t kHasListeners = 0x400;
    static constexpr std::uint32_t kIsOutOfTurn = 0x800;

    static TaskState stateOf(std::uint32_t word) noexcept
    {
        return static_cast<TaskState>(word & kStateMask);
    }
    bool claimAs(std::optional<TaskState> state, std::uint32_t flags = 0) noexcept;
    FutureListeners& listeners();

    mutable std::atomic<std::uint32_t> m_word{0};
    std::atomic<std::uint32_t> m_references{1}; ///< the maker's; see IntrusivePtr::adopt()
    StopFlag m_stop;
    CallTicket m_ticket;
    std::atomic<const CurrentWorker*> m_runner{nullptr};
    int m_attempts = 0; ///< released by end()
    std::unique_ptr<TaskError> m_error; ///< likewise
    std::atomic<FutureListeners*> m_listeners{nullptr}; ///< made for the first one
};

using TaskNodePtr = IntrusivePtr<TaskNode>;

/// A task that gives back a T (std::monostate for void).
template <class T>
class ResultNode : public TaskNode
{
public:
    /// Precondition: the task is done.
    [[nodiscard]] T& value() noexcept { return *m_value; }

protected:
    std::optional<T> m_value; ///< released by end()
};

} // namespace poolscope
