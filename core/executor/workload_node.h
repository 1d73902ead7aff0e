// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/executor_link.h"
#include "core/executor/task_node.h"
#include "core/task/value.h"

#include <memory>
#include <string>

namespace poolscope {

/// One task of a job as a future: listens to its end and keeps itself alive until then.
class WorkloadNode final : public ResultNode<Value>, public CompletionListener
{
public:
    /// A task that is about to be submitted with the node as its listener.
    [[nodiscard]] static IntrusivePtr<WorkloadNode> create(std::shared_ptr<ExecutorLink> link)
    {
        auto node = IntrusivePtr<WorkloadNode>::adopt(new WorkloadNode(std::move(link)));
        node->addRef(); // the listener's
        return node;
    }

    void taskEnded(const TaskEnd& end) noexcept override;
    void tasksMoved(std::uint64_t begin, std::uint64_t end, TaskState state) noexcept override;
    /// Ends a task that nobody took.
    void fail(const std::string& error) noexcept;
    /// Goes through the executor, which knows where the task is.
    bool cancel(CancelMode mode) noexcept override;
    [[nodiscard]] TaskSelection selection() noexcept override { return {this, 0, nullptr}; }

protected:
    void attend(Nanos untilNs) const override;

private:
    explicit WorkloadNode(std::shared_ptr<ExecutorLink> link)
        : m_link(std::move(link))
    {}

    const std::shared_ptr<ExecutorLink> m_link;
};

} // namespace poolscope
