// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of tasks, on every kind of executor.

#include "tests/conformance/executor_case.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

namespace {

ExecutorOptions withWorkers(int workers, int chunk = 1)
{
    ExecutorOptions options;
    options.workers = workers;
    options.chunk = chunk;
    return options;
}

} // namespace

class TestExecutorTasks : public QObject
{
    Q_OBJECT

private slots:
    void everyTaskEndsOnceWithItsValue_data();
    void everyTaskEndsOnceWithItsValue();
    void chunkMayBeLargerThanTheJob_data() { addExecutorRows(); }
    void chunkMayBeLargerThanTheJob();
    void rangeMayBeLargerThanTheQueue_data() { addExecutorRows(); }
    void rangeMayBeLargerThanTheQueue();
    void runsOnlyTheTasksOfTheRange_data() { addExecutorRows(); }
    void runsOnlyTheTasksOfTheRange();
    void listenerAndRecorderAreOptional_data() { addExecutorRows(); }
    void listenerAndRecorderAreOptional();
    void severalThreadsMaySubmit_data() { addExecutorRows(); }
    void severalThreadsMaySubmit();
    void severalThreadsMayDrain_data() { addBackgroundRows(); }
    void severalThreadsMayDrain();
    void futuresGiveValues_data() { addExecutorRows(); }
    void futuresGiveValues();
    void futureWaitsNoLongerThanItsTimeout_data() { addBackgroundRows(); }
    void futureWaitsNoLongerThanItsTimeout();
    void everyWaiterOfAFutureWakes_data() { addBackgroundRows(); }
    void everyWaiterOfAFutureWakes();
    void taskThatFailsSaysWhy_data() { addExecutorRows(); }
    void taskThatFailsSaysWhy();
    void executorThatWasShutDownRefuses_data() { addExecutorRows(); }
    void executorThatWasShutDownRefuses();
    void destructorEndsWhatIsQueued_data() { addBackgroundRows(); }
    void destructorEndsWhatIsQueued();
};

void TestExecutorTasks::everyTaskEndsOnceWithItsValue_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("workers");
    QTest::addColumn<int>("chunk");
    for (const ExecutorKind& kind : executorKinds()) {
        for (const int workers : {1, 2, 3, 8}) {
            for (const int chunk : {1, 7, 64}) {
                QTest::addRow("%s, %d, chunks of %d", kind.id, workers, chunk)
                    << QString(kind.id) << workers << chunk;
            }
        }
    }
}

void TestExecutorTasks::everyTaskEndsOnceWithItsValue()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    QFETCH(int, chunk);
    EndLog log(2000);
    const auto executor = makeExecutor(kind, withWorkers(workers, chunk));
    QVERIFY(executor->submit({squareJob(2000), 0, 2000}, &log));
    executor->drain();
    QCOMPARE(faultInSquares(log), QString());
}

void TestExecutorTasks::chunkMayBeLargerThanTheJob()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    EndLog log(5);
    const auto executor = makeExecutor(kind, withWorkers(workers, kMaxChunk));
    QVERIFY(executor->submit({squareJob(5), 0, 5}, &log));
    executor->drain();
    QCOMPARE(faultInSquares(log), QString());
}

void TestExecutorTasks::rangeMayBeLargerThanTheQueue()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    ExecutorOptions options = withWorkers(workers, 3);
    options.queueCapacity = 8;
    EndLog log(500);
    const auto executor = makeExecutor(kind, options);
    QVERIFY(executor->submit({squareJob(500), 0, 500}, &log));
    executor->drain();
    QCOMPARE(faultInSquares(log), QString());
}

void TestExecutorTasks::runsOnlyTheTasksOfTheRange()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    EndLog log(100);
    const auto job = squareJob(100);
    const auto executor = makeExecutor(kind, withWorkers(workers, 4));
    QVERIFY(executor->submit({job, 30, 20}, &log));
    QVERIFY(executor->submit({job, 0, 0}, &log));
    executor->drain();
    const std::vector<SeenEnd> ends = log.ends();
    for (std::size_t task = 0; task < ends.size(); ++task) {
        QCOMPARE(ends[task].times, task >= 30 && task < 50 ? 1 : 0);
    }
}

void TestExecutorTasks::listenerAndRecorderAreOptional()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    const auto recorder = makeRecorder();
    const auto executor = makeExecutor(kind, withWorkers(workers), recorder);
    QVERIFY(executor->submit({squareJob(100), 0, 100}, nullptr));
    executor->drain();
    std::uint64_t records = 0;
    for (const Lane* lane : recorder->lanes()) {
        records += lane->recordCount();
    }
    QCOMPARE(records, 100U);
}

void TestExecutorTasks::severalThreadsMaySubmit()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    ExecutorOptions options = withWorkers(workers, 2);
    options.queueCapacity = 16;
    EndLog log(1000);
    const auto job = squareJob(1000);
    const auto executor = makeExecutor(kind, options);
    std::atomic<int> taken{0};
    {
        std::vector<std::jthread> submitters;
        for (std::uint64_t part = 0; part < 4; ++part) {
            submitters.emplace_back([&, part] {
                for (std::uint64_t first = 0; first < 250; first += 50) {
                    taken += executor->submit({job, part * 250 + first, 50}, &log) ? 1 : 0;
                }
            });
        }
    }
    QCOMPARE(taken.load(), 20);
    executor->drain();
    QCOMPARE(faultInSquares(log), QString());
}

void TestExecutorTasks::severalThreadsMayDrain()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    EndLog log(300);
    const auto executor = makeExecutor(kind, withWorkers(workers));
    executor->drain(); // nothing to wait for
    QVERIFY(executor->submit({sleepJob(300, 0.05), 0, 300}, &log));
    std::atomic<int> complete{0};
    {
        std::vector<std::jthread> waiters;
        for (int i = 0; i < 2; ++i) {
            waiters.emplace_back([&] {
                executor->drain();
                complete += log.total() == 300 ? 1 : 0;
            });
        }
    }
    QCOMPARE(complete.load(), 2);
}

void TestExecutorTasks::futuresGiveValues()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    const auto job = squareJob(50);
    std::atomic<std::int64_t> sum{0};
    const auto executor = makeExecutor(kind, withWorkers(workers));
    std::vector<Future<Value>> futures;
    for (std::uint64_t task = 0; task < 50; ++task) {
        futures.push_back(executor->submitTask(job, task));
        futures.back().then(
            [&sum](const Future<Value>& future) { sum += std::get<std::int64_t>(future.value()); });
    }
    std::int64_t expected = 0;
    for (std::int64_t task = 0; task < 50; ++task) {
        const Future<Value>& future = futures[static_cast<std::size_t>(task)];
        const TaskOutcome outcome = future.get();
        QCOMPARE(outcome.state, TaskState::Done);
        QCOMPARE(std::get<std::int64_t>(future.value()), task * task);
        QCOMPARE(outcome.attempts, 1);
        expected += task * task;
    }
    executor->drain(); // a continuation may still run when get() returns
    QCOMPARE(sum.load(), expected);
}

void TestExecutorTasks::futureWaitsNoLongerThanItsTimeout()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    const auto executor = makeExecutor(kind, withWorkers(workers));
    const Future<Value> future = executor->submitTask(sleepJob(1, kForeverMs), 0);
    QVERIFY(!future.getFor(kNanosPerMilli));
    QVERIFY(!hasEnded(future.state()));
    executor->cancel();
    QCOMPARE(future.get().state, TaskState::Cancelled);
    QVERIFY(!future.get().error.empty());
    QVERIFY(future.getFor(0).has_value());
}

void TestExecutorTasks::everyWaiterOfAFutureWakes()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    const auto executor = makeExecutor(kind, withWorkers(workers));
    executor->pause();
    const Future<Value> future = executor->submitTask(squareJob(8), 7);
    std::atomic<int> right{0};
    {
        std::vector<std::jthread> waiters;
        for (int i = 0; i < 6; ++i) {
            waiters.emplace_back([future, &right] {
                right += std::get<std::int64_t>(future.value()) == 49 ? 1 : 0;
            });
        }
        executor->resume();
    }
    QCOMPARE(right.load(), 6);
}

void TestExecutorTasks::taskThatFailsSaysWhy()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    const QTemporaryDir folder;
    for (const char* name : {"a", "b"}) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QFile::WriteOnly));
    }
    const auto job = hashJob(folder.path());
    QCOMPARE(job->plan->taskCount, 2U);
    QVERIFY(QFile::remove(folder.filePath("b"))); // after it was planned

    const auto recorder = makeRecorder();
    EndLog log(2);
    const auto executor = makeExecutor(kind, withWorkers(workers, 2), recorder);
    QVERIFY(executor->submit({job, 0, 2}, &log));
    executor->drain();
    const std::vector<SeenEnd> ends = log.ends();
    QCOMPARE(ends[0].state, TaskState::Done);
    QCOMPARE(std::get<std::string>(ends[0].value).substr(0, 8),
             std::string("e3b0c442")); // nothing's
    QCOMPARE(ends[1].state, TaskState::Failed);
    QCOMPARE(ends[1].times, 1);
    QCOMPARE(ends[1].attempts, 1);
    QVERIFY(ends[1].error.find(folder.filePath("b").toStdString()) != std::string::npos);
    QCOMPARE(faultInTrace(*recorder, log), QString());
    QCOMPARE(executor->submitTask(job, 1).get().error, ends[1].error);
}

void TestExecutorTasks::executorThatWasShutDownRefuses()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    const auto job = squareJob(20);
    EndLog log(20);
    const auto executor = makeExecutor(kind, withWorkers(workers));
    QVERIFY(executor->submit({job, 0, 20}, &log));
    executor->shutdown();
    QCOMPARE(faultInSquares(log), QString());

    const Result<void> late = executor->submit({job, 0, 1}, &log);
    QVERIFY(!late);
    QVERIFY(!late.error().message.empty());
    QCOMPARE(log.total(), 20U);
    const Future<Value> future = executor->submitTask(job, 0);
    QCOMPARE(future.state(), TaskState::Failed);
    QCOMPARE(future.get().error, late.error().message);
    executor->drain();
    executor->resize(2);
    executor->cancel();
    executor->shutdown(); // and all that harms nobody
}

void TestExecutorTasks::destructorEndsWhatIsQueued()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    const auto recorder = makeRecorder();
    EndLog log(200);
    auto executor = makeExecutor(kind, withWorkers(workers, 3), recorder);
    QVERIFY(executor->submit({sleepJob(200, kForeverMs), 0, 200}, &log));
    QTRY_VERIFY(runningNow(*recorder) > 0);
    executor.reset();
    QCOMPARE(log.notEndedOnce(), 0U);
    QCOMPARE(log.countOf(TaskState::Cancelled), 200U);
    QCOMPARE(openLives(*recorder), 0);
    QCOMPARE(faultInTrace(*recorder, log), QString());
}

QTEST_GUILESS_MAIN(TestExecutorTasks)
#include "tst_executor_tasks.moc"
