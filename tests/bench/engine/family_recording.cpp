// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/snapshot_builder.h"
#include "tests/bench/engine/families.h"
#include "tests/bench/engine/peers/ours.h"
#include "tests/bench/engine/peers/task.h"

#ifdef PS_BENCH_HAS_QT
#include <QCoreApplication>
#include <QObject>
#endif

#include <atomic>
#include <thread>

namespace poolscope::bench {

namespace {

/// \return {CPU time of all threads a task, in ns}.
std::vector<double> cpuPerTask(int workers, std::uint64_t tasks, std::uint32_t steps,
                               Recording recording)
{
    SharedCount count;
    OurPool pool(workers, recording);
    const Nanos before = cpuNow();
    for (std::uint64_t i = 0; i < tasks; ++i) {
        pool.post(CountingTask{&count.value, steps});
    }
    pool.wait();
    return {static_cast<double>(cpuNow() - before) / static_cast<double>(tasks)};
}

/// \return {CPU a task recorded, CPU a task not recorded}, in ns.
std::vector<double> onAndOff(const Settings& settings, std::uint64_t tasks, double workNs)
{
    const std::uint32_t steps = workNs > 0 ? stepsFor(workNs) : 0;
    const int workers = settings.workers;
    const std::vector<Series> both =
        alternate({{"on", [=] { return cpuPerTask(workers, tasks, steps, Recording::On); }},
                   {"off", [=] { return cpuPerTask(workers, tasks, steps, Recording::Off); }}},
                  settings.runs);
    return {both[0].median(), both[1].median()};
}

constexpr std::uint64_t kEvents = 1'000'000;

/// \return CPU time of the calling thread: on a busy machine it tells more than the clock on the wall.
Nanos threadCpuNow()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

/// What a worker does for one event that the window will show.
double emitNs(Recorder& recorder, Lane& lane)
{
    const Nanos before = threadCpuNow();
    TaskRecord record;
    record.setState(TaskState::Done);
    for (std::uint64_t i = 0; i < kEvents; ++i) {
        record.startNs = record.endNs;
        record.endNs = recorder.now();
        record.task = static_cast<std::uint32_t>(i);
        lane.setRunning(i, record.startNs);
        lane.append(record, Value{}, {});
    }
    return static_cast<double>(threadCpuNow() - before) / static_cast<double>(kEvents);
}

/// \return {ns an event for who emits it, ns an event for who collects it}.
std::vector<double> emitAndCollect()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    const double emitted = emitNs(*recorder, lane);
    SnapshotBuilder builder(recorder, std::make_shared<const TraceMeta>());
    const Nanos before = cpuNow();
    builder.update();
    return {emitted, static_cast<double>(cpuNow() - before) / static_cast<double>(kEvents)};
}

#ifdef PS_BENCH_HAS_QT
/// A queued call an event from another thread, as tutorials do it. \return as emitAndCollect().
std::vector<double> queuedCalls()
{
    constexpr int kCalls = 200'000;
    int argumentCount = 0;
    const QCoreApplication application(argumentCount, nullptr);
    QObject receiver;
    int received = 0;
    double emitted = 0;
    {
        const std::jthread sender([&] {
            const Nanos before = threadCpuNow();
            for (int i = 0; i < kCalls; ++i) {
                QMetaObject::invokeMethod(
                    &receiver, [&received] { ++received; }, Qt::QueuedConnection);
            }
            emitted = static_cast<double>(threadCpuNow() - before) / kCalls;
        });
    }
    const Nanos before = cpuNow();
    QCoreApplication::processEvents();
    return {emitted, static_cast<double>(cpuNow() - before) / kCalls};
}
#endif

} // namespace

Row recordingCost(const Settings& settings)
{
    Row row{"T10", "CPU that recording adds to a task", {}, {}, {}, {}};
    const std::vector<double> empty = onAndOff(settings, 1'000'000, 0);
    const std::vector<double> micro = onAndOff(settings, 400'000, 1'000);
    const std::vector<double> longer = onAndOff(settings, 6'000, 100'000);
    const auto percent = [](const std::vector<double>& both) {
        return (both[0] / both[1] - 1) * 100;
    };
    row.ours = timeText(empty[0]) + " on, " + timeText(empty[1]) + " off";
    row.checks.push_back({"an empty task", empty[0] - empty[1], "ns", Direction::AtMost, 30, 20});
    row.checks.push_back({"at 1 us", percent(micro), "%", Direction::AtMost, 3, {}});
    row.checks.push_back({"at 100 us", percent(longer), "%", Direction::AtMost, 0.1, {}});
    return row;
}

Row feedingTheWindow(const Settings& settings)
{
    Row row{"T16", "feeding the window: one event, for the worker", {}, {}, {}, {}};
    std::vector<Contender> contenders{{"ours", emitAndCollect}};
#ifdef PS_BENCH_HAS_QT
    contenders.push_back({"queued Qt call", queuedCalls});
#endif
    const std::vector<Series> all = alternate(contenders, settings.runs);
    describe(row, all, timeText);
    row.checks.push_back({"for the worker", all[0].median(0), "ns", Direction::AtMost, 20, 12});
    row.checks.push_back({"to collect", all[0].median(1), "ns", Direction::AtMost, 25, {}});
    return row;
}

} // namespace poolscope::bench
