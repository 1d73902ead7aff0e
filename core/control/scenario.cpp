// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/scenario.h"

#include <QCoreApplication>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace poolscope {

namespace {

struct Scenarios
{
    Q_DECLARE_TR_FUNCTIONS(poolscope::Scenarios)
};

using Params = std::initializer_list<std::pair<const char*, ParamValue>>;

RunSettings job(const char* workload, const Params& params, const char* executor, int workers)
{
    RunSettings settings;
    settings.workload = workload;
    for (const auto& [id, value] : params) {
        settings.params.set(id, value);
    }
    settings.executors = {{executor, workers}};
    return settings;
}

ParamValue count(int number)
{
    return std::int64_t{number};
}

QString workersText(const char* executor, int workers)
{
    return executor == std::string_view("threads") ? Scenarios::tr("%1 threads").arg(workers)
                                                   : Scenarios::tr("%1 processes").arg(workers);
}

Scenario interpreterLock(int w)
{
    const Params params{{"tasks", count(60 * w)}, {"cpu_ms", 10.0}};
    RunSettings locked = job("compute", params, "threads", w);
    locked.hasInterpreterLock = true;
    return {QStringLiteral("gil"),
            Scenarios::tr("One interpreter lock"),
            Scenarios::tr(
                "Every task only computes. With one interpreter lock, as Python's, one thread "
                "computes while the others wait for the lock: the lanes show stripes, and the "
                "throughput is that of a single worker. Without it, or on processes, all workers "
                "compute at once."),
            Scenarios::tr("Raise the number of threads while the locked run goes on: nothing "
                          "changes. Then give the tasks some waiting (wait_ms): the lock is free "
                          "meanwhile, and threads pay again."),
            {{Scenarios::tr("%1, one interpreter").arg(workersText("threads", w)), locked},
             {Scenarios::tr("%1, no lock").arg(workersText("threads", w)),
              job("compute", params, "threads", w)},
             {workersText("processes", w), job("compute", params, "processes", w)}}};
}

Scenario waiting(int w)
{
    const Params params{{"tasks", count(200)}, {"cpu_ms", 0.2}, {"wait_ms", 20.0}};
    Scenario scenario{
        QStringLiteral("waiting"),
        Scenarios::tr("More workers than processors"),
        Scenarios::tr(
            "Each task waits 20 ms, as for a server, and computes 0.2 ms. Bars are almost "
            "all waiting, so throughput grows in step with the workers, far beyond the "
            "number of processors, even under an interpreter lock: until the computing "
            "alone fills the lock or the processors."),
        Scenarios::tr("Open the lab and sweep 1 to 128 workers: where does the line bend? Then set "
                      "cpu_ms to 5 and sweep again."),
        {}};
    for (const int workers : {w, 4 * w, 16 * w, 32 * w}) {
        RunSettings settings = job("compute", params, "threads", std::min(workers, 256));
        settings.hasInterpreterLock = true;
        scenario.steps.push_back({workersText("threads", std::min(workers, 256)), settings});
    }
    return scenario;
}

Scenario chunks(int w)
{
    Scenario scenario{
        QStringLiteral("chunks"),
        Scenarios::tr("Chunk size"),
        Scenarios::tr("Tasks of 20 µs on processes. One at a time, the workers wait for the next "
                      "hand-over more than they compute. In large chunks the hand-over vanishes, "
                      "and a chunk too many for one worker becomes the tail: the others stand "
                      "idle. Between the two lies a wide, flat optimum."),
        Scenarios::tr("Let the lab measure all chunk sizes, and compare Python's own default "
                      "formulas, which are marked there."),
        {}};
    for (const int chunk : {1, 16, 256, 4096}) {
        RunSettings settings =
            job("compute", {{"tasks", count(12'000 * w)}, {"cpu_ms", 0.02}}, "processes", w);
        settings.chunk = chunk;
        scenario.steps.push_back({Scenarios::tr("chunks of %1").arg(chunk), settings});
    }
    return scenario;
}

Scenario stragglers(int w)
{
    const auto step = [w](const QString& title, const char* order, int chunk) {
        RunSettings settings = job("stragglers",
                                   {{"tasks", count(20 * w)},
                                    {"ms", 10.0},
                                    {"long_tasks", count(w + 1)},
                                    {"long_ms", 250.0},
                                    {"order", std::string(order)}},
                                   "threads", w);
        settings.chunk = chunk;
        return ScenarioStep{title, settings};
    };
    return {
        QStringLiteral("stragglers"),
        Scenarios::tr("Stragglers"),
        Scenarios::tr("A few tasks are 25 times as long as the others, and there is one more of "
                      "them than workers. When they come last, one worker has two of them in a row "
                      "and the others wait for it: the tail. When they come first, the "
                      "short ones fill the gaps."),
        Scenarios::tr(
            "Look at the tab Why: it names the guilty tasks and what longest first "
            "would take. Then open the what-if tab and replay this run with other orders."),
        {step(Scenarios::tr("long tasks last"), "last", 1),
         step(Scenarios::tr("long tasks last, in chunks of 10"), "last", 10),
         step(Scenarios::tr("long tasks evenly spread"), "spread", 1),
         step(Scenarios::tr("long tasks first"), "first", 1)}};
}

Scenario lock(int w)
{
    Scenario scenario{
        QStringLiteral("lock"),
        Scenarios::tr("Lock contention"),
        Scenarios::tr(
            "Each task computes partly under one lock. While the locked part is below one "
            "part in as many as there are workers, the lock hides: somebody else computes "
            "meanwhile. Above that the workers queue for it, and the run takes as long as "
            "all locked parts one after the other."),
        Scenarios::tr("Run it on processes: each has a lock of its own, and there is no queue. Set "
                      "the costs to totals and see the blocked time in the figures of a range."),
        {}};
    for (const int percent : {0, 25, 50, 75, 100}) {
        scenario.steps.push_back(
            {Scenarios::tr("%1 % under the lock").arg(percent),
             job("locked", {{"tasks", count(400 * w)}, {"ms", 2.0}, {"share", percent / 100.0}},
                 "threads", w)});
    }
    return scenario;
}

Scenario falseSharing(int w)
{
    Scenario scenario{
        QStringLiteral("false_sharing"),
        Scenarios::tr("False sharing"),
        Scenarios::tr(
            "Each task counts up a counter of its own. Eight bytes apart, several counters "
            "lie on one line of the cache, and the processors take it from each other at "
            "each step. The bars look alike and every processor is busy all the time; "
            "only the throughput tells: busy is not useful."),
        Scenarios::tr("Run the 8 byte step with one worker: it is as fast as it gets. Then on "
                      "processes: they share no memory."),
        {}};
    for (const int distance : {8, 64, 128}) {
        scenario.steps.push_back({Scenarios::tr("counters %1 bytes apart").arg(distance),
                                  job("counters",
                                      {{"tasks", count(24 * w)},
                                       {"thousands", count(5'000)},
                                       {"distance", std::to_string(distance)}},
                                      "threads", w)});
    }
    return scenario;
}

Scenario backpressure(int /*w*/)
{
    Scenario scenario{
        QStringLiteral("backpressure"),
        Scenarios::tr("Backpressure"),
        Scenarios::tr("Tasks arrive every 0.2 ms and take 1 ms on one worker. Without a limit "
                      "the queue grows to hundreds of tasks, and each waits longer than the one "
                      "before. With a limit the producer waits instead. The run takes as long "
                      "either way: the worker is the bottleneck, the queue only hides it."),
        Scenarios::tr("Give the pool five workers while the run goes on, and watch the graph of "
                      "queued tasks fall."),
        {}};
    for (const int limit : {0, 64, 8}) {
        RunSettings settings =
            job("compute", {{"tasks", count(1'000)}, {"cpu_ms", 1.0}}, "threads", 1);
        settings.submitGapNs = kNanosPerMilli / 5;
        settings.queueLimit = static_cast<std::uint64_t>(limit);
        scenario.steps.push_back({limit == 0 ? Scenarios::tr("no limit")
                                             : Scenarios::tr("at most %1 tasks wait").arg(limit),
                                  settings});
    }
    return scenario;
}

Scenario crash(int w)
{
    const auto step = [w](const QString& title, const char* how, int attempts) {
        RunSettings settings =
            job("crash", {{"tasks", count(40 * w)}, {"ms", 20.0}, {"how", std::string(how)}},
                "processes", w);
        settings.maxAttempts = attempts;
        return ScenarioStep{title, settings};
    };
    return {
        QStringLiteral("crash"),
        Scenarios::tr("A worker crashes"),
        Scenarios::tr("Task 13 ends its worker process half-way. The pool notes why, starts "
                      "another worker in its place and goes on: one task is lost, after as many "
                      "attempts as it was allowed, and none of the others. Python's "
                      "ProcessPoolExecutor gives up all that had not begun, its Pool never ends."),
        Scenarios::tr("Click the lost task: its card says what ended it. End a worker process "
                      "yourself with kill -9 while the run goes on: that task is begun "
                      "again elsewhere, and nothing is lost."),
        {step(Scenarios::tr("killed, one attempt"), "kill", 1),
         step(Scenarios::tr("killed, three attempts"), "kill", 3),
         step(Scenarios::tr("bad address, one attempt"), "segv", 1)}};
}

Scenario amdahl(int w)
{
    Scenario scenario{
        QStringLiteral("amdahl"),
        Scenarios::tr("Amdahl's law"),
        Scenarios::tr(
            "Each worker prepares for 100 ms before its first task, as one that loads a "
            "table. However many workers there are, nobody gets a result before that. With "
            "900 ms of tasks it is a serial share of a tenth, and two workers are 1.82 "
            "times as fast as one at most; with 100 ms it is a half, and no number of "
            "workers is ever twice as fast."),
        Scenarios::tr(
            "Draw the speed-up that you expect in the lab, sweep the workers, and compare "
            "the curves and the serial share that the fit finds."),
        {}};
    for (const int millis : {900, 300, 100}) {
        for (const int workers : {1, w}) {
            RunSettings settings = job(
                "compute", {{"tasks", count(100)}, {"cpu_ms", millis / 100.0}}, "threads", workers);
            settings.initializer = "prepare";
            const auto place = static_cast<int>(scenario.steps.size());
            scenario.steps.push_back({Scenarios::tr("%1 % serial, %2")
                                          .arg(10'000 / (100 + millis))
                                          .arg(workers == 1 ? Scenarios::tr("1 thread")
                                                            : workersText("threads", workers)),
                                      settings, workers == 1 ? place : place - 1});
        }
    }
    return scenario;
}

Scenario bandwidth(int w)
{
    Scenario scenario{
        QStringLiteral("bandwidth"),
        Scenarios::tr("Memory bandwidth"),
        Scenarios::tr(
            "The same arithmetic on arrays of 64 MiB, which must come from memory, and of 16 "
            "KiB, which fit into a processor's cache. The cache is each processor's own, the "
            "memory is shared: with large arrays the tasks take longer the more workers "
            "there are. On few processors it shows as longer tasks, on many the "
            "throughput stops growing."),
        Scenarios::tr("Sweep the workers in the lab for both sizes and compare the fits."),
        {}};
    for (const int kib : {65'536, 16}) {
        for (const int workers : {1, w}) {
            const auto place = static_cast<int>(scenario.steps.size());
            scenario.steps.push_back(
                {Scenarios::tr("%1, %2").arg(kib > 1024 ? Scenarios::tr("arrays of 64 MiB")
                                                        : Scenarios::tr("arrays of 16 KiB"),
                                             workers == 1 ? Scenarios::tr("1 thread")
                                                          : workersText("threads", workers)),
                 job("triad",
                     {{"tasks", count(8 * w)},
                      {"array_kib", count(kib)},
                      {"traffic_mib", count(1'200)}},
                     "threads", workers),
                 workers == 1 ? place : place - 1});
        }
    }
    return scenario;
}

Scenario oversubscription(int w)
{
    Scenario scenario{
        QStringLiteral("oversubscription"),
        Scenarios::tr("Too many threads"),
        Scenarios::tr(
            "Tasks that only compute, on far more threads than processors. The throughput "
            "hardly falls. What grows is how long a task takes: its thread waits in the "
            "run queue while others have their turn. The cost is latency, not throughput."),
        Scenarios::tr(
            "Colour the timeline by run queue, and compare the 95th percentile of the run times "
            "in the statistics. Then select two runs on the shelf and compare them."),
        {}};
    for (const int factor : {1, 4, 16, 64}) {
        RunSettings settings = job("compute", {{"tasks", count(2'000 * w)}, {"cpu_ms", 0.5}},
                                   "threads", std::min(factor * w, 256));
        settings.costLevel = CostLevel::Totals;
        scenario.steps.push_back({workersText("threads", std::min(factor * w, 256)), settings});
    }
    return scenario;
}

Scenario prefetch(int /*w*/)
{
    Scenario scenario{
        QStringLiteral("prefetch"),
        Scenarios::tr("Handing over in advance"),
        Scenarios::tr(
            "One worker process, five tasks of 300 ms, and the run is stopped after 450 ms. What "
            "was handed over in advance is out of the queue, as it is in Python's call "
            "queue; here it can still be called back. Without it the worker waits a moment "
            "between two tasks, which shows as a gap when tasks are short."),
        Scenarios::tr("Set cpu_ms to 0.05 and tasks to 20,000, without stopping, and compare the "
                      "throughput with and without."),
        {}};
    for (const int chunksAhead : {0, 1, 2}) {
        RunSettings settings =
            job("compute", {{"tasks", count(5)}, {"cpu_ms", 300.0}}, "processes", 1);
        settings.prefetch = chunksAhead;
        settings.cancelAtNs = 450 * kNanosPerMilli;
        scenario.steps.push_back({Scenarios::tr("%1 in advance").arg(chunksAhead), settings});
    }
    return scenario;
}

} // namespace

std::vector<Scenario> teachingScenarios(int processors)
{
    const int workers = std::clamp(processors, 2, 8);
    std::vector<Scenario> all;
    for (const auto make : {interpreterLock, waiting, chunks, stragglers, lock, falseSharing,
                            backpressure, crash, amdahl, bandwidth, oversubscription, prefetch}) {
        all.push_back(make(workers));
    }
    return all;
}

} // namespace poolscope
