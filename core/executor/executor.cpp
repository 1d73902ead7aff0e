// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/executor.h"

#include "core/base/machine_facts.h"
#include "core/executor/inline_executor.h"
#include "core/executor/process_pool.h"
#include "core/executor/thread_pool.h"
#include "core/executor/workload_node.h"

#include <algorithm>
#include <array>
#include <utility>

namespace poolscope {

Executor::Executor()
    : m_link(std::make_shared<ExecutorLink>(*this))
{}

Executor::~Executor()
{
    closeLink();
}

int wantedWorkers(const ExecutorOptions& options)
{
    return std::clamp(options.workers > 0 ? options.workers : usableCpuCount(), 1, kMaxWorkers);
}

FinishReport Executor::finish(Nanos drainNs, Nanos stopNs)
{
    FinishReport report;
    const std::uint64_t atFirst = counts().ended;
    bool isDrained = drainFor(drainNs);
    const std::uint64_t atCancel = counts().ended;
    report.completed = atCancel - atFirst;
    if (!isDrained) {
        report.wasCancelled = true;
        cancel();
        isDrained = drainFor(stopNs);
    }
    if (!isDrained) {
        report.wasKilled = true;
        kill();
        isDrained = drainFor(stopNs);
    }
    const ExecutorCounts now = counts();
    report.stopped = now.ended - atCancel;
    report.left = now.waiting + now.handedOver;
    return report;
}

Future<Value> Executor::submitTask(std::shared_ptr<const Job> job, std::uint64_t index,
                                   std::shared_ptr<const TaskOptions> options)
{
    auto node = WorkloadNode::create(m_link);
    const Result<void> taken = submit({std::move(job), index, 1, std::move(options)}, node.get());
    if (!taken) {
        node->fail(taken.error().message);
    }
    return Future<Value>(std::move(node));
}

Result<void> Executor::submitNode(TaskNodePtr /*node*/,
                                  std::shared_ptr<const TaskOptions> /*options*/)
{
    return Error{
        "A C++ call cannot be sent to a worker process. Submit it to an executor of threads, "
        "or make it a workload."};
}

void Executor::failNode(TaskNode& node, const Error& error)
{
    if (node.claim()) {
        node.setError({error.message, {}, {}});
        node.end(TaskState::Failed, 0);
    }
}

std::span<const ExecutorKind> executorKinds()
{
    static constexpr std::array kKinds{
        ExecutorKind{
            "threads", "Thread pool",
            "Runs tasks on threads of this program: cheapest to hand over, one memory for all.",
            createThreadPool},
        ExecutorKind{
            "processes", "Process pool",
            "Runs tasks in worker processes: a task that crashes takes nothing else with it.",
            createProcessPool, false, false},
        ExecutorKind{"inline", "Inline",
                     "Runs tasks one after the other where they are submitted: the base line.",
                     createInlineExecutor, true},
        ExecutorKind{"thread_per_task", "Thread per task",
                     "Starts a thread for each task, so many at a time: shows what a pool saves.",
                     createThreadPerTask},
    };
    return kKinds;
}

const ExecutorKind* findExecutorKind(std::string_view id)
{
    const std::span<const ExecutorKind> kinds = executorKinds();
    const auto found = std::find_if(kinds.begin(), kinds.end(),
                                    [id](const ExecutorKind& kind) { return id == kind.id; });
    return found == kinds.end() ? nullptr : &*found;
}

} // namespace poolscope
