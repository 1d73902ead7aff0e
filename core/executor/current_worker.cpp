// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/current_worker.h"

#include "core/base/mutex.h"
#include "core/executor/executor.h"

#include <set>
#include <utility>

namespace poolscope {

namespace {

thread_local CurrentWorker* currentWorker = nullptr;

} // namespace

/// Who waits for what: one for the process, since tasks of different executors may wait for each other.
/// Entered only by workers that begin, end, or are about to sleep.
struct CurrentWorker::Registry
{
    static Registry& instance()
    {
        static Registry registry;
        return registry;
    }
    Mutex mutex;
    std::set<const CurrentWorker*> workers PS_GUARDED_BY(mutex);
};

CurrentWorker::CurrentWorker(Executor& executor)
    : m_executor(executor)
    , m_outer(std::exchange(currentWorker, this))
{
    Registry& registry = Registry::instance();
    const MutexLock lock(registry.mutex);
    registry.workers.insert(this);
}

CurrentWorker::~CurrentWorker()
{
    currentWorker = m_outer;
    Registry& registry = Registry::instance();
    const MutexLock lock(registry.mutex);
    registry.workers.erase(this);
}

CurrentWorker* CurrentWorker::get() noexcept
{
    return currentWorker;
}

void CurrentWorker::help(TaskNode& node)
{
    while (!hasEnded(node.state()) && m_executor.help(node.selection())) {
    }
}

void CurrentWorker::wait(TaskNode& node)
{
    help(node);
    enterWait(node);
    node.sleepUntilEnd(kNever);
    leaveWait();
}

void CurrentWorker::enterWait(const TaskNode& node)
{
    Registry& registry = Registry::instance();
    const MutexLock lock(registry.mutex);
    int length = 0;
    for (const TaskNode* next = &node; next != nullptr && !hasEnded(next->state());) {
        ++length;
        const CurrentWorker* runner = next->runner();
        if (runner == this) {
            throw DeadlockError(
                length == 1
                    ? "A task waits for its own end, or for one that runs below it on the same "
                      "worker. Let it return first."
                    : "A task waits for one that waits for it, in a circle of " +
                          std::to_string(length) +
                          " tasks: none of them would ever end. Let one of them not wait.");
        }
        next = registry.workers.contains(runner) ? runner->m_waitsFor : nullptr;
    }
    m_waitsFor = &node;
}

void CurrentWorker::leaveWait()
{
    Registry& registry = Registry::instance();
    const MutexLock lock(registry.mutex);
    m_waitsFor = nullptr;
}

} // namespace poolscope
