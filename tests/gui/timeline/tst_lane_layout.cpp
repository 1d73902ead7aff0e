// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/synthetic_trace.h"
#include "ui/timeline/lane_layout.h"

#include <QTest>

#include <memory>
#include <vector>

using namespace poolscope;

class TestLaneLayout : public QObject
{
    Q_OBJECT

private slots:
    void titleStandsAboveItsLanes();
    void everyLaneHasItsRow();
    void rowsDoNotOverlap();
    void lanesShareTheHeight();
    void manyLanesKeepTheLeastHeight();
    void rowAtFindsWhatRowOfPlaced();
    void nothingLiesBetweenRows();
    void emptyQueueLaneIsHidden();
    void collapsedLanesAreOneRow();
    void lanesHaveTheHeightThatIsAsked();
    void threadsWithoutTasksStandBelowTheirExecutor();
};

namespace {

SnapshotPtr duel()
{
    test::SyntheticOptions options;
    options.lanes = 3;
    options.executors = 2;
    options.tasks = 300;
    options.cancelRate = 0.2;
    return test::makeSyntheticTrace(options);
}

} // namespace

void TestLaneLayout::titleStandsAboveItsLanes()
{
    const SnapshotPtr trace = duel();
    const LaneLayout layout(*trace, {}, 600);
    int executor = -1;
    for (const LaneRow& row : layout.rows()) {
        if (row.isGroup()) {
            QCOMPARE(row.executor, executor + 1);
            executor = row.executor;
        } else {
            QCOMPARE(trace->lanes[static_cast<std::size_t>(row.lane)].info().executor, executor);
        }
    }
    QCOMPARE(executor, 1);
}

void TestLaneLayout::everyLaneHasItsRow()
{
    const SnapshotPtr trace = duel();
    const LaneLayout layout(*trace, {}, 600);
    for (std::size_t i = 0; i < trace->lanes.size(); ++i) {
        QCOMPARE(layout.rowOf(static_cast<int>(i)) != nullptr, isShown(trace->lanes[i]));
    }
    QVERIFY(layout.rowOf(999) == nullptr);
}

void TestLaneLayout::rowsDoNotOverlap()
{
    const LaneLayout layout(*duel(), {}, 600);
    double bottom = 0;
    for (const LaneRow& row : layout.rows()) {
        QVERIFY(row.top >= bottom);
        QVERIFY(row.height > 0);
        bottom = row.bottom();
    }
    QVERIFY(layout.contentHeight() >= bottom);
}

void TestLaneLayout::lanesShareTheHeight()
{
    const SnapshotPtr trace = test::makeSyntheticTrace(8, 100);
    const LaneMetrics metrics;
    const LaneLayout layout(*trace, metrics, 300);
    QVERIFY(layout.contentHeight() <= 300);
    QVERIFY(layout.contentHeight() > 300 - 8 - 1);
    QVERIFY(LaneLayout(*trace, metrics, 1e6).rowOf(0)->height <= metrics.maxLaneHeight);
}

void TestLaneLayout::manyLanesKeepTheLeastHeight()
{
    const SnapshotPtr trace = test::makeSyntheticTrace(64, 1'000);
    const LaneMetrics metrics;
    const LaneLayout layout(*trace, metrics, 300);
    QVERIFY(layout.contentHeight() > 300);
    QCOMPARE(layout.rowOf(63)->height, metrics.minLaneHeight);
}

void TestLaneLayout::rowAtFindsWhatRowOfPlaced()
{
    const SnapshotPtr trace = duel();
    const LaneLayout layout(*trace, {}, 600);
    for (int lane = 0; lane < static_cast<int>(trace->lanes.size()); ++lane) {
        const LaneRow* row = layout.rowOf(lane);
        if (row == nullptr) {
            continue;
        }
        QCOMPARE(layout.rowAt(row->top), row);
        QCOMPARE(layout.rowAt(row->top + row->height / 2), row);
        QCOMPARE(layout.rowAt(row->bottom() - 0.01), row);
    }
}

void TestLaneLayout::nothingLiesBetweenRows()
{
    const LaneLayout layout(*duel(), {}, 600);
    QVERIFY(layout.rowAt(-1) == nullptr);
    QVERIFY(layout.rowAt(layout.contentHeight() + 1) == nullptr);
    QVERIFY(layout.rowAt(layout.rowOf(0)->bottom() + 0.5) == nullptr);
}

void TestLaneLayout::emptyQueueLaneIsHidden()
{
    const auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& queue = recorder->addLane({0, LaneKind::Queue, 0});
    LaneView view;
    view.lane = &queue;
    QVERIFY(!isShown(view));
    view.recordCount = 1;
    QVERIFY(isShown(view));
}

void TestLaneLayout::collapsedLanesAreOneRow()
{
    const SnapshotPtr trace = duel();
    LaneArrangement arrangement;
    arrangement.setCollapsed(0, true);
    const LaneLayout layout(*trace, {}, 600, arrangement);
    QCOMPARE(layout.rows()[1].kind, LaneRow::Kind::Summary);
    QVERIFY(layout.rows()[2].isGroup());
    QVERIFY(layout.rowOf(0) == nullptr);
    for (std::size_t i = 0; i < trace->lanes.size(); ++i) {
        const LaneView& lane = trace->lanes[i];
        QCOMPARE(layout.rowOf(static_cast<int>(i)) != nullptr,
                 lane.info().executor == 1 && isShown(lane));
    }
}

void TestLaneLayout::lanesHaveTheHeightThatIsAsked()
{
    const SnapshotPtr trace = duel();
    const LaneLayout layout(*trace, {}, 600, {LaneOrder::Number, 0, 77});
    QCOMPARE(layout.rowOf(0)->height, 77.0);
    const LaneLayout least(*trace, {}, 600, {LaneOrder::Number, 0, 1});
    QCOMPARE(least.rowOf(0)->height, LaneArrangement::kLeastHeight);
}

void TestLaneLayout::threadsWithoutTasksStandBelowTheirExecutor()
{
    const SnapshotPtr trace = duel();
    auto snapshot = std::make_shared<Snapshot>(*trace);
    const InfrastructureLane io({0, "Process I/O", 5});
    const InfrastructureLane collector({-1, "Collector", 6});
    snapshot->infrastructure = {{&io, 0}, {&collector, 0}};
    QCOMPARE(LaneLayout(*snapshot, {}, 600), LaneLayout(*trace, {}, 600)); // unless they are wanted
    LaneMetrics metrics;
    metrics.infrastructureHeight = 12;
    const LaneLayout layout(*snapshot, metrics, 600);
    int executor = 0;
    std::vector<int> found;
    for (const LaneRow& row : layout.rows()) {
        if (row.kind == LaneRow::Kind::Infrastructure) {
            executor = row.executor;
            QCOMPARE(executor, row.lane == 0 ? 0 : 1);
            QCOMPARE(row.height, 12.0);
            found.push_back(row.lane);
        }
    }
    QCOMPARE(found, (std::vector<int>{0, 1}));
    QCOMPARE(layout.rows().back().lane, 1); // that of no executor is the last of all
}

QTEST_GUILESS_MAIN(TestLaneLayout)
#include "tst_lane_layout.moc"
