// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/future.h"

#include "core/executor/future_state.h"

#include <chrono>
#include <utility>

namespace poolscope {

std::shared_ptr<FutureState> FutureState::create()
{
    std::shared_ptr<FutureState> state(new FutureState);
    const MutexLock lock(state->m_mutex);
    state->m_self = state;
    return state;
}

void FutureState::taskEnded(const TaskEnd& end) noexcept
{
    settle({end.state, end.value, end.error, end.attempts});
}

void FutureState::fail(const std::string& error)
{
    settle({TaskState::Failed, {}, error, 0});
}

void FutureState::settle(TaskOutcome outcome)
{
    std::shared_ptr<FutureState>
        self; // the last reference may be this one: it goes at the very end
    std::vector<std::function<void(const TaskOutcome&)>> continuations;
    {
        const MutexLock lock(m_mutex);
        m_outcome = std::move(outcome);
        continuations.swap(m_continuations);
        self.swap(m_self);
        m_ended.notifyAll();
    }
    for (const auto& continuation : continuations) {
        continuation(get());
    }
}

TaskState FutureState::state() const
{
    const MutexLock lock(m_mutex);
    return m_outcome.state;
}

const TaskOutcome& FutureState::get() const
{
    MutexLock lock(m_mutex);
    while (!hasEnded(m_outcome.state)) {
        m_ended.wait(lock);
    }
    return m_outcome;
}

const TaskOutcome* FutureState::getFor(Nanos timeout) const
{
    const Nanos deadline = monotonicNow() + timeout;
    MutexLock lock(m_mutex);
    while (!hasEnded(m_outcome.state)) {
        const Nanos rest = deadline - monotonicNow();
        if (rest <= 0) {
            return nullptr;
        }
        m_ended.waitFor(lock, std::chrono::nanoseconds(rest));
    }
    return &m_outcome;
}

void FutureState::then(std::function<void(const TaskOutcome&)> continuation)
{
    {
        const MutexLock lock(m_mutex);
        if (!hasEnded(m_outcome.state)) {
            m_continuations.push_back(std::move(continuation));
            return;
        }
    }
    continuation(get());
}

Future::Future(std::shared_ptr<FutureState> state)
    : m_state(std::move(state))
{}

TaskState Future::state() const
{
    return m_state->state();
}

const TaskOutcome& Future::get() const
{
    return m_state->get();
}

const TaskOutcome* Future::getFor(Nanos timeout) const
{
    return m_state->getFor(timeout);
}

void Future::then(std::function<void(const TaskOutcome&)> continuation) const
{
    m_state->then(std::move(continuation));
}

} // namespace poolscope
