// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/processes/process_case.h"

#include <QTest>

#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

/// One task at a time: its caller hands it to a worker and fetches the result while the I/O thread sleeps.
class TestProcessShortcut : public QObject
{
    Q_OBJECT

private slots:
    void callersFetchTheirResults_data();
    void callersFetchTheirResults();
    void callersAndRangesMix();
    void callerIsToldThatItsWorkerDied();
    void callerOutlastsAKilledWorker();
    void callerIsToldThatItsTaskWasCancelled();
    void callerThatGivesUpLeavesTheResultToThePool();
    void resultThatNobodyWaitsForComesHome();
    void pausedPoolIsNotPassedBy();
    void severalMayWaitForOneTask();
    void continuationMaySubmit();
    void destroyedPoolLetsItsCallersGo();
};

namespace {

std::int64_t squareOf(Executor& pool, const std::shared_ptr<const Job>& job, std::uint64_t index)
{
    return std::get<std::int64_t>(pool.submitTask(job, index).take());
}

} // namespace

void TestProcessShortcut::callersFetchTheirResults_data()
{
    QTest::addColumn<int>("workers");
    QTest::addColumn<int>("callers");
    QTest::newRow("one and one") << 1 << 1;
    QTest::newRow("two and one") << 2 << 1;
    QTest::newRow("one and three") << 1 << 3;
    QTest::newRow("three and three") << 3 << 3;
}

void TestProcessShortcut::callersFetchTheirResults()
{
    QFETCH(int, workers);
    QFETCH(int, callers);
    constexpr std::uint64_t kTasks = 2'000;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(processOptions(workers), recorder);
    const auto job = squareJob(kTasks * 4);
    std::atomic<int> wrong{0};
    {
        std::vector<std::jthread> threads;
        for (int caller = 0; caller < callers; ++caller) {
            threads.emplace_back([&, first = static_cast<std::uint64_t>(caller) * kTasks] {
                for (std::uint64_t i = first; i < first + kTasks; ++i) {
                    wrong += squareOf(*pool, job, i) == static_cast<std::int64_t>(i * i) ? 0 : 1;
                }
            });
        }
    }
    QCOMPARE(wrong.load(), 0);
    const std::uint64_t all = kTasks * static_cast<std::uint64_t>(callers);
    pool->drain(); // ends are told before they are counted
    QCOMPARE(pool->counts().ended, all);
    std::uint64_t records = 0;
    for (const Lane* lane : workerLanes(*recorder)) {
        for (std::uint64_t i = 0; i < lane->recordCount(); ++i) {
            const TaskRecord& record = lane->record(i);
            QVERIFY(record.submitNs <= record.startNs && record.startNs <= record.endNs);
            QVERIFY(i == 0 || lane->record(i - 1).endNs <= record.startNs);
        }
        records += lane->recordCount();
    }
    QCOMPARE(records, all);
    QTRY_COMPARE(runningNow(*recorder), 0);
}

void TestProcessShortcut::callersAndRangesMix()
{
    constexpr std::uint64_t kTasks = 30'000;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(processOptions(2), recorder);
    const auto job = squareJob(kTasks);
    EndLog log(kTasks);
    int wrong = 0;
    for (std::uint64_t i = 0; i < 30; ++i) {
        QVERIFY(pool->submit({job, i * 1'000, 1'000}, &log));
        for (std::uint64_t k = 0; k < 20; ++k) {
            wrong += squareOf(*pool, job, k) == static_cast<std::int64_t>(k * k) ? 0 : 1;
        }
    }
    pool->drain();
    QCOMPARE(wrong, 0);
    QCOMPARE(faultInSquares(log), QString());
}

void TestProcessShortcut::callerIsToldThatItsWorkerDied()
{
    ExecutorOptions options = faultOptions(2);
    options.maxAttempts = 2;
    const auto pool = makeProcessPool(options);
    const auto job = faultJob({"exit 3", "quick"});
    QCOMPARE(pool->submitTask(job, 1).get().state, TaskState::Done);
    const TaskOutcome outcome = pool->submitTask(job, 0).get();
    QCOMPARE(outcome.state, TaskState::Lost);
    QCOMPARE(outcome.attempts, 2);
    QCOMPARE(pool->submitTask(job, 1).get().state, TaskState::Done);
}

void TestProcessShortcut::callerOutlastsAKilledWorker()
{
    const auto recorder = makeRecorder();
    ExecutorOptions options = processOptions(1);
    options.maxAttempts = 1;
    const auto pool = makeProcessPool(options, recorder);
    const Future<Value> future = pool->submitTask(sleepJob(1, kForeverMs), 0);
    TaskOutcome outcome;
    std::jthread caller([&] { outcome = future.get(); });
    QTRY_COMPARE_WITH_TIMEOUT(busyWorkers(*recorder).size(), std::size_t{1}, 60'000);
    QCOMPARE(::kill(busyWorkers(*recorder).front(), SIGKILL), 0);
    caller.join();
    QCOMPARE(outcome.state, TaskState::Lost);
}

void TestProcessShortcut::callerIsToldThatItsTaskWasCancelled()
{
    const auto pool = makeProcessPool(processOptions(1));
    for (int i = 0; i < 20; ++i) {
        const Future<Value> future = pool->submitTask(sleepJob(1, kForeverMs), 0);
        TaskOutcome outcome;
        std::jthread caller([&] { outcome = future.get(); });
        QVERIFY(future.cancel());
        caller.join();
        QCOMPARE(outcome.state, TaskState::Cancelled);
    }
}

void TestProcessShortcut::callerThatGivesUpLeavesTheResultToThePool()
{
    const auto pool = makeProcessPool(processOptions(1));
    for (int i = 0; i < 5; ++i) {
        const Future<Value> future = pool->submitTask(sleepJob(1, 30), 0);
        QVERIFY(!future.getFor(kNanosPerMilli).has_value());
        pool->drain(); // nobody waits for the task itself any more
        QCOMPARE(future.state(), TaskState::Done);
    }
}

void TestProcessShortcut::resultThatNobodyWaitsForComesHome()
{
    const auto pool = makeProcessPool(processOptions(1));
    const auto job = squareJob(300);
    for (std::uint64_t i = 0; i < 300; ++i) {
        const Future<Value> future = pool->submitTask(job, i);
        pool->drain();
        QCOMPARE(future.state(), TaskState::Done);
    }
}

void TestProcessShortcut::pausedPoolIsNotPassedBy()
{
    const auto pool = makeProcessPool(processOptions(2));
    const auto job = squareJob(10);
    QCOMPARE(squareOf(*pool, job, 3), std::int64_t{9});
    pool->pause();
    const Future<Value> future = pool->submitTask(job, 4);
    QVERIFY(!future.getFor(20 * kNanosPerMilli).has_value());
    QCOMPARE(future.state(), TaskState::Pending);
    pool->resume();
    QCOMPARE(future.get().state, TaskState::Done);
}

void TestProcessShortcut::severalMayWaitForOneTask()
{
    const auto pool = makeProcessPool(processOptions(1));
    for (int round = 0; round < 30; ++round) {
        const Future<Value> future = pool->submitTask(sleepJob(1, 2), 0);
        std::atomic<int> done{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i) {
                threads.emplace_back([&] { done += future.get().isDone() ? 1 : 0; });
            }
        }
        QCOMPARE(done.load(), 4);
    }
}

void TestProcessShortcut::continuationMaySubmit()
{
    const auto pool = makeProcessPool(processOptions(1));
    const auto job = squareJob(1'000);
    for (std::uint64_t i = 0; i < 500; ++i) {
        const Future<Value> first = pool->submitTask(job, i);
        const auto next =
            first.then([&](const Future<Value>&) { return pool->submitTask(job, i + 1); });
        QCOMPARE(first.get().state, TaskState::Done);
        const auto square = static_cast<std::int64_t>((i + 1) * (i + 1));
        QCOMPARE(std::get<std::int64_t>(next.value().value()), square);
    }
}

void TestProcessShortcut::destroyedPoolLetsItsCallersGo()
{
    for (int round = 0; round < 10; ++round) {
        auto pool = makeProcessPool(processOptions(2));
        const Future<Value> future = pool->submitTask(sleepJob(1, kForeverMs), 0);
        std::atomic<bool> isWaiting{false};
        TaskOutcome outcome;
        std::jthread caller([&] {
            isWaiting = true;
            outcome = future.get();
        });
        QTRY_VERIFY(isWaiting.load());
        pool.reset();
        caller.join();
        QCOMPARE(outcome.state, TaskState::Cancelled);
    }
}

QTEST_GUILESS_MAIN(TestProcessShortcut)
#include "tst_process_shortcut.moc"
