// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Time limits and cancels of tasks that do not stop when asked.

#include "tests/integration/processes/process_case.h"

#include <QTest>

#include <memory>
#include <string>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

class TestProcessLimits : public QObject
{
    Q_OBJECT

private slots:
    void hangingTaskTimesOutAndItsWorkerIsReplaced();
    void othersOfTheChunkRunElsewhere();
    void killedFutureEndsAHangingTask();
    void killedGroupEndsHangingTasks();
    void softlyCancelledTaskIsNotKilled();
    void attemptsAreTheTasksOwn();
};

void TestProcessLimits::hangingTaskTimesOutAndItsWorkerIsReplaced()
{
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(2), recorder);
    const auto job = faultJob({"quick", "hang", "quick", "quick", "quick", "quick"});
    auto options = std::make_shared<TaskOptions>();
    options->timeoutNs = 50 * kNanosPerMilli;
    EndLog log(6);
    QVERIFY(pool->submit({job, 0, 6, options}, &log));
    pool->drain();
    const std::vector<SeenEnd> ends = log.ends();
    QCOMPARE(log.notEndedOnce(), 0U);
    QCOMPARE(log.countOf(TaskState::Done), 5U);
    QCOMPARE(ends[1].state, TaskState::TimedOut);
    QCOMPARE(ends[1].attempts, 1); // a second attempt would take as long
    QVERIFY2(ends[1].error.find("0.05 s") != std::string::npos, ends[1].error.c_str());
    QCOMPARE(faultInTrace(*recorder, log), QString());
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 1);
    QTRY_COMPARE_WITH_TIMEOUT(openLives(*recorder), 2, 60'000);
}

void TestProcessLimits::othersOfTheChunkRunElsewhere()
{
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(2, 64), recorder);
    std::vector<std::string> items(64, "quick");
    items[0] = "hang";
    auto options = std::make_shared<TaskOptions>();
    options->timeoutNs = 50 * kNanosPerMilli;
    EndLog log(64);
    QVERIFY(pool->submit({faultJob(items), 0, 64, options}, &log));
    pool->drain();
    QCOMPARE(log.countOf(TaskState::TimedOut), 1U);
    QCOMPARE(log.countOf(TaskState::Done), 63U);
    QCOMPARE(faultInTrace(*recorder, log), QString());
}

void TestProcessLimits::killedFutureEndsAHangingTask()
{
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(2), recorder);
    const auto job = faultJob({"hang", "quick"});
    const Future<Value> hanging = pool->submitTask(job, 0);
    QTRY_COMPARE(hanging.state(), TaskState::Running);
    QVERIFY(hanging.cancel(CancelMode::Kill));
    QCOMPARE(hanging.get().state, TaskState::Cancelled);
    QVERIFY(!hanging.error().empty());
    QCOMPARE(pool->submitTask(job, 1).get().state, TaskState::Done);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 1);
    QTRY_COMPARE_WITH_TIMEOUT(openLives(*recorder), 2, 60'000);
}

void TestProcessLimits::killedGroupEndsHangingTasks()
{
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(3), recorder);
    auto options = std::make_shared<TaskOptions>();
    options->group = 4;
    EndLog hanging(2);
    EndLog others(10);
    QVERIFY(pool->submit({faultJob({"hang", "hang"}), 0, 2, options}, &hanging));
    QTRY_COMPARE(runningNow(*recorder), 2);
    QVERIFY(pool->submit({faultJob(std::vector<std::string>(10, "quick")), 0, 10}, &others));
    pool->cancelGroup(4, CancelMode::Kill);
    pool->drain();
    QCOMPARE(hanging.countOf(TaskState::Cancelled), 2U);
    QCOMPARE(others.countOf(TaskState::Done), 10U);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 2);
}

void TestProcessLimits::softlyCancelledTaskIsNotKilled()
{
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(2), recorder);
    const auto job = faultJob({"hang"});
    const Future<Value> hanging = pool->submitTask(job, 0);
    QTRY_COMPARE(hanging.state(), TaskState::Running);
    QVERIFY(hanging.cancel(CancelMode::Soft));
    QVERIFY(!hanging.waitFor(400 * kNanosPerMilli)); // longer than a kill would take
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 0);
    QVERIFY(hanging.cancel(CancelMode::Kill));
    QCOMPARE(hanging.get().state, TaskState::Cancelled);
}

void TestProcessLimits::attemptsAreTheTasksOwn()
{
    const auto pool = makeProcessPool(faultOptions(2));
    auto once = std::make_shared<TaskOptions>();
    once->maxAttempts = 1;
    auto often = std::make_shared<TaskOptions>();
    often->maxAttempts = 5;
    const auto job = faultJob({"abort"});
    QCOMPARE(pool->submitTask(job, 0, once).get().attempts, 1);
    QCOMPARE(pool->submitTask(job, 0, often).get().attempts, 5);
    QCOMPARE(pool->submitTask(job, 0).get().attempts, 3);
}

QTEST_GUILESS_MAIN(TestProcessLimits)
#include "tst_process_limits.moc"
