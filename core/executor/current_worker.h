// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/task_node.h"

#include <stdexcept>
#include <string>

namespace poolscope {

class Executor;

/// Thrown by waits of tasks that would never end, because what they wait for waits for them.
class DeadlockError : public std::logic_error
{
public:
    using std::logic_error::logic_error;
};

/// The worker that the calling thread is, for as long as this lives. Through it a task that waits helps
/// with what it waits for, and a circle of tasks that wait for each other is found.
class CurrentWorker
{
public:
    explicit CurrentWorker(Executor& executor);
    ~CurrentWorker();
    CurrentWorker(const CurrentWorker&) = delete;
    CurrentWorker& operator=(const CurrentWorker&) = delete;

    /// \return the calling thread's, or null.
    [[nodiscard]] static CurrentWorker* get() noexcept;
    [[nodiscard]] bool isOf(const Executor& executor) const noexcept
    {
        return &m_executor == &executor;
    }
    /// Runs \p node here if it still waits in this worker's executor.
    void help(TaskNode& node);
    /// Waits for the end of \p node: runs it here if it still waits in this worker's executor. Throws
    /// DeadlockError.
    void wait(TaskNode& node);

private:
    struct Registry;
    void enterWait(const TaskNode& node);
    void leaveWait();

    Executor& m_executor;
    CurrentWorker* const m_outer; ///< this thread's before
    const TaskNode* m_waitsFor = nullptr; ///< guarded by the registry's lock
};

} // namespace poolscope
