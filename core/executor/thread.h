// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/executor/future.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace poolscope {

/// What becomes of a thread that still runs when its Thread goes. In either case it is asked to stop.
struct ThreadExit
{
    enum class Policy {
        Join, ///< waits for it; reports it when that takes longer than the patience
        Abandon, ///< leaves it behind after the patience, and reports it
    };
    Policy policy = Policy::Join;
    Nanos patienceNs = 2 * kNanosPerSecond;
};

/// What nobody asked for and somebody has to know about a thread.
struct ThreadReport
{
    enum class Kind {
        Failed, ///< it ended by an exception
        Blocks, ///< its Thread cannot go, because it still runs
        Abandoned, ///< it was left behind
    };
    Kind kind = Kind::Failed;
    std::string thread; ///< its name
    int nativeId = 0; ///< kernel thread id
    std::string text; ///< the whole message
};

/// Sets who is told; by default a line goes to standard error. \p hook is called on any thread, one call
/// at a time; null: the default. Any thread.
void setThreadHook(std::function<void(const ThreadReport&)> hook);

/// The part of Thread that knows no result.
class AnyThread
{
public:
    enum class State { Initial, Running, Ended };

    AnyThread(std::string name, ThreadExit exit, TaskNodePtr node);
    ~AnyThread();
    AnyThread(AnyThread&&) noexcept = default;
    AnyThread& operator=(AnyThread&&) = delete;

    /// Starts it; it has begun and its native id is known when this returns. Error: it was started
    /// before, or no thread is to be had.
    Result<void> start();
    /// Waits until it has ended; any number of times, from any threads. \return false when \p timeout
    /// passed first. Error: it was not started, or waits for itself.
    [[nodiscard]] Result<bool> joinFor(Nanos timeout) const;
    [[nodiscard]] Result<void> join() const;
    /// Asks it to stop: its callable sees that on the StopFlag it takes first.
    void requestStop() const noexcept;

    [[nodiscard]] State state() const noexcept;
    [[nodiscard]] const std::string& name() const noexcept;
    /// \return the kernel's id of the thread; 0: not started. Ids are used again: (id, start) is unique.
    [[nodiscard]] int nativeId() const noexcept;
    /// \return when it began (CLOCK_MONOTONIC); 0: not yet.
    [[nodiscard]] Nanos startedNs() const noexcept;

protected:
    [[nodiscard]] const TaskNodePtr& node() const noexcept;

private:
    struct Shared; ///< with the thread itself, which may outlive this
    std::shared_ptr<Shared> m_shared;
};

/// A thread with a name that runs one callable: started when told to, once; its result and error are
/// kept, and it is never lost silently. May be moved; a moved-from one can only be destroyed.
/// All const members and start(): any thread.
template <class T>
class Thread : public AnyThread
{
public:
    /// The callable and its arguments are copied or moved; it gets the StopFlag first if it takes one.
    template <class Function, class... Args>
    requires TaskCallable<Function, Args...>
    explicit Thread(std::string name, Function&& function, Args&&... args)
        : Thread(std::move(name), ThreadExit{}, std::forward<Function>(function),
                 std::forward<Args>(args)...)
    {}
    template <class Function, class... Args>
    requires TaskCallable<Function, Args...> Thread(std::string name, ThreadExit exit,
                                                    Function&& function, Args&&... args)
        : AnyThread(std::move(name), exit,
                    makeCallableNode(std::forward<Function>(function), std::forward<Args>(args)...))
    {}

    /// \return the result to come: waits, value and error as of any task.
    [[nodiscard]] Future<T> future() const
    {
        using Node = ResultNode<typename Future<T>::Stored>;
        return Future<T>(IntrusivePtr<Node>(static_cast<Node*>(node().get())));
    }
};

template <class Function, class... Args>
requires TaskCallable<Function, Args...> Thread(std::string, Function&&, Args&&...)
->Thread<CallResult<Function, Args...>>;
template <class Function, class... Args>
requires TaskCallable<Function, Args...> Thread(std::string, ThreadExit, Function&&, Args&&...)
->Thread<CallResult<Function, Args...>>;

} // namespace poolscope
