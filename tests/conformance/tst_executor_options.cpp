// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Priorities, time limits, groups and cancelling single tasks, on every kind of executor.

#include "tests/conformance/executor_case.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

namespace {

std::shared_ptr<const TaskOptions> withOptions(const std::function<void(TaskOptions&)>& set)
{
    TaskOptions options;
    set(options);
    return std::make_shared<const TaskOptions>(options);
}

std::shared_ptr<const TaskOptions> withPriority(int priority)
{
    return withOptions([priority](TaskOptions& options) { options.priority = priority; });
}

std::shared_ptr<const TaskOptions> withTimeout(Nanos timeoutNs)
{
    return withOptions([timeoutNs](TaskOptions& options) { options.timeoutNs = timeoutNs; });
}

std::shared_ptr<const TaskOptions> withDeadline(Nanos deadlineNs)
{
    return withOptions([deadlineNs](TaskOptions& options) { options.deadlineNs = deadlineNs; });
}

std::shared_ptr<const TaskOptions> inGroup(std::uint64_t group)
{
    return withOptions([group](TaskOptions& options) { options.group = group; });
}

/// \return the tasks in the order in which they began.
std::vector<std::uint32_t> inOrderOfBegin(const Recorder& recorder)
{
    std::vector<std::pair<Nanos, std::uint32_t>> begins;
    for (const Lane* lane : workerLanes(recorder)) {
        for (std::uint64_t i = 0; i < lane->recordCount(); ++i) {
            begins.emplace_back(lane->record(i).startNs, lane->record(i).task);
        }
    }
    std::sort(begins.begin(), begins.end());
    std::vector<std::uint32_t> tasks;
    for (const auto& [startNs, task] : begins) {
        tasks.push_back(task);
    }
    return tasks;
}

} // namespace

class TestExecutorOptions : public QObject
{
    Q_OBJECT

private slots:
    void init();

    void higherPriorityBeginsFirst_data();
    void higherPriorityBeginsFirst();
    void newestBeginsFirstIfWanted_data() { higherPriorityBeginsFirst_data(); }
    void newestBeginsFirstIfWanted();
    void patientTaskBeginsInTheEnd_data() { higherPriorityBeginsFirst_data(); }
    void patientTaskBeginsInTheEnd();
    void taskThatRunsTooLongTimesOut_data() { addExecutorRows(); }
    void taskThatRunsTooLongTimesOut();
    void limitConcernsNoOtherTask_data() { addExecutorRows(); }
    void limitConcernsNoOtherTask();
    void failedTasksAreTriedAgainIfWanted_data() { addExecutorRows(); }
    void failedTasksAreTriedAgainIfWanted();
    void missedDeadlineEndsATaskThatWaits_data() { addBackgroundRows(); }
    void missedDeadlineEndsATaskThatWaits();
    void missedDeadlineEndsATaskBehindALongOne_data() { addBackgroundRows(); }
    void missedDeadlineEndsATaskBehindALongOne();
    void deadlineInThePastRunsNothing_data() { addExecutorRows(); }
    void deadlineInThePastRunsNothing();
    void tasksInTimeRun_data() { addExecutorRows(); }
    void tasksInTimeRun();
    void cancelGroupEndsOnlyThatGroup_data() { addBackgroundRows(); }
    void cancelGroupEndsOnlyThatGroup();
    void cancelGroupStopsWhatRuns_data() { addBackgroundRows(); }
    void cancelGroupStopsWhatRuns();
    void cancelGroupFreesASubmitterThatBlocks_data() { addBackgroundRows(); }
    void cancelGroupFreesASubmitterThatBlocks();
    void cancelledFutureNeverRuns_data() { addBackgroundRows(); }
    void cancelledFutureNeverRuns();
    void cancelledFutureStopsItsTaskOnly_data() { addBackgroundRows(); }
    void cancelledFutureStopsItsTaskOnly();
    void futureTellsWhereItsTaskIs_data() { addBackgroundRows(); }
    void futureTellsWhereItsTaskIs();
    void futureMayOutliveItsExecutor_data() { addExecutorRows(); }
    void futureMayOutliveItsExecutor();

private:
    void make(int chunk = 1, const LineOrder& order = {});

    int m_workers = 0;
    std::shared_ptr<Recorder> m_recorder;
    std::unique_ptr<Executor> m_executor;
};

void TestExecutorOptions::init()
{
    m_executor.reset();
}

void TestExecutorOptions::make(int chunk, const LineOrder& order)
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    m_workers = workers;
    ExecutorOptions options;
    options.workers = workers;
    options.chunk = chunk;
    options.queueCapacity = 100;
    options.order = order;
    m_recorder = makeRecorder();
    m_executor = makeExecutor(kind, options, m_recorder);
}

void TestExecutorOptions::higherPriorityBeginsFirst_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("workers");
    for (const ExecutorKind& kind : executorKinds()) {
        if (!kind.isInline) { // there nothing ever waits beside another task
            QTest::addRow("%s", kind.id) << QString(kind.id) << 1; // one worker: one order
        }
    }
}

void TestExecutorOptions::higherPriorityBeginsFirst()
{
    make();
    const auto job = squareJob(60);
    m_executor->pause();
    QVERIFY(m_executor->submit({job, 0, 10, nullptr}, nullptr));
    QVERIFY(m_executor->submit({job, 10, 10, withPriority(-3)}, nullptr));
    QVERIFY(m_executor->submit({job, 20, 10, withPriority(7)}, nullptr));
    QVERIFY(m_executor->submit({job, 30, 10, nullptr}, nullptr));
    QVERIFY(m_executor->submit({job, 40, 10, withPriority(7)}, nullptr));
    QVERIFY(m_executor->submit({job, 50, 10, withPriority(-3)}, nullptr));
    m_executor->resume();
    m_executor->drain();
    std::vector<std::uint32_t> expected;
    for (const std::uint32_t first : {20U, 40U, 0U, 30U, 10U, 50U}) {
        for (std::uint32_t task = first; task < first + 10; ++task) {
            expected.push_back(task);
        }
    }
    QCOMPARE(inOrderOfBegin(*m_recorder), expected);
}

void TestExecutorOptions::newestBeginsFirstIfWanted()
{
    make(1, {true, 0});
    const auto job = squareJob(40);
    m_executor->pause();
    for (const std::uint64_t first : {0U, 10U, 20U}) {
        QVERIFY(m_executor->submit({job, first, 10}, nullptr));
    }
    QVERIFY(m_executor->submit({job, 30, 10, withPriority(-1)}, nullptr));
    m_executor->resume();
    m_executor->drain();
    std::vector<std::uint32_t> expected;
    for (const std::uint32_t first : {20U, 10U, 0U, 30U}) {
        for (std::uint32_t task = first; task < first + 10; ++task) {
            expected.push_back(task);
        }
    }
    QCOMPARE(inOrderOfBegin(*m_recorder), expected);
}

void TestExecutorOptions::patientTaskBeginsInTheEnd()
{
    constexpr Nanos kAging = 20 * kNanosPerMilli;
    make(1, {false, kAging});
    const auto job = squareJob(4);
    m_executor->pause();
    QVERIFY(m_executor->submit({job, 0, 1}, nullptr));
    QVERIFY(m_executor->submit({job, 1, 1, withPriority(1000)}, nullptr));
    StopFlag never;
    never.waitFor(2 * kAging); // the first is as old as if it had come with priority 2 now
    QVERIFY(m_executor->submit({job, 2, 1, withPriority(1)}, nullptr));
    QVERIFY(m_executor->submit({job, 3, 1, withPriority(1000)}, nullptr));
    m_executor->resume();
    m_executor->drain();
    QCOMPARE(inOrderOfBegin(*m_recorder), (std::vector<std::uint32_t>{1, 3, 0, 2}));
}

void TestExecutorOptions::taskThatRunsTooLongTimesOut()
{
    make(3);
    const std::uint64_t tasks = 6;
    EndLog log(tasks);
    QVERIFY(m_executor->submit(
        {sleepJob(6, kForeverMs), 0, tasks, withTimeout(20 * kNanosPerMilli)}, &log));
    m_executor->drain();
    QCOMPARE(log.notEndedOnce(), 0U);
    QCOMPARE(log.countOf(TaskState::TimedOut), tasks);
    for (const SeenEnd& end : log.ends()) {
        QCOMPARE(end.attempts, 1);
        QVERIFY2(end.error.find("0.02 s") != std::string::npos, end.error.c_str());
    }
    QCOMPARE(faultInTrace(*m_recorder, log), QString());
    QCOMPARE(eventCount(*m_recorder, ControlKind::WorkerDied), 0); // they stopped when asked
}

void TestExecutorOptions::limitConcernsNoOtherTask()
{
    make(2);
    EndLog slow(4);
    EndLog quick(200);
    QVERIFY(m_executor->submit({sleepJob(4, kForeverMs), 0, 4, withTimeout(10 * kNanosPerMilli)},
                               &slow));
    QVERIFY(
        m_executor->submit({squareJob(200), 0, 200, withTimeout(60 * kNanosPerSecond)}, &quick));
    m_executor->drain();
    QCOMPARE(slow.countOf(TaskState::TimedOut), 4U);
    QCOMPARE(faultInSquares(quick), QString());
}

void TestExecutorOptions::failedTasksAreTriedAgainIfWanted()
{
    make(2);
    const QTemporaryDir folder;
    for (const char* name : {"a", "b", "c"}) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QFile::WriteOnly));
    }
    const auto job = hashJob(folder.path());
    QVERIFY(QFile::remove(folder.filePath("b"))); // after it was planned: it fails each time
    const auto options = withOptions([](TaskOptions& set) {
        set.retryFailed = true;
        set.maxAttempts = 4;
    });
    EndLog log(3);
    QVERIFY(m_executor->submit({job, 0, 3, options}, &log));
    m_executor->drain();
    const std::vector<SeenEnd> ends = log.ends();
    QCOMPARE(log.notEndedOnce(), 0U);
    QCOMPARE(ends[0].attempts, 1);
    QCOMPARE(ends[1].state, TaskState::Failed);
    QCOMPARE(ends[1].attempts, 4);
    QCOMPARE(ends[2].state, TaskState::Done);
    QCOMPARE(faultInTrace(*m_recorder, log), QString());
    QCOMPARE(eventCount(*m_recorder, ControlKind::TaskRetried), 3);
}

void TestExecutorOptions::missedDeadlineEndsATaskThatWaits()
{
    make();
    EndLog late(20);
    EndLog others(20);
    m_executor->pause();
    QVERIFY(m_executor->submit({squareJob(20), 0, 20, nullptr}, &others));
    QVERIFY(m_executor->submit(
        {squareJob(20), 0, 20, withDeadline(monotonicNow() + 5 * kNanosPerMilli)}, &late));
    QVERIFY(late.waitForTotal(20)); // paused or not
    QCOMPARE(late.countOf(TaskState::TimedOut), 20U);
    for (const SeenEnd& end : late.ends()) {
        QCOMPARE(end.attempts, 0);
        QVERIFY(!end.error.empty());
    }
    QCOMPARE(others.total(), 0U);
    m_executor->resume();
    m_executor->drain();
    QCOMPARE(faultInSquares(others), QString());
}

void TestExecutorOptions::missedDeadlineEndsATaskBehindALongOne()
{
    make();
    const auto tasks = static_cast<std::uint64_t>(3 * m_workers);
    EndLog late(tasks);
    QVERIFY(m_executor->submit({sleepJob(8, kForeverMs), 0, static_cast<std::uint64_t>(m_workers)},
                               nullptr));
    QTRY_COMPARE(runningNow(*m_recorder), m_workers);
    QVERIFY(m_executor->submit({squareJob(static_cast<std::int64_t>(tasks)), 0, tasks,
                                withDeadline(monotonicNow() + 5 * kNanosPerMilli)},
                               &late));
    QVERIFY(late.waitForTotal(tasks));
    QCOMPARE(late.countOf(TaskState::TimedOut), tasks);
    QCOMPARE(runningNow(*m_recorder), m_workers);
    m_executor->cancel();
    m_executor->drain();
}

void TestExecutorOptions::deadlineInThePastRunsNothing()
{
    make();
    EndLog log(30);
    QVERIFY(m_executor->submit({squareJob(30), 0, 30, withDeadline(monotonicNow() - 1)}, &log));
    m_executor->drain();
    QCOMPARE(log.notEndedOnce(), 0U);
    QCOMPARE(log.countOf(TaskState::TimedOut), 30U);
    QCOMPARE(faultInTrace(*m_recorder, log), QString());
}

void TestExecutorOptions::tasksInTimeRun()
{
    make(4);
    EndLog log(300);
    const auto options = withOptions([](TaskOptions& set) {
        set.deadlineNs = monotonicNow() + 3600 * kNanosPerSecond;
        set.timeoutNs = 3600 * kNanosPerSecond;
        set.maxAttempts = 1;
    });
    QVERIFY(m_executor->submit({squareJob(300), 0, 300, options}, &log));
    m_executor->drain();
    QCOMPARE(faultInSquares(log), QString());
    QCOMPARE(faultInTrace(*m_recorder, log), QString());
}

void TestExecutorOptions::cancelGroupEndsOnlyThatGroup()
{
    make(3);
    EndLog mine(30);
    EndLog others(30);
    EndLog none(30);
    m_executor->pause();
    QVERIFY(m_executor->submit({squareJob(30), 0, 30, inGroup(1)}, &mine));
    QVERIFY(m_executor->submit({squareJob(30), 0, 30, inGroup(2)}, &others));
    QVERIFY(m_executor->submit({squareJob(30), 0, 30, nullptr}, &none));
    m_executor->cancelGroup(1);
    m_executor->cancelGroup(3); // nobody's
    m_executor->resume();
    m_executor->drain();
    QCOMPARE(mine.notEndedOnce(), 0U);
    QCOMPARE(mine.countOf(TaskState::Cancelled), 30U);
    QCOMPARE(faultInSquares(others), QString());
    QCOMPARE(faultInSquares(none), QString());
}

void TestExecutorOptions::cancelGroupStopsWhatRuns()
{
    make(2);
    EndLog mine(40);
    EndLog others(40);
    QVERIFY(m_executor->submit({sleepJob(40, kForeverMs), 0, 40, inGroup(5)}, &mine));
    QVERIFY(m_executor->submit({squareJob(40), 0, 40, inGroup(6)}, &others));
    QTRY_COMPARE(runningNow(*m_recorder), m_workers);
    m_executor->cancelGroup(5);
    m_executor->drain();
    QCOMPARE(mine.notEndedOnce(), 0U);
    QCOMPARE(mine.countOf(TaskState::Cancelled), 40U);
    QCOMPARE(faultInSquares(others), QString());
}

void TestExecutorOptions::cancelGroupFreesASubmitterThatBlocks()
{
    make();
    EndLog log(500);
    std::jthread submitter([&] {
        (void)m_executor->submit({sleepJob(500, kForeverMs), 0, 500, inGroup(9)}, &log);
    });
    QTRY_VERIFY(runningNow(*m_recorder) > 0);
    m_executor->cancelGroup(9);
    submitter.join();
    m_executor->drain();
    QCOMPARE(log.notEndedOnce(), 0U);
    QCOMPARE(log.countOf(TaskState::Cancelled), 500U);
}

void TestExecutorOptions::cancelledFutureNeverRuns()
{
    make();
    m_executor->pause();
    const auto job = squareJob(3);
    const Future<Value> first = m_executor->submitTask(job, 0);
    const Future<Value> second = m_executor->submitTask(job, 1);
    const Future<Value> third = m_executor->submitTask(job, 2);
    QVERIFY(second.cancel());
    QCOMPARE(second.get().state, TaskState::Cancelled); // at once, paused or not
    QCOMPARE(second.get().attempts, 0);
    QVERIFY(!second.cancel());
    m_executor->resume();
    QCOMPARE(std::get<std::int64_t>(first.value()), 0);
    QCOMPARE(std::get<std::int64_t>(third.value()), 4);
}

void TestExecutorOptions::cancelledFutureStopsItsTaskOnly()
{
    make();
    const auto job = sleepJob(8, kForeverMs);
    std::vector<Future<Value>> futures;
    for (int i = 0; i < m_workers; ++i) {
        futures.push_back(m_executor->submitTask(job, static_cast<std::uint64_t>(i)));
    }
    for (const Future<Value>& future : futures) {
        QTRY_COMPARE(future.state(), TaskState::Running);
    }
    QVERIFY(futures[0].cancel());
    QCOMPARE(futures[0].get().state, TaskState::Cancelled);
    QCOMPARE(futures[0].get().attempts, 1);
    for (std::size_t i = 1; i < futures.size(); ++i) {
        QCOMPARE(futures[i].state(), TaskState::Running);
    }
    QCOMPARE(std::get<std::int64_t>(m_executor->submitTask(squareJob(3), 2).value()), 4);
    m_executor->cancel();
}

void TestExecutorOptions::futureTellsWhereItsTaskIs()
{
    make();
    const auto job = sleepJob(32, kForeverMs);
    std::vector<Future<Value>> futures;
    for (std::uint64_t i = 0; i < 32; ++i) {
        futures.push_back(m_executor->submitTask(job, i));
    }
    const auto running = [&futures] {
        return std::count_if(futures.begin(), futures.end(), [](const Future<Value>& future) {
            return future.state() == TaskState::Running;
        });
    };
    QTRY_COMPARE(running(), std::ptrdiff_t{m_workers});
    for (const Future<Value>& future : futures) {
        const TaskState state = future.state();
        QVERIFY(state == TaskState::Running || state == TaskState::Pending ||
                state == TaskState::Dispatched);
    }
    m_executor->cancel();
    for (const Future<Value>& future : futures) {
        QCOMPARE(future.get().state, TaskState::Cancelled);
    }
}

void TestExecutorOptions::futureMayOutliveItsExecutor()
{
    make();
    const Future<Value> future = m_executor->submitTask(squareJob(5), 4);
    future.wait();
    m_executor.reset();
    QVERIFY(!future.cancel());
    QVERIFY(!future.cancel(CancelMode::Kill));
    QCOMPARE(std::get<std::int64_t>(future.value()), 16);
}

QTEST_GUILESS_MAIN(TestExecutorOptions)
#include "tst_executor_options.moc"
