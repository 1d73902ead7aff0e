// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/task_options.h"
#include "core/task/task_state.h"
#include "core/task/workload.h"

#include <cstdint>
#include <memory>
#include <string>

namespace poolscope {

/// Neighbouring tasks of one job: [first, first + count).
struct TaskRange
{
    std::shared_ptr<const Job> job;
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::shared_ptr<const TaskOptions> options = {}; ///< of each of them; null: all defaults
    std::uint64_t chunk = 0; ///< tasks handed over together; 0: the executor's
};

/// How a task ended. The references are valid during the call only.
struct TaskEnd
{
    const Job& job;
    std::uint64_t index;
    TaskState state; ///< hasEnded()
    int attempts; ///< how often it was begun; 0 when it never was
    const Value& value; ///< of a done task
    const std::string& error; ///< why it is not done, empty for a done one
    Value* movable =
        nullptr; ///< the value, for the listener to move out; null: it can only be copied
};

/// Is told what becomes of tasks, on the thread where it happens (a worker, the process pool's I/O
/// thread, whoever waits for the task's future, or whoever cancelled); must be quick, must not throw and must not call the executor.
class CompletionListener
{
public:
    virtual ~CompletionListener() = default;
    /// Called exactly once a task.
    virtual void taskEnded(const TaskEnd& end) noexcept = 0;
    /// The tasks [begin, end) are with a worker now (Dispatched), have begun (Running) or wait again
    /// (Pending). May be told a little late, but never after taskEnded().
    virtual void tasksMoved(std::uint64_t /*begin*/, std::uint64_t /*end*/,
                            TaskState /*state*/) noexcept
    {}
};

/// How a running task is cancelled.
enum class CancelMode {
    Soft, ///< it is asked to stop
    Kill, ///< a worker process that does not stop is killed and replaced; threads can only be asked
};

class TaskNode;

/// Which tasks an order is about: those that were submitted with the listener, those of the group, or
/// the one call.
struct TaskSelection
{
    const CompletionListener* listener = nullptr;
    std::uint64_t group = 0;
    TaskNode* node = nullptr;

    [[nodiscard]] bool covers(const CompletionListener* ofListener, const TaskOptions* options,
                              const TaskNode* ofNode = nullptr) const noexcept
    {
        return (listener != nullptr && listener == ofListener) ||
               (group != 0 && options != nullptr && options->group == group) ||
               (node != nullptr && node == ofNode);
    }
};

} // namespace poolscope
