// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/pool.h"
#include "tests/bench/engine/families.h"
#include "tests/bench/engine/peers/ours.h"
#include "tests/bench/engine/peers/standard.h"
#include "tests/bench/engine/peers/task.h"
#include "tests/bench/engine/peers/tbb.h"
#include "tests/bench/engine/peers/textbook.h"

#include <ranges>

#ifdef PS_BENCH_HAS_TBB
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#endif
#ifdef PS_BENCH_HAS_QT
#include <QThreadPool>
#include <QtConcurrentMap>
#endif

namespace poolscope::bench {

namespace {

SharedCount theCount;

Result<Value> countingKernel(const TaskContext& context)
{
    const CountingTask task{&theCount.value, static_cast<std::uint32_t>(context.seed)};
    task();
    return Value{};
}

/// A range of \p tasks in one call, each recorded by itself. \return {tasks a second}.
std::vector<double> ourRange(int workers, std::uint64_t tasks, std::uint32_t steps, int chunk)
{
    const LiveTrace trace;
    ExecutorOptions options;
    options.workers = workers;
    options.chunk = chunk;
    options.queueCapacity = tasks;
    const auto executor = makeExecutor("threads", options, {trace.recorder(), 0});
    Job job = *kernelJob(countingKernel, tasks);
    const Workload workload = *job.workload;
    job.workload = &workload;
    job.seed = steps;
    const auto shared = std::make_shared<const Job>(std::move(job));
    const Nanos before = monotonicNow();
    if (!executor->submit({shared, 0, tasks}, nullptr)) {
        return {0};
    }
    executor->drain();
    return {static_cast<double>(tasks) / toSeconds(monotonicNow() - before)};
}

/// A loop over \p tasks items in one call, each chunk of them recorded. \return {items a second}.
std::vector<double> ourLoop(int workers, std::uint64_t tasks, const CountingTask& task)
{
    const LiveTrace trace;
    ExecutorOptions options;
    options.workers = workers;
    const auto executor = makeExecutor("threads", options, {trace.recorder(), 0});
    const Nanos before = monotonicNow();
    const auto result = Pool(*executor).forEach(std::views::iota(std::uint64_t{0}, tasks),
                                                [&task](std::uint64_t /*item*/) { task(); });
    const Nanos elapsed = monotonicNow() - before;
    if (!result.isAllDone()) {
        return {0};
    }
    return {static_cast<double>(tasks) / toSeconds(elapsed)};
}

#ifdef PS_BENCH_HAS_TBB
template <class Partitioner>
std::vector<double> tbbLoop(int workers, std::uint64_t tasks, const CountingTask& task)
{
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(workers));
    const Nanos before = monotonicNow();
    tbb::parallel_for(
        tbb::blocked_range<std::uint64_t>(0, tasks, 1),
        [&task](const tbb::blocked_range<std::uint64_t>& range) {
            for (std::uint64_t i = range.begin(); i < range.end(); ++i) {
                task();
            }
        },
        Partitioner());
    return {static_cast<double>(tasks) / toSeconds(monotonicNow() - before)};
}
#endif

#ifdef PS_BENCH_HAS_QT
std::vector<double> qtLoop(int workers, std::uint64_t tasks, const CountingTask& task)
{
    QThreadPool pool;
    pool.setMaxThreadCount(workers);
    std::vector<std::uint32_t> items(tasks);
    const Nanos before = monotonicNow();
    QtConcurrent::blockingMap(&pool, items, [&task](std::uint32_t& /*item*/) { task(); });
    return {static_cast<double>(tasks) / toSeconds(monotonicNow() - before)};
}
#endif

std::vector<double> textbookBulk(int workers, std::uint64_t tasks, const CountingTask& task)
{
    TextbookPool pool(workers);
    const Nanos before = monotonicNow();
    for (std::uint64_t i = 0; i < tasks; ++i) {
        pool.post(task);
    }
    pool.wait();
    return {static_cast<double>(tasks) / toSeconds(monotonicNow() - before)};
}

} // namespace

Row bulkItems(const Settings& settings)
{
    Row row{"T3", "bulk of empty tasks, each recorded", {}, {}, {}, {}};
    // The gate of 4 was set for BS::thread_pool, which Debian has not; textbook stands in for it.
    const int workers = settings.workers;
    constexpr std::uint64_t kTasks = 2'000'000;
    const CountingTask empty{&theCount.value, 0};
    std::vector<Contender> contenders{
        {"ours", [=] { return ourRange(workers, kTasks, 0, 256); }},
        {"textbook", [=] { return textbookBulk(workers, kTasks / 4, empty); }},
    };
#ifdef PS_BENCH_HAS_TBB
    contenders.push_back({"TBB parallel_for, grain 1", [=] {
                              return tbbLoop<tbb::simple_partitioner>(workers, kTasks, empty);
                          }});
#endif
    const std::vector<Series> all = alternate(contenders, settings.runs);
    describe(row, all, rateText);
#ifdef PS_BENCH_HAS_TBB
    row.checks.push_back({"of TBB", pairedRatio(all[0], all[2]), "x", Direction::AtLeast, 1, 1.5});
#endif
    row.checks.push_back(
        {"of textbook", pairedRatio(all[0], all[1]), "x", Direction::AtLeast, 4, {}});
    return row;
}

Row bulkLoop(const Settings& settings)
{
    Row row{"T4", "loop over 1 us items, one record a chunk", {}, {}, {}, {}};
    const int workers = settings.workers;
    constexpr std::uint64_t kTasks = 300'000;
    const CountingTask task{&theCount.value, stepsFor(1'000)};
    std::vector<Contender> contenders{
        {"ours", [=] { return ourLoop(workers, kTasks, task); }},
        {"ours, each item recorded", [=] { return ourRange(workers, kTasks, task.steps, 64); }}};
#ifdef PS_BENCH_HAS_TBB
    contenders.push_back({"TBB parallel_for",
                          [=] { return tbbLoop<tbb::auto_partitioner>(workers, kTasks, task); }});
#endif
#ifdef PS_BENCH_HAS_QT
    contenders.push_back({"QtConcurrent::map", [=] { return qtLoop(workers, kTasks, task); }});
#endif
    contenders.push_back(
        {"ideal", [=] { return std::vector{staticSplit(workers, kTasks, task)}; }});
    std::vector<Series> all = alternate(contenders, settings.runs);
    describe(row, all, rateText);
    all.erase(all.begin() + 1); // no peer
    row.checks.push_back({"of best", pairedRatio(all[0], bestPeer(all, Direction::AtLeast)), "x",
                          Direction::AtLeast, 0.95, 0.99});
    return row;
}

} // namespace poolscope::bench
