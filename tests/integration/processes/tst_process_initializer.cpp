// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What each worker process does before its first task.

#include "core/executor/process_pool.h"
#include "tests/integration/processes/process_case.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

namespace {

ExecutorOptions initializedBy(const std::string& fault, int workers)
{
    ExecutorOptions options = faultOptions(workers);
    options.processInitializer = faultJob({fault});
    return options;
}

} // namespace

class TestProcessInitializer : public QObject
{
    Q_OBJECT

private slots:
    void runsOnceInEachProcess();
    void runsAgainInAReplacedProcess();
    void failureBreaksThePoolAndSaysWhy_data();
    void failureBreaksThePoolAndSaysWhy();
    void isTriedAgainInAnotherProcess();
    void costsAGapAtTheBeginOfALife();
    void lengthyOneDoesNotHoldUpTheEnd();
    void lengthyOneDoesNotHoldUpAResize();
    void tasksMayBeCancelledWhileItRuns();
    void oneThatCannotBeSentIsRefused();
};

void TestProcessInitializer::runsOnceInEachProcess()
{
    const auto pool = makeProcessPool(initializedBy("mark", 3));
    const auto job = faultJob(std::vector<std::string>(60, "marks"));
    EndLog log(60);
    QVERIFY(pool->submit({job, 0, 60}, &log));
    pool->drain();
    for (const SeenEnd& end : log.ends()) {
        QCOMPARE(end.state, TaskState::Done);
        QCOMPARE(end.value, Value{std::int64_t{1}});
    }
}

void TestProcessInitializer::runsAgainInAReplacedProcess()
{
    ExecutorOptions options = initializedBy("mark", 2);
    options.recycleAfterTasks = 2;
    options.maxAttempts = 1;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    const auto job = faultJob({"marks", "segv"});
    for (int round = 0; round < 6; ++round) {
        QCOMPARE(pool->submitTask(job, 0).value(), Value{std::int64_t{1}});
        QCOMPARE(pool->submitTask(job, 1).get().state, TaskState::Lost);
    }
    QVERIFY(eventCount(*recorder, ControlKind::WorkerStarted) > 2);
}

void TestProcessInitializer::failureBreaksThePoolAndSaysWhy_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QString>("why");
    QTest::newRow("an error") << "throw"
                              << "thrown on purpose";
    QTest::newRow("a crash") << "segv"
                             << "SIGSEGV";
    QTest::newRow("an exit") << "exit 3"
                             << "3";
    QTest::newRow("leaves") << "exit 0"
                            << "without being asked";
    QTest::newRow("nonsense") << "send kind"
                              << "malformed";
}

void TestProcessInitializer::failureBreaksThePoolAndSaysWhy()
{
    QFETCH(QString, fault);
    QFETCH(QString, why);
    ExecutorOptions options = initializedBy(fault.toStdString(), 2);
    options.initializerAttempts = 1;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    const Future<Value> future = pool->submitTask(faultJob({"quick"}), 0);
    QCOMPARE(future.get().state, TaskState::Failed);
    const QString error = QString::fromStdString(future.error());
    QVERIFY2(error.contains("initializer of worker"), qPrintable(error));
    QVERIFY2(error.contains(why), qPrintable(error));
    const Result<void> refused = pool->submit({faultJob({"quick"}), 0, 1}, nullptr);
    QVERIFY(!refused);
    QVERIFY(QString::fromStdString(refused.error().message).contains(why));
    QCOMPARE(eventCount(*recorder, ControlKind::Error), 1);
    QTRY_VERIFY(livingWorkers(*recorder).empty());
}

void TestProcessInitializer::isTriedAgainInAnotherProcess()
{
    const QTemporaryDir folder;
    qputenv("POOLSCOPE_TEST_MARKS", QFile::encodeName(folder.filePath("marks")));
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(initializedBy("mark late 4", 1), recorder); // of 4 attempts
    QCOMPARE(pool->submitTask(faultJob({"marks"}), 0).value(), Value{std::int64_t{1}});
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerStarted), 4);
    QCOMPARE(eventCount(*recorder, ControlKind::Error), 0);
}

void TestProcessInitializer::costsAGapAtTheBeginOfALife()
{
    constexpr int kMilliseconds = 60;
    const auto recorder = makeRecorder();
    const auto pool =
        makeProcessPool(initializedBy("mark slowly " + std::to_string(kMilliseconds), 1), recorder);
    QCOMPARE(pool->submitTask(faultJob({"marks"}), 0).value(), Value{std::int64_t{1}});
    pool->shutdown();
    const Lane& lane = *workerLanes(*recorder).front();
    QCOMPARE(lane.recordCount(), std::uint64_t{1}); // it is no task
    const Nanos gapNs = lane.record(0).startNs - lane.lives()->front().openedNs;
    QVERIFY2(gapNs >= kMilliseconds * kNanosPerMilli, std::to_string(gapNs).c_str());
}

void TestProcessInitializer::lengthyOneDoesNotHoldUpTheEnd()
{
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(initializedBy("hang", 2), recorder);
    QTRY_COMPARE(livingWorkers(*recorder).size(), std::size_t{2});
    pool->shutdown(); // it is killed after a while
    QVERIFY(livingWorkers(*recorder).empty());
}

void TestProcessInitializer::lengthyOneDoesNotHoldUpAResize()
{
    ExecutorOptions options = initializedBy("hang", 3);
    options.isLazy = true;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    EndLog log(3);
    QVERIFY(pool->submit({faultJob({"quick", "quick", "quick"}), 0, 3}, &log));
    QTRY_COMPARE(livingWorkers(*recorder).size(), std::size_t{3});
    pool->resize(1);
    QTRY_COMPARE_WITH_TIMEOUT(livingWorkers(*recorder).size(), std::size_t{1}, 60'000);
    QCOMPARE(log.total(), std::uint64_t{0});
    pool->cancel();
    pool->drain();
    QCOMPARE(log.countOf(TaskState::Cancelled), std::uint64_t{3});
}

void TestProcessInitializer::tasksMayBeCancelledWhileItRuns()
{
    const auto pool = makeProcessPool(initializedBy("mark slowly 30", 2));
    const auto job = faultJob({"marks", "quick"});
    const Future<Value> dropped = pool->submitTask(job, 1);
    QVERIFY(dropped.cancel());
    QCOMPARE(dropped.get().state, TaskState::Cancelled);
    QCOMPARE(pool->submitTask(job, 0).value(), Value{std::int64_t{1}});
}

void TestProcessInitializer::oneThatCannotBeSentIsRefused()
{
    const auto pool = createProcessPool(initializedBy(std::string(64U << 20U, 'x'), 1), {});
    QVERIFY(!pool);
    QVERIFY2(pool.error().message.find("initializer") != std::string::npos,
             pool.error().message.c_str());
}

QTEST_GUILESS_MAIN(TestProcessInitializer)
#include "tst_process_initializer.moc"
