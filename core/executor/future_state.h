// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/executor/future.h"
#include "core/executor/task_range.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace poolscope {

/// What the copies of one future share: it listens to its task's end and keeps itself alive until
/// then, so that a future nobody holds any more is no trouble. All members: any thread.
class FutureState final : public CompletionListener
{
public:
    /// Makes the state of a task that is about to be submitted; from here on it waits for
    /// taskEnded() or fail().
    static std::shared_ptr<FutureState> create();

    void taskEnded(const TaskEnd& end) noexcept override;
    /// Ends a future whose task nobody took.
    void fail(const std::string& error);

    [[nodiscard]] TaskState state() const PS_EXCLUDES(m_mutex);
    [[nodiscard]] const TaskOutcome& get() const PS_EXCLUDES(m_mutex);
    [[nodiscard]] const TaskOutcome* getFor(Nanos timeout) const PS_EXCLUDES(m_mutex);
    void then(std::function<void(const TaskOutcome&)> continuation) PS_EXCLUDES(m_mutex);

private:
    FutureState() = default;
    void settle(TaskOutcome outcome) PS_EXCLUDES(m_mutex);

    mutable Mutex m_mutex;
    mutable ConditionVariable m_ended;
    TaskOutcome m_outcome PS_GUARDED_BY(m_mutex); ///< never changes once its state has ended
    std::vector<std::function<void(const TaskOutcome&)>> m_continuations PS_GUARDED_BY(m_mutex);
    std::shared_ptr<FutureState> m_self PS_GUARDED_BY(m_mutex); ///< until the task has ended
};

} // namespace poolscope
