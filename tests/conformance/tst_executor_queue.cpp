// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Full queues, workers that come and go with the work, and ways to the end, on every kind of executor.

#include "tests/conformance/executor_case.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

class TestExecutorQueue : public QObject
{
    Q_OBJECT

private slots:
    void cleanup();

    void fullQueueRejects_data() { addBackgroundRows(); }
    void fullQueueRejects();
    void fullQueueDropsTheOldest_data() { addBackgroundRows(); }
    void fullQueueDropsTheOldest();
    void fullQueueDropsLowPriorityFirst_data() { addBackgroundRows(); }
    void fullQueueDropsLowPriorityFirst();
    void callerRunsWhatDoesNotFit_data() { addBackgroundCallRows(); }
    void callerRunsWhatDoesNotFit();
    void callerRunsCalls_data() { addBackgroundCallRows(); }
    void callerRunsCalls();
    void processPoolNeverRunsOnTheCaller();
    void cancelPendingLeavesWhatRuns_data() { addBackgroundRows(); }
    void cancelPendingLeavesWhatRuns();
    void drainForGivesUpInTime_data() { addBackgroundRows(); }
    void drainForGivesUpInTime();
    void countsAddUp_data() { addBackgroundRows(); }
    void countsAddUp();
    void finishTellsWhatItDid_data() { addBackgroundRows(); }
    void finishTellsWhatItDid();
    void zeroWorkersMeansAsManyAsProcessors_data();
    void zeroWorkersMeansAsManyAsProcessors();
    void lazyPoolStartsWorkersForTasksOnly_data() { addBackgroundRows(); }
    void lazyPoolStartsWorkersForTasksOnly();
    void idleWorkersLeaveAndComeBack_data() { addBackgroundRows(); }
    void idleWorkersLeaveAndComeBack();
    void pausedWorkersWaitOnWhenTasksWait_data() { addBackgroundRows(); }
    void pausedWorkersWaitOnWhenTasksWait();
    void lazyPoolLosesNoTaskToResizes_data() { addBackgroundRows(); }
    void lazyPoolLosesNoTaskToResizes();
    void initializerRunsOncePerWorker_data() { addBackgroundCallRows(); }
    void initializerRunsOncePerWorker();
    void initializerIsTriedAgain_data() { addBackgroundCallRows(); }
    void initializerIsTriedAgain();
    void failingInitializerBreaksThePoolAndSaysWhy_data() { addBackgroundCallRows(); }
    void failingInitializerBreaksThePoolAndSaysWhy();

private:
    void make(const ExecutorOptions& given = {});

    int m_workers = 0;
    std::shared_ptr<Recorder> m_recorder;
    std::unique_ptr<Executor> m_executor;
};

void TestExecutorQueue::cleanup()
{
    m_executor.reset();
}

void TestExecutorQueue::make(const ExecutorOptions& given)
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    m_workers = workers;
    ExecutorOptions options = given;
    options.workers = workers;
    m_recorder = makeRecorder();
    m_executor = makeExecutor(kind, options, m_recorder);
}

void TestExecutorQueue::fullQueueRejects()
{
    ExecutorOptions options;
    options.queueCapacity = 10;
    options.whenFull = WhenFull::Reject;
    make(options);
    m_executor->pause();
    EndLog log(20);
    const auto job = squareJob(20);
    QVERIFY(m_executor->submit({job, 0, 8}, &log));
    const Result<void> refused = m_executor->submit({job, 8, 3}, &log);
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.find("full") != std::string::npos,
             refused.error().message.c_str());
    QVERIFY(m_executor->submit({job, 8, 2}, &log)); // fits exactly
    m_executor->resume();
    m_executor->drain();
    QCOMPARE(log.total(), 10U);
    QCOMPARE(log.countOf(TaskState::Done), 10U);
    QCOMPARE(m_recorder->submitted(0), 10U);
}

void TestExecutorQueue::fullQueueDropsTheOldest()
{
    ExecutorOptions options;
    options.queueCapacity = 10;
    options.whenFull = WhenFull::DropOldest;
    make(options);
    m_executor->pause();
    EndLog log(60);
    const auto job = squareJob(60);
    QVERIFY(m_executor->submit({job, 0, 8}, &log));
    QVERIFY(m_executor->submit({job, 8, 5}, &log));
    QVERIFY(log.waitForTotal(3));
    for (std::size_t task = 0; task < 13; ++task) {
        QCOMPARE(log.ends()[task].times, task < 3 ? 1 : 0);
    }
    m_executor->resume();
    m_executor->drain();
    QCOMPARE(log.countOf(TaskState::Cancelled), 3U);
    QCOMPARE(log.countOf(TaskState::Done), 10U);
    QCOMPARE(faultInTrace(*m_recorder, log, 13), QString());
}

void TestExecutorQueue::fullQueueDropsLowPriorityFirst()
{
    ExecutorOptions options;
    options.queueCapacity = 10;
    options.whenFull = WhenFull::DropOldest;
    make(options);
    m_executor->pause();
    auto high = std::make_shared<TaskOptions>();
    high->priority = 1;
    EndLog highLog(5);
    EndLog lowLog(5);
    EndLog newLog(4);
    QVERIFY(m_executor->submit({squareJob(5), 0, 5, high}, &highLog));
    QVERIFY(m_executor->submit({squareJob(5), 0, 5}, &lowLog));
    QVERIFY(m_executor->submit({squareJob(4), 0, 4}, &newLog));
    m_executor->resume();
    m_executor->drain();
    QCOMPARE(faultInSquares(highLog), QString());
    QCOMPARE(lowLog.countOf(TaskState::Cancelled), 4U);
    QCOMPARE(faultInSquares(newLog), QString());
}

void TestExecutorQueue::callerRunsWhatDoesNotFit()
{
    ExecutorOptions options;
    options.queueCapacity = 10;
    options.whenFull = WhenFull::CallerRuns;
    make(options);
    m_executor->pause();
    EndLog log(25);
    QVERIFY(m_executor->submit({squareJob(25), 0, 25}, &log));
    QCOMPARE(log.total(), 15U); // they have run here, paused or not
    m_executor->resume();
    m_executor->drain();
    QCOMPARE(faultInSquares(log), QString());
    QCOMPARE(m_recorder->submitted(0), 25U);
    QCOMPARE(faultInTrace(*m_recorder, log), QString());
}

void TestExecutorQueue::callerRunsCalls()
{
    ExecutorOptions options;
    options.queueCapacity = 1;
    options.whenFull = WhenFull::CallerRuns;
    make(options);
    m_executor->pause();
    const auto where = [] { return std::this_thread::get_id(); };
    const Future<std::thread::id> queued = m_executor->submit(where);
    QVERIFY(m_executor->submit(where).value() == std::this_thread::get_id());
    QCOMPARE(queued.state(), TaskState::Pending);
    m_executor->resume();
    QVERIFY(queued.value() != std::this_thread::get_id());
}

void TestExecutorQueue::processPoolNeverRunsOnTheCaller()
{
    ExecutorOptions options;
    options.whenFull = WhenFull::CallerRuns;
    options.workerProgram = "/bin/true";
    const auto created = findExecutorKind("processes")->create(options, {});
    QVERIFY(!created);
    QVERIFY(created.error().message.find("calling thread") != std::string::npos);
}

void TestExecutorQueue::cancelPendingLeavesWhatRuns()
{
    ExecutorOptions options;
    options.chunk = 4;
    make(options);
    EndLog log(100);
    QVERIFY(m_executor->submit({sleepJob(100, kForeverMs), 0, 100}, &log));
    QTRY_COMPARE(runningNow(*m_recorder), m_workers);
    m_executor->cancelPending();
    const auto running = static_cast<std::uint64_t>(m_workers);
    QVERIFY(!m_executor->drainFor(20 * kNanosPerMilli)); // the running ones were not asked to stop
    QCOMPARE(runningNow(*m_recorder), m_workers);
    m_executor->cancel();
    m_executor->drain();
    std::uint64_t begun = 0;
    for (const SeenEnd& end : log.ends()) {
        QCOMPARE(end.state, TaskState::Cancelled);
        begun += static_cast<std::uint64_t>(end.attempts);
    }
    QCOMPARE(begun, running);
    EndLog after(10);
    QVERIFY(m_executor->submit({squareJob(10), 0, 10}, &after));
    m_executor->drain();
    QCOMPARE(faultInSquares(after), QString());
}

void TestExecutorQueue::drainForGivesUpInTime()
{
    make();
    QVERIFY(m_executor->drainFor(0));
    QVERIFY(m_executor->submit({sleepJob(1, kForeverMs), 0, 1}, nullptr));
    QVERIFY(!m_executor->drainFor(kNanosPerMilli));
    m_executor->cancel();
    QVERIFY(m_executor->drainFor(kNever));
}

void TestExecutorQueue::countsAddUp()
{
    make();
    QTRY_COMPARE(m_executor->counts().workers, m_workers);
    QVERIFY(m_executor->submit({squareJob(30), 0, 30}, nullptr));
    m_executor->drain();
    QCOMPARE(m_executor->counts().ended, 30U);
    m_executor->pause();
    QVERIFY(m_executor->submit({squareJob(30), 0, 30}, nullptr));
    ExecutorCounts counts = m_executor->counts();
    QCOMPARE(counts.waiting, 30U);
    QCOMPARE(counts.handedOver, 0U);
    m_executor->cancel();
    m_executor->drain();
    counts = m_executor->counts();
    QCOMPARE(counts.waiting, 0U);
    QCOMPARE(counts.ended, 60U);
}

void TestExecutorQueue::finishTellsWhatItDid()
{
    make();
    QVERIFY(m_executor->submit({squareJob(10), 0, 10}, nullptr));
    FinishReport report = m_executor->finish(kNever, kNever);
    QVERIFY(report.completed <= 10U); // some may have ended before
    QVERIFY(!report.wasCancelled && !report.wasKilled);
    QCOMPARE(report.left, 0U);
    QVERIFY(m_executor->submit({sleepJob(50, kForeverMs), 0, 50}, nullptr));
    report = m_executor->finish(kNanosPerMilli, kNever);
    QVERIFY(report.wasCancelled);
    QVERIFY(!report.wasKilled);
    QCOMPARE(report.completed, 0U);
    QCOMPARE(report.stopped, 50U);
    QCOMPARE(report.left, 0U);
}

void TestExecutorQueue::zeroWorkersMeansAsManyAsProcessors_data()
{
    QTest::addColumn<QString>("kind");
    for (const ExecutorKind& kind : executorKinds()) {
        if (!kind.isInline) {
            QTest::addRow("%s", kind.id) << QString(kind.id);
        }
    }
}

void TestExecutorQueue::zeroWorkersMeansAsManyAsProcessors()
{
    QFETCH(QString, kind);
    ExecutorOptions options;
    options.workers = 0;
    const auto executor = makeExecutor(kind, options);
    QVERIFY(executor->targetWorkers() >= 1);
    QVERIFY(executor->targetWorkers() <= static_cast<int>(std::thread::hardware_concurrency()));
}

void TestExecutorQueue::lazyPoolStartsWorkersForTasksOnly()
{
    ExecutorOptions options;
    options.isLazy = true;
    make(options);
    QCOMPARE(m_executor->counts().workers, 0);
    QCOMPARE(m_executor->targetWorkers(), m_workers);
    QCOMPARE(m_executor->submitTask(squareJob(1), 0).get().state, TaskState::Done);
    QCOMPARE(m_executor->counts().workers, 1);
    const auto job = sleepJob(m_workers, kForeverMs);
    std::vector<Future<Value>> futures;
    for (int i = 0; i < m_workers; ++i) {
        futures.push_back(m_executor->submitTask(job, static_cast<std::uint64_t>(i)));
    }
    QTRY_COMPARE(runningNow(*m_recorder), m_workers);
    QCOMPARE(m_executor->counts().workers, m_workers);
    m_executor->cancel();
    m_executor->drain();
    QCOMPARE(m_executor->counts().workers, m_workers); // nobody leaves without a keep-alive
}

void TestExecutorQueue::idleWorkersLeaveAndComeBack()
{
    ExecutorOptions options;
    options.keepAliveNs = 2 * kNanosPerMilli;
    options.minWorkers = m_workers > 2 ? 1 : 0;
    make(options);
    for (int round = 0; round < 3; ++round) {
        EndLog log(50);
        QVERIFY(m_executor->submit({squareJob(50), 0, 50}, &log));
        m_executor->drain();
        QCOMPARE(faultInSquares(log), QString());
        QTRY_COMPARE(m_executor->counts().workers, options.minWorkers);
    }
    QCOMPARE(m_executor->targetWorkers(), m_workers);
    QTRY_COMPARE(openLives(*m_recorder), options.minWorkers);
}

/// Nobody may leave while tasks wait for the pause to end, and nobody may keep the others from ending it.
void TestExecutorQueue::pausedWorkersWaitOnWhenTasksWait()
{
    ExecutorOptions options;
    options.keepAliveNs = kNanosPerMilli;
    make(options);
    m_executor->pause();
    EndLog log(50);
    QVERIFY(m_executor->submit({squareJob(50), 0, 50}, &log));
    const StopFlag never;
    never.waitFor(10 * options.keepAliveNs);
    QCOMPARE(m_executor->counts().waiting, std::uint64_t{50});
    m_executor->resume();
    m_executor->drain();
    QCOMPARE(faultInSquares(log), QString());
    QTRY_COMPARE(m_executor->counts().workers, 0);
}

void TestExecutorQueue::lazyPoolLosesNoTaskToResizes()
{
    ExecutorOptions options;
    options.isLazy = true;
    options.keepAliveNs = kNanosPerMilli;
    options.chunk = 3;
    make(options);
    const std::uint64_t tasks = 2000;
    EndLog log(tasks);
    const auto job = sleepJob(tasks, 0.02);
    std::jthread submitter([&] {
        for (std::uint64_t first = 0; first < tasks; first += 20) {
            if (!m_executor->submit({job, first, 20}, &log)) {
                return; // seen below: tasks are missing
            }
            if (first % 400 == 0) {
                m_executor->drain(); // so that workers get to leave
            }
        }
    });
    for (int round = 0; round < 40; ++round) {
        m_executor->resize(1 + (round * 5) % 8);
        QVERIFY(log.waitForTotal(static_cast<std::uint64_t>(round) * tasks / 50));
    }
    submitter.join();
    QVERIFY(m_executor->drainFor(60 * kNanosPerSecond));
    QCOMPARE(log.countOf(TaskState::Done), tasks);
    QCOMPARE(faultInTrace(*m_recorder, log), QString());
}

void TestExecutorQueue::initializerRunsOncePerWorker()
{
    std::mutex mutex;
    std::multiset<int> initialized;
    ExecutorOptions options;
    options.initializer = [&](int worker) -> Result<void> {
        const std::lock_guard lock(mutex);
        initialized.insert(worker);
        return {};
    };
    make(options);
    EndLog log(100);
    QVERIFY(m_executor->submit({squareJob(100), 0, 100}, &log));
    m_executor->shutdown();
    QCOMPARE(faultInSquares(log), QString());
    std::multiset<int> expected;
    for (int worker = 0; worker < m_workers; ++worker) {
        expected.insert(worker);
    }
    QCOMPARE(initialized, expected);
}

void TestExecutorQueue::initializerIsTriedAgain()
{
    std::atomic<int> calls{0};
    ExecutorOptions options;
    options.isLazy = true; // so that it is one worker's
    options.initializer = [&calls](int) -> Result<void> {
        if (++calls < 3) {
            throw std::runtime_error("not yet");
        }
        return {};
    };
    make(options);
    QCOMPARE(m_executor->submit([] { return 5; }).value(), 5);
    m_executor.reset();
    QCOMPARE(calls.load(), 3);
}

void TestExecutorQueue::failingInitializerBreaksThePoolAndSaysWhy()
{
    ExecutorOptions options;
    options.initializer = [](int) -> Result<void> { return Error{"no licence"}; };
    make(options);
    const Future<int> future = m_executor->submit([] { return 1; });
    QCOMPARE(future.get().state, TaskState::Failed);
    QVERIFY2(future.error().find("no licence") != std::string::npos, future.error().c_str());
    QTRY_VERIFY(!m_executor->post([] {}));
    QVERIFY(m_executor->post([] {}).error().message.find("no licence") != std::string::npos);
    QVERIFY(eventCount(*m_recorder, ControlKind::Error) > 0);
}

QTEST_GUILESS_MAIN(TestExecutorQueue)
#include "tst_executor_queue.moc"
