// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/timeline/timeline_case.h"
#include "tests/support/synthetic_trace.h"
#include "ui/timeline/time_scale.h"
#include "ui/timeline/timeline_style.h"

#include <QTest>

using namespace poolscope;
using namespace poolscope::test;

/// Selecting tasks and arranging lanes, by mouse and by keys.
class TestTimelineKeys : public QObject
{
    Q_OBJECT

private slots:
    void aClickSelectsTheTask();
    void aDragSelectsNothing();
    void commaAndPeriodGoAlongTheLane();
    void bracketsGoFromLaneToLane();
    void theFirstKeySelectsWhatIsInView();
    void enterZoomsAndEscapeForgets();
    void aSelectedTaskHasAnArrowFromItsSubmit();
    void aTitleCollapsesItsLanes();
    void theKeyCollapsesTheSelectedExecutor();
    void shiftAndArrowsSetTheHeight();
    void draggingAnEdgeSetsTheHeight();
    void lanesAreOrdered();
};

namespace {

constexpr int kTitleMiddle = 13;

QPoint pointAt(const TimelineCase& f, Nanos timeNs, int lane = 0)
{
    const TimeScale scale = scaleFor(f.state.visible(), f.view.plotLeft(), f.view.plotWidth());
    return {static_cast<int>(toX(scale, timeNs)), f.laneRect(lane).center().y()};
}

SnapshotPtr duel()
{
    SyntheticOptions options;
    options.lanes = 3;
    options.executors = 2;
    options.tasks = 600;
    return makeSyntheticTrace(options);
}

} // namespace

void TestTimelineKeys::aClickSelectsTheTask()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    QTest::mouseClick(f.view.viewport(), Qt::LeftButton, {},
                      pointAt(f, 20 * kTaskNs + kTaskNs / 2));
    QCOMPARE(f.state.selected(), std::optional(RecordRef{0, 20}));
    QVERIFY(countPixels(f.grab(), f.laneRect(), Theme::dark().accent) > 20);
    QTest::mouseClick(f.view.viewport(), Qt::LeftButton, {},
                      {f.view.plotLeft() + 50, f.view.viewport()->height() - 5});
    QVERIFY(!f.state.selected());
}

void TestTimelineKeys::aDragSelectsNothing()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    const QPoint at = pointAt(f, 20 * kTaskNs + kTaskNs / 2);
    QTest::mousePress(f.view.viewport(), Qt::LeftButton, {}, at);
    QTest::mouseMove(f.view.viewport(), at + QPoint(60, 0));
    QTest::mouseRelease(f.view.viewport(), Qt::LeftButton, {}, at + QPoint(60, 0));
    QVERIFY(!f.state.selected());
}

void TestTimelineKeys::commaAndPeriodGoAlongTheLane()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    f.state.setVisible({0, 5 * kTaskNs});
    f.state.setSelected(RecordRef{0, 4});
    QTest::keyClick(&f.view, Qt::Key_Period);
    QTest::keyClick(&f.view, Qt::Key_Period);
    QCOMPARE(f.state.selected(), std::optional(RecordRef{0, 6}));
    QVERIFY(f.state.visible().contains(6 * kTaskNs)); // it came into view
    for (int i = 0; i < 10; ++i) {
        QTest::keyClick(&f.view, Qt::Key_Comma);
    }
    QCOMPARE(f.state.selected(), std::optional(RecordRef{0, 0})); // and stays at the first
}

void TestTimelineKeys::bracketsGoFromLaneToLane()
{
    TimelineCase f(duel());
    const Snapshot& snapshot = *f.state.snapshot();
    f.state.setSelected(RecordRef{0, 50});
    const TaskRecord first = *findRecord(snapshot, *f.state.selected());
    QTest::keyClick(&f.view, Qt::Key_BracketRight);
    QCOMPARE(f.state.selected()->lane, 1);
    const TaskRecord second = *findRecord(snapshot, *f.state.selected());
    const Nanos middle = first.startNs + first.runNs() / 2;
    QVERIFY(second.endNs > middle);
    QVERIFY(snapshot.lanes[1].lane->record(f.state.selected()->record - 1).endNs <= middle);
    QTest::keyClick(&f.view, Qt::Key_BracketLeft);
    QTest::keyClick(&f.view, Qt::Key_BracketLeft);
    QCOMPARE(f.state.selected()->lane, 0);
}

void TestTimelineKeys::theFirstKeySelectsWhatIsInView()
{
    TimelineCase f(duel());
    const TimeRange all = f.state.bounds();
    f.state.setVisible({all.endNs / 2, all.endNs / 2 + all.endNs / 10});
    QTest::keyClick(&f.view, Qt::Key_Period);
    QVERIFY(f.state.selected());
    QVERIFY(
        f.state.visible().contains(findRecord(*f.state.snapshot(), *f.state.selected())->endNs));
}

void TestTimelineKeys::enterZoomsAndEscapeForgets()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    f.state.setSelected(RecordRef{0, 20});
    QTest::keyClick(&f.view, Qt::Key_Return);
    QVERIFY(f.state.visible().duration() < 3 * kTaskNs);
    QVERIFY(f.state.visible().contains(20 * kTaskNs));
    f.state.setSelection(TimeRange{0, kTaskNs});
    QTest::keyClick(&f.view, Qt::Key_Escape);
    QVERIFY(!f.state.selection());
    QVERIFY(f.state.selected());
    QTest::keyClick(&f.view, Qt::Key_Escape);
    QVERIFY(!f.state.selected());
}

void TestTimelineKeys::aSelectedTaskHasAnArrowFromItsSubmit()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    const QRect above(f.view.plotLeft(), f.rulerHeight(), f.view.plotWidth(),
                      f.laneRect().top() - f.rulerHeight());
    QCOMPARE(countPixels(f.grab(), above, Theme::dark().wait), 0);
    f.state.setSelected(RecordRef{0, 30});
    QVERIFY(countPixels(f.grab(), above, Theme::dark().wait) > 5);
}

void TestTimelineKeys::aTitleCollapsesItsLanes()
{
    TimelineCase f(duel());
    const QPoint title(40, f.rulerHeight() + kTitleMiddle);
    QTest::mouseClick(f.view.viewport(), Qt::LeftButton, {}, title);
    QVERIFY(f.state.arrangement().isCollapsed(0));
    QVERIFY(!f.state.arrangement().isCollapsed(1));
    // One row stands for the three, and shows what they did.
    const LaneLayout layout(*f.state.snapshot(), {}, f.view.viewport()->height() - f.rulerHeight(),
                            f.state.arrangement());
    QCOMPARE(layout.rows()[1].kind, LaneRow::Kind::Summary);
    const QRectF summary(f.view.plotLeft(), f.rulerHeight() + layout.rows()[1].top,
                         f.view.plotWidth(), layout.rows()[1].height);
    const TimelineStyle style(Theme::dark(), f.view.font());
    int coloured = 0;
    for (const BarColors& colors : style.kinds) {
        coloured += countPixels(f.grab(), summary.toRect(), colors.muted);
    }
    QVERIFY(coloured > summary.width() * summary.height() / 8);
    QTest::mouseClick(f.view.viewport(), Qt::LeftButton, {}, title);
    QVERIFY(!f.state.arrangement().isCollapsed(0));
}

void TestTimelineKeys::theKeyCollapsesTheSelectedExecutor()
{
    TimelineCase f(duel());
    f.state.setSelected(RecordRef{4, 2});
    QTest::keyClick(&f.view, Qt::Key_C);
    QVERIFY(!f.state.arrangement().isCollapsed(0));
    QVERIFY(f.state.arrangement().isCollapsed(1));
}

void TestTimelineKeys::shiftAndArrowsSetTheHeight()
{
    TimelineCase f(duel());
    const int before = f.laneRect().height();
    QTest::keyClick(&f.view, Qt::Key_Up, Qt::ShiftModifier);
    QVERIFY(f.state.arrangement().laneHeight > before);
    for (int i = 0; i < 30; ++i) {
        QTest::keyClick(&f.view, Qt::Key_Down, Qt::ShiftModifier);
    }
    QCOMPARE(f.state.arrangement().laneHeight, LaneArrangement::kLeastHeight);
    QCOMPARE(f.view.verticalScrollBar()->maximum(), 0);
}

void TestTimelineKeys::draggingAnEdgeSetsTheHeight()
{
    TimelineCase f(duel());
    const QRect lane = f.laneRect();
    const QPoint edge(60, lane.bottom() + 1);
    QTest::mousePress(f.view.viewport(), Qt::LeftButton, {}, edge);
    QTest::mouseMove(f.view.viewport(), edge + QPoint(0, 17));
    QTest::mouseRelease(f.view.viewport(), Qt::LeftButton, {}, edge + QPoint(0, 17));
    QVERIFY(std::abs(f.state.arrangement().laneHeight - (lane.height() + 17)) <= 1.5);
    QVERIFY(!f.state.arrangement().isCollapsed(0));
}

void TestTimelineKeys::lanesAreOrdered()
{
    const SnapshotPtr trace = duel();
    for (const LaneOrder order :
         {LaneOrder::Number, LaneOrder::BusyShare, LaneOrder::Tasks, LaneOrder::Start}) {
        const std::vector<int> lanes = orderedLanes(*trace, order);
        QCOMPARE(lanes.size(), trace->lanes.size());
        for (std::size_t i = 1; i < lanes.size(); ++i) {
            const LaneView& above = trace->lanes[static_cast<std::size_t>(lanes[i - 1])];
            const LaneView& below = trace->lanes[static_cast<std::size_t>(lanes[i])];
            QVERIFY(above.info().executor <= below.info().executor);
            if (order == LaneOrder::Tasks && above.info().executor == below.info().executor) {
                QVERIFY(above.recordCount >= below.recordCount);
            }
        }
    }
    TimelineCase f(trace);
    const QImage before = f.grab();
    f.state.setArrangement({LaneOrder::Tasks, 0, 0});
    const std::vector<int> lanes = orderedLanes(*trace, LaneOrder::Tasks);
    const bool isSame = std::is_sorted(lanes.begin(), lanes.end());
    QCOMPARE(f.grab() == before, isSame);
}

QTEST_MAIN(TestTimelineKeys)
#include "tst_timeline_keys.moc"
