// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/as_completed.h"

namespace poolscope {

/// Puts one position into the queue.
class CompletionQueue::Entry final : public FutureListener
{
public:
    Entry(std::shared_ptr<State> state, std::size_t position)
        : m_state(std::move(state))
        , m_position(position)
    {}

    void futureEnded(TaskNode& /*node*/) noexcept override
    {
        const MutexLock lock(m_state->mutex);
        m_state->ended.push_back(m_position);
        m_state->changed.notifyOne();
    }

private:
    const std::shared_ptr<State> m_state;
    const std::size_t m_position;
};

CompletionQueue::CompletionQueue()
    : m_state(std::make_shared<State>())
{}

CompletionQueue::~CompletionQueue()
{
    for (const auto& [node, entry] : m_entries) {
        if (!hasEnded(node->state())) {
            node->removeListener(entry.get());
        }
    }
}

void CompletionQueue::add(const TaskNodePtr& node, std::size_t position)
{
    auto entry = std::make_shared<Entry>(m_state, position);
    if (node->addListener(entry)) {
        m_entries.emplace_back(node, std::move(entry));
    } else {
        entry->futureEnded(*node);
    }
}

std::optional<std::size_t> CompletionQueue::next(Nanos untilNs)
{
    State& state = *m_state;
    MutexLock lock(state.mutex);
    while (state.ended.empty()) {
        const Nanos restNs = untilNs == kNever ? kNever : untilNs - monotonicNow();
        if (restNs == kNever) {
            state.changed.wait(lock);
        } else if (restNs <= 0) {
            return std::nullopt;
        } else {
            state.changed.waitFor(lock, std::chrono::nanoseconds(restNs));
        }
    }
    const std::size_t position = state.ended.front();
    state.ended.pop_front();
    return position;
}

} // namespace poolscope
