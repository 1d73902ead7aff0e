// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/percentile_search.h"
#include "core/analysis/run_summary.h"
#include "core/trace/collector.h"
#include "tests/support/synthetic_trace.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

using namespace poolscope;

namespace {

bool isClose(double a, double b)
{
    return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

Percentiles percentilesBySorting(std::vector<Nanos> durations)
{
    if (durations.empty()) {
        return {};
    }
    std::sort(durations.begin(), durations.end());
    const auto count = static_cast<double>(durations.size());
    const auto at = [&](double percent) {
        return durations[static_cast<std::size_t>(std::ceil(percent * count / 100)) - 1];
    };
    double sum = 0;
    for (const Nanos duration : durations) {
        sum += static_cast<double>(duration);
    }
    return {at(50), at(95), at(99), durations.back(), sum / count};
}

void comparePercentiles(const Percentiles& actual, const Percentiles& expected)
{
    QCOMPARE(actual.p50Ns, expected.p50Ns);
    QCOMPARE(actual.p95Ns, expected.p95Ns);
    QCOMPARE(actual.p99Ns, expected.p99Ns);
    QCOMPARE(actual.maxNs, expected.maxNs);
    QVERIFY(isClose(actual.meanNs, expected.meanNs));
}

/// Every attempt of one executor, with whether it lies on a worker's lane.
struct Attempt
{
    TaskRecord record;
    bool isOnWorker;
};

std::vector<Attempt> attemptsOf(const Snapshot& snapshot, int executor)
{
    std::vector<Attempt> attempts;
    for (const LaneView& view : snapshot.lanes) {
        for (std::uint64_t i = 0; view.info().executor == executor && i < view.recordCount; ++i) {
            attempts.push_back({view.lane->record(i), view.info().kind != LaneKind::Queue});
        }
    }
    return attempts;
}

Nanos clippedNs(Nanos begin, Nanos end, TimeRange range)
{
    const Nanos left = std::max(begin, range.beginNs);
    const Nanos right = std::min(end, range.endNs);
    return right > left ? right - left : 0;
}

/// The same figures, attempt by attempt; \p range is also what throughput is judged by.
RunSummary plainSummary(const Snapshot& snapshot, int executor, TimeRange range)
{
    RunSummary summary;
    std::map<TaskState, std::uint64_t> ends;
    std::vector<Nanos> runs;
    std::vector<Nanos> waits;
    for (const Attempt& attempt : attemptsOf(snapshot, executor)) {
        const TaskRecord& record = attempt.record;
        summary.busyNs += attempt.isOnWorker ? clippedNs(record.startNs, record.endNs, range) : 0;
        if (record.endNs <= range.beginNs || record.endNs > range.endNs) {
            continue;
        }
        if (record.wasRetried()) {
            ++summary.lostAttempts;
            continue;
        }
        ++ends[record.state()];
        ++summary.tasks;
        if (attempt.isOnWorker) {
            runs.push_back(record.endNs - record.startNs);
            waits.push_back(record.startNs - record.submitNs);
        }
    }
    for (const LaneView& view : snapshot.lanes) {
        for (const LaneLife& life : *view.lives) {
            summary.laneNs += view.info().executor == executor
                                  ? clippedNs(life.openedNs, life.closedNs, range)
                                  : 0;
        }
    }
    summary.done = ends[TaskState::Done];
    summary.failed = ends[TaskState::Failed];
    summary.cancelled = ends[TaskState::Cancelled];
    summary.makespanNs = range.duration();
    summary.run = percentilesBySorting(runs);
    summary.wait = percentilesBySorting(waits);
    return summary;
}

void compareSummaries(const RunSummary& actual, const RunSummary& expected, int executor)
{
    QCOMPARE(actual.executor, executor);
    QCOMPARE(actual.tasks, expected.tasks);
    QCOMPARE(actual.done, expected.done);
    QCOMPARE(actual.failed, expected.failed);
    QCOMPARE(actual.cancelled, expected.cancelled);
    QCOMPARE(actual.timedOut, std::uint64_t{0});
    QCOMPARE(actual.lost, std::uint64_t{0});
    QCOMPARE(actual.lostAttempts, expected.lostAttempts);
    QCOMPARE(actual.makespanNs, expected.makespanNs);
    QCOMPARE(actual.busyNs, expected.busyNs);
    QCOMPARE(actual.laneNs, expected.laneNs);
    comparePercentiles(actual.run, expected.run);
    comparePercentiles(actual.wait, expected.wait);
    const double seconds = static_cast<double>(expected.makespanNs) / 1e9;
    QVERIFY(isClose(actual.tasksPerSecond, static_cast<double>(expected.tasks) / seconds));
    QVERIFY(isClose(actual.utilisation * static_cast<double>(expected.laneNs),
                    static_cast<double>(expected.busyNs)));
}

SnapshotPtr eventfulTrace()
{
    test::SyntheticOptions options;
    options.lanes = 3;
    options.tasks = 20'000;
    options.executors = 2;
    options.failureRate = 0.01;
    options.retryRate = 0.01;
    options.instantRate = 0.01;
    options.cancelRate = 0.02;
    return test::makeSyntheticTrace(options);
}

TaskRecord recordOf(Nanos submitNs, Nanos startNs, Nanos endNs, TaskState state = TaskState::Done)
{
    TaskRecord record;
    record.submitNs = submitNs;
    record.startNs = startNs;
    record.endNs = endNs;
    record.setState(state);
    return record;
}

} // namespace

class RunSummaryTest : public QObject
{
    Q_OBJECT

private slots:
    void percentilesAreNearestRank_data();
    void percentilesAreNearestRank();
    void percentilesAgreeWithSorting();
    void searchAgreesWithSorting();
    void runAgreesWithThePlainSums();
    void rangeAgreesWithThePlainSums();
    void neighbouringRangesCountEachEndOnce();
    void everyStateIsCounted();
    void laneTimeCountsOnlyWhileThereIsAWorker();
    void liveRunCountsWhatRuns();
    void costsAreSummedOverWhatWasMeasured();
    void runWithoutEndsIsAllZero();
};

void RunSummaryTest::percentilesAreNearestRank_data()
{
    QTest::addColumn<int>("count"); // of the durations 10, 20, 30, …
    QTest::addColumn<int>("p50");
    QTest::addColumn<int>("p95");
    QTest::addColumn<int>("p99");
    QTest::newRow("one") << 1 << 10 << 10 << 10;
    QTest::newRow("two") << 2 << 10 << 20 << 20;
    QTest::newRow("five") << 5 << 30 << 50 << 50;
    QTest::newRow("twenty") << 20 << 100 << 190 << 200;
    QTest::newRow("hundred") << 100 << 500 << 950 << 990;
    QTest::newRow("hundred and one") << 101 << 510 << 960 << 1000;
}

void RunSummaryTest::percentilesAreNearestRank()
{
    QFETCH(int, count);
    QFETCH(int, p50);
    QFETCH(int, p95);
    QFETCH(int, p99);
    std::vector<Nanos> durations;
    for (int i = count; i >= 1; --i) {
        durations.push_back(i * 10);
    }
    const Percentiles percentiles = percentilesOf(durations);
    QCOMPARE(percentiles.p50Ns, Nanos{p50});
    QCOMPARE(percentiles.p95Ns, Nanos{p95});
    QCOMPARE(percentiles.p99Ns, Nanos{p99});
    QCOMPARE(percentiles.maxNs, Nanos{count * 10});
    QVERIFY(isClose(percentiles.meanNs, 5.0 * (count + 1)));
}

void RunSummaryTest::percentilesAgreeWithSorting()
{
    std::mt19937_64 random(5);
    for (std::size_t count = 0; count < 400; ++count) {
        std::vector<Nanos> durations;
        for (std::size_t i = 0; i < count; ++i) {
            durations.push_back(static_cast<Nanos>(random() % (count % 2 == 0 ? 1'000'000 : 5)));
        }
        const Percentiles expected = percentilesBySorting(durations);
        comparePercentiles(percentilesOf(durations), expected);
    }
}

void RunSummaryTest::searchAgreesWithSorting()
{
    std::mt19937_64 random(7);
    const auto draw = [&random](std::size_t kind) {
        const auto bits = static_cast<Nanos>(random() >> 1U);
        switch (kind) {
        case 0:
            return bits % 300; // around where buckets begin to hold more than one value
        case 1:
            return bits >> (random() % 63); // of every size there is
        case 2:
            return bits % 1'000 - 500; // clocks that differ
        default:
            return Nanos{77};
        }
    };
    for (std::size_t round = 0; round < 400; ++round) {
        std::vector<Nanos> durations;
        for (std::size_t i = 0; i < round * 3; ++i) {
            durations.push_back(draw(round % 4));
        }
        PercentileSearch search;
        for (const Nanos duration : durations) {
            search.count(duration);
        }
        search.beginCollecting();
        for (const Nanos duration : durations) {
            search.collect(duration);
        }
        comparePercentiles(search.result(), percentilesBySorting(durations));
    }
}

void RunSummaryTest::runAgreesWithThePlainSums()
{
    const SnapshotPtr snapshot = eventfulTrace();
    for (const int executor : {0, 1}) {
        TimeRange makespan{snapshot->nowNs, 0};
        for (const Attempt& attempt : attemptsOf(*snapshot, executor)) {
            makespan.beginNs = std::min(makespan.beginNs, attempt.record.submitNs);
            makespan.endNs = std::max(makespan.endNs, attempt.record.endNs);
        }
        const RunSummary summary = summariseRun(*snapshot, executor);
        compareSummaries(summary, plainSummary(*snapshot, executor, makespan), executor);
        QCOMPARE(summary.tasks, std::uint64_t{20'000});
        QVERIFY(summary.lostAttempts > 50);
        QVERIFY(summary.cancelled > 50);
        QVERIFY(summary.failed > 50);
        QVERIFY(summary.utilisation > 0.2 && summary.utilisation <= 1.0);
        QCOMPARE(summary.lostAttempts,
                 snapshot->totals[static_cast<std::size_t>(executor)].lostAttempts);
    }
}

void RunSummaryTest::rangeAgreesWithThePlainSums()
{
    const SnapshotPtr snapshot = eventfulTrace();
    std::mt19937_64 random(8);
    const auto space = static_cast<std::uint64_t>(snapshot->nowNs);
    for (int i = 0; i < 60; ++i) {
        const auto begin = static_cast<Nanos>(random() % space);
        const TimeRange range{begin,
                              begin + 1 + static_cast<Nanos>(random() % (space >> (i % 12)))};
        const RunSummary expected = plainSummary(*snapshot, i % 2, range);
        if (expected.laneNs > 0) {
            compareSummaries(summariseRange(*snapshot, i % 2, range), expected, i % 2);
        }
    }
}

void RunSummaryTest::neighbouringRangesCountEachEndOnce()
{
    const SnapshotPtr snapshot = eventfulTrace();
    std::uint64_t tasks = 0;
    Nanos busyNs = 0;
    const Nanos borderNs = snapshot->lanes[0].lane->record(777).endNs; // right on an end
    for (const TimeRange range : {TimeRange{0, borderNs}, TimeRange{borderNs, snapshot->nowNs}}) {
        const RunSummary summary = summariseRange(*snapshot, 0, range);
        tasks += summary.tasks;
        busyNs += summary.busyNs;
    }
    QCOMPARE(tasks, std::uint64_t{20'000});
    QCOMPARE(busyNs, summariseRun(*snapshot, 0).busyNs);
}

void RunSummaryTest::everyStateIsCounted()
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Process, 0});
    lane.append(recordOf(0, 10, 20), {}, {});
    lane.append(recordOf(0, 20, 50, TaskState::Failed), {}, {});
    lane.append(recordOf(0, 50, 90, TaskState::TimedOut), {}, {});
    lane.append(recordOf(0, 90, 140, TaskState::Cancelled), {}, {}); // stopped while it ran
    lane.append(recordOf(0, 140, 999, TaskState::Lost), {}, {});
    TaskRecord neverBegun = recordOf(0, 1000, 1000, TaskState::Lost);
    neverBegun.attempt = 0;
    recorder->addLane({0, LaneKind::Queue, 0}).append(neverBegun, {}, {});
    const SnapshotPtr snapshot =
        makeFinishedSnapshot(recorder, std::make_shared<TraceMeta>(), {}, 1000);
    const RunSummary summary = summariseRun(*snapshot, 0);
    QCOMPARE(summary.tasks, std::uint64_t{6});
    QCOMPARE(summary.done, std::uint64_t{1});
    QCOMPARE(summary.failed, std::uint64_t{1});
    QCOMPARE(summary.timedOut, std::uint64_t{1});
    QCOMPARE(summary.cancelled, std::uint64_t{1});
    QCOMPARE(summary.lost, std::uint64_t{2});
    QCOMPARE(summary.lostAttempts, std::uint64_t{1});
    QCOMPARE(summary.run.maxNs, Nanos{50}); // the lost attempt ran to no end
    QCOMPARE(summary.run.p50Ns, Nanos{30});
    QCOMPARE(summary.busyNs, Nanos{989});
    QCOMPARE(summary.makespanNs, Nanos{1000});
}

void RunSummaryTest::laneTimeCountsOnlyWhileThereIsAWorker()
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    lane.openLife({50, -1, 1, 1});
    lane.append(recordOf(100, 100, 200), {}, {});
    lane.closeLife(250);
    lane.openLife({400, -1, 1, 2});
    lane.append(recordOf(100, 400, 500), {}, {});
    lane.closeLife(900);
    const SnapshotPtr snapshot =
        makeFinishedSnapshot(recorder, std::make_shared<TraceMeta>(), {}, 500);
    const RunSummary summary = summariseRun(*snapshot, 0);
    QCOMPARE(summary.makespanNs, Nanos{400}); // 100 to 500
    QCOMPARE(summary.laneNs, Nanos{250}); // 100 to 250 and 400 to 500
    QCOMPARE(summary.busyNs, Nanos{200});
    QVERIFY(isClose(summary.utilisation, 0.8));
    QVERIFY(isClose(summary.tasksPerSecond, 2 / 400e-9));
}

void RunSummaryTest::liveRunCountsWhatRuns()
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    lane.openLife({0, -1, 1, 1});
    lane.append(recordOf(0, 0, 100), {}, {});
    lane.setRunning(1, 150);
    Snapshot snapshot = *makeFinishedSnapshot(recorder, std::make_shared<TraceMeta>(), {}, 400);
    snapshot.isLive = true;
    const RunSummary summary = summariseRange(snapshot, 0, {50, 1000});
    QCOMPARE(summary.tasks, std::uint64_t{1});
    QCOMPARE(summary.busyNs, Nanos{50 + 250});
    QCOMPARE(summary.laneNs, Nanos{350}); // up to now
}

void RunSummaryTest::costsAreSummedOverWhatWasMeasured()
{
    constexpr std::uint16_t kMeasured = TaskCost::kMeasuredFlag;
    auto recorder = std::make_shared<Recorder>(0, 1, CostLevel::Totals);
    Lane& lane = recorder->addLane({0, LaneKind::Process, 0});
    const TaskCost whole{50, 30, 1, 2, 3, 4, 700, 0, kMeasured | TaskCost::kRunQueueFlag};
    const TaskCost withoutRunQueue{10, 0, 10, 20, 30, 40, 900, 0, kMeasured};
    lane.append(recordOf(0, 0, 100), {}, {}, &whole);
    lane.append(recordOf(0, 100, 200), {}, {}, &withoutRunQueue);
    lane.append(recordOf(0, 200, 900, TaskState::Lost), {}, {}); // its worker died
    const SnapshotPtr snapshot =
        makeFinishedSnapshot(recorder, std::make_shared<TraceMeta>(), {}, 900);
    const CostSums costs = summariseRun(*snapshot, 0).costs;
    QCOMPARE(costs.attempts, std::uint64_t{2});
    QCOMPARE(costs.cpuShare(), 0.3);
    QCOMPARE(costs.runQueueShare(), 0.3); // of the one of which it is known
    QCOMPARE(costs.blockedShare(), 0.2);
    QCOMPARE(costs.voluntarySwitches, std::uint64_t{11});
    QCOMPARE(costs.involuntarySwitches, std::uint64_t{22});
    QCOMPARE(costs.minorFaults, std::uint64_t{33});
    QCOMPARE(costs.majorFaults, std::uint64_t{44});
    QCOMPARE(costs.peakMemoryKiB, std::uint64_t{900});
    QCOMPARE(costs.switchesPerTask(), 16.5);
    QCOMPARE(summariseRange(*snapshot, 0, {100, 200}).costs.attempts, std::uint64_t{1});
}

void RunSummaryTest::runWithoutEndsIsAllZero()
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    recorder->addLane({0, LaneKind::Thread, 0}).openLife({0, -1, 1, 1});
    const SnapshotPtr snapshot =
        makeFinishedSnapshot(recorder, std::make_shared<TraceMeta>(), {}, 100);
    const RunSummary summary = summariseRun(*snapshot, 0);
    QCOMPARE(summary.tasks, std::uint64_t{0});
    QCOMPARE(summary.makespanNs, Nanos{0});
    QCOMPARE(summary.tasksPerSecond, 0.0);
    QCOMPARE(summary.utilisation, 0.0);
    QCOMPARE(summary.run.maxNs, Nanos{0});
}

QTEST_GUILESS_MAIN(RunSummaryTest)
#include "tst_run_summary.moc"
