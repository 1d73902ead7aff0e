// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pause, resize, cancel, kill and shutdown, on every kind of executor.

#include "tests/conformance/executor_case.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

class TestExecutorControl : public QObject
{
    Q_OBJECT

private slots:
    void init();

    void pausedExecutorBeginsNothing_data() { addBackgroundRows(); }
    void pausedExecutorBeginsNothing();
    void pauseStopsWhatHasNotBegun_data() { addBackgroundRows(); }
    void pauseStopsWhatHasNotBegun();
    void resizeLosesNoTask_data() { addExecutorRows(); }
    void resizeLosesNoTask();
    void resizeBringsThatManyWorkers_data() { addBackgroundRows(); }
    void resizeBringsThatManyWorkers();
    void resizeStaysWithinItsBounds_data() { addBackgroundRows(); }
    void resizeStaysWithinItsBounds();
    void resizeWaitsForNoTask_data() { addBackgroundRows(); }
    void resizeWaitsForNoTask();
    void cancelEndsEverything_data() { addBackgroundRows(); }
    void cancelEndsEverything();
    void cancelEndsWhatIsPaused_data() { addBackgroundRows(); }
    void cancelEndsWhatIsPaused();
    void cancelFreesASubmitterThatBlocks_data() { addExecutorRows(); }
    void cancelFreesASubmitterThatBlocks();
    void tasksAfterACancelRun_data() { addBackgroundRows(); }
    void tasksAfterACancelRun();
    void killEndsLongTasks_data() { addBackgroundRows(); }
    void killEndsLongTasks();
    void tasksAfterAKillRun_data() { addBackgroundRows(); }
    void tasksAfterAKillRun();
    void severalThreadsMayShutDown_data() { addExecutorRows(); }
    void severalThreadsMayShutDown();

private:
    void make(std::uint64_t queueCapacity = 65536);

    QString m_kind;
    int m_workers = 0;
    std::shared_ptr<Recorder> m_recorder;
    std::unique_ptr<Executor> m_executor;
};

void TestExecutorControl::init()
{
    m_executor.reset();
}

/// Makes the executor of the current row, with chunks of 4 tasks.
void TestExecutorControl::make(std::uint64_t queueCapacity)
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    m_kind = kind;
    m_workers = workers;
    ExecutorOptions options;
    options.workers = workers;
    options.chunk = 4;
    options.queueCapacity = queueCapacity;
    m_recorder = makeRecorder();
    m_executor = makeExecutor(kind, options, m_recorder);
}

void TestExecutorControl::pausedExecutorBeginsNothing()
{
    make();
    EndLog log(100);
    m_executor->pause();
    m_executor->pause();
    QVERIFY(m_executor->submit({squareJob(100), 0, 100}, &log));
    QCOMPARE(m_recorder->submitted(0), 100U);
    QTRY_COMPARE(openLives(*m_recorder), m_workers); // who started had every chance to begin
    QCOMPARE(runningNow(*m_recorder), 0);
    QCOMPARE(log.total(), 0U);
    m_executor->resume();
    m_executor->resume();
    m_executor->drain();
    QCOMPARE(faultInSquares(log), QString());
    QCOMPARE(eventCount(*m_recorder, ControlKind::Pause), 1);
    QCOMPARE(eventCount(*m_recorder, ControlKind::Resume), 1);
}

void TestExecutorControl::pauseStopsWhatHasNotBegun()
{
    make();
    const std::uint64_t tasks = 400;
    EndLog log(tasks);
    QVERIFY(m_executor->submit({sleepJob(tasks, 2), 0, tasks}, &log));
    QVERIFY(log.waitForTotal(10));
    m_executor->pause();
    const Nanos pausedNs = m_recorder->now();
    QTRY_COMPARE(runningNow(*m_recorder), 0);
    const Nanos resumedNs = m_recorder->now();
    QVERIFY(log.total() < tasks);
    m_executor->resume();
    m_executor->drain();
    QCOMPARE(log.countOf(TaskState::Done), tasks);
    QCOMPARE(faultInTrace(*m_recorder, log), QString());
    // A worker may have been about to begin one; it begins no second one.
    for (const Lane* lane : workerLanes(*m_recorder)) {
        int begun = 0;
        for (std::uint64_t i = 0; i < lane->recordCount(); ++i) {
            const Nanos startNs = lane->record(i).startNs;
            begun += startNs > pausedNs && startNs < resumedNs ? 1 : 0;
        }
        QVERIFY2(begun <= 1, qPrintable(QString::number(begun)));
    }
}

void TestExecutorControl::resizeLosesNoTask()
{
    make(64);
    const std::uint64_t tasks = 4000;
    EndLog log(tasks);
    const auto job = squareJob(tasks);
    std::jthread submitter([&] {
        for (std::uint64_t first = 0; first < tasks; first += 500) {
            if (!m_executor->submit({job, first, 500}, &log)) {
                return; // seen below: tasks are missing
            }
        }
    });
    for (int round = 0; round < 20; ++round) {
        m_executor->resize(1 + (round * 5) % 8);
        QVERIFY(log.waitForTotal(static_cast<std::uint64_t>(round) * 150));
    }
    submitter.join();
    m_executor->drain();
    QCOMPARE(faultInSquares(log), QString());
    QCOMPARE(faultInTrace(*m_recorder, log), QString());
}

void TestExecutorControl::resizeBringsThatManyWorkers()
{
    make();
    for (const int workers : {4, 1, 6, 2, 2}) {
        m_executor->resize(workers);
        QCOMPARE(m_executor->targetWorkers(), workers);
        QTRY_COMPARE(openLives(*m_recorder), workers);
    }
    EndLog log(100);
    QVERIFY(m_executor->submit({squareJob(100), 0, 100}, &log));
    m_executor->drain();
    QCOMPARE(faultInSquares(log), QString());
}

void TestExecutorControl::resizeStaysWithinItsBounds()
{
    make();
    m_executor->resize(0);
    QCOMPARE(m_executor->targetWorkers(), 1);
    m_executor->resize(-7);
    QCOMPARE(m_executor->targetWorkers(), 1);
    if (m_workers == 1) { // once is enough: processes by the hundred take their time
        m_executor->resize(kMaxWorkers + 1);
        QCOMPARE(m_executor->targetWorkers(), kMaxWorkers);
        m_executor->resize(1);
        QCOMPARE(m_executor->targetWorkers(), 1);
    }
}

void TestExecutorControl::resizeWaitsForNoTask()
{
    make();
    EndLog log(20);
    QVERIFY(m_executor->submit({sleepJob(20, kForeverMs), 0, 20}, &log));
    QTRY_VERIFY(runningNow(*m_recorder) > 0);
    m_executor->resize(8);
    m_executor->resize(1); // would not return within the test's time if it waited for a task
    m_executor->kill();
    m_executor->drain();
    QCOMPARE(log.notEndedOnce(), 0U);
    QTRY_COMPARE(openLives(*m_recorder), 1);
}

void TestExecutorControl::cancelEndsEverything()
{
    make();
    const std::uint64_t tasks = 1000;
    EndLog log(tasks);
    QVERIFY(m_executor->submit({sleepJob(tasks, 1), 0, tasks}, &log));
    QVERIFY(log.waitForTotal(5));
    m_executor->cancel();
    m_executor->drain();
    QCOMPARE(log.notEndedOnce(), 0U);
    QVERIFY(log.countOf(TaskState::Done) >= 5);
    QVERIFY(log.countOf(TaskState::Cancelled) > 0);
    QCOMPARE(log.countOf(TaskState::Done) + log.countOf(TaskState::Cancelled), tasks);
    QCOMPARE(m_recorder->submitted(0), tasks);
    QCOMPARE(faultInTrace(*m_recorder, log), QString());
    QCOMPARE(eventCount(*m_recorder, ControlKind::Cancel), 1);
}

void TestExecutorControl::cancelEndsWhatIsPaused()
{
    make();
    EndLog log(100);
    m_executor->pause();
    QVERIFY(m_executor->submit({squareJob(100), 0, 100}, &log));
    m_executor->cancel();
    m_executor->drain();
    QCOMPARE(log.notEndedOnce(), 0U);
    QCOMPARE(log.countOf(TaskState::Cancelled), 100U);
    for (const SeenEnd& end : log.ends()) {
        QCOMPARE(end.attempts, 0);
    }
    QCOMPARE(faultInTrace(*m_recorder, log), QString());
}

void TestExecutorControl::cancelFreesASubmitterThatBlocks()
{
    make(8);
    EndLog log(500);
    std::atomic<bool> isTaken{false};
    std::jthread submitter([&] {
        isTaken = m_executor->submit({sleepJob(500, kForeverMs), 0, 500}, &log).isOk();
    });
    QTRY_VERIFY(runningNow(*m_recorder) > 0);
    m_executor->cancel();
    submitter.join();
    QVERIFY(isTaken);
    m_executor->drain();
    QCOMPARE(log.notEndedOnce(), 0U);
    QCOMPARE(log.countOf(TaskState::Cancelled), 500U);
    QCOMPARE(m_recorder->submitted(0), 500U);
}

void TestExecutorControl::tasksAfterACancelRun()
{
    make();
    EndLog before(50);
    EndLog after(50);
    for (int round = 0; round < 3; ++round) {
        QVERIFY(m_executor->submit({sleepJob(50, kForeverMs), 0, 50}, nullptr));
        m_executor->cancel();
    }
    QVERIFY(m_executor->submit({sleepJob(50, kForeverMs), 0, 50}, &before));
    m_executor->cancel();
    QVERIFY(m_executor->submit({squareJob(50), 0, 50}, &after));
    m_executor->drain();
    QCOMPARE(before.countOf(TaskState::Cancelled), 50U);
    QCOMPARE(faultInSquares(after), QString());
}

void TestExecutorControl::killEndsLongTasks()
{
    make();
    EndLog log(60);
    QVERIFY(m_executor->submit({sleepJob(60, kForeverMs), 0, 60}, &log));
    QTRY_COMPARE(runningNow(*m_recorder), m_workers);
    m_executor->kill();
    m_executor->drain();
    QCOMPARE(log.notEndedOnce(), 0U);
    QCOMPARE(log.countOf(TaskState::Cancelled), 60U);
    QCOMPARE(faultInTrace(*m_recorder, log), QString());
    QCOMPARE(eventCount(*m_recorder, ControlKind::Kill), 1);
    int begun = 0;
    for (const SeenEnd& end : log.ends()) {
        begun += end.attempts;
    }
    QCOMPARE(begun, m_workers);
}

void TestExecutorControl::tasksAfterAKillRun()
{
    make();
    QVERIFY(m_executor->submit({sleepJob(20, kForeverMs), 0, 20}, nullptr));
    QTRY_VERIFY(runningNow(*m_recorder) > 0);
    m_executor->kill();
    EndLog log(100);
    QVERIFY(m_executor->submit({squareJob(100), 0, 100}, &log));
    m_executor->drain();
    QCOMPARE(faultInSquares(log), QString());
}

void TestExecutorControl::severalThreadsMayShutDown()
{
    make();
    EndLog log(100);
    QVERIFY(m_executor->submit({sleepJob(100, 0.1), 0, 100}, &log));
    std::atomic<int> complete{0};
    {
        std::vector<std::jthread> enders;
        for (int i = 0; i < 3; ++i) {
            enders.emplace_back([&] {
                m_executor->shutdown();
                complete += log.total() == 100 && openLives(*m_recorder) == 0 ? 1 : 0;
            });
        }
    }
    QCOMPARE(complete.load(), 3);
    QCOMPARE(log.countOf(TaskState::Done), 100U);
}

QTEST_GUILESS_MAIN(TestExecutorControl)
#include "tst_executor_control.moc"
