// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/collector.h"
#include "tests/support/synthetic_trace.h"
#include "ui/timeline/bar_labels.h"
#include "ui/timeline/lane_layout.h"
#include "ui/timeline/task_card.h"
#include "ui/timeline/time_scale.h"
#include "ui/timeline/timeline_painter.h"
#include "ui/timeline/timeline_style.h"
#include "ui/timeline/timeline_view.h"

#include <QAccessible>
#include <QMouseEvent>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <cstring>

using namespace poolscope;

namespace {

constexpr Nanos kTaskNs = 1'000'000;

/// One lane with \p tasks of a millisecond, one right after the other; task \p bad ends in \p state.
SnapshotPtr makeLane(int tasks, int bad, TaskState state, bool isLive = false)
{
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = static_cast<std::uint64_t>(tasks) + 1;
    plan->kinds = {"task"};
    auto meta = std::make_shared<TraceMeta>();
    meta->workloadId = "made";
    meta->executors = {{"threads", "Thread pool", 1}};
    meta->plan = plan;
    const Nanos end = tasks * kTaskNs;
    auto recorder = std::make_shared<Recorder>(monotonicNow() - end - 5 * kTaskNs, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    lane.openLife({0, -1, 1, 2});
    for (int i = 0; i < tasks; ++i) {
        TaskRecord record;
        record.submitNs = 0;
        record.startNs = i * kTaskNs;
        // The bad one is as short as can be: it must be seen all the same.
        record.endNs = record.startNs + (i == bad ? 10 : kTaskNs - 1000);
        record.task = static_cast<std::uint32_t>(i);
        record.setState(i == bad ? state : TaskState::Done);
        lane.append(record, {}, i == bad ? "broken" : "");
    }
    if (isLive) {
        lane.setRunning(static_cast<std::uint64_t>(tasks), end + kTaskNs);
    }
    const SnapshotPtr finished = makeFinishedSnapshot(recorder, meta, {{}}, end + 5 * kTaskNs);
    auto snapshot = std::make_shared<Snapshot>(*finished);
    snapshot->isLive = isLive;
    snapshot->lanes[0].running = lane.running();
    return snapshot;
}

/// A process that runs one task and dies: sent at 2 ms, run from 6 to 8, back at 9, dead at 12.
SnapshotPtr makeProcessLane()
{
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = 1;
    plan->kinds = {"task"};
    auto meta = std::make_shared<TraceMeta>();
    meta->workloadId = "made";
    meta->executors = {{"processes", "Process pool", 1}};
    meta->plan = plan;
    auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Process, 0});
    lane.openLife({0, -1, 7, 7});
    TaskRecord record;
    record.startNs = 6 * kTaskNs;
    record.endNs = 8 * kTaskNs;
    record.sentLeadNs = 4 * kTaskNs;
    record.returnLagNs = kTaskNs;
    record.setState(TaskState::Done);
    lane.append(record, {}, "");
    lane.closeLife(12 * kTaskNs);
    recorder->addControlEvent(
        {12 * kTaskNs, ControlKind::WorkerDied, 0, 0, 7, "killed by signal 9 (Killed)"});
    return makeFinishedSnapshot(recorder, meta, {{}}, 20 * kTaskNs);
}

int countPixels(const QImage& image, const QRect& rect, const QColor& color)
{
    int count = 0;
    for (int y = rect.top(); y <= rect.bottom(); ++y) {
        for (int x = rect.left(); x <= rect.right(); ++x) {
            count += image.pixel(x, y) == color.rgb() ? 1 : 0;
        }
    }
    return count;
}

/// A view of 1000 × 300 with its state.
struct Fixture
{
    explicit Fixture(const SnapshotPtr& snapshot, const Theme& theme = Theme::dark())
        : view(state)
    {
        view.setTheme(theme);
        view.resize(1000, 300);
        state.setSnapshot(snapshot);
        view.show();
    }
    QImage grab()
    {
        return view.viewport()->grab().toImage().convertToFormat(QImage::Format_RGB32);
    }
    QRect plot() const { return {view.plotLeft(), 0, view.plotWidth(), view.viewport()->height()}; }
    QRect laneRect(int lane = 0) const
    {
        // The ruler's height is what the view keeps above the first row.
        const LaneLayout layout(*state.snapshot(), {}, view.viewport()->height() - rulerHeight());
        const LaneRow* row = layout.rowOf(lane);
        return QRectF(view.plotLeft(), rulerHeight() + row->top, view.plotWidth(), row->height)
            .toRect();
    }
    int rulerHeight() const
    {
        return view.viewport()->height() - view.verticalScrollBar()->pageStep();
    }
    /// Without a button QTest's moves go by the screen's cursor, which this platform may not have.
    void hover(QPoint at)
    {
        QMouseEvent event(QEvent::MouseMove, at, view.viewport()->mapToGlobal(at), Qt::NoButton,
                          Qt::NoButton, Qt::NoModifier);
        QCoreApplication::sendEvent(view.viewport(), &event);
    }
    void wheel(QPoint at, QPoint delta, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QWheelEvent event(at, view.viewport()->mapToGlobal(at), {}, delta, Qt::NoButton, modifiers,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(view.viewport(), &event);
    }

    ViewState state;
    TimelineView view;
};

} // namespace

class TestTimelineView : public QObject
{
    Q_OBJECT

private slots:
    void aTinyFailureIsSeenAtAnyZoom_data();
    void aTinyFailureIsSeenAtAnyZoom();
    void withoutFailuresNothingHasTheirColor();
    void aBusyLaneIsNotEmpty();
    void theWaitStripIsThere();
    void outsideItsLivesALaneIsBlank();
    void handOverAndReturnAreLinesInTheGaps();
    void theCrossOfADeathTellsWhy();
    void aRunningTaskHasNoTimeInItsName();
    void aRunningTaskGrows();
    void panningGivesTheSamePictureAsDrawingAnew_data();
    void panningGivesTheSamePictureAsDrawingAnew();
    void newRecordsAppearWhileFollowing();
    void wheelZoomsAtTheCursor();
    void wheelWithModifiersPansAndScrolls();
    void dragPans();
    void shiftDragSelects();
    void keysMoveAndZoom();
    void doubleClickZoomsToTheTask();
    void hoveringSetsCursorAndRecord();
    void leavingClearsTheHover();
    void manyLanesCanBeScrolled();
    void emptyViewPaintsItsText();
    void hasAnAccessibleName();
    void plotGeometryFollowsTheSize();
};

void TestTimelineView::aTinyFailureIsSeenAtAnyZoom_data()
{
    QTest::addColumn<int>("tasks");
    QTest::addColumn<TaskState>("state");
    QTest::newRow("columns, failed") << 20'000 << TaskState::Failed;
    QTest::newRow("columns, lost") << 20'000 << TaskState::Lost;
    QTest::newRow("columns, timed out") << 20'000 << TaskState::TimedOut;
    QTest::newRow("bars, failed") << 100 << TaskState::Failed;
    QTest::newRow("bars, lost") << 100 << TaskState::Lost;
}

void TestTimelineView::aTinyFailureIsSeenAtAnyZoom()
{
    QFETCH(int, tasks);
    QFETCH(TaskState, state);
    const int bad = tasks / 3;
    for (const Theme& theme : {Theme::dark(), Theme::light()}) {
        Fixture f(makeLane(tasks, bad, state), theme);
        for (int zoom = 0; zoom < 11; ++zoom) {
            QVERIFY2(countPixels(f.grab(), f.laneRect(), theme.failure) >= 3,
                     qPrintable(QStringLiteral("%1 ns visible").arg(f.state.visible().duration())));
            f.state.zoomAt(bad * kTaskNs, 0.4);
        }
    }
}

void TestTimelineView::withoutFailuresNothingHasTheirColor()
{
    Fixture f(makeLane(20'000, -1, TaskState::Done));
    QCOMPARE(countPixels(f.grab(), f.plot(), Theme::dark().failure), 0);
    f.state.setVisible({0, 50 * kTaskNs});
    QCOMPARE(countPixels(f.grab(), f.plot(), Theme::dark().failure), 0);
}

void TestTimelineView::aBusyLaneIsNotEmpty()
{
    const TimelineStyle style(Theme::dark(), QFont());
    Fixture f(makeLane(20'000, -1, TaskState::Done));
    const QRect lane = f.laneRect();
    const int all = lane.width() * lane.height();
    QVERIFY(countPixels(f.grab(), lane, style.executors[0].muted) > all / 2);
    f.state.setVisible({0, 20 * kTaskNs});
    QVERIFY(countPixels(f.grab(), lane, style.executors[0].fill) > all / 2);
}

void TestTimelineView::theWaitStripIsThere()
{
    // Everything was submitted at once, so late tasks waited long: the strip differs from the lane.
    const Theme theme = Theme::dark();
    Fixture f(makeLane(20'000, -1, TaskState::Done));
    const QImage columns = f.grab();
    const QRect lane = f.laneRect();
    const QColor early = columns.pixelColor(lane.left() + 2, lane.bottom() - 1);
    const QColor late = columns.pixelColor(lane.right() - 30, lane.bottom() - 1);
    QVERIFY(late != theme.laneEven);
    QVERIFY(late.red() > early.red());
    f.state.setVisible({10'000 * kTaskNs, 10'020 * kTaskNs});
    QVERIFY(f.grab().pixelColor(lane.center().x() + 8, lane.bottom() - 1) != theme.laneEven);
}

void TestTimelineView::outsideItsLivesALaneIsBlank()
{
    auto snapshot = std::make_shared<Snapshot>(*makeLane(20, -1, TaskState::Done));
    auto lives = std::make_shared<std::vector<LaneLife>>();
    lives->push_back({0, 20 * kTaskNs, 1, 2});
    snapshot->lanes[0].lives = lives;
    snapshot->nowNs = 40 * kTaskNs;
    const Theme theme = Theme::dark();
    Fixture f(snapshot, theme);
    const QRect lane = f.laneRect();
    const QImage image = f.grab();
    const int y = lane.top() + lane.height() / 2;
    QCOMPARE(image.pixelColor(lane.left() + lane.width() * 3 / 4 + 7, y), theme.panel);
    QVERIFY(image.pixelColor(lane.left() + lane.width() / 4 + 7, y) != theme.panel);
}

void TestTimelineView::handOverAndReturnAreLinesInTheGaps()
{
    Fixture f(makeProcessLane());
    f.state.setVisible({0, 20 * kTaskNs});
    const Theme theme = Theme::dark();
    const QColor line = blended(theme.text, theme.laneEven, 0.55);
    const QImage image = f.grab();
    const QRect lane = f.laneRect();
    const auto shareOf = [&](int fromMs, int toMs) {
        const int left = lane.left() + lane.width() * fromMs / 20 + 3;
        const int right = lane.left() + lane.width() * toMs / 20 - 3;
        int columns = 0;
        for (int x = left; x < right; ++x) {
            columns += countPixels(image, QRect(x, lane.top(), 1, lane.height()), line) > 0 ? 1 : 0;
        }
        return static_cast<double>(columns) / (right - left);
    };
    QCOMPARE(shareOf(0, 2), 0.0); // in the queue
    QVERIFY(shareOf(2, 6) > 0.9); // handed over
    QVERIFY(shareOf(8, 9) > 0.9); // its result on the way
    QCOMPARE(shareOf(9, 12), 0.0);
}

void TestTimelineView::theCrossOfADeathTellsWhy()
{
    Fixture f(makeProcessLane());
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

void TestTimelineView::aRunningTaskHasNoTimeInItsName()
{
    const SnapshotPtr snapshot = makeLane(2, -1, TaskState::Done);
    BarLabels labels{QFont()};
    labels.begin(*snapshot);
    constexpr double kWide = 300;
    const QString running = labels.label(1, BarLabels::kNoTime, kWide)->text();
    QCOMPARE(running, QStringLiteral("made 1"));
    QVERIFY(labels.label(1, kTaskNs, kWide)->text().startsWith(running + QStringLiteral("  1")));
    QCOMPARE(labels.label(1, BarLabels::kNoTime, kWide)->text(), running);
}

void TestTimelineView::aRunningTaskGrows()
{
    const Theme theme = Theme::dark();
    Fixture f(makeLane(20, -1, TaskState::Done, true), theme);
    f.state.setVisible({0, 60 * kTaskNs}); // clamped to what there is
    const QRect lane = f.laneRect();
    QVERIFY(countPixels(f.grab(), lane, theme.running) > lane.height() / 2);
}

void TestTimelineView::panningGivesTheSamePictureAsDrawingAnew_data()
{
    QTest::addColumn<int>("tasks");
    QTest::newRow("columns") << 200'000;
    QTest::newRow("bars") << 3'000;
}

void TestTimelineView::panningGivesTheSamePictureAsDrawingAnew()
{
    QFETCH(int, tasks);
    test::SyntheticOptions options;
    options.lanes = 4;
    options.tasks = static_cast<std::uint64_t>(tasks);
    options.failureRate = 0.001;
    const SnapshotPtr trace = test::makeSyntheticTrace(options);
    Fixture moved(trace);
    const Nanos length = trace->nowNs / 7;
    moved.state.setVisible({length, 2 * length});
    moved.grab();
    const double nsPerPx = static_cast<double>(length) / moved.view.plotWidth();
    for (const int pixels : {3, 40, -17, 200, -1}) {
        moved.state.panBy(std::llround(pixels * nsPerPx));
        Fixture fresh(trace);
        fresh.state.setVisible(moved.state.visible());
        const QImage a = moved.grab();
        const QImage b = fresh.grab();
        int different = 0;
        for (int y = 0; y < a.height(); ++y) {
            for (int x = 0; x < a.width(); ++x) {
                different += a.pixel(x, y) != b.pixel(x, y) ? 1 : 0;
            }
        }
        // Summaries are spread over columns in floating point: a row of a column may round otherwise.
        QVERIFY2(different * 200 < a.width() * a.height(), qPrintable(QString::number(different)));
    }
}

void TestTimelineView::newRecordsAppearWhileFollowing()
{
    const TimelineStyle style(Theme::dark(), QFont());
    const SnapshotPtr all = makeLane(60'000, -1, TaskState::Done);
    const auto until = [&](std::uint64_t count) {
        auto part = std::make_shared<Snapshot>(*all);
        part->isLive = true;
        part->nowNs = static_cast<Nanos>(count) * kTaskNs;
        part->lanes[0].recordCount = count;
        part->lanes[0].summarisedCount = count / 16 * 16;
        return SnapshotPtr(part);
    };
    Fixture f(until(30'000));
    f.state.setVisible({0, 20'000 * kTaskNs});
    f.state.setFollowing(true);
    f.grab();
    for (std::uint64_t count = 31'000; count <= 60'000; count += 1'700) {
        f.state.setSnapshot(until(count));
        const QImage image = f.grab();
        const QRect lane = f.laneRect();
        const double now = toX(scaleFor(f.state.visible(), f.view.plotLeft(), f.view.plotWidth()),
                               f.state.snapshot()->nowNs);
        const QRect known(lane.left(), lane.top(), static_cast<int>(now) - lane.left() - 2,
                          lane.height());
        QVERIFY(countPixels(image, known, style.executors[0].muted) >
                known.width() * known.height() / 2);
        QCOMPARE(countPixels(image, QRect(static_cast<int>(now) + 4, lane.top(), 20, lane.height()),
                             style.executors[0].muted),
                 0);
    }
}

void TestTimelineView::wheelZoomsAtTheCursor()
{
    Fixture f(makeLane(1'000, -1, TaskState::Done));
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

void TestTimelineView::wheelWithModifiersPansAndScrolls()
{
    Fixture f(test::makeSyntheticTrace(64, 10'000));
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

void TestTimelineView::dragPans()
{
    Fixture f(makeLane(1'000, -1, TaskState::Done));
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

void TestTimelineView::shiftDragSelects()
{
    Fixture f(makeLane(1'000, -1, TaskState::Done));
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

void TestTimelineView::keysMoveAndZoom()
{
    Fixture f(makeLane(1'000, -1, TaskState::Done));
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

void TestTimelineView::doubleClickZoomsToTheTask()
{
    Fixture f(makeLane(50, -1, TaskState::Done));
    const TimeScale scale = scaleFor(f.state.visible(), f.view.plotLeft(), f.view.plotWidth());
    const QPoint at(static_cast<int>(toX(scale, 20 * kTaskNs + kTaskNs / 2)),
                    f.laneRect().center().y());
    QTest::mouseDClick(f.view.viewport(), Qt::LeftButton, {}, at);
    QVERIFY(f.state.visible().beginNs < 20 * kTaskNs);
    QVERIFY(f.state.visible().beginNs > 18 * kTaskNs);
    QVERIFY(f.state.visible().endNs > 21 * kTaskNs - 1000);
    QVERIFY(f.state.visible().endNs < 23 * kTaskNs);
}

void TestTimelineView::hoveringSetsCursorAndRecord()
{
    Fixture f(makeLane(50, -1, TaskState::Done));
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

void TestTimelineView::leavingClearsTheHover()
{
    Fixture f(makeLane(50, -1, TaskState::Done));
    f.hover(f.laneRect().center());
    QVERIFY(f.state.cursor());
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(f.view.viewport(), &leave);
    QVERIFY(!f.state.cursor());
    QVERIFY(!f.state.hovered());
}

void TestTimelineView::manyLanesCanBeScrolled()
{
    Fixture f(test::makeSyntheticTrace(64, 10'000));
    QVERIFY(f.view.verticalScrollBar()->maximum() > 0);
    const QImage top = f.grab();
    QTest::keyClick(&f.view, Qt::Key_PageDown);
    QVERIFY(f.view.verticalScrollBar()->value() > 0);
    QVERIFY(f.grab() != top);
    Fixture few(test::makeSyntheticTrace(2, 1'000));
    QCOMPARE(few.view.verticalScrollBar()->maximum(), 0);
}

void TestTimelineView::emptyViewPaintsItsText()
{
    Fixture f(nullptr);
    const QImage without = f.grab();
    f.view.setEmptyText(QStringLiteral("Press Run"));
    QVERIFY(f.grab() != without);
    f.hover({500, 150});
    QTest::keyClick(&f.view, Qt::Key_F);
    f.wheel({500, 150}, {0, 120});
    QVERIFY(!f.state.cursor());
}

void TestTimelineView::hasAnAccessibleName()
{
    Fixture f(nullptr);
    const QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(&f.view);
    QVERIFY(interface != nullptr);
    QVERIFY(!interface->text(QAccessible::Name).isEmpty());
    QVERIFY(!interface->text(QAccessible::Description).isEmpty());
}

void TestTimelineView::plotGeometryFollowsTheSize()
{
    Fixture f(makeLane(50, -1, TaskState::Done));
    QSignalSpy changed(&f.view, &TimelineView::plotGeometryChanged);
    const int width = f.view.plotWidth();
    f.view.resize(1200, 300);
    QTRY_COMPARE(f.view.plotWidth(), width + 200);
    QVERIFY(changed.size() >= 1);
    QVERIFY(f.view.plotLeft() + f.view.plotWidth() <= 1200);
}

QTEST_MAIN(TestTimelineView)
#include "tst_timeline_view.moc"
