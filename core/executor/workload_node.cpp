// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/workload_node.h"

#include "core/executor/executor.h"

#include <utility>

namespace poolscope {

void WorkloadNode::taskEnded(const TaskEnd& ended) noexcept
{
    const auto self = IntrusivePtr<WorkloadNode>::adopt(this); // the listener's reference ends here
    [[maybe_unused]] const bool isMine = claim(); // nobody else ends a workload's task
    if (ended.state == TaskState::Done) {
        if (ended.movable != nullptr) {
            m_value = std::move(*ended.movable);
        } else {
            m_value = ended.value;
        }
    } else {
        setError({ended.error, {}, {}});
    }
    end(ended.state, ended.attempts);
}

void WorkloadNode::tasksMoved(std::uint64_t /*begin*/, std::uint64_t /*end*/,
                              TaskState state) noexcept
{
    moveTo(state);
}

void WorkloadNode::fail(const std::string& error) noexcept
{
    const auto self = IntrusivePtr<WorkloadNode>::adopt(this);
    [[maybe_unused]] const bool isMine = claim();
    setError({error, {}, {}});
    end(TaskState::Failed, 0);
}

void WorkloadNode::attend(Nanos untilNs) const
{
    m_link->use([&](Executor& executor) { executor.attend(*this, this, untilNs); });
}

bool WorkloadNode::cancel(CancelMode mode) noexcept
{
    if (hasEnded(state())) {
        return false;
    }
    m_link->use([&](Executor& executor) { executor.cancelOnly(selection(), mode); });
    return true;
}

} // namespace poolscope
