// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/executor.h"
#include "core/task/workload.h"
#include "core/trace/collector.h"
#include "core/trace/recorder.h"

#include <cstdint>
#include <memory>
#include <utility>

namespace poolscope::bench {

/// What ours does beside the work itself.
enum class Recording { Off, On };

/// Makes our executor \p kind; ends the program with a message when that fails.
[[nodiscard]] std::unique_ptr<Executor>
makeExecutor(const char* kind, const ExecutorOptions& options, const TraceTarget& trace = {});

/// A job of \p tasks tasks that all run \p kernel.
[[nodiscard]] std::shared_ptr<const Job> kernelJob(Kernel kernel, std::uint64_t tasks,
                                                   std::int64_t steps = 0);

/// A trace that is written and, as in the program, collected.
class LiveTrace
{
public:
    LiveTrace();
    ~LiveTrace();
    LiveTrace(const LiveTrace&) = delete;
    LiveTrace& operator=(const LiveTrace&) = delete;

    [[nodiscard]] const std::shared_ptr<Recorder>& recorder() const { return m_recorder; }

private:
    std::shared_ptr<Recorder> m_recorder;
    std::unique_ptr<Collector> m_collector;
};

/// Our thread pool as the peers are used: one closure a task.
class OurPool
{
public:
    static constexpr const char* kName = "ours";

    explicit OurPool(int workers, Recording recording = Recording::On);
    ~OurPool();
    OurPool(const OurPool&) = delete;
    OurPool& operator=(const OurPool&) = delete;

    template <class F>
    void post(F task)
    {
        static_cast<void>(m_executor->post(std::move(task)));
    }
    template <class F>
    auto submit(F task)
    {
        return Future<decltype(task())>{m_executor->submit(std::move(task))};
    }
    void wait() { m_executor->drain(); }

private:
    template <class R>
    struct Future
    {
        poolscope::Future<R> future;
        R get() const { return future.value(); }
    };

    std::unique_ptr<LiveTrace> m_trace;
    std::unique_ptr<Executor> m_executor;
};

} // namespace poolscope::bench
