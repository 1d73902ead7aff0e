// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Random orders from several threads for some seconds, on every kind of executor.

#include "tests/conformance/executor_case.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <random>
#include <thread>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

namespace {

constexpr std::uint64_t kTasks = 1'000'000;
constexpr Nanos kDuration = 10 * kNanosPerSecond;
constexpr int kMostWorkers = 6;

/// Submits the tasks of \p job until the time is over. \return how many.
std::uint64_t submitUntil(Executor& executor, const std::shared_ptr<const Job>& job, EndLog& log,
                          Nanos deadline)
{
    std::mt19937 random(1);
    std::uint64_t first = 0;
    while (monotonicNow() < deadline && first < kTasks) {
        const std::uint64_t count = std::min<std::uint64_t>(1 + random() % 300, kTasks - first);
        if (!executor.submit({job, first, count}, &log)) {
            break;
        }
        first += count;
    }
    return first;
}

/// Gives orders until the time is over; leaves the executor running.
void giveOrders(Executor& executor, unsigned seed, Nanos deadline)
{
    std::mt19937 random(seed);
    StopFlag never;
    while (monotonicNow() < deadline) {
        switch (random() % 8) {
        case 0:
            executor.pause();
            break;
        case 1:
            executor.cancel();
            break;
        case 2:
            executor.kill();
            break;
        case 3:
        case 4:
            executor.resize(1 + static_cast<int>(random() % kMostWorkers));
            break;
        default:
            executor.resume();
        }
        never.waitFor(static_cast<Nanos>(random() % 3000) * kNanosPerMicro); // a random pace
    }
    executor.resume();
}

} // namespace

class TestExecutorStress : public QObject
{
    Q_OBJECT

private slots:
    void eachTaskEndsOnceWhateverIsOrdered_data();
    void eachTaskEndsOnceWhateverIsOrdered();
};

void TestExecutorStress::eachTaskEndsOnceWhateverIsOrdered_data()
{
    QTest::addColumn<QString>("kind");
    for (const ExecutorKind& kind : executorKinds()) {
        QTest::addRow("%s", kind.id) << QString(kind.id);
    }
}

void TestExecutorStress::eachTaskEndsOnceWhateverIsOrdered()
{
    QFETCH(QString, kind);
    ExecutorOptions options;
    options.workers = 2;
    options.chunk = 5;
    options.queueCapacity = 200;
    const auto recorder = makeRecorder();
    const auto job = sleepJob(kTasks, 0.02);
    EndLog log(kTasks);
    auto executor = makeExecutor(kind, options, recorder);

    const Nanos deadline = monotonicNow() + kDuration;
    std::atomic<std::uint64_t> submitted{0};
    {
        std::vector<std::jthread> threads;
        threads.emplace_back([&] { submitted = submitUntil(*executor, job, log, deadline); });
        for (unsigned seed = 1; seed <= 2; ++seed) {
            threads.emplace_back([&, seed] { giveOrders(*executor, seed, deadline); });
        }
    }
    executor->resume(); // whoever ended last may have paused it
    executor->drain();
    executor->shutdown();

    QVERIFY(submitted > 0);
    QCOMPARE(log.total(), submitted.load());
    QCOMPARE(recorder->submitted(0), submitted.load());
    const std::vector<SeenEnd> ends = log.ends();
    for (std::uint64_t task = 0; task < submitted; ++task) {
        QCOMPARE(ends[task].times, 1);
        QVERIFY(ends[task].state == TaskState::Done || ends[task].state == TaskState::Cancelled);
    }
    QVERIFY(log.countOf(TaskState::Done) > 0);
    QVERIFY(log.countOf(TaskState::Cancelled) > 0);
    QCOMPARE(openLives(*recorder), 0);
    QCOMPARE(faultInTrace(*recorder, log, submitted), QString());
}

QTEST_GUILESS_MAIN(TestExecutorStress)
#include "tst_executor_stress.moc"
