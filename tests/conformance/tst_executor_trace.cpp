// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What executors write into the trace, on every kind of executor.

#include "tests/conformance/executor_case.h"

#include <QTest>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

class TestExecutorTrace : public QObject
{
    Q_OBJECT

private slots:
    void holdsOneRecordATask_data() { addExecutorRows(); }
    void holdsOneRecordATask();
    void lanesAreNumberedByWorker_data() { addBackgroundRows(); }
    void lanesAreNumberedByWorker();
    void livesOpenAndCloseWithTheirWorkers_data() { addBackgroundRows(); }
    void livesOpenAndCloseWithTheirWorkers();
    void recordsLieWithinALife_data() { addExecutorRows(); }
    void recordsLieWithinALife();
    void resizesAreEvents_data() { addBackgroundRows(); }
    void resizesAreEvents();
    void cancelledTasksLieOnTheQueueLane_data() { addBackgroundRows(); }
    void cancelledTasksLieOnTheQueueLane();
    void executorsShareARecorder();
    void costsLieBesideTheRecords_data() { addExecutorRows(); }
    void costsLieBesideTheRecords();
    void nothingIsMeasuredUnasked_data() { addExecutorRows(); }
    void nothingIsMeasuredUnasked();
    void runningTaskSaysHowFarItIs_data() { addBackgroundRows(); }
    void runningTaskSaysHowFarItIs();
    void runningCallSaysHowFarItIs();

private:
    void make(CostLevel level = CostLevel::Wall);

    int m_workers = 0;
    std::shared_ptr<Recorder> m_recorder;
    std::unique_ptr<Executor> m_executor;
};

void TestExecutorTrace::make(CostLevel level)
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    m_workers = workers;
    ExecutorOptions options;
    options.workers = workers;
    options.chunk = 5;
    m_executor.reset();
    m_recorder = makeRecorder(level);
    m_executor = makeExecutor(kind, options, m_recorder);
}

void TestExecutorTrace::holdsOneRecordATask()
{
    make();
    EndLog log(3000);
    const auto job = squareJob(3000);
    const Nanos before = m_recorder->now();
    QVERIFY(m_executor->submit({job, 0, 1500}, &log));
    QVERIFY(m_executor->submit({job, 1500, 1500}, &log));
    m_executor->drain();
    QCOMPARE(m_recorder->submitted(0), 3000U);
    QCOMPARE(faultInSquares(log), QString());
    QCOMPARE(faultInTrace(*m_recorder, log), QString());
    for (const Lane* lane : workerLanes(*m_recorder)) {
        for (std::uint64_t i = 0; i < lane->recordCount(); ++i) {
            QVERIFY(lane->record(i).submitNs >= before);
            QVERIFY(lane->record(i).endNs <= m_recorder->now());
            QCOMPARE(lane->record(i).attempt, std::uint8_t{1});
            QVERIFY(lane->record(i).core != TaskRecord::kNoCore);
        }
    }
    QTRY_COMPARE(runningNow(*m_recorder), 0);
}

void TestExecutorTrace::lanesAreNumberedByWorker()
{
    make();
    QTRY_COMPARE(openLives(*m_recorder), m_workers);
    std::set<int> indexes;
    for (const Lane* lane : workerLanes(*m_recorder)) {
        QCOMPARE(lane->info().executor, 0);
        indexes.insert(lane->info().index);
    }
    QCOMPARE(static_cast<int>(indexes.size()), m_workers);
    QCOMPARE(*indexes.begin(), 0);
    QCOMPARE(*indexes.rbegin(), m_workers - 1);
}

void TestExecutorTrace::livesOpenAndCloseWithTheirWorkers()
{
    make();
    for (const int workers : {6, 1, 6, 3}) {
        m_executor->resize(workers);
        QTRY_COMPARE(openLives(*m_recorder), workers);
    }
    m_executor->shutdown();
    int lives = 0;
    for (const Lane* lane : workerLanes(*m_recorder)) {
        Nanos lastClosed = 0;
        const auto ofLane = lane->lives();
        for (const LaneLife& life : *ofLane) {
            QVERIFY(life.openedNs >= lastClosed);
            QVERIFY(life.closedNs >= life.openedNs);
            QVERIFY(life.processId > 0);
            QVERIFY(life.threadId > 0);
            lastClosed = life.closedNs;
            ++lives;
        }
    }
    QVERIFY(static_cast<int>(workerLanes(*m_recorder).size()) <= std::max(m_workers, 6));
    QCOMPARE(eventCount(*m_recorder, ControlKind::WorkerStarted), lives);
    QCOMPARE(eventCount(*m_recorder, ControlKind::WorkerRetired), lives);
    QCOMPARE(eventCount(*m_recorder, ControlKind::WorkerDied), 0);
}

void TestExecutorTrace::recordsLieWithinALife()
{
    make();
    EndLog log(600);
    QVERIFY(m_executor->submit({sleepJob(600, 0.2), 0, 600}, &log));
    for (std::uint64_t round = 1; round <= 8; ++round) {
        m_executor->resize(round % 2 == 0 ? 5 : 2);
        QVERIFY(log.waitForTotal(round * 50));
    }
    m_executor->shutdown();
    QCOMPARE(log.countOf(TaskState::Done), 600U);
    for (const Lane* lane : workerLanes(*m_recorder)) {
        const auto lives = lane->lives();
        for (std::uint64_t i = 0; i < lane->recordCount(); ++i) {
            const TaskRecord& record = lane->record(i);
            QVERIFY(std::any_of(lives->begin(), lives->end(), [&record](const LaneLife& life) {
                return record.startNs >= life.openedNs && record.endNs <= life.closedNs;
            }));
        }
    }
}

void TestExecutorTrace::resizesAreEvents()
{
    make();
    m_executor->resize(m_workers + 2);
    m_executor->resize(m_workers + 2);
    m_executor->resize(m_workers);
    std::vector<std::pair<std::int64_t, std::string>> resizes;
    Nanos lastNs = 0;
    const auto events = m_recorder->controlEvents();
    for (const ControlEvent& event : *events) {
        QVERIFY(event.timeNs >= lastNs);
        lastNs = event.timeNs;
        if (event.kind == ControlKind::Resize) {
            QCOMPARE(event.executor, 0);
            QCOMPARE(event.lane, -1);
            resizes.emplace_back(event.value, event.text);
        }
    }
    const std::vector<std::pair<std::int64_t, std::string>> expected{
        {m_workers + 2, std::to_string(m_workers)}, {m_workers, std::to_string(m_workers + 2)}};
    QCOMPARE(resizes, expected);
}

void TestExecutorTrace::cancelledTasksLieOnTheQueueLane()
{
    make();
    EndLog log(100);
    m_executor->pause();
    QVERIFY(m_executor->submit({squareJob(100), 0, 100}, &log));
    m_executor->cancel();
    m_executor->drain();
    const auto lanes = m_recorder->lanes();
    const auto isQueue = [](const Lane* lane) { return lane->info().kind == LaneKind::Queue; };
    QCOMPARE(std::count_if(lanes.begin(), lanes.end(), isQueue), 1);
    const Lane& queue = **std::find_if(lanes.begin(), lanes.end(), isQueue);
    QCOMPARE(queue.recordCount(), 100U);
    QVERIFY(queue.lives()->empty()); // it is no worker
    for (std::uint64_t i = 0; i < queue.recordCount(); ++i) {
        const TaskRecord& record = queue.record(i);
        QCOMPARE(record.state(), TaskState::Cancelled);
        QCOMPARE(record.startNs, record.endNs);
        QCOMPARE(record.attempt, std::uint8_t{0});
    }
}

void TestExecutorTrace::executorsShareARecorder()
{
    const int count = static_cast<int>(executorKinds().size());
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), count + 1);
    std::vector<std::unique_ptr<Executor>> executors;
    for (int i = 0; i <= count; ++i) {
        const ExecutorKind& kind = executorKinds()[static_cast<std::size_t>(i % count)];
        executors.push_back(makeExecutor(kind.id, {}, recorder, i));
        QVERIFY(executors.back()->submit({squareJob(100), 0, 100}, nullptr));
    }
    std::vector<std::uint64_t> records(executors.size());
    for (int i = 0; i <= count; ++i) {
        executors[static_cast<std::size_t>(i)]->shutdown();
        QCOMPARE(recorder->submitted(i), 100U);
    }
    for (const Lane* lane : recorder->lanes()) {
        records[static_cast<std::size_t>(lane->info().executor)] += lane->recordCount();
    }
    QCOMPARE(records, std::vector<std::uint64_t>(executors.size(), 100));
}

void TestExecutorTrace::costsLieBesideTheRecords()
{
    make(CostLevel::Totals);
    QFETCH(QString, kind);
    constexpr std::uint64_t kTasks = 60;
    EndLog log(kTasks);
    QVERIFY(m_executor->submit({sleepJob(kTasks, 2), 0, kTasks}, &log));
    m_executor->shutdown();
    std::uint64_t seen = 0;
    double cpuNs = 0; // of all: a busy machine may leave nothing of one
    for (const Lane* lane : workerLanes(*m_recorder)) {
        QVERIFY(lane->hasCosts());
        for (std::uint64_t i = 0; i < lane->recordCount(); ++i, ++seen) {
            const TaskCost& cost = lane->cost(i);
            QVERIFY(cost.wasMeasured());
            cpuNs += static_cast<double>(cost.cpuNs);
            QVERIFY(cost.voluntarySwitches >= 1); // it slept
            QVERIFY(cost.startCore != TaskCost::kNoCore);
            QVERIFY(cost.blockedNs(lane->record(i).runNs()) > 0);
            QCOMPARE(cost.peakMemoryKiB > 0, kind == "processes");
        }
    }
    QVERIFY(cpuNs > 0);
    QCOMPARE(seen, kTasks);
}

void TestExecutorTrace::nothingIsMeasuredUnasked()
{
    make();
    EndLog log(20);
    QVERIFY(m_executor->submit({squareJob(20), 0, 20}, &log));
    m_executor->shutdown();
    QCOMPARE(log.countOf(TaskState::Done), 20U);
    for (const Lane* lane : m_recorder->lanes()) {
        QVERIFY(!lane->hasCosts());
    }
}

void TestExecutorTrace::runningTaskSaysHowFarItIs()
{
    make();
    const auto lengthy = lengthyJob();
    EndLog log(lengthy->plan->taskCount);
    QVERIFY(m_executor->submit({lengthy, lengthy->plan->taskCount - 1, 1}, &log));
    const auto progress = [this]() -> double {
        for (const Lane* lane : workerLanes(*m_recorder)) {
            if (const std::optional<Progress> now = lane->progressNow()) {
                return now->share;
            }
        }
        return 0;
    };
    QTRY_VERIFY(progress() > 0);
    const double early = progress();
    QTRY_VERIFY(progress() > early);
    m_executor->cancel();
    QVERIFY(log.waitForTotal(1));
    m_executor->drain();
    QCOMPARE(progress(), 0.0);

    QVERIFY(m_executor->submit({sleepJob(1, kForeverMs), 0, 1}, nullptr));
    QTRY_COMPARE(runningNow(*m_recorder), 1);
    QCOMPARE(progress(), 0.0); // it has said nothing, and what was said is forgotten
    m_executor->cancel();
    m_executor->drain();
}

void TestExecutorTrace::runningCallSaysHowFarItIs()
{
    for (const ExecutorKind& kind : executorKinds()) {
        if (!kind.takesCalls || kind.isInline) {
            continue;
        }
        const auto recorder = makeRecorder();
        const auto executor = makeExecutor(kind.id, {}, recorder);
        const auto call = executor->submit([](const StopFlag& stop) {
            sayProgress(0.5, "half");
            stop.waitFor(3600 * kNanosPerSecond);
        });
        QTRY_COMPARE(runningNow(*recorder), 1);
        QTRY_COMPARE(workerLanes(*recorder)[0]->progressNow(), (Progress{0.5, "half"}));
        call.cancel();
        call.wait();
    }
}

QTEST_GUILESS_MAIN(TestExecutorTrace)
#include "tst_executor_trace.moc"
