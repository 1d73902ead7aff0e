// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
};

/// Is told of ends of tasks, each exactly once, on the thread that ended the task (a worker, the
/// process pool's I/O thread, or whoever cancelled); must be quick, must not throw and must not call
/// the executor.
class CompletionListener
{
public:
    virtual ~CompletionListener() = default;
    virtual void taskEnded(const TaskEnd& end) noexcept = 0;
};

} // namespace poolscope
