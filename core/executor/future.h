// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/callable_node.h"
#include "core/executor/task_node.h"
#include "core/task/value.h"

#include <cassert>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace poolscope {

class Executor;

/// How a future's task came out.
struct TaskOutcome
{
    TaskState state = TaskState::Pending;
    std::string error; ///< why it is not done
    std::string errorType; ///< of what it threw, when it did
    int attempts = 0; ///< how often it was begun

    [[nodiscard]] bool isDone() const noexcept { return state == TaskState::Done; }
};

/// What Future::value() throws for a task that is not done and threw nothing itself.
class TaskFailure : public std::runtime_error
{
public:
    explicit TaskFailure(const TaskOutcome& outcome)
        : std::runtime_error(outcome.error)
        , m_state(outcome.state)
    {}
    [[nodiscard]] TaskState state() const noexcept { return m_state; }

private:
    TaskState m_state;
};

/// A future whatever its type. Copies share one task. All members: any thread.
///
/// A task may wait for tasks of its own executor of threads: one that has not begun is run by the worker
/// that waits for it. Tasks that wait for each other in a circle get a DeadlockError.
class AnyFuture
{
public:
    explicit AnyFuture(TaskNodePtr node)
        : m_node(std::move(node))
    {}

    /// Where the task is: "running" is said by the worker that runs it.
    [[nodiscard]] TaskState state() const noexcept { return m_node->state(); }
    [[nodiscard]] bool hasEnded() const noexcept { return poolscope::hasEnded(state()); }
    void wait() const { m_node->wait(); }
    /// \return false when \p timeout passed first.
    [[nodiscard]] bool waitFor(Nanos timeout) const { return m_node->wait(deadlineAfter(timeout)); }
    /// Waits for the end. Does not throw what the task threw.
    [[nodiscard]] TaskOutcome get() const;
    /// \return nothing when \p timeout passed first.
    [[nodiscard]] std::optional<TaskOutcome> getFor(Nanos timeout) const;
    /// Waits for the end. \return why the task is not done; empty for a done one.
    [[nodiscard]] std::string error() const { return get().error; }

    /// A task that has not begun never will and ends as cancelled; a running one is asked to stop (Soft),
    /// and its worker process killed and replaced if it does not within 200 ms (Kill; threads can only
    /// be asked). Does not wait for that. \return false when the task had ended.
    bool cancel(CancelMode mode = CancelMode::Soft) const noexcept { return m_node->cancel(mode); }

    [[nodiscard]] const TaskNodePtr& node() const noexcept { return m_node; }
    friend bool operator==(const AnyFuture& a, const AnyFuture& b) noexcept
    {
        return a.m_node.get() == b.m_node.get();
    }

protected:
    /// Waits; throws what the task threw, or a TaskFailure, unless it is done.
    void waitOrThrow() const;

private:
    TaskNodePtr m_node;
};

/// The result to come of one submitted task; T may be void.
template <class T>
class Future : public AnyFuture
{
public:
    using Stored = StoredResult<T>;

    explicit Future(IntrusivePtr<ResultNode<Stored>> node)
        : AnyFuture(std::move(node))
    {}

    /// Waits for the end. \return the value, which lives as long as a copy of the future. Throws what
    /// the task threw, or a TaskFailure that says why it is not done.
    std::add_lvalue_reference_t<const T> value() const
    {
        waitOrThrow();
        if constexpr (!std::is_void_v<T>) {
            return resultNode().value();
        }
    }
    /// As value(), and moves it out: for the only one who wants it.
    T take()
    {
        waitOrThrow();
        if constexpr (!std::is_void_v<T>) {
            return std::move(resultNode().value());
        }
    }

    /// Runs \p function(future) once the task has ended, however, on the thread that ends it (at once
    /// when it has): to be used for what is quick. Several run in the order in which they came.
    /// \return the future of the call.
    template <class Function>
    auto then(Function&& function) const
    {
        return continueOn(nullptr, std::forward<Function>(function));
    }
    /// The same as a task of \p executor (not a process pool). When that is gone by then, the call fails.
    template <class Function>
    auto then(Executor& executor, Function&& function) const
    {
        return continueOn(&executor, std::forward<Function>(function));
    }

private:
    [[nodiscard]] ResultNode<Stored>& resultNode() const
    {
        return static_cast<ResultNode<Stored>&>(*node());
    }
    template <class Function>
    auto continueOn(Executor* executor, Function&& function) const;
};

/// Runs \p next once \p node has ended: here, or as a task of \p executor.
void continueWith(TaskNode& node, TaskNodePtr next, Executor* executor);

template <class T>
template <class Function>
auto Future<T>::continueOn(Executor* executor, Function&& function) const
{
    using Returned = CallResult<Function, Future<T>>;
    auto next = makeCallableNode(std::forward<Function>(function), *this);
    continueWith(*node(), next, executor);
    return Future<Returned>(std::move(next));
}

} // namespace poolscope
