// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/timeline/timeline_case.h"
#include "tests/support/synthetic_trace.h"
#include "ui/timeline/task_card.h"
#include "ui/timeline/time_scale.h"
#include "ui/timeline/timeline_painter.h"

#include <QSignalSpy>
#include <QTest>

using namespace poolscope;
using namespace poolscope::test;

class TestTimelineMouse : public QObject
{
    Q_OBJECT

private slots:
    void theCrossOfADeathTellsWhy();
    void wheelZoomsAtTheCursor();
    void wheelWithModifiersPansAndScrolls();
    void dragPans();
    void shiftDragSelects();
    void keysMoveAndZoom();
    void doubleClickZoomsToTheTask();
    void hoveringSetsCursorAndRecord();
    void leavingClearsTheHover();
    void manyLanesCanBeScrolled();
};

void TestTimelineMouse::theCrossOfADeathTellsWhy()
{
    TimelineCase f(makeProcessLane());
    f.state.setVisible({0, 20 * kTaskNs});
    const QRectF lane = f.laneRect();
    const QRectF cross = deathMark(lane.left() + lane.width() * 12 / 20, lane);
    f.hover(cross.center().toPoint());
    const auto* card = f.view.viewport()->findChild<TaskCard*>();
    QVERIFY(card != nullptr && card->isVisible());
    QCOMPARE(card->facts().title, QStringLiteral("Process 0 died"));
    QCOMPARE(card->facts().note, QStringLiteral("killed by signal 9 (Killed)"));
    f.hover(QPointF(lane.left() + lane.width() * 7 / 20, lane.center().y()).toPoint());
    QVERIFY(card->facts().title != QStringLiteral("Process 0 died"));
}

void TestTimelineMouse::wheelZoomsAtTheCursor()
{
    TimelineCase f(makeLane(1'000, -1, TaskState::Done));
    const QPoint at(f.view.plotLeft() + f.view.plotWidth() / 4, 120);
    const auto timeAt = [&] {
        return toTime(scaleFor(f.state.visible(), f.view.plotLeft(), f.view.plotWidth()), at.x());
    };
    const Nanos before = timeAt();
    const Nanos duration = f.state.visible().duration();
    f.wheel(at, {0, 120});
    QVERIFY(f.state.visible().duration() < duration);
    QVERIFY(std::abs(timeAt() - before) < duration / f.view.plotWidth() * 2);
    f.wheel(at, {0, -120});
    QVERIFY(std::abs(f.state.visible().duration() - duration) < duration / 100);
}

void TestTimelineMouse::wheelWithModifiersPansAndScrolls()
{
    TimelineCase f(test::makeSyntheticTrace(64, 10'000));
    const TimeRange middle{f.state.bounds().endNs / 4, f.state.bounds().endNs / 2};
    f.state.setVisible(middle);
    const QPoint at(f.view.plotLeft() + 100, 120);
    f.wheel(at, {0, -120}, Qt::ShiftModifier);
    QVERIFY(f.state.visible().beginNs > middle.beginNs);
    QCOMPARE(f.state.visible().duration(), middle.duration());
    const TimeRange panned = f.state.visible();
    f.wheel(at, {0, -120}, Qt::ControlModifier);
    QCOMPARE(f.state.visible(), panned);
    QVERIFY(f.view.verticalScrollBar()->value() > 0);
    const int scrolled = f.view.verticalScrollBar()->value();
    f.wheel({20, 120}, {0, -120});
    QVERIFY(f.view.verticalScrollBar()->value() > scrolled);
}

void TestTimelineMouse::dragPans()
{
    TimelineCase f(makeLane(1'000, -1, TaskState::Done));
    const Nanos end = f.state.bounds().endNs;
    f.state.setVisible({end / 4, end / 2});
    const Nanos begin = f.state.visible().beginNs;
    const QPoint from(f.view.plotLeft() + 300, 120);
    QTest::mousePress(f.view.viewport(), Qt::LeftButton, {}, from);
    QTest::mouseMove(f.view.viewport(), from - QPoint(100, 0));
    QTest::mouseRelease(f.view.viewport(), Qt::LeftButton, {}, from - QPoint(100, 0));
    const double nsPerPx = static_cast<double>(end / 4) / f.view.plotWidth();
    QVERIFY(std::abs(static_cast<double>(f.state.visible().beginNs - begin) - 100 * nsPerPx) <
            3 * nsPerPx);
    QVERIFY(!f.state.selection());
}

void TestTimelineMouse::shiftDragSelects()
{
    TimelineCase f(makeLane(1'000, -1, TaskState::Done));
    const TimeRange visible = f.state.visible();
    const QPoint from(f.view.plotLeft() + 100, 120);
    QSignalSpy changed(&f.state, &ViewState::selectionChanged);
    QTest::mousePress(f.view.viewport(), Qt::LeftButton, Qt::ShiftModifier, from);
    QTest::mouseMove(f.view.viewport(), from + QPoint(200, 0));
    QTest::mouseRelease(f.view.viewport(), Qt::LeftButton, Qt::ShiftModifier,
                        from + QPoint(200, 0));
    QVERIFY(changed.size() >= 1);
    QVERIFY(f.state.selection());
    const TimeScale scale = scaleFor(visible, f.view.plotLeft(), f.view.plotWidth());
    const auto twoPixels = static_cast<Nanos>(2 * scale.nsPerPx);
    QVERIFY(std::abs(f.state.selection()->beginNs - toTime(scale, from.x())) < twoPixels);
    QVERIFY(std::abs(f.state.selection()->endNs - toTime(scale, from.x() + 200)) < twoPixels);
    QCOMPARE(f.state.visible(), visible);
    QVERIFY(countPixels(f.grab(), f.plot(), Theme::dark().accent) > 100);
    QTest::keyClick(&f.view, Qt::Key_Escape);
    QVERIFY(!f.state.selection());
}

void TestTimelineMouse::keysMoveAndZoom()
{
    TimelineCase f(makeLane(1'000, -1, TaskState::Done));
    const Nanos whole = f.state.visible().duration();
    QTest::keyClick(&f.view, Qt::Key_Plus);
    const Nanos zoomed = f.state.visible().duration();
    QVERIFY(zoomed < whole);
    Nanos begin = f.state.visible().beginNs;
    QTest::keyClick(&f.view, Qt::Key_Right);
    QVERIFY(f.state.visible().beginNs > begin);
    begin = f.state.visible().beginNs;
    QTest::keyClick(&f.view, Qt::Key_A);
    QVERIFY(f.state.visible().beginNs < begin);
    QTest::keyClick(&f.view, Qt::Key_Home);
    QCOMPARE(f.state.visible().beginNs, Nanos{0});
    QTest::keyClick(&f.view, Qt::Key_End);
    QCOMPARE(f.state.visible().endNs, f.state.bounds().endNs);
    QCOMPARE(f.state.visible().duration(), zoomed);
    QTest::keyClick(&f.view, Qt::Key_Minus);
    QVERIFY(f.state.visible().duration() > zoomed);
    QTest::keyClick(&f.view, Qt::Key_F);
    QCOMPARE(f.state.visible(), f.state.bounds());
}

void TestTimelineMouse::doubleClickZoomsToTheTask()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    const TimeScale scale = scaleFor(f.state.visible(), f.view.plotLeft(), f.view.plotWidth());
    const QPoint at(static_cast<int>(toX(scale, 20 * kTaskNs + kTaskNs / 2)),
                    f.laneRect().center().y());
    QTest::mouseDClick(f.view.viewport(), Qt::LeftButton, {}, at);
    QVERIFY(f.state.visible().beginNs < 20 * kTaskNs);
    QVERIFY(f.state.visible().beginNs > 18 * kTaskNs);
    QVERIFY(f.state.visible().endNs > 21 * kTaskNs - 1000);
    QVERIFY(f.state.visible().endNs < 23 * kTaskNs);
}

void TestTimelineMouse::hoveringSetsCursorAndRecord()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    const TimeScale scale = scaleFor(f.state.visible(), f.view.plotLeft(), f.view.plotWidth());
    const QPoint at(static_cast<int>(toX(scale, 20 * kTaskNs + kTaskNs / 2)),
                    f.laneRect().center().y());
    f.hover(at);
    QCOMPARE(f.state.hovered(), std::optional(RecordRef{0, 20}));
    QVERIFY(f.state.cursor());
    QVERIFY(std::abs(*f.state.cursor() - (20 * kTaskNs + kTaskNs / 2)) <
            static_cast<Nanos>(3 * scale.nsPerPx));
    QVERIFY(countPixels(f.grab(), f.laneRect(), Theme::dark().running) > 10);
}

void TestTimelineMouse::leavingClearsTheHover()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    f.hover(f.laneRect().center());
    QVERIFY(f.state.cursor());
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(f.view.viewport(), &leave);
    QVERIFY(!f.state.cursor());
    QVERIFY(!f.state.hovered());
}

void TestTimelineMouse::manyLanesCanBeScrolled()
{
    TimelineCase f(test::makeSyntheticTrace(64, 10'000));
    QVERIFY(f.view.verticalScrollBar()->maximum() > 0);
    const QImage top = f.grab();
    QTest::keyClick(&f.view, Qt::Key_PageDown);
    QVERIFY(f.view.verticalScrollBar()->value() > 0);
    QVERIFY(f.grab() != top);
    TimelineCase few(test::makeSyntheticTrace(2, 1'000));
    QCOMPARE(few.view.verticalScrollBar()->maximum(), 0);
}

QTEST_MAIN(TestTimelineMouse)
#include "tst_timeline_mouse.moc"
