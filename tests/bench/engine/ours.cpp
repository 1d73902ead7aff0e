// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/engine/peers/ours.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace poolscope::bench {

namespace {

/// Peers keep as much waiting as memory holds.
constexpr std::uint64_t kUnbounded = std::uint64_t{1} << 40U;

} // namespace

std::unique_ptr<Executor> makeExecutor(const char* kind, const ExecutorOptions& options,
                                       const TraceTarget& trace)
{
    auto executor = findExecutorKind(kind)->create(options, trace);
    if (!executor) {
        std::fprintf(stderr, "%s\n", executor.error().message.c_str());
        std::exit(2);
    }
    return std::move(executor).value();
}

std::shared_ptr<const Job> kernelJob(Kernel kernel, std::uint64_t tasks, std::int64_t steps)
{
    struct Owner
    {
        Workload workload;
        Job job;
    };
    auto owner = std::make_shared<Owner>();
    owner->workload.id = "bench";
    owner->workload.kernel = kernel;
    JobPlan plan;
    plan.taskCount = tasks;
    plan.kinds = {"bench"};
    owner->job.workload = &owner->workload;
    owner->job.params.set("steps", steps);
    owner->job.plan = std::make_shared<const JobPlan>(std::move(plan));
    return {owner, &owner->job};
}

LiveTrace::LiveTrace()
    : m_recorder(std::make_shared<Recorder>(monotonicNow(), 1))
{
    auto meta = std::make_shared<TraceMeta>();
    meta->plan = std::make_shared<const JobPlan>();
    m_collector = std::make_unique<Collector>(m_recorder, std::move(meta));
}

LiveTrace::~LiveTrace() = default;

OurPool::OurPool(int workers, Recording recording)
{
    ExecutorOptions options;
    options.workers = workers;
    options.queueCapacity = kUnbounded;
    TraceTarget target;
    if (recording == Recording::On) {
        m_trace = std::make_unique<LiveTrace>();
        target.recorder = m_trace->recorder();
    }
    m_executor = makeExecutor("threads", options, target);
}

OurPool::~OurPool() = default;

} // namespace poolscope::bench
