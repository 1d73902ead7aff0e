// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Worker processes that come with the tasks and leave when there are none; what holds for threads as well is
// tested by tst_executor_queue.

#include "tests/integration/processes/process_case.h"

#include <QScopeGuard>
#include <QTest>

#include <sched.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

class TestProcessDemand : public QObject
{
    Q_OBJECT

private slots:
    void lazyPoolHasNoProcessBeforeItsFirstTask();
    void firstTaskMayBeAwaitedBeforeAnyWorkerIsThere();
    void taskBehindALongOneGetsAWorkerOfItsOwn();
    void idleProcessesEndAndSayWhy();
    void keptAliveWorkersStayWhileTasksCome();
    void leastWorkersStay();
    void deadWorkerIsReplacedForItsTaskOnly();
    void unusableProgramBreaksALazyPoolAtItsFirstTask();
    void hundredLivesLeaveNothingBehind();
};

void TestProcessDemand::lazyPoolHasNoProcessBeforeItsFirstTask()
{
    ExecutorOptions options = processOptions(3);
    options.isLazy = true;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerStarted), 0);
    QCOMPARE(pool->submitTask(squareJob(4), 3).value(), Value{std::int64_t{9}});
    QCOMPARE(pool->submitTask(squareJob(4), 2).value(), Value{std::int64_t{4}});
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerStarted), 1); // it was idle for the second
    pool->shutdown();
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerStarted), 1);
}

/// The caller is at the future before the I/O thread has begun to work: both have one processor, and the
/// caller takes it as soon as it may.
void TestProcessDemand::firstTaskMayBeAwaitedBeforeAnyWorkerIsThere()
{
    cpu_set_t before;
    QCOMPARE(::sched_getaffinity(0, sizeof(before), &before), 0);
    const auto goBack = qScopeGuard([&before] {
        const sched_param none{};
        ::sched_setscheduler(0, SCHED_OTHER, &none);
        ::sched_setaffinity(0, sizeof(before), &before);
    });
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<unsigned>(::sched_getcpu()), &one);
    QCOMPARE(::sched_setaffinity(0, sizeof(one), &one), 0);
    sched_param first{};
    first.sched_priority = 1;
    if (::sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first) != 0) {
        QSKIP("no right to go before other threads");
    }
    ExecutorOptions options = processOptions(1);
    options.isLazy = true;
    const auto pool = makeProcessPool(options);
    QCOMPARE(pool->submitTask(squareJob(4), 3).get().state, TaskState::Done);
}

void TestProcessDemand::taskBehindALongOneGetsAWorkerOfItsOwn()
{
    ExecutorOptions options = processOptions(2);
    options.isLazy = true;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    const Future<Value> lengthy = pool->submitTask(sleepJob(1, kForeverMs), 0);
    QTRY_COMPARE(runningNow(*recorder), 1);
    QCOMPARE(pool->submitTask(squareJob(3), 2).value(), Value{std::int64_t{4}});
    QCOMPARE(livingWorkers(*recorder).size(), std::size_t{2});
    QVERIFY(!lengthy.hasEnded());
    pool->cancel();
    QCOMPARE(lengthy.get().state, TaskState::Cancelled);
}

void TestProcessDemand::idleProcessesEndAndSayWhy()
{
    ExecutorOptions options = processOptions(2);
    options.keepAliveNs = 5 * kNanosPerMilli;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    QTRY_COMPARE(eventCount(*recorder, ControlKind::WorkerRetired), 2); // not lazy: both came first
    for (const std::string& why : eventTexts(*recorder, ControlKind::WorkerRetired)) {
        QVERIFY2(why.find("without a task") != std::string::npos, why.c_str());
    }
    QVERIFY(livingWorkers(*recorder).empty());
    QCOMPARE(pool->submitTask(squareJob(4), 3).value(), Value{std::int64_t{9}});
    QTRY_COMPARE(eventCount(*recorder, ControlKind::WorkerRetired), 3);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 0);
}

void TestProcessDemand::keptAliveWorkersStayWhileTasksCome()
{
    ExecutorOptions options = processOptions(1);
    options.isLazy = true;
    options.keepAliveNs = 60 * kNanosPerSecond;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    for (std::uint64_t task = 0; task < 200; ++task) {
        QCOMPARE(pool->submitTask(squareJob(200), task).get().state, TaskState::Done);
    }
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerStarted), 1);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerRetired), 0);
}

void TestProcessDemand::leastWorkersStay()
{
    ExecutorOptions options = processOptions(4);
    options.keepAliveNs = kNanosPerMilli;
    options.minWorkers = 2;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    QTRY_COMPARE(eventCount(*recorder, ControlKind::WorkerRetired), 2);
    QTRY_COMPARE(pool->counts().workers, 2);
    EndLog log(100);
    QVERIFY(pool->submit({squareJob(100), 0, 100}, &log));
    pool->drain();
    QCOMPARE(faultInSquares(log), QString());
    QTRY_COMPARE(pool->counts().workers, 2);
}

void TestProcessDemand::deadWorkerIsReplacedForItsTaskOnly()
{
    ExecutorOptions options = faultOptions(3);
    options.isLazy = true;
    options.maxAttempts = 2;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    const TaskOutcome end = pool->submitTask(faultJob({"segv"}), 0).get();
    QCOMPARE(end.state, TaskState::Lost);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerStarted), 2);
    QTRY_COMPARE(pool->counts().workers, 0); // nothing waits: nobody comes
    QCOMPARE(pool->submitTask(faultJob({"quick"}), 0).get().state, TaskState::Done);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerStarted), 3);
}

void TestProcessDemand::unusableProgramBreaksALazyPoolAtItsFirstTask()
{
    ExecutorOptions options = processOptions(2);
    options.isLazy = true;
    options.workerProgram = "/bin/true";
    options.reaperProgram = reaperProgram();
    const auto pool = makeProcessPool(options);
    const TaskOutcome end = pool->submitTask(squareJob(1), 0).get();
    QCOMPARE(end.state, TaskState::Failed);
    QVERIFY2(end.error.find("/bin/true") != std::string::npos, end.error.c_str());
}

void TestProcessDemand::hundredLivesLeaveNothingBehind()
{
    ExecutorOptions options = processOptions(1);
    options.isLazy = true;
    options.keepAliveNs = 1;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    QCOMPARE(pool->submitTask(squareJob(1), 0).get().state, TaskState::Done);
    QTRY_COMPARE(pool->counts().workers, 0);
    const int before = descriptorCount();
    for (int life = 0; life < 100; ++life) {
        QCOMPARE(pool->submitTask(squareJob(1), 0).get().state, TaskState::Done);
        QTRY_COMPARE(pool->counts().workers, 0);
    }
    QCOMPARE(descriptorCount(), before);
    QVERIFY(eventCount(*recorder, ControlKind::WorkerStarted) >= 101);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 0);
}

QTEST_GUILESS_MAIN(TestProcessDemand)
#include "tst_process_demand.moc"
