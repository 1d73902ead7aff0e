// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/process_pool.h"
#include "core/executor/task_cell.h"
#include "tests/integration/processes/process_case.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace poolscope;
using namespace poolscope::test;

/// What a pool of processes does beyond the contract of all executors (tests/conformance).
class TestProcessPool : public QObject
{
    Q_OBJECT

private slots:
    void everyTaskComesBackOnce_data();
    void everyTaskComesBackOnce();
    void longResultsComeBackWhole();
    void tooLongItemsAreRefused();
    void faultsOfAKernelStayWithTheirTask();
    void recordsTellTheWayOfATask();
    void missingProgramIsAnError();
    void programThatIsNoneIsAnError();
    void otherCatalogueBreaksThePool();
    void otherProgramBreaksThePool_data();
    void otherProgramBreaksThePool();
    void pauseTakesPrefetchedTasksBack();
    void ordersBeyondTheRingOfAWorkerLoseNothing();
    void resizeContinuesLanesWithNewLives();
    void quickResultsDoNotWaitForALongTask();
    void newWorkerTakesWhatWaitsAtABusyOne();
    void killReplacesAStoppedWorker();
    void destructorDoesNotWaitForTasks();
    void leavesNothingBehind();
};

void TestProcessPool::everyTaskComesBackOnce_data()
{
    QTest::addColumn<int>("workers");
    QTest::addColumn<int>("chunk");
    QTest::addColumn<int>("prefetched");
    QTest::newRow("one by one") << 1 << 1 << 0;
    QTest::newRow("prefetched") << 3 << 1 << 2;
    QTest::newRow("chunks") << 2 << 64 << 1;
    QTest::newRow("largest chunks") << 2 << kMaxChunk << 1;
}

void TestProcessPool::everyTaskComesBackOnce()
{
    QFETCH(int, workers);
    QFETCH(int, chunk);
    QFETCH(int, prefetched);
    constexpr std::uint64_t kTasks = 20'000;
    ExecutorOptions options = processOptions(workers, chunk);
    options.prefetchedChunks = prefetched;
    options.queueCapacity = 3'000;
    EndLog log(kTasks);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    QVERIFY(pool->submit({squareJob(kTasks), 0, kTasks}, &log));
    pool->drain();
    QCOMPARE(faultInSquares(log), QString());
    QCOMPARE(faultInTrace(*recorder, log), QString());
    QCOMPARE(recorder->submitted(0), kTasks);
}

void TestProcessPool::longResultsComeBackWhole()
{
    // Longer than the ring; the last one longer than any message.
    const std::vector<std::string> items{"text 200000", "quick", "text 3000000", "text 33554433"};
    EndLog log(items.size());
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(1, 4), recorder);
    QVERIFY(pool->submit({faultJob(items), 0, items.size()}, &log));
    pool->drain();
    const std::vector<SeenEnd> ends = log.ends();
    QVERIFY(ends[0].value == Value{std::string(200'000, 'x')});
    QVERIFY(ends[1].value == Value{std::int64_t{1}});
    QVERIFY(ends[2].value == Value{std::string(3'000'000, 'x')});
    QCOMPARE(ends[3].state, TaskState::Failed);
    QVERIFY(ends[3].error.find("33554433 bytes") != std::string::npos);
    QCOMPARE(faultInTrace(*recorder, log), QString());
}

void TestProcessPool::tooLongItemsAreRefused()
{
    EndLog log(2);
    const auto pool = makeProcessPool(faultOptions(1));
    const auto job = faultJob({"quick", std::string(33'554'433, 'x')});
    const Result<void> refused = pool->submit({job, 0, 2}, &log);
    QVERIFY(!refused);
    QVERIFY(refused.error().message.find("33554433 bytes") != std::string::npos);
    QVERIFY(pool->submit({job, 0, 1}, &log));
    pool->drain();
    QCOMPARE(log.total(), std::uint64_t{1});
}

void TestProcessPool::recordsTellTheWayOfATask()
{
    constexpr std::uint64_t kTasks = 3;
    EndLog log(kTasks);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(processOptions(1, 3), recorder);
    const Nanos before = recorder->now();
    QVERIFY(pool->submit({sleepJob(kTasks, 2), 0, kTasks}, &log));
    pool->drain();
    const Nanos after = recorder->now();
    const Lane& lane = *recorder->lanes().front();
    QCOMPARE(lane.info().kind, LaneKind::Process);
    QCOMPARE(lane.recordCount(), kTasks);
    for (std::uint64_t i = 0; i < kTasks; ++i) {
        const TaskRecord& record = lane.record(i);
        QVERIFY(record.submitNs >= before);
        QVERIFY(record.runNs() >= 2 * kNanosPerMilli);
        QVERIFY(record.endNs + static_cast<Nanos>(record.returnLagNs) <= after + kNanosPerMicro);
        QVERIFY(record.sentLeadNs > 0);
        QVERIFY(record.startNs - static_cast<Nanos>(record.sentLeadNs) >= before - kNanosPerMicro);
    }
    // All three were sent at once: each waited at the worker for the ones before it.
    QVERIFY(lane.record(2).sentLeadNs >= static_cast<float>(4 * kNanosPerMilli));
}

void TestProcessPool::missingProgramIsAnError()
{
    ExecutorOptions options = processOptions(1);
    options.workerProgram = "/nowhere/poolscope-worker";
    const auto noWorker = createProcessPool(options, {});
    QVERIFY(!noWorker);
    QVERIFY(noWorker.error().message.find(options.workerProgram) != std::string::npos);

    options.workerProgram = workerProgram();
    options.reaperProgram = "/nowhere/poolscope-reaper";
    const auto noReaper = createProcessPool(options, {});
    QVERIFY(!noReaper);
    QVERIFY(noReaper.error().message.find(options.reaperProgram) != std::string::npos);
}

void TestProcessPool::programThatIsNoneIsAnError()
{
    QTemporaryDir folder;
    QFile program(folder.filePath("program")); // without a line that says what runs it
    QVERIFY(program.open(QIODevice::WriteOnly));
    program.write("\x7f\x45LF nothing that can be run");
    program.close();
    QVERIFY(program.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
    ExecutorOptions options = processOptions(1);
    options.workerProgram = program.fileName().toStdString();
    const auto noWorker = createProcessPool(options, {});
    QVERIFY(!noWorker);
    QVERIFY(noWorker.error().message.find(options.workerProgram) != std::string::npos);

    options.workerProgram = workerProgram();
    options.reaperProgram = "/bin/true"; // ends at once
    const auto noReaper = createProcessPool(options, {});
    QVERIFY(!noReaper);
    QVERIFY(noReaper.error().message.find(options.reaperProgram) != std::string::npos);
}

void TestProcessPool::otherCatalogueBreaksThePool()
{
    ExecutorOptions options = processOptions(2);
    ++options.catalogueHash;
    EndLog log(100);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    const auto job = squareJob(100);
    const Result<void> first = pool->submit({job, 0, 100}, &log);
    if (first) { // else the worker had reported already
        pool->drain();
        QCOMPARE(log.countOf(TaskState::Failed), std::uint64_t{100});
        QCOMPARE(log.notEndedOnce(), std::uint64_t{0});
        QVERIFY(log.ends()[99].error.find("same build") != std::string::npos);
        QCOMPARE(faultInTrace(*recorder, log), QString());
    }
    QTRY_VERIFY_WITH_TIMEOUT(eventCount(*recorder, ControlKind::Error) == 1, 60'000);
    const Result<void> refused = pool->submit({job, 0, 1}, &log);
    QVERIFY(!refused);
    QVERIFY(refused.error().message.find("same build") != std::string::npos);
    pool->shutdown();
    QVERIFY(livingWorkers(*recorder).empty());
}

void TestProcessPool::otherProgramBreaksThePool_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("leaves") << QByteArray("exit 0") << QByteArray("exited without being asked to");
    QTest::newRow("fails") << QByteArray("exit 3") << QByteArray("exited with status 3");
    QTest::newRow("crashes") << QByteArray("kill -SEGV $$") << QByteArray("killed by SIGSEGV");
    QTest::newRow("hangs up") << QByteArray("exec 3>&- 3<&-; exec sleep 1000")
                              << QByteArray("closed its connection");
    QTest::newRow("impossible length")
        << QByteArray("printf '\\377\\377\\377\\377x' >&3; exec sleep 1000")
        << QByteArray("malformed");
    QTest::newRow("unknown kind") << QByteArray(
                                         "printf '\\001\\000\\000\\000\\077' >&3; exec sleep 1000")
                                  << QByteArray("malformed");
    QTest::newRow("doorbell before hello")
        << QByteArray("printf '\\001\\000\\000\\000\\005' >&3; exec sleep 1000")
        << QByteArray("malformed");
    QTest::newRow("broken hello") << QByteArray(
                                         "printf '\\002\\000\\000\\000\\001x' >&3; exec sleep 1000")
                                  << QByteArray("malformed");
}

void TestProcessPool::otherProgramBreaksThePool()
{
    QFETCH(QByteArray, script);
    QFETCH(QByteArray, reason);
    QTemporaryDir folder;
    QFile program(folder.filePath("worker"));
    QVERIFY(program.open(QIODevice::WriteOnly));
    program.write("#!/bin/sh\n" + script + "\n");
    program.close();
    QVERIFY(program.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
    ExecutorOptions options = processOptions(2);
    options.workerProgram = program.fileName().toStdString();
    EndLog log(10);
    const auto pool = makeProcessPool(options);
    QVERIFY(pool->submit({squareJob(10), 0, 10}, &log));
    pool->drain();
    QCOMPARE(log.countOf(TaskState::Failed), std::uint64_t{10});
    const QByteArray error = QByteArray::fromStdString(log.ends()[0].error);
    QVERIFY2(error.contains(reason), error);
    QVERIFY2(error.contains(program.fileName().toUtf8()), error);
}

void TestProcessPool::pauseTakesPrefetchedTasksBack()
{
    constexpr std::uint64_t kTasks = 2'000;
    EndLog log(kTasks);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(processOptions(2, 16), recorder);
    QVERIFY(pool->submit({sleepJob(kTasks, 0.2), 0, kTasks}, &log));
    std::vector<std::pair<Nanos, Nanos>> pauses;
    for (std::uint64_t i = 1; i <= 5; ++i) {
        QVERIFY(log.waitForTotal(i * 300));
        pool->pause();
        const Nanos from = recorder->now();
        QTRY_COMPARE_WITH_TIMEOUT(runningNow(*recorder), 0, 60'000);
        pauses.emplace_back(from, recorder->now());
        QVERIFY(log.total() < kTasks);
        pool->resume();
    }
    pool->drain();
    QCOMPARE(faultInTrace(*recorder, log), QString());
    for (const Lane* lane : workerLanes(*recorder)) {
        for (std::uint64_t i = 0; i < lane->recordCount(); ++i) {
            const Nanos start = lane->record(i).startNs;
            QVERIFY(std::none_of(pauses.begin(), pauses.end(), [start](const auto& pause) {
                return start > pause.first && start < pause.second;
            }));
            QCOMPARE(lane->record(i).attempt, std::uint8_t{1});
        }
    }
}

/// What was taken back lies with its worker until that has come by: a busy one is given no more than it can
/// hold, and its pool goes on when it has come by.
void TestProcessPool::ordersBeyondTheRingOfAWorkerLoseNothing()
{
    constexpr std::uint64_t kTasks = 40;
    EndLog log(kTasks);
    const auto pool = makeProcessPool(processOptions(1));
    QVERIFY(pool->submit({sleepJob(kTasks, 20), 0, kTasks}, &log));
    for (std::uint32_t i = 0; i < RequestRing::kCount + 200; ++i) {
        pool->pause();
        pool->resume();
    }
    pool->drain();
    QCOMPARE(log.notEndedOnce(), std::uint64_t{0});
    QCOMPARE(log.countOf(TaskState::Done), kTasks);
}

void TestProcessPool::resizeContinuesLanesWithNewLives()
{
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(processOptions(3), recorder);
    QTRY_COMPARE_WITH_TIMEOUT(openLives(*recorder), 3, 60'000);
    const pid_t first = livingWorkers(*recorder)[0];
    pool->resize(1);
    QTRY_COMPARE_WITH_TIMEOUT(openLives(*recorder), 1, 60'000);
    QCOMPARE(livingWorkers(*recorder), std::vector{first});
    pool->resize(2);
    QTRY_COMPARE_WITH_TIMEOUT(openLives(*recorder), 2, 60'000);
    QCOMPARE(workerLanes(*recorder).size(), std::size_t{3});
    QCOMPARE(workerLanes(*recorder)[1]->lives()->size(), std::size_t{2});
    QCOMPARE(workerLanes(*recorder)[1]->lives()->back().threadId, livingWorkers(*recorder)[1]);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerRetired), 2);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 0);
    QCOMPARE(eventTexts(*recorder, ControlKind::Resize), (std::vector<std::string>{"3", "1"}));
}

void TestProcessPool::quickResultsDoNotWaitForALongTask()
{
    EndLog log(2);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(1, 2), recorder);
    QVERIFY(pool->submit({faultJob({"quick", "hang"}), 0, 2}, &log)); // in one chunk
    QVERIFY(log.waitForTotal(1));
    QCOMPARE(log.ends()[0].state, TaskState::Done);
    QTRY_COMPARE_WITH_TIMEOUT(runningNow(*recorder), 1, 60'000);
    QCOMPARE(recorder->lanes().front()->running().task, std::uint64_t{1});
    pool->kill();
    pool->drain();
    QCOMPARE(log.ends()[1].state, TaskState::Cancelled);
    QCOMPARE(log.ends()[1].attempts, 1);
    QCOMPARE(faultInTrace(*recorder, log), QString());
}

void TestProcessPool::newWorkerTakesWhatWaitsAtABusyOne()
{
    EndLog log(4);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(processOptions(1), recorder);
    QVERIFY(pool->submit({sleepJob(4, kForeverMs), 0, 4}, &log));
    QTRY_COMPARE_WITH_TIMEOUT(runningNow(*recorder), 1, 60'000);
    pool->resize(2);
    QTRY_COMPARE_WITH_TIMEOUT(runningNow(*recorder), 2, 60'000);
    // Not the task after it, which waits in the queue.
    QCOMPARE(workerLanes(*recorder)[1]->running().task, std::uint64_t{1});
    pool->cancel();
    pool->drain();
    QCOMPARE(faultInTrace(*recorder, log), QString());
}

void TestProcessPool::faultsOfAKernelStayWithTheirTask()
{
    ExecutorOptions options = faultOptions(2, 4);
    options.maxAttempts = 2;
    const std::vector<std::string> items{"quick", "throw",  "quick", "throw other", "abort",
                                         "quick", "exit 3", "quick", "quick"};
    EndLog log(items.size());
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    QVERIFY(pool->submit({faultJob(items), 0, items.size()}, &log));
    pool->drain();
    const std::vector<SeenEnd> ends = log.ends();
    QCOMPARE(ends[1].state, TaskState::Failed);
    QCOMPARE(ends[1].error, std::string("std::runtime_error: thrown on purpose"));
    QCOMPARE(ends[3].state, TaskState::Failed);
    QCOMPARE(ends[3].error,
             std::string("an exception of type poolscope::test::(anonymous namespace)::Unheard"));
    QCOMPARE(ends[4].state, TaskState::Lost);
    QVERIFY(ends[4].error.find("killed by SIGABRT (Aborted)") != std::string::npos);
    QCOMPARE(ends[6].state, TaskState::Lost);
    QVERIFY(ends[6].error.find("attempt 2 of 2): exited with status 3") != std::string::npos);
    QCOMPARE(log.countOf(TaskState::Done), std::uint64_t{5});
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 4);
    QCOMPARE(retriedRecords(*recorder), 2);
    QCOMPARE(faultInTrace(*recorder, log), QString());
}

void TestProcessPool::killReplacesAStoppedWorker()
{
    EndLog stuck(2);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(processOptions(1), recorder);
    QVERIFY(pool->submit({sleepJob(2, kForeverMs), 0, 2}, &stuck));
    QTRY_VERIFY_WITH_TIMEOUT(!busyWorkers(*recorder).empty(), 60'000);
    QCOMPARE(::kill(busyWorkers(*recorder)[0], SIGSTOP), 0);
    pool->kill();
    QVERIFY(stuck.waitForTotal(2));
    QCOMPARE(stuck.countOf(TaskState::Cancelled), std::uint64_t{2});
    QCOMPARE(stuck.ends()[0].attempts, 1);
    QCOMPARE(stuck.ends()[1].attempts, 0);

    constexpr std::uint64_t kTasks = 100;
    EndLog later(kTasks);
    QVERIFY(pool->submit({squareJob(kTasks), 0, kTasks}, &later));
    pool->drain();
    QCOMPARE(faultInSquares(later), QString());
    const std::vector<std::string> deaths = eventTexts(*recorder, ControlKind::WorkerDied);
    QCOMPARE(deaths.size(), std::size_t{1});
    QVERIFY(deaths[0].starts_with("was killed because its task did not stop"));
}

void TestProcessPool::destructorDoesNotWaitForTasks()
{
    EndLog log(100);
    {
        const auto recorder = makeRecorder();
        const auto pool = makeProcessPool(processOptions(2), recorder);
        QVERIFY(pool->submit({sleepJob(100, kForeverMs), 0, 100}, &log));
        QTRY_VERIFY_WITH_TIMEOUT(busyWorkers(*recorder).size() == 2, 60'000);
        QCOMPARE(::kill(busyWorkers(*recorder)[0], SIGSTOP), 0);
    }
    QCOMPARE(log.notEndedOnce(), std::uint64_t{0});
    QCOMPARE(log.countOf(TaskState::Cancelled), std::uint64_t{100});
    QCOMPARE(childCount(), 0);
}

void TestProcessPool::leavesNothingBehind()
{
    const auto job = squareJob(10);
    makeProcessPool(processOptions(1))->shutdown(); // what is made once is made
    const int descriptors = descriptorCount();
    for (int cycle = 0; cycle < 200; ++cycle) {
        EndLog log(10);
        const auto pool = makeProcessPool(processOptions(1 + cycle % 3));
        QVERIFY(pool->submit({job, 0, 10}, &log));
        if (cycle % 2 == 0) {
            pool->drain();
        }
    }
    QCOMPARE(descriptorCount(), descriptors);
    QCOMPARE(childCount(), 0);
}

QTEST_GUILESS_MAIN(TestProcessPool)
#include "tst_process_pool.moc"
