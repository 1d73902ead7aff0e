// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/executor/call_queue.h"
#include "core/executor/executor_limits.h"
#include "core/executor/executor_link.h"
#include "core/executor/future.h"
#include "core/executor/priority_line.h"
#include "core/executor/task_range.h"
#include "core/executor/task_slot.h"
#include "core/trace/recorder.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace poolscope {

/// What submit() does when the queue is full.
enum class WhenFull {
    Block, ///< waits for room
    Reject, ///< takes none of the range and says so
    CallerRuns, ///< runs what does not fit on the calling thread; not with worker processes
    DropOldest, ///< ends the oldest tasks of the lowest priority that wait as cancelled
};

/// How an executor is set up. What a kind of executor has no use for it ignores.
struct ExecutorOptions
{
    int workers = 1; ///< 1 to kMaxWorkers; 0: as many as usable processors (MachineFacts says why)
    int chunk = 1; ///< tasks that travel together in one hand-over to a worker, 1 to kMaxChunk
    std::uint64_t queueCapacity = 65536; ///< tasks waiting at most
    WhenFull whenFull = WhenFull::Block;
    LineOrder order = {}; ///< of tasks that wait
    int maxAttempts = 3; ///< how often a task whose worker died is begun in all, at least 1
    bool isLazy = false; ///< a worker starts when a task finds no idle one, not before
    Nanos keepAliveNs = 0; ///< an idle worker leaves after that time; 0: never
    int minWorkers = 0; ///< that do not leave so
    /// How often in a row an initializer is tried, with pauses of 10, 20, 40 ms …; then the executor is broken:
    /// what waits fails with the reason, as does submit(). 1: its first failure breaks it, as Python's does.
    int initializerAttempts = 4;
    // Threads:
    /// Called by each worker before its first task, with its number.
    std::function<Result<void>(int worker)> initializer;
    /// Imitates an interpreter with one lock, as Python's: one task computes at a time, the others go on
    /// while it waits; see InterpreterLock.
    bool hasInterpreterLock = false;
    // Processes:
    /// Task 0 of it is run by each fresh process before its first task, and by another process when it is
    /// tried again. Its value is not looked at. Null: there is none.
    std::shared_ptr<const Job> processInitializer;
    int prefetchedChunks = 1; ///< process pool: chunks handed over beyond the one that runs
    ///< (0: none; else more of them while tasks are short)
    std::string
        workerProgram; ///< process pool: path of poolscope-worker, empty: beside this program
    std::string
        reaperProgram; ///< process pool: path of poolscope-reaper, empty: beside one of those
    // Process pool: when a worker is replaced by a fresh one, between two tasks. 0: never.
    std::uint64_t recycleAfterTasks = 0; ///< it never begins more
    std::uint64_t recycleAboveBytes = 0; ///< of resident memory, looked at every 10 ms at most
    Nanos recycleAfterNs = 0; ///< since its start, once it has done a task
    Nanos stoppedPatienceNs =
        5 * kNanosPerSecond; ///< process pool: so long a worker may be stopped
    ///< (SIGSTOP) before it is killed
    std::uint64_t catalogueHash = 0; ///< process pool: workers that report another one are refused
    std::vector<std::string> functionLibraries; ///< process pool: what its workers load as well
};

/// \return the number of workers that \p options ask for, 1 to kMaxWorkers.
[[nodiscard]] int wantedWorkers(const ExecutorOptions& options);

/// What an executor has to do at this moment.
struct ExecutorCounts
{
    std::uint64_t waiting = 0; ///< tasks in the queue
    std::uint64_t handedOver = 0; ///< tasks with a worker, running or about to
    std::uint64_t ended = 0; ///< tasks so far
    int workers = 0; ///< that live
};

/// What Executor::finish() did.
struct FinishReport
{
    std::uint64_t completed = 0; ///< tasks that ended while it waited
    std::uint64_t stopped = 0; ///< tasks that ended once it cancelled, begun or not
    std::uint64_t left = 0; ///< tasks that still run
    bool wasCancelled = false;
    bool wasKilled = false;
};

/// Where an executor writes its trace: a recorder and the executor's index in it. An executor
/// without one records nothing.
struct TraceTarget
{
    std::shared_ptr<Recorder> recorder;
    int executor = 0;
};

/// Runs tasks. Every task that submit() took gets exactly one end (done, failed, cancelled, timed out
/// or lost), whatever happens to its worker.
///
/// All members may be called from any thread, but not from inside a task or a completion listener
/// unless it says so. No lock is held while a task runs or a listener is called.
///
/// Two kinds of tasks: those of a job, which are data and run on every kind of executor, and C++
/// callables, which need an executor of this process.
class Executor
{
public:
    virtual ~Executor();
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    /// Queues tasks. Blocks while the queue is full (a range larger than the queue goes in piece by
    /// piece); paused or not. \p listener (may be null) is told of each task's end and must live
    /// until then. Error: the executor was shut down or is broken (the message says why).
    virtual Result<void> submit(const TaskRange& range, CompletionListener* listener) = 0;

    /// Sets the number of workers, clamped to 1…kMaxWorkers: up at once, down as each surplus worker
    /// ends the task it runs (prefetched ones go back to the queue's front).
    virtual void resize(int workers) = 0;
    [[nodiscard]] virtual int targetWorkers() const = 0;
    /// Stops handing out tasks; what runs goes on. Repeated calls change nothing.
    virtual void pause() = 0;
    virtual void resume() = 0;
    /// Ends every task that has not begun as cancelled and asks the running ones to stop.
    /// Tasks submitted later run as usual.
    virtual void cancel() = 0;
    /// As cancel(), and kills what does not stop where the executor can (worker processes; their
    /// tasks end as cancelled). Threads can only be asked.
    virtual void kill() = 0;
    /// As cancel() or kill(), for some tasks only.
    virtual void cancelOnly(const TaskSelection& which, CancelMode mode) = 0;
    /// As cancelOnly(), for the tasks with that TaskOptions::group.
    void cancelGroup(std::uint64_t group, CancelMode mode = CancelMode::Soft)
    {
        cancelOnly({nullptr, group, nullptr}, mode);
    }
    /// Waits until every submitted task has ended.
    virtual void drain() = 0;
    /// Takes no more tasks, waits for the submitted ones, ends all workers. Repeated calls wait for
    /// the first. The destructor cancels and shuts down.
    virtual void shutdown() = 0;

    /// As drain(), for \p timeout at most. \return whether every task has ended.
    [[nodiscard]] virtual bool drainFor(Nanos timeout) = 0;
    /// Ends every task that has not begun as cancelled; running ones go on.
    virtual void cancelPending() = 0;
    [[nodiscard]] virtual ExecutorCounts counts() const = 0;
    /// Waits for all tasks for \p drainNs, then cancels and waits for \p stopNs, then kills and waits for
    /// another \p stopNs. \return what each did. The executor can be used on unless tasks are left.
    FinishReport finish(Nanos drainNs, Nanos stopNs);
    /// Runs waiting tasks of the selection on the calling thread, if that is one of its workers in the
    /// middle of another task: so a task that waits for tasks of its own executor cannot starve them.
    /// \return whether it ran some.
    virtual bool help(const TaskSelection& /*which*/) { return false; }
    /// Of whoever waits for \p node, submitted with \p listener: brings its result home where that is quicker
    /// than to be told (process pool). May return before the task has ended, at once or at \p untilNs.
    virtual void attend(const TaskNode& /*node*/, const CompletionListener* /*listener*/,
                        Nanos /*untilNs*/)
    {}

    /// Submits one task of a job. \return its future; one that has failed already when submit() gives
    /// an error.
    [[nodiscard]] Future<Value> submitTask(std::shared_ptr<const Job> job, std::uint64_t index,
                                           std::shared_ptr<const TaskOptions> options = nullptr);

    /// Submits a call, one allocation in all. The callable and its arguments are copied or moved; it
    /// gets the task's StopFlag as its first argument if it takes one. What it throws is kept in the
    /// future. \return its future; one that has failed already when the executor takes no calls
    /// (process pool), was shut down or is broken.
    template <class Function, class... Args>
    requires TaskCallable<Function, Args...>
    [[nodiscard]] auto submit(Function&& function, Args&&... args)
    {
        return submitCall(nullptr, std::forward<Function>(function), std::forward<Args>(args)...);
    }
    template <class Function, class... Args>
    requires TaskCallable<Function, Args...>
    [[nodiscard]] auto submit(TaskOptions options, Function&& function, Args&&... args)
    {
        return submitCall(std::make_shared<const TaskOptions>(std::move(options)),
                          std::forward<Function>(function), std::forward<Args>(args)...);
    }
    /// Submits a call that nobody waits for; a small closure costs no allocation. Error: as submit().
    template <class Function>
    requires TaskCallable<Function> Result<void> post(Function&& function)
    {
        if constexpr (FitsInSlot<Function>) {
            const OpenCall open = openCall();
            if (open.slot != nullptr) {
                fillSlot(*open.slot, std::forward<Function>(function));
                publishCall(open);
                return {};
            }
            if (open.isCancelled) {
                endCall(makeCallableNode(std::forward<Function>(function)));
                return {};
            }
        }
        return submitNode(makeCallableNode(std::forward<Function>(function)), nullptr);
    }
    /// What the above come down to. Error: it was not taken and must be ended by the caller.
    virtual Result<void> submitNode(TaskNodePtr node, std::shared_ptr<const TaskOptions> options);

    /// \return the way here for those who may outlive the executor.
    [[nodiscard]] const std::shared_ptr<ExecutorLink>& link() const noexcept { return m_link; }

protected:
    /// A place for a call with default options, to be filled and published at once.
    struct OpenCall
    {
        TaskSlot* slot = nullptr; ///< null: there is none, the call has to go another way
        CallQueue::Producer* producer = nullptr;
        bool isCancelled = false; ///< while it waited for room: it has to be ended
    };
    /// \return a place, if calls may pass the lock by now. May wait for room.
    virtual OpenCall openCall() { return {}; }
    virtual void publishCall(const OpenCall& /*open*/) {}
    /// Ends a call that was cancelled before it was published.
    virtual void endCall(TaskNodePtr /*node*/) {}

    Executor();
    /// To be called by the destructors of executors, before any of their members goes: futures do not
    /// reach it any more.
    void closeLink() { m_link->close(); }

private:
    template <class Function, class... Args>
    auto submitCall(std::shared_ptr<const TaskOptions> options, Function&& function, Args&&... args)
    {
        using Returned = CallResult<Function, Args...>;
        auto node = makeCallableNode(std::forward<Function>(function), std::forward<Args>(args)...);
        node->addRefUnshared();
        if (const Result<void> taken =
                submitNode(TaskNodePtr::adopt(node.get()), std::move(options));
            !taken) {
            failNode(*node, taken.error());
        }
        return Future<Returned>(std::move(node));
    }
    static void failNode(TaskNode& node, const Error& error);

    const std::shared_ptr<ExecutorLink> m_link;
};

/// One row of the executor table: command line, combo box and conformance suite read it.
struct ExecutorKind
{
    const char* id; ///< stable, e.g. "threads"
    const char* title; ///< English, e.g. "Thread pool"
    const char* summary; ///< one English sentence
    Result<std::unique_ptr<Executor>> (*create)(const ExecutorOptions&, const TraceTarget&);
    bool isInline = false; ///< tasks run in submit() itself: there are no workers to set
    bool takesCalls = true; ///< runs C++ callables, not only tasks of jobs
};

/// \return the table, in display order: "threads", "processes", "inline", "thread_per_task".
[[nodiscard]] std::span<const ExecutorKind> executorKinds();
/// \return the row of \p id or nullptr.
[[nodiscard]] const ExecutorKind* findExecutorKind(std::string_view id);

} // namespace poolscope
