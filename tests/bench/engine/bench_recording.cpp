// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What recording costs the thread pool: the same job with and without a recorder, turn about in one
// process, so that both meet the same moods of the machine; and what the level "totals" costs beyond
// that, in the same way. Usage: bench_recording [pairs]

#include "core/executor/executor.h"
#include "core/task/workload.h"
#include "core/trace/recorder.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

using namespace poolscope;

namespace {

constexpr int kWorkers = 2;
constexpr double kLimitPercent = 3;

/// Fixed work, not a wall-clock spin: what takes time from a worker shows. Each step waits for the
/// one before.
std::uint64_t multiply(std::int64_t steps, std::uint64_t start)
{
    std::uint64_t value = start | 1U;
    for (std::int64_t i = 0; i < steps; ++i) {
        value = value * 6364136223846793005U + 1442695040888963407U;
    }
    return value;
}

Result<Value> multiplyKernel(const TaskContext& context)
{
    const std::uint64_t value = multiply(context.params.integer("steps"), context.index);
    return Value{static_cast<std::int64_t>(value & 0xffU)};
}

Result<Value> emptyKernel(const TaskContext& /*context*/)
{
    return Value{};
}

/// \return steps that take \p nanos, from the quickest of some trials.
std::int64_t stepsFor(double nanos)
{
    constexpr std::int64_t kSteps = 2'000'000;
    volatile std::uint64_t sink = 0;
    Nanos best = kNanosPerSecond;
    for (int i = 0; i < 7; ++i) {
        const Nanos before = monotonicNow();
        sink = multiply(kSteps, sink);
        best = std::min(best, monotonicNow() - before);
    }
    return std::llround(nanos * static_cast<double>(kSteps) / static_cast<double>(best));
}

struct Case
{
    const char* name;
    Workload workload;
    std::shared_ptr<const Job> job;
    int chunk;
};

/// What one run gave.
struct Rate
{
    double perSecond = 0; ///< tasks, by the clock on the wall
    double cpuNs = 0; ///< of all threads, a task: says more when others use the machine, too
};

Nanos cpuNow()
{
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

enum class Recording { Off, Wall, Totals };

/// Runs the job once. A recorder that is on is new in each run, as in the program.
Rate measure(const Case& what, Recording recording)
{
    TraceTarget trace;
    if (recording != Recording::Off) {
        trace.recorder = std::make_shared<Recorder>(
            monotonicNow(), 1,
            recording == Recording::Totals ? CostLevel::Totals : CostLevel::Wall);
    }
    ExecutorOptions options;
    options.workers = kWorkers;
    options.chunk = what.chunk;
    auto executor = findExecutorKind("threads")->create(options, trace);
    if (!executor) {
        std::fprintf(stderr, "%s\n", executor.error().message.c_str());
        std::exit(1);
    }
    const std::uint64_t tasks = what.job->plan->taskCount;
    const Nanos before = monotonicNow();
    const Nanos cpuBefore = cpuNow();
    if (!executor.value()->submit({what.job, 0, tasks}, nullptr)) {
        std::exit(1);
    }
    executor.value()->drain();
    const auto count = static_cast<double>(tasks);
    return {count / toSeconds(monotonicNow() - before),
            static_cast<double>(cpuNow() - cpuBefore) / count};
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// One case over all pairs.
struct Comparison
{
    std::vector<double> off; ///< tasks a second
    std::vector<double> on;
    std::vector<double> ratios; ///< on / off, one a pair
    std::vector<double> addedCpuNs; ///< on - off a task, one a pair
};

void print(const Case& what, const Comparison& seen, double cost)
{
    const auto [least, most] = std::minmax_element(seen.ratios.begin(), seen.ratios.end());
    std::printf("%-16s %5d %12.0f %12.0f   %.4f (%.4f..%.4f) %7.2f %% %9.1f ns\n", what.name,
                what.chunk, median(seen.off), median(seen.on), median(seen.ratios), *least, *most,
                cost, median(seen.addedCpuNs));
    std::fflush(stdout);
}

/// Prints one line. \return what \p more costs beyond \p less in percent: by the median of the pairs'
/// ratios.
double compare(const Case& what, int pairs, Recording less = Recording::Off,
               Recording more = Recording::Wall)
{
    Comparison seen;
    measure(what, more); // warms up
    for (int i = 0; i < pairs; ++i) {
        const bool onFirst = i % 2 == 1;
        const Rate first = measure(what, onFirst ? more : less);
        const Rate second = measure(what, onFirst ? less : more);
        const Rate& on = onFirst ? first : second;
        const Rate& off = onFirst ? second : first;
        seen.on.push_back(on.perSecond);
        seen.off.push_back(off.perSecond);
        seen.ratios.push_back(on.perSecond / off.perSecond);
        seen.addedCpuNs.push_back(on.cpuNs - off.cpuNs);
    }
    const double cost = (1 - median(seen.ratios)) * 100;
    print(what, seen, cost);
    return cost;
}

/// \p nanos: a task's work, 0: an empty task. \p tasks: in one run.
std::unique_ptr<Case> makeCase(const char* name, double nanos, int chunk, std::uint64_t tasks)
{
    auto result = std::make_unique<Case>();
    result->name = name;
    result->chunk = chunk;
    result->workload.id = "bench";
    result->workload.kernel = nanos > 0 ? multiplyKernel : emptyKernel;
    auto job = std::make_shared<Job>();
    job->workload = &result->workload;
    job->params.set("steps", nanos > 0 ? stepsFor(nanos) : 0);
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = tasks;
    job->plan = std::move(plan);
    result->job = std::move(job);
    return result;
}

/// What the level "totals" adds to recording, at tasks of 20 µs and at empty ones.
void compareCosts(int pairs)
{
    std::printf("\ncosts: off, then totals\n");
    for (const int chunk : {1, 64}) {
        compare(*makeCase("20 us of work", 20'000, chunk, 40'000), pairs, Recording::Wall,
                Recording::Totals);
        compare(*makeCase("empty", 0, chunk, 400'000), pairs, Recording::Wall, Recording::Totals);
    }
}

} // namespace

int main(int argc, char** argv)
{
    const int pairs = std::max(argc > 1 ? std::atoi(argv[1]) : 11, 7);
    std::printf("%d workers, medians of %d pairs, tasks a second\n", kWorkers, pairs);
    std::printf("%-16s %5s %12s %12s   %-23s %9s %12s\n", "task", "chunk", "off", "on",
                "on / off (range)", "cost", "added CPU");
    double costAt20 = 0;
    for (const int chunk : {1, 64}) {
        const double cost = compare(*makeCase("20 us of work", 20'000, chunk, 40'000), pairs);
        costAt20 = chunk == 1 ? cost : costAt20;
        compare(*makeCase("1 us of work", 1'000, chunk, 400'000), pairs);
        compare(*makeCase("empty", 0, chunk, 1'000'000), pairs);
    }
    compareCosts(pairs);
    std::printf("\nrecording costs %.2f %% at 20 us tasks (limit %.0f %%)\n", costAt20,
                kLimitPercent);
    return costAt20 <= kLimitPercent ? 0 : 1;
}
