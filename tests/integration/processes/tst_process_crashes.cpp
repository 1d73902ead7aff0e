// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/reaper_process.h"
#include "core/executor/worker_process.h"
#include "tests/integration/processes/process_case.h"

#include <QTest>

#include <algorithm>
#include <csignal>
#include <random>

using namespace poolscope;
using namespace poolscope::test;

/// Workers die by real kills; no task may be lost over it.
class TestProcessCrashes : public QObject
{
    Q_OBJECT

private slots:
    void killsCostNoTask_data();
    void killsCostNoTask();
    void resizesAndKillsCostNoTask();
    void idleWorkersAreReplaced();
    void poisonIsGivenUp();
    void poisonAmongManyQuickTasksCostsNoneOfThem();
    void finishedTasksSurviveTheirWorker();
};

namespace {

/// Kills one of the living workers and waits until the pool has noticed.
bool killOne(const Recorder& recorder, std::mt19937& random)
{
    const int deaths = eventCount(recorder, ControlKind::WorkerDied);
    std::vector<pid_t> workers;
    const bool isAnyAlive = QTest::qWaitFor(
        [&] {
            workers = livingWorkers(recorder);
            return !workers.empty();
        },
        60'000);
    if (!isAnyAlive || ::kill(workers[random() % workers.size()], SIGKILL) != 0) {
        return false;
    }
    return QTest::qWaitFor([&] { return eventCount(recorder, ControlKind::WorkerDied) > deaths; },
                           60'000);
}

/// \return what is wrong about the attempts, empty when nothing: each task was begun once more than
/// it was lost, and each loss has its record and its event.
QString faultInAttempts(const Recorder& recorder, EndLog& log)
{
    int begunAgain = 0;
    for (const SeenEnd& end : log.ends()) {
        begunAgain += std::max(end.attempts - 1, 0);
    }
    const int records = retriedRecords(recorder);
    const int events = eventCount(recorder, ControlKind::TaskRetried);
    return records == begunAgain && events == begunAgain
               ? QString()
               : QString("%1 begun again, %2 records, %3 events")
                     .arg(begunAgain)
                     .arg(records)
                     .arg(events);
}

} // namespace

void TestProcessCrashes::killsCostNoTask_data()
{
    QTest::addColumn<int>("chunk");
    QTest::newRow("chunk 1") << 1;
    QTest::newRow("chunk 64") << 64;
}

void TestProcessCrashes::killsCostNoTask()
{
    QFETCH(int, chunk);
    constexpr std::uint64_t kTasks = 20'000;
    constexpr int kKills = 30;
    ExecutorOptions options = processOptions(3, chunk);
    options.maxAttempts = kKills + 1;
    EndLog log(kTasks);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    QVERIFY(pool->submit({sleepJob(kTasks, 0.1), 0, kTasks}, &log));
    std::mt19937 random(3);
    for (int i = 1; i <= kKills; ++i) {
        QVERIFY(log.waitForTotal(static_cast<std::uint64_t>(i) * kTasks / (kKills + 2)));
        QVERIFY(killOne(*recorder, random));
    }
    pool->drain();
    QCOMPARE(log.notEndedOnce(), std::uint64_t{0});
    QCOMPARE(log.countOf(TaskState::Done), kTasks);
    QCOMPARE(faultInTrace(*recorder, log), QString());
    QCOMPARE(faultInAttempts(*recorder, log), QString());
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), kKills);
    QVERIFY(retriedRecords(*recorder) > 0);
    QVERIFY(retriedRecords(*recorder) <= kKills);
    pool->shutdown();
    QCOMPARE(childCount(), 0);
}

void TestProcessCrashes::resizesAndKillsCostNoTask()
{
    constexpr std::uint64_t kTasks = 10'000;
    constexpr int kRounds = 40;
    ExecutorOptions options = processOptions(4, 16);
    options.maxAttempts = kRounds + 1;
    EndLog log(kTasks);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    QVERIFY(pool->submit({sleepJob(kTasks, 0.2), 0, kTasks}, &log));
    std::mt19937 random(4);
    for (int i = 1; i <= kRounds; ++i) {
        QVERIFY(log.waitForTotal(static_cast<std::uint64_t>(i) * kTasks / (kRounds + 5)));
        pool->resize(static_cast<int>(1 + random() % 8));
        if (i % 4 == 0) {
            pool->pause();
            pool->resume();
        }
        const std::vector<pid_t> workers = livingWorkers(*recorder);
        if (!workers.empty()) {
            ::kill(workers[random() % workers.size()], SIGKILL); // it may be gone already
        }
    }
    pool->drain();
    QCOMPARE(log.notEndedOnce(), std::uint64_t{0});
    QCOMPARE(log.countOf(TaskState::Done), kTasks);
    QCOMPARE(faultInTrace(*recorder, log), QString());
    QCOMPARE(faultInAttempts(*recorder, log), QString());
    const int target = pool->targetWorkers();
    QTRY_COMPARE_WITH_TIMEOUT(openLives(*recorder), target, 60'000);
}

void TestProcessCrashes::idleWorkersAreReplaced()
{
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(processOptions(2), recorder);
    std::mt19937 random(5);
    for (int i = 1; i <= 10; ++i) {
        EndLog log(2);
        QVERIFY(pool->submit({squareJob(2), 0, 2}, &log));
        pool->drain();
        QCOMPARE(log.countOf(TaskState::Done), std::uint64_t{2});
        QVERIFY(killOne(*recorder, random));
        QTRY_COMPARE_WITH_TIMEOUT(openLives(*recorder), 2, 60'000);
    }
    QCOMPARE(retriedRecords(*recorder), 0);
}

void TestProcessCrashes::poisonIsGivenUp()
{
    ExecutorOptions options = processOptions(1);
    options.maxAttempts = 3;
    EndLog log(1);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    QVERIFY(pool->submit({sleepJob(1, kForeverMs), 0, 1}, &log));
    for (int attempt = 1; attempt <= 3; ++attempt) {
        QTRY_VERIFY_WITH_TIMEOUT(!busyWorkers(*recorder).empty(), 60'000);
        QCOMPARE(::kill(busyWorkers(*recorder)[0], SIGKILL), 0);
        QTRY_COMPARE_WITH_TIMEOUT(eventCount(*recorder, ControlKind::WorkerDied), attempt, 60'000);
    }
    pool->drain();
    const SeenEnd end = log.ends()[0];
    QCOMPARE(end.times, 1);
    QCOMPARE(end.state, TaskState::Lost);
    QCOMPARE(end.attempts, 3);
    QVERIFY(end.error.find("killed by SIGKILL (Killed)") != std::string::npos);
    QCOMPARE(retriedRecords(*recorder), 2);
    QCOMPARE(faultInTrace(*recorder, log), QString());

    EndLog later(10);
    QVERIFY(pool->submit({squareJob(10), 0, 10}, &later));
    pool->drain();
    QCOMPARE(faultInSquares(later), QString());
}

void TestProcessCrashes::finishedTasksSurviveTheirWorker()
{
    constexpr std::uint64_t kQuick = 64;
    auto reaper = ReaperProcess::spawn({reaperProgram(), workerProgram(), {}});
    QVERIFY(reaper);
    auto spawned = WorkerProcess::spawn(*reaper.value(), 1);
    QVERIFY(spawned);
    WorkerProcess& worker = *spawned.value();
    std::optional<ReaperProcess::Notice> notice = reaper.value()->awaitNotice(60 * kNanosPerSecond);
    QVERIFY(notice && notice->what.kind == ReaperNotice::Kind::Started);
    worker.started(notice->what.processId, std::move(notice->process));
    const auto squares = squareJob(kQuick);
    const auto sleeps = sleepJob(1, kForeverMs);
    MessageWriter writer;
    worker.postJob(writer.job({squares->workload->id, squares->params, 1}));
    worker.postTasks({0, 0, kQuick, {}}, writer);
    worker.postJob(writer.job({sleeps->workload->id, sleeps->params, 1}));
    worker.postTasks({0, 0, 1, {}}, writer);
    worker.flush();
    QTRY_COMPARE_WITH_TIMEOUT(worker.page().claim.begun(), kQuick + 1, 60'000);
    // Nothing of it was read yet.
    QCOMPARE(::kill(worker.processId(), SIGKILL), 0);
    notice = reaper.value()->awaitNotice(60 * kNanosPerSecond);
    QVERIFY(notice && notice->what.kind == ReaperNotice::Kind::Ended);
    QCOMPARE(notice->what.exit.signal, SIGKILL);
    QCOMPARE(worker.beginResults(), std::uint32_t{kQuick});
    std::uint64_t results = 0;
    ResultMessage result;
    while (worker.nextResult(result)) {
        QCOMPARE(result.index, results);
        ++results;
    }
    QVERIFY(!worker.isMalformed());
    QCOMPARE(results, kQuick);
}

/// Quick tasks lie with their worker by the hundred: none of them may be begun twice or be forgotten.
void TestProcessCrashes::poisonAmongManyQuickTasksCostsNoneOfThem()
{
    constexpr std::uint64_t kTasks = 3'000;
    std::vector<std::string> items(kTasks, "quick");
    const std::vector<std::size_t> poison{0, 1'000, 1'001, 2'500};
    for (const std::size_t task : poison) {
        items[task] = "exit 3";
    }
    ExecutorOptions options = faultOptions(2);
    options.maxAttempts = 2;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    EndLog log(kTasks);
    QVERIFY(pool->submit({faultJob(items), 0, kTasks}, &log));
    pool->drain();
    QCOMPARE(log.notEndedOnce(), std::uint64_t{0});
    QCOMPARE(log.countOf(TaskState::Lost), std::uint64_t{poison.size()});
    QCOMPARE(log.countOf(TaskState::Done), kTasks - poison.size());
    const std::vector<SeenEnd> ends = log.ends();
    for (std::size_t task = 0; task < kTasks; ++task) {
        QCOMPARE(ends[task].attempts, items[task] == "quick" ? 1 : 2);
    }
    QCOMPARE(retriedRecords(*recorder), static_cast<int>(poison.size()));
    QCOMPARE(faultInTrace(*recorder, log), QString());
}

QTEST_GUILESS_MAIN(TestProcessCrashes)
#include "tst_process_crashes.moc"
