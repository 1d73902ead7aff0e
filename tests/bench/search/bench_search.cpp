// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// How long a search takes: bench_search [tasks] [lanes]. For each query the time to the first hits and to
// all of them, the median of a few rounds. Fails when 10 million tasks take longer than they may.

#include "core/analysis/task_search.h"
#include "tests/support/synthetic_trace.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace poolscope;

namespace {

constexpr int kRounds = 5;
constexpr double kFirstLimitMs = 100;
constexpr double kAllLimitMs = 1000;

struct Times
{
    double firstMs = 0; ///< until the first piece with a hit
    double allMs = 0;
    std::size_t hits = 0;
};

double sinceMs(Nanos begin)
{
    return static_cast<double>(monotonicNow() - begin) / 1e6;
}

Times searchOnce(const SnapshotPtr& trace, const TaskQuery& query)
{
    Times times;
    const Nanos begin = monotonicNow();
    TaskSearch search(trace, query);
    RecordList hits;
    for (bool goesOn = true; goesOn;) {
        goesOn = search.step(hits);
        if (times.hits == 0 && !hits.isEmpty()) {
            times.firstMs = sinceMs(begin);
            times.hits = hits.size();
        }
    }
    times.allMs = sinceMs(begin);
    times.hits = hits.size();
    return times;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

Times measure(const SnapshotPtr& trace, const TaskQuery& query)
{
    std::vector<double> first;
    std::vector<double> all;
    Times times;
    for (int i = 0; i < kRounds; ++i) {
        times = searchOnce(trace, query);
        first.push_back(times.firstMs);
        all.push_back(times.allMs);
    }
    return {median(first), median(all), times.hits};
}

/// The same trace whose tasks are files, as those of a job on a large folder.
SnapshotPtr withItems(const SnapshotPtr& trace)
{
    auto plan = std::make_shared<JobPlan>(*trace->meta->plan);
    plan->items.reserve(plan->taskCount);
    for (std::uint64_t task = 0; task < plan->taskCount; ++task) {
        plan->items.push_back("/srv/pictures/2024/album " + std::to_string(task % 977) + "/IMG_" +
                              std::to_string(task) + ".jpeg");
    }
    auto meta = std::make_shared<TraceMeta>(*trace->meta);
    meta->plan = plan;
    auto snapshot = std::make_shared<Snapshot>(*trace);
    snapshot->meta = meta;
    return snapshot;
}

std::uint64_t argument(int count, char** values, int index, std::uint64_t otherwise)
{
    return count > index ? std::strtoull(values[index], nullptr, 10) : otherwise;
}

/// \return whether all were fast enough.
bool measureAll(const SnapshotPtr& trace, const std::vector<std::string>& lines)
{
    bool isFast = true;
    for (const std::string& line : lines) {
        const Times times = measure(trace, parseTaskQuery(line).value());
        std::printf("  %-34s %10zu hits %8.2f ms first %8.1f ms all\n",
                    line.empty() ? "(everything)" : line.c_str(), times.hits, times.firstMs,
                    times.allMs);
        // A single hit at the end is first and last.
        const double firstMs = times.hits > 1000 ? times.firstMs : 0;
        isFast = isFast && firstMs <= kFirstLimitMs && times.allMs <= kAllLimitMs;
    }
    return isFast;
}

} // namespace

int main(int count, char** values)
{
    const std::uint64_t tasks = argument(count, values, 1, 10'000'000);
    const auto lanes = static_cast<int>(argument(count, values, 2, 64));
    SnapshotPtr trace = test::makeSyntheticTrace(lanes, tasks);
    std::printf("%llu tasks on %d lanes, median of %d\n", static_cast<unsigned long long>(tasks),
                lanes, kRounds);
    bool isFast = measureAll(trace, {"", "state:failed", "made to fail", "> 10 ms", "> 100 us",
                                     "wait > 1 ms", std::to_string(tasks - 1), "\"777\"",
                                     "\"synthetic 777\"", "zebra", "worker:3", "kind:3"});
    std::printf("with a file's path for each task\n");
    trace = withItems(trace);
    isFast = measureAll(trace, {"7777", "img_777", "\"album 12/\"", "jpeg", "zebra"}) && isFast;
    std::printf("limits for 10 million: first hits in %.0f ms, all in %.0f ms\n", kFirstLimitMs,
                kAllLimitMs);
    return tasks == 10'000'000 && !isFast ? EXIT_FAILURE : EXIT_SUCCESS;
}
