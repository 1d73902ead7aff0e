// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/task/task_state.h"
#include "core/task/value.h"

#include <functional>
#include <memory>
#include <string>

namespace poolscope {

class FutureState;

/// How a future's task came out.
struct TaskOutcome
{
    TaskState state = TaskState::Pending;
    Value value; ///< of a done task
    std::string error; ///< why it is not done
    int attempts = 0;
};

/// The result to come of one submitted task. Copies share the same result. All members: any thread.
class Future
{
public:
    explicit Future(std::shared_ptr<FutureState> state);

    /// Pending until the task has ended, then how.
    [[nodiscard]] TaskState state() const;
    /// Waits for the end.
    [[nodiscard]] const TaskOutcome& get() const;
    /// \return the outcome, or nullptr when \p timeout passed first.
    [[nodiscard]] const TaskOutcome* getFor(Nanos timeout) const;
    /// Runs \p continuation once the task has ended, on the thread that ends it (at once when it has).
    /// Several run in the order they came. Must be quick, must not throw and must not call the executor.
    void then(std::function<void(const TaskOutcome&)> continuation) const;

private:
    std::shared_ptr<FutureState> m_state;
};

} // namespace poolscope
