// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/ledger.h"
#include "core/analysis/range_figures.h"
#include "core/trace/collector.h"
#include "tests/support/synthetic_trace.h"

#include <QTest>

#include <array>
#include <random>

using namespace poolscope;

class RangeFiguresTest : public QObject
{
    Q_OBJECT

private slots:
    void binsFollowEachOther();
    void durationsFallIntoTheirBins();
    void usedBinsEncloseWhatIsThere();
    void sumsAndHistogramsAgreeWithTheSummary();
    void lanesAddUpToTheExecutor();
    void lostAttemptsHaveNoTimes();
    void emptyRangeIsAllZero();
    void sumsOfTheWholeRunOutliveItsDetail();
    void rangesSpeakOfTheTimeWithDetail();
    void everyNanosecondWithDetailIsInTheLedger();
};

void RangeFiguresTest::binsFollowEachOther()
{
    QCOMPARE(DurationHistogram::beginOf(0), Nanos{1});
    QCOMPARE(DurationHistogram::beginOf(8), Nanos{10});
    QCOMPARE(DurationHistogram::beginOf(6 * 8), Nanos{1'000'000});
    QCOMPARE(DurationHistogram::beginOf(DurationHistogram::kBins), Nanos{10'000'000'000'000});
    for (std::size_t bin = 0; bin < DurationHistogram::kBins; ++bin) {
        QVERIFY(DurationHistogram::beginOf(bin) <= DurationHistogram::beginOf(bin + 1));
    }
}

void RangeFiguresTest::durationsFallIntoTheirBins()
{
    using Histogram = DurationHistogram;
    QCOMPARE(Histogram::binOf(-5), std::size_t{0});
    QCOMPARE(Histogram::binOf(0), std::size_t{0});
    QCOMPARE(Histogram::binOf(999'999), std::size_t{6 * 8 - 1});
    QCOMPARE(Histogram::binOf(1'000'000), std::size_t{6 * 8});
    QCOMPARE(Histogram::binOf(std::numeric_limits<Nanos>::max()), Histogram::kBins - 1);
    std::mt19937_64 random(4);
    for (int i = 0; i < 5'000; ++i) {
        const auto duration = static_cast<Nanos>(random() % (std::uint64_t{1} << (i % 43 + 1)));
        const std::size_t bin = Histogram::binOf(duration);
        QVERIFY(duration < 1 || Histogram::beginOf(bin) <= duration);
        QVERIFY(duration < Histogram::beginOf(bin + 1));
    }
}

void RangeFiguresTest::usedBinsEncloseWhatIsThere()
{
    DurationHistogram histogram;
    QCOMPARE(histogram.usedBins(), (std::pair<std::size_t, std::size_t>(0, 0)));
    histogram.add(1'000);
    histogram.add(1'000'000);
    histogram.add(1'000'000);
    QCOMPARE(histogram.usedBins(), (std::pair<std::size_t, std::size_t>(3 * 8, 6 * 8 + 1)));
    QCOMPARE(histogram.sum(), std::uint64_t{3});
    QCOMPARE(histogram.count(6 * 8), std::uint64_t{2});
}

void RangeFiguresTest::sumsAndHistogramsAgreeWithTheSummary()
{
    test::SyntheticOptions options;
    options.lanes = 3;
    options.tasks = 20'000;
    options.executors = 2;
    options.retryRate = 0.01;
    options.cancelRate = 0.02;
    const SnapshotPtr trace = test::makeSyntheticTrace(options);
    const std::array<std::optional<TimeRange>, 2> ranges = {
        std::nullopt, TimeRange{trace->nowNs / 3, trace->nowNs / 2}};
    for (const auto& range : ranges) {
        const RangeFigures figures = rangeFigures(*trace, 1, range);
        const RunSummary& summary = figures.summary;
        QVERIFY(figures.attempts > 1'000);
        QCOMPARE(figures.runs.sum(), figures.attempts);
        QCOMPARE(figures.waits.sum(), figures.attempts);
        const auto meanOf = [&](Nanos sumNs) {
            return static_cast<double>(sumNs) / static_cast<double>(figures.attempts);
        };
        QVERIFY(qFuzzyCompare(meanOf(figures.runSumNs), summary.run.meanNs));
        QVERIFY(qFuzzyCompare(meanOf(figures.waitSumNs), summary.wait.meanNs));
        // The median lies in the bin that has the middle attempt.
        std::uint64_t before = 0;
        const std::size_t median = DurationHistogram::binOf(summary.run.p50Ns);
        for (std::size_t bin = 0; bin < median; ++bin) {
            before += figures.runs.count(bin);
        }
        QVERIFY(before < (figures.attempts + 1) / 2);
        QVERIFY(before + figures.runs.count(median) >= figures.attempts / 2);
        QCOMPARE(DurationHistogram::binOf(summary.run.maxNs) + 1, figures.runs.usedBins().second);
    }
}

void RangeFiguresTest::lanesAddUpToTheExecutor()
{
    const SnapshotPtr trace =
        test::makeSyntheticTrace({.lanes = 4, .tasks = 10'000, .executors = 2});
    const TimeRange range{trace->nowNs / 4, trace->nowNs / 3};
    const RangeFigures figures = rangeFigures(*trace, 1, range);
    QCOMPARE(figures.lanes.size(), std::size_t{4});
    Nanos busyNs = 0;
    Nanos laneNs = 0;
    std::uint64_t attempts = 0;
    for (const LaneShare& lane : figures.lanes) {
        QCOMPARE(trace->lanes[static_cast<std::size_t>(lane.lane)].info().executor, 1);
        QVERIFY(lane.share() > 0 && lane.share() <= 1);
        busyNs += lane.busyNs;
        laneNs += lane.laneNs;
        attempts += lane.attempts;
    }
    QCOMPARE(busyNs, figures.summary.busyNs);
    QCOMPARE(laneNs, figures.summary.laneNs);
    QCOMPARE(attempts, figures.summary.tasks);
}

void RangeFiguresTest::lostAttemptsHaveNoTimes()
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Process, 0});
    lane.openLife({0, -1, 1, 1});
    TaskRecord record;
    record.endNs = 500;
    record.setState(TaskState::Lost, true);
    lane.append(record, {}, "died");
    record.startNs = 500;
    record.endNs = 600;
    record.attempt = 2;
    record.setState(TaskState::Done);
    lane.append(record, {}, {});
    lane.closeLife(600);
    const SnapshotPtr trace =
        makeFinishedSnapshot(recorder, std::make_shared<TraceMeta>(), {}, 600);
    const RangeFigures figures = rangeFigures(*trace, 0, std::nullopt);
    QCOMPARE(figures.attempts, std::uint64_t{1});
    QCOMPARE(figures.runSumNs, Nanos{100});
    QCOMPARE(figures.waitSumNs, Nanos{500});
    QCOMPARE(figures.lanes.front().attempts, std::uint64_t{2});
    QCOMPARE(figures.lanes.front().share(), 1.0);
}

void RangeFiguresTest::emptyRangeIsAllZero()
{
    const SnapshotPtr trace = test::makeSyntheticTrace(2, 100);
    const RangeFigures figures = rangeFigures(*trace, 0, TimeRange{5, 5});
    QCOMPARE(figures.attempts, std::uint64_t{0});
    QCOMPARE(figures.summary.tasks, std::uint64_t{0});
    QVERIFY(figures.lanes.empty());
}

namespace {

test::SyntheticOptions manyTasks(std::uint64_t capBytes)
{
    test::SyntheticOptions options;
    options.lanes = 3;
    options.tasks = 200'000;
    options.failureRate = 0.01;
    options.retryRate = 0.001;
    options.cancelRate = 0.05;
    options.memoryCapBytes = capBytes;
    return options;
}

constexpr std::uint64_t kCapBytes = std::uint64_t{4} << 20U;

} // namespace

void RangeFiguresTest::sumsOfTheWholeRunOutliveItsDetail()
{
    const SnapshotPtr whole = test::makeSyntheticTrace(manyTasks(0));
    const SnapshotPtr capped = test::makeSyntheticTrace(manyTasks(kCapBytes));
    QVERIFY(detailSince(*capped) && !detailSince(*whole));
    const RangeFigures a = rangeFigures(*whole, 0, std::nullopt);
    const RangeFigures b = rangeFigures(*capped, 0, std::nullopt);
    QCOMPARE(b.summary.tasks, a.summary.tasks);
    QCOMPARE(b.summary.done, a.summary.done);
    QCOMPARE(b.summary.failed, a.summary.failed);
    QCOMPARE(b.summary.cancelled, a.summary.cancelled);
    QCOMPARE(b.summary.lostAttempts, a.summary.lostAttempts);
    QCOMPARE(b.summary.makespanNs, a.summary.makespanNs);
    QCOMPARE(b.summary.busyNs, a.summary.busyNs);
    QCOMPARE(b.attempts, a.attempts);
    QCOMPARE(b.runSumNs, a.runSumNs);
    QCOMPARE(b.waitSumNs, a.waitSumNs);
    QVERIFY(b.runs == a.runs && b.waits == a.waits);
    for (std::size_t i = 0; i < a.lanes.size(); ++i) {
        QCOMPARE(b.lanes[i].attempts, a.lanes[i].attempts);
        QCOMPARE(b.lanes[i].busyNs, a.lanes[i].busyNs);
    }
    QVERIFY(b.summary.detailSinceNs == detailSince(*capped) && !a.summary.detailSinceNs);
}

void RangeFiguresTest::rangesSpeakOfTheTimeWithDetail()
{
    const SnapshotPtr whole = test::makeSyntheticTrace(manyTasks(0));
    const SnapshotPtr capped = test::makeSyntheticTrace(manyTasks(kCapBytes));
    const Nanos sinceNs = *detailSince(*capped);
    const TimeRange later{sinceNs, capped->nowNs};
    const RunSummary expected = summariseRange(*whole, 0, later);
    for (const Nanos beginNs : {sinceNs, sinceNs / 2, Nanos{0}}) {
        const RunSummary summary = summariseRange(*capped, 0, {beginNs, capped->nowNs});
        QCOMPARE(summary.tasks, expected.tasks);
        QCOMPARE(summary.busyNs, expected.busyNs);
        QCOMPARE(summary.run.p99Ns, expected.run.p99Ns);
        QCOMPARE(summary.makespanNs, expected.makespanNs);
        QCOMPARE(summary.detailSinceNs.has_value(), beginNs < sinceNs);
    }
    const RunSummary gone = summariseRange(*capped, 0, {0, sinceNs / 2});
    QCOMPARE(gone.tasks, std::uint64_t{0});
    QVERIFY(gone.detailSinceNs.has_value());
}

void RangeFiguresTest::everyNanosecondWithDetailIsInTheLedger()
{
    const SnapshotPtr whole = test::makeSyntheticTrace(manyTasks(0));
    const SnapshotPtr capped = test::makeSyntheticTrace(manyTasks(kCapBytes));
    const Nanos sinceNs = *detailSince(*capped);
    const Ledger expected = ledgerOf(*whole, 0, {sinceNs, capped->nowNs});
    const Ledger ledger = ledgerOf(*capped, 0, {0, capped->nowNs});
    QCOMPARE(ledger.totalNs, expected.totalNs);
    QCOMPARE(ledger.ns, expected.ns);
}

QTEST_GUILESS_MAIN(RangeFiguresTest)
#include "tst_range_figures.moc"
