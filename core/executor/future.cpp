// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/future.h"

#include "core/executor/executor.h"

#include <memory>
#include <utility>

namespace poolscope {

namespace {

TaskOutcome outcomeOf(const TaskNode& node)
{
    TaskOutcome outcome;
    outcome.state = node.state();
    outcome.attempts = node.attempts();
    if (const TaskError* error = node.error()) {
        outcome.error = error->text;
        outcome.errorType = error->type;
    }
    return outcome;
}

/// Runs a task when another one has ended.
class Continuation final : public FutureListener
{
public:
    Continuation(TaskNodePtr next, std::shared_ptr<ExecutorLink> link)
        : m_next(std::move(next))
        , m_link(std::move(link))
    {}

    void futureEnded(TaskNode& /*node*/) noexcept override
    {
        if (m_link == nullptr) {
            if (m_next->begin()) {
                m_next->end(m_next->run(), 1);
            }
            return;
        }
        Result<void> taken = Error{"The executor of the continuation is gone."};
        m_link->use([&](Executor& executor) { taken = executor.submitNode(m_next, nullptr); });
        if (!taken && m_next->claim()) {
            m_next->setError({taken.error().message, {}, {}});
            m_next->end(TaskState::Failed, 0);
        }
    }

private:
    const TaskNodePtr m_next;
    const std::shared_ptr<ExecutorLink> m_link; ///< null: run here
};

} // namespace

TaskOutcome AnyFuture::get() const
{
    m_node->wait();
    return outcomeOf(*m_node);
}

std::optional<TaskOutcome> AnyFuture::getFor(Nanos timeout) const
{
    if (!waitFor(timeout)) {
        return std::nullopt;
    }
    return outcomeOf(*m_node);
}

void AnyFuture::waitOrThrow() const
{
    m_node->wait();
    if (m_node->state() == TaskState::Done) {
        return;
    }
    if (m_node->error() != nullptr && m_node->error()->exception) {
        std::rethrow_exception(m_node->error()->exception);
    }
    throw TaskFailure(outcomeOf(*m_node));
}

void continueWith(TaskNode& node, TaskNodePtr next, Executor* executor)
{
    auto continuation = std::make_shared<Continuation>(
        std::move(next), executor != nullptr ? executor->link() : nullptr);
    if (!node.addListener(continuation)) {
        continuation->futureEnded(node);
    }
}

} // namespace poolscope
