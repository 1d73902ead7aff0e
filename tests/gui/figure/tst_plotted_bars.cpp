// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/figure/figure_case.h"
#include "ui/figure/figure_census.h"
#include "ui/figure/plotted_bars.h"

#include <QTest>

#include <sstream>

namespace poolscope {

/// Which bars a figure has, what is merged, and what is counted of it.
class TestPlottedBars : public QObject
{
    Q_OBJECT

private slots:
    void neighboursTooShortToBeSeenMerge();
    void whatIsFarApartStaysApart();
    void longTasksNeverMerge();
    void everyRecordIsInOneBar();
    void rangeCutsBars();
    void csvHasARowForEachBar();
    void csvQuotesNames();
    void censusDoesNotDependOnTheThreads();
};

namespace {

std::vector<PlottedBar> barsOf(const SnapshotPtr& snapshot, TimeRange range, Nanos belowNs)
{
    std::vector<PlottedBar> bars;
    forEachPlottedBar(snapshot->lanes.front(), range, MergeRule{belowNs},
                      [&bars](const PlottedBar& bar) { bars.push_back(bar); });
    return bars;
}

QList<QByteArray> rowsOf(const SnapshotPtr& snapshot, TimeRange range, Nanos belowNs)
{
    std::ostringstream out;
    writePlottedBars(*snapshot, range, MergeRule{belowNs}, out);
    QList<QByteArray> rows = QByteArray::fromStdString(out.str()).split('\n');
    rows.removeFirst();
    rows.removeLast();
    return rows;
}

const std::vector<test::TaskAt> kTasks{{0, 100},   {110, 115}, {116, 120, TaskState::Failed},
                                       {130, 139}, {500, 504}, {600, 900}};

} // namespace

void TestPlottedBars::neighboursTooShortToBeSeenMerge()
{
    const auto bars = barsOf(test::laneOf(kTasks, 1000), {0, 1000}, 10);
    QCOMPARE(bars.size(), std::size_t{4});
    const PlottedBar& merged = bars[1];
    QVERIFY(merged.isMerged());
    QCOMPARE(merged.count, std::uint64_t{3});
    QCOMPARE(merged.beginNs, Nanos{110});
    QCOMPARE(merged.endNs, Nanos{139});
    QCOMPARE(merged.busyNs, Nanos{18});
    QVERIFY((merged.stateBits & stateBit(TaskState::Failed)) != 0); // seen in the sum
}

void TestPlottedBars::whatIsFarApartStaysApart()
{
    const auto bars = barsOf(test::laneOf(kTasks, 1000), {0, 1000}, 10);
    QVERIFY(!bars[2].isMerged());
    QCOMPARE(bars[2].beginNs, Nanos{500});
}

void TestPlottedBars::longTasksNeverMerge()
{
    QCOMPARE(barsOf(test::laneOf(kTasks, 1000), {0, 1000}, 0).size(), kTasks.size());
    QCOMPARE(barsOf(test::laneOf(kTasks, 1000), {0, 1000}, 4).size(), kTasks.size());
}

void TestPlottedBars::everyRecordIsInOneBar()
{
    const SnapshotPtr trace = test::makeSyntheticTrace(1, 5'000);
    for (const Nanos below : {Nanos{0}, Nanos{10'000}, Nanos{100'000}, trace->nowNs}) {
        std::uint64_t next = 0;
        for (const PlottedBar& bar : barsOf(trace, {0, trace->nowNs}, below)) {
            QCOMPARE(bar.first, next);
            next += bar.count;
        }
        QCOMPARE(next, trace->recordCount());
    }
}

void TestPlottedBars::rangeCutsBars()
{
    const auto rows = rowsOf(test::laneOf(kTasks, 1000), {50, 700}, 10);
    QCOMPARE(rows.size(), 4);
    QVERIFY(rows.first().endsWith(",begin"));
    QVERIFY(rows.last().endsWith(",end"));
    QVERIFY(rowsOf(test::laneOf(kTasks, 1000), {650, 700}, 10).first().endsWith(",both"));
    QVERIFY(rowsOf(test::laneOf(kTasks, 1000), {920, 950}, 10).isEmpty());
}

void TestPlottedBars::csvHasARowForEachBar()
{
    const auto rows = rowsOf(test::laneOf(kTasks, 1000), {0, 1000}, 10);
    QCOMPARE(rows[0], QByteArray("threads,thread,0,1,0,made_up 0,done,0,0,100,100,"));
    QCOMPARE(rows[1], QByteArray("threads,thread,0,3,,,done+failed,,110,139,18,"));
    const SnapshotPtr duel = test::duel(500);
    std::uint64_t attempts = 0;
    for (const QByteArray& row : rowsOf(duel, {0, duel->nowNs}, duel->nowNs / 1000)) {
        attempts += row.split(',')[3].toULongLong();
    }
    QCOMPARE(attempts, duel->recordCount());
}

void TestPlottedBars::csvQuotesNames()
{
    const SnapshotPtr plain = test::laneOf({{0, 100}}, 1000);
    auto plan = std::make_shared<JobPlan>(*plain->meta->plan);
    plan->items = {"a \"b\", c"};
    auto meta = std::make_shared<TraceMeta>(*plain->meta);
    meta->plan = plan;
    auto named = std::make_shared<Snapshot>(*plain);
    named->meta = meta;
    QVERIFY(rowsOf(named, {0, 1000}, 0).first().contains("\"a \"\"b\"\", c\""));
}

void TestPlottedBars::censusDoesNotDependOnTheThreads()
{
    // More than what is counted on one thread; the sums must be the same bits each time.
    const SnapshotPtr trace = test::makeSyntheticTrace(16, 300'000);
    const TimeRange all{0, trace->nowNs};
    const FigureCensus first = takeCensus(*trace, all, MergeRule{20'000});
    QVERIFY(first.merged > 0 && first.merged < trace->recordCount());
    for (int i = 0; i < 3; ++i) {
        const FigureCensus again = takeCensus(*trace, all, MergeRule{20'000});
        QVERIFY(again.busyNs == first.busyNs);
        QVERIFY(again.stateNs == first.stateNs);
        QCOMPARE(again.merged, first.merged);
        QCOMPARE(again.ended, first.ended);
    }
}

} // namespace poolscope

QTEST_GUILESS_MAIN(poolscope::TestPlottedBars)
#include "tst_plotted_bars.moc"
