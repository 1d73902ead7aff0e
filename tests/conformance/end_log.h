// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/executor/task_range.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace poolscope::test {

/// How one task ended, as its listener saw it.
struct SeenEnd
{
    int times = 0;
    TaskState state = TaskState::Pending;
    int attempts = 0;
    Value value;
    std::string error;
};

/// Writes down every end of a job's tasks. All members: any thread.
class EndLog final : public CompletionListener
{
public:
    explicit EndLog(std::uint64_t taskCount)
        : m_ends(taskCount)
    {}

    void taskEnded(const TaskEnd& end) noexcept override
    {
        const MutexLock lock(m_mutex);
        SeenEnd& seen = m_ends[end.index];
        seen = {seen.times + 1, end.state, end.attempts, end.value, end.error};
        ++m_total;
        m_changed.notifyAll();
    }

    /// Waits until \p count ends were seen. \return false after two minutes, which is a failure.
    [[nodiscard]] bool waitForTotal(std::uint64_t count)
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
        MutexLock lock(m_mutex);
        while (m_total < count) {
            const auto rest = deadline - std::chrono::steady_clock::now();
            if (rest <= rest.zero()) {
                return false;
            }
            m_changed.waitFor(lock, rest);
        }
        return true;
    }

    [[nodiscard]] std::uint64_t total()
    {
        const MutexLock lock(m_mutex);
        return m_total;
    }
    /// \return the tasks that did not end exactly once so far.
    [[nodiscard]] std::uint64_t notEndedOnce()
    {
        const MutexLock lock(m_mutex);
        return count([](const SeenEnd& end) { return end.times != 1; });
    }
    /// \return the tasks that ended as \p state.
    [[nodiscard]] std::uint64_t countOf(TaskState state)
    {
        const MutexLock lock(m_mutex);
        return count([state](const SeenEnd& end) { return end.state == state; });
    }
    [[nodiscard]] std::vector<SeenEnd> ends()
    {
        const MutexLock lock(m_mutex);
        return m_ends;
    }

private:
    template <class Predicate>
    std::uint64_t count(const Predicate& predicate) PS_REQUIRES(m_mutex)
    {
        return static_cast<std::uint64_t>(std::count_if(m_ends.begin(), m_ends.end(), predicate));
    }

    Mutex m_mutex;
    ConditionVariable m_changed;
    std::vector<SeenEnd> m_ends PS_GUARDED_BY(m_mutex);
    std::uint64_t m_total PS_GUARDED_BY(m_mutex) = 0;
};

} // namespace poolscope::test
