// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/chunk_map.h"
#include "core/workload/catalogue.h"
#include "tests/bench/engine/families.h"
#include "tests/bench/engine/outside.h"
#include "tests/bench/engine/peers/ours.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace poolscope::bench {

namespace {

std::shared_ptr<const Job> squares(std::uint64_t tasks)
{
    ParamSet params;
    params.set("tasks", static_cast<std::int64_t>(tasks));
    auto job = planJob(*findWorkload("square"), params, 1);
    if (!job) {
        std::fprintf(stderr, "%s\n", job.error().message.c_str());
        std::exit(2);
    }
    return std::move(job).value();
}

std::unique_ptr<Executor> makePool(const Settings& settings, int chunk, const TraceTarget& trace)
{
    ExecutorOptions options;
    options.workers = settings.workers;
    options.chunk = chunk;
    options.queueCapacity = std::uint64_t{1} << 40U;
    options.workerProgram = settings.workerProgram;
    options.catalogueHash = catalogueHash();
    return makeExecutor("processes", options, trace);
}

/// One task, so that the workers are there.
void warmUp(Executor& executor, const std::shared_ptr<const Job>& job)
{
    static_cast<void>(executor.submitTask(job, 0).get());
}

/// A range of \p tasks, \p chunk of them a message. \return {tasks a second}.
std::vector<double> mapSquares(const Settings& settings, std::uint64_t tasks, int chunk)
{
    const LiveTrace trace;
    const auto executor = makePool(settings, chunk, {trace.recorder(), 0});
    const auto job = squares(tasks);
    warmUp(*executor, job);
    const Nanos before = monotonicNow();
    if (!executor->submit({job, 0, tasks}, nullptr)) {
        return {0};
    }
    executor->drain();
    return {static_cast<double>(tasks) / toSeconds(monotonicNow() - before)};
}

/// Squares in the chunks that Pool.map makes, one record each; all results at the caller, in order.
/// \return {items a second}.
std::vector<double> mapSquaresInChunks(const Settings& settings, std::uint64_t items)
{
    const LiveTrace trace;
    const auto executor = makePool(settings, 1, {trace.recorder(), 0});
    const auto job = squares(items);
    warmUp(*executor, job);
    const Nanos before = monotonicNow();
    const ChunkedResult<JobChunk> result =
        mapJob(*executor, *job, {.chunk = ChunkPolicy::quarter()});
    const Nanos elapsed = monotonicNow() - before;
    std::uint64_t item = 0;
    for (const JobChunk& chunk : result.chunks) {
        for (const std::int64_t number : chunk.values.integers()) {
            if (number != static_cast<std::int64_t>(item * item)) {
                std::fprintf(stderr, "item %llu is wrong\n", static_cast<unsigned long long>(item));
                std::exit(2);
            }
            ++item;
        }
    }
    return {item == items ? static_cast<double>(items) / toSeconds(elapsed) : 0};
}

double medianTrip(Executor& executor, const std::shared_ptr<const Job>& job,
                  std::chrono::microseconds gap, std::uint64_t count)
{
    std::vector<double> trips;
    for (std::uint64_t i = 0; i < count; ++i) {
        if (gap.count() > 0) {
            std::this_thread::sleep_for(gap);
        }
        const Nanos before = monotonicNow();
        static_cast<void>(executor.submitTask(job, i).get());
        trips.push_back(static_cast<double>(monotonicNow() - before));
    }
    return median(std::move(trips));
}

/// \return {round trip back to back, round trip after 1 ms of rest}, medians in ns.
std::vector<double> ourTrips(const Settings& settings)
{
    const LiveTrace trace;
    const auto executor = makePool(settings, 1, {trace.recorder(), 0});
    const auto job = squares(2'000);
    warmUp(*executor, job);
    return {medianTrip(*executor, job, {}, 2'000),
            medianTrip(*executor, job, std::chrono::milliseconds(1), 250)};
}

void addPython(std::vector<Contender>& contenders, const Settings& settings, const char* name,
               const std::string& what)
{
    if (hasProgram("python3")) {
        const std::string line = "python3 '" + settings.pythonScript + "' " + what + " " +
                                 std::to_string(settings.workers);
        contenders.push_back({name, [line] { return runOutside(line); }});
    }
}

} // namespace

Row messages(const Settings& settings)
{
    Row row{"T11", "process pool, one task a message", {}, {}, {}, {}};
    std::vector<Contender> contenders{
        {"ours", [&settings] { return mapSquares(settings, 200'000, 1); }}};
    addPython(contenders, settings, "Pool.imap_unordered(1)", "pool_imap");
    addPython(contenders, settings, "Pool.apply_async", "pool_apply_async");
    addPython(contenders, settings, "ProcessPoolExecutor.submit", "executor_submit");
    const std::vector<Series> all = alternate(contenders, settings.runs);
    describe(row, all, rateText);
    row.checks.push_back({"", all[0].median() / 1e6, "M/s", Direction::AtLeast, 5, 20});
    if (all.size() > 1) {
        row.checks.push_back(
            {"of imap_unordered", pairedRatio(all[0], all[1]), "x", Direction::AtLeast, 130, {}});
        row.checks.push_back(
            {"of submit", pairedRatio(all[0], all[3]), "x", Direction::AtLeast, 500, {}});
    }
    return row;
}

Row chunkedMap(const Settings& settings)
{
    Row row{"T12", "process pool, chunked map, one record a chunk", {}, {}, {}, {}};
    std::vector<Contender> contenders{
        {"ours", [&settings] { return mapSquaresInChunks(settings, 20'000'000); }}};
    addPython(contenders, settings, "Pool.map", "pool_map");
    addPython(contenders, settings, "ProcessPoolExecutor.map(64)", "executor_map");
    contenders.push_back({"ours, each item recorded",
                          [&settings] { return mapSquares(settings, 4'000'000, kMaxChunk); }});
    const std::vector<Series> all = alternate(contenders, settings.runs);
    describe(row, all, rateText);
    if (all.size() > 2) {
        row.checks.push_back(
            {"of Pool.map", pairedRatio(all[0], all[1]), "x", Direction::AtLeast, 20, 100});
    }
    return row;
}

Row roundTrip(const Settings& settings)
{
    Row row{"T13", "process pool, round trip back to back (and after 1 ms)", {}, {}, {}, {}};
    std::vector<Contender> contenders{{"ours", [&settings] { return ourTrips(settings); }}};
    addPython(contenders, settings, "Pool.apply", "pool_trips");
    addPython(contenders, settings, "ProcessPoolExecutor", "executor_trips");
    const std::vector<Series> all = alternate(contenders, settings.runs);
    describe(row, all, timeText);
    row.checks.push_back(
        {"back to back", all[0].median(0) / kNanosPerMicro, "us", Direction::AtMost, 0.5, 0.25});
    row.checks.push_back(
        {"after 1 ms", all[0].median(1) / kNanosPerMicro, "us", Direction::AtMost, 20, 12});
    return row;
}

} // namespace poolscope::bench
