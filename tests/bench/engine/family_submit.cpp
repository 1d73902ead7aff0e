// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/engine/families.h"
#include "tests/bench/engine/peers/asio.h"
#include "tests/bench/engine/peers/ours.h"
#include "tests/bench/engine/peers/qt.h"
#include "tests/bench/engine/peers/standard.h"
#include "tests/bench/engine/peers/task.h"
#include "tests/bench/engine/peers/tbb.h"
#include "tests/bench/engine/peers/textbook.h"

#include <cstdio>
#include <cstdlib>

namespace poolscope::bench {

namespace {

/// One throughput measurement: how many workers and tasks, and what a task does.
struct Load
{
    int workers = 2;
    std::uint64_t tasks = 0;
    std::uint32_t steps = 0; ///< of multiply()
};

/// Posts all tasks from this thread and waits for them. \return {tasks a second}.
template <class Pool>
std::vector<double> postAll(const Load& load)
{
    SharedCount count;
    Pool pool(load.workers);
    const Nanos before = monotonicNow();
    for (std::uint64_t i = 0; i < load.tasks; ++i) {
        pool.post(CountingTask{&count.value, load.steps});
    }
    pool.wait();
    const Nanos elapsed = monotonicNow() - before;
    if (load.steps == 0 && count.value != load.tasks) {
        std::fprintf(stderr, "%s lost tasks\n", Pool::kName);
        std::exit(2);
    }
    return {static_cast<double>(load.tasks) / toSeconds(elapsed)};
}

/// Submits all tasks, keeps their futures and gets each. \return {tasks a second}.
template <class Pool>
std::vector<double> submitAll(int workers, std::size_t tasks)
{
    Pool pool(workers);
    std::vector<decltype(pool.submit([] { return 1; }))> futures;
    futures.reserve(tasks);
    const Nanos before = monotonicNow();
    for (std::size_t i = 0; i < tasks; ++i) {
        futures.push_back(pool.submit([] { return 1; }));
    }
    for (auto& future : futures) {
        static_cast<void>(future.get());
    }
    return {static_cast<double>(tasks) / toSeconds(monotonicNow() - before)};
}

template <class Pool>
void addPoster(std::vector<Contender>& contenders, const Load& load)
{
    contenders.push_back({Pool::kName, [load] { return postAll<Pool>(load); }});
}

template <class Pool>
void addSubmitter(std::vector<Contender>& contenders, const Settings& settings, std::size_t tasks)
{
    contenders.push_back({Pool::kName, [=] { return submitAll<Pool>(settings.workers, tasks); }});
}

enum class Helping { Allowed, No };

/// Ours first, then everybody else. std::async gets a hundredth of the tasks: it starts a thread each.
std::vector<Contender> posters(const Load& load, Helping helping)
{
    std::vector<Contender> contenders;
    addPoster<OurPool>(contenders, load);
    addPoster<TextbookPool>(contenders, load);
#ifdef PS_BENCH_HAS_ASIO
    addPoster<AsioPool>(contenders, load);
#endif
#ifdef PS_BENCH_HAS_TBB
    addPoster<TbbEnqueue>(contenders, load);
    if (helping == Helping::Allowed) {
        addPoster<TbbGroup>(contenders, load);
    }
#endif
#ifdef PS_BENCH_HAS_QT
    addPoster<QtPool>(contenders, load);
#endif
    addPoster<AsyncPool>(contenders, {load.workers, load.tasks / 100 + 1, load.steps});
    return contenders;
}

Contender ideal(const Load& load)
{
    return {"ideal", [load] {
                SharedCount count;
                return std::vector{
                    staticSplit(load.workers, load.tasks, CountingTask{&count.value, load.steps})};
            }};
}

/// A row of tasks with work: all against the ideal and, where \p ofBest has bounds, the best peer.
Row workRow(Row row, const Load& load, const Settings& settings, Check ofIdeal,
            std::optional<Check> ofBest)
{
    std::vector<Contender> contenders = posters(load, Helping::No);
    contenders.push_back(ideal(load));
    std::vector<Series> all = alternate(contenders, settings.runs);
    describe(row, all, rateText);
    ofIdeal.figure = pairedRatio(all.front(), all.back());
    row.checks.push_back(ofIdeal);
    all.pop_back();
    if (ofBest) {
        ofBest->figure = pairedRatio(all.front(), bestPeer(all, Direction::AtLeast));
        row.checks.push_back(*ofBest);
    }
    return row;
}

} // namespace

Row emptyTasks(const Settings& settings)
{
    Row row{"T1", "empty tasks, one submit each", {}, {}, {}, {}};
    const std::vector<Series> all =
        alternate(posters({settings.workers, 1'000'000, 0}, Helping::Allowed), settings.runs);
    describe(row, all, rateText);
    row.checks.push_back({"of best peer", pairedRatio(all[0], bestPeer(all, Direction::AtLeast)),
                          "x", Direction::AtLeast, 3, 5});
    row.checks.push_back({"", all[0].median() / 1e6, "M/s", Direction::AtLeast, 20, 40});
    return row;
}

Row futures(const Settings& settings)
{
    Row row{"T2", "submit that returns a future", {}, {}, {}, {}};
    std::vector<Contender> contenders;
    addSubmitter<OurPool>(contenders, settings, 200'000);
    addSubmitter<TextbookPool>(contenders, settings, 200'000);
#ifdef PS_BENCH_HAS_ASIO
    addSubmitter<AsioPool>(contenders, settings, 200'000);
#endif
#ifdef PS_BENCH_HAS_QT
    addSubmitter<QtPool>(contenders, settings, 200'000);
#endif
    addSubmitter<AsyncPool>(contenders, settings, 1'000);
    const std::vector<Series> all = alternate(contenders, settings.runs);
    describe(row, all, rateText);
    row.checks.push_back({"of best peer", pairedRatio(all[0], bestPeer(all, Direction::AtLeast)),
                          "x", Direction::AtLeast, 8, 15});
    return row;
}

Row microTasks(const Settings& settings)
{
    return workRow({"T5", "1 us tasks, one submit each", {}, {}, {}, {}},
                   {settings.workers, 400'000, stepsFor(1'000)}, settings,
                   {"of ideal", 0, "x", Direction::AtLeast, 0.90, 0.95},
                   Check{"of best peer", 0, "x", Direction::AtLeast, 1.1, {}});
}

Row longerTasks(const Settings& settings)
{
    return workRow({"T6", "100 us tasks, one submit each", {}, {}, {}, {}},
                   {settings.workers, 6'000, stepsFor(100'000)}, settings,
                   {"of ideal", 0, "x", Direction::AtLeast, 0.98, 0.99}, {});
}

Row oversubscription(const Settings& settings)
{
    Row row{"T17", "4 and 8 workers on 2 processors, 1 us tasks, against 2 workers", {}, {}, {},
            {}};
    std::vector<Contender> contenders;
    for (const int workers : {2, 4, 8}) {
        const Load load{workers, 400'000, stepsFor(1'000)};
        contenders.push_back(
            {"ours on " + std::to_string(workers), [load] { return postAll<OurPool>(load); }});
    }
#ifdef PS_BENCH_HAS_ASIO
    for (const int workers : {2, 4, 8}) {
        const Load load{workers, 400'000, stepsFor(1'000)};
        contenders.push_back(
            {"Asio on " + std::to_string(workers), [load] { return postAll<AsioPool>(load); }});
    }
#endif
    const std::vector<Series> all = alternate(contenders, settings.runs);
    describe(row, all, rateText);
    row.checks.push_back(
        {"4 workers of 2", pairedRatio(all[1], all[0]), "x", Direction::AtLeast, 0.9, 1});
    row.checks.push_back(
        {"8 workers of 2", pairedRatio(all[2], all[0]), "x", Direction::AtLeast, 0.9, 1});
    return row;
}

} // namespace poolscope::bench
