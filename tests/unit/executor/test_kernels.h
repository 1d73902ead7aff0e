// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/task/workload.h"

#include <cstdint>
#include <memory>
#include <utility>

namespace poolscope::test {

/// Holds tasks at its door until it opens. All members: any thread.
class Gate
{
public:
    /// Counts the caller and holds it until the gate is open.
    void pass()
    {
        MutexLock lock(m_mutex);
        ++m_arrived;
        m_changed.notifyAll();
        while (!m_isOpen) {
            m_changed.wait(lock);
        }
    }
    void open()
    {
        const MutexLock lock(m_mutex);
        m_isOpen = true;
        m_changed.notifyAll();
    }
    /// Closes the gate again and forgets who came.
    void reset()
    {
        const MutexLock lock(m_mutex);
        m_isOpen = false;
        m_arrived = 0;
    }
    void waitForArrivals(int count)
    {
        MutexLock lock(m_mutex);
        while (m_arrived < count) {
            m_changed.wait(lock);
        }
    }
    [[nodiscard]] int arrivals()
    {
        const MutexLock lock(m_mutex);
        return m_arrived;
    }

private:
    Mutex m_mutex;
    ConditionVariable m_changed;
    bool m_isOpen = false;
    int m_arrived = 0;
};

/// A job of \p tasks tasks that all run \p kernel.
inline std::shared_ptr<const Job> makeJob(Kernel kernel, std::uint64_t tasks)
{
    struct Owner
    {
        Workload workload;
        Job job;
    };
    auto owner = std::make_shared<Owner>();
    owner->workload.id = "test";
    owner->workload.kernel = kernel;
    JobPlan plan;
    plan.taskCount = tasks;
    plan.kinds = {"test"};
    owner->job = {&owner->workload, {}, 1, std::make_shared<const JobPlan>(std::move(plan))};
    return {owner, &owner->job};
}

} // namespace poolscope::test
