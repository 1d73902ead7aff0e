// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/engine/echo_worker.h"
#include "tests/bench/engine/families.h"
#include "tests/bench/engine/outside.h"
#include "tests/bench/engine/peers/ours.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

namespace poolscope::bench {

namespace {

constexpr std::size_t kLargeBytes = std::size_t{16} << 20U;
constexpr int kTrips = 20;

std::shared_ptr<const Job> echoes()
{
    static const Workload workload{kEcho, "Echo", "", {}, nullptr, nullptr};
    JobPlan plan;
    plan.taskCount = 1;
    plan.items = {std::string(kLargeBytes, 'x')};
    plan.kinds = {kEcho};
    return std::make_shared<const Job>(
        Job{&workload, {}, 1, std::make_shared<const JobPlan>(std::move(plan))});
}

/// \return {median round trip in ns, less what the task itself needs to make a text}.
std::vector<double> trips(const Settings& settings, Recording recording)
{
    const auto trace = recording == Recording::On ? std::make_unique<LiveTrace>() : nullptr;
    ExecutorOptions options;
    options.workers = 1;
    options.workerProgram =
        std::filesystem::path(settings.workerProgram).parent_path() / "bench" / "bench_echo_worker";
    options.reaperProgram =
        std::filesystem::path(settings.workerProgram).parent_path() / "poolscope-reaper";
    options.catalogueHash = kEchoCatalogue;
    const auto executor = makeExecutor("processes", options,
                                       trace ? TraceTarget{trace->recorder(), 0} : TraceTarget{});
    const auto job = echoes();
    std::vector<double> times;
    for (int i = 0; i < kTrips; ++i) {
        const Nanos before = monotonicNow();
        const Value value = executor->submitTask(job, 0).take();
        const Nanos tripNs = monotonicNow() - before;
        const std::string& text = std::get<std::string>(value);
        times.push_back(static_cast<double>(tripNs) - std::stod(text.substr(0, kEchoDigits)));
        if (text.size() != kLargeBytes) {
            std::fprintf(stderr, "T18: an item came back with another size\n");
            std::exit(2);
        }
    }
    return {median(std::move(times))};
}

/// \return {median of copying as many bytes there and back, between buffers that are there}.
std::vector<double> twoCopies()
{
    std::vector<char> here(kLargeBytes, 'x');
    std::vector<char> there(kLargeBytes, 'y');
    std::vector<double> times;
    for (int i = 0; i < kTrips; ++i) {
        const Nanos before = monotonicNow();
        std::memcpy(there.data(), here.data(), kLargeBytes);
        const volatile char seen = there[static_cast<std::size_t>(i)];
        static_cast<void>(seen);
        std::memcpy(here.data(), there.data(), kLargeBytes);
        times.push_back(static_cast<double>(monotonicNow() - before));
    }
    return {median(std::move(times))};
}

} // namespace

Row largeArguments(const Settings& settings)
{
    Row row{"T18", "16 MB item to a worker process, and back as its result", {}, {}, {}, {}};
    std::vector<Contender> contenders{
        {"ours", [&settings] { return trips(settings, Recording::On); }},
        {"ours without a trace", [&settings] { return trips(settings, Recording::Off); }},
        {"two memcpy", [] { return twoCopies(); }}};
    if (hasProgram("python3")) {
        const std::string line = "python3 '" + settings.pythonScript + "' pool_large 1";
        contenders.push_back({"Pool.apply", [line] { return runOutside(line); }});
    }
    const std::vector<Series> all = alternate(contenders, settings.runs);
    describe(row, all, timeText);
    row.checks.push_back(
        {"of two memcpy", pairedRatio(all[2], all[0]), "x", Direction::AtLeast, 0.3, 0.7});
    row.checks.push_back(
        {"without a trace", pairedRatio(all[2], all[1]), "x", Direction::AtLeast, {}, {}});
    return row;
}

} // namespace poolscope::bench
