// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/gui/timeline/timeline_case.h"
#include "tests/support/synthetic_trace.h"
#include "ui/timeline/bar_labels.h"
#include "ui/timeline/timeline_painter.h"
#include "ui/timeline/timeline_style.h"

#include <QAccessible>
#include <QSignalSpy>
#include <QTest>

using namespace poolscope;
using namespace poolscope::test;

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
    void aRunningTaskHasNoTimeInItsName();
    void aRunningTaskGrows();
    void panningGivesTheSamePictureAsDrawingAnew_data();
    void panningGivesTheSamePictureAsDrawingAnew();
    void newRecordsAppearWhileFollowing();
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
        TimelineCase f(makeLane(tasks, bad, state), theme);
        for (int zoom = 0; zoom < 11; ++zoom) {
            QVERIFY2(countPixels(f.grab(), f.laneRect(), theme.failure) >= 3,
                     qPrintable(QStringLiteral("%1 ns visible").arg(f.state.visible().duration())));
            f.state.zoomAt(bad * kTaskNs, 0.4);
        }
    }
}

void TestTimelineView::withoutFailuresNothingHasTheirColor()
{
    TimelineCase f(makeLane(20'000, -1, TaskState::Done));
    QCOMPARE(countPixels(f.grab(), f.plot(), Theme::dark().failure), 0);
    f.state.setVisible({0, 50 * kTaskNs});
    QCOMPARE(countPixels(f.grab(), f.plot(), Theme::dark().failure), 0);
}

void TestTimelineView::aBusyLaneIsNotEmpty()
{
    const TimelineStyle style(Theme::dark(), QFont());
    TimelineCase f(makeLane(20'000, -1, TaskState::Done));
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
    TimelineCase f(makeLane(20'000, -1, TaskState::Done));
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
    TimelineCase f(snapshot, theme);
    const QRect lane = f.laneRect();
    const QImage image = f.grab();
    const int y = lane.top() + lane.height() / 2;
    QCOMPARE(image.pixelColor(lane.left() + lane.width() * 3 / 4 + 7, y), theme.panel);
    QVERIFY(image.pixelColor(lane.left() + lane.width() / 4 + 7, y) != theme.panel);
}

void TestTimelineView::handOverAndReturnAreLinesInTheGaps()
{
    TimelineCase f(makeProcessLane());
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
    TimelineCase f(makeLane(20, -1, TaskState::Done, true), theme);
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
    TimelineCase moved(trace);
    const Nanos length = trace->nowNs / 7;
    moved.state.setVisible({length, 2 * length});
    moved.grab();
    const double nsPerPx = static_cast<double>(length) / moved.view.plotWidth();
    for (const int pixels : {3, 40, -17, 200, -1}) {
        moved.state.panBy(std::llround(pixels * nsPerPx));
        TimelineCase fresh(trace);
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
    TimelineCase f(until(30'000));
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

void TestTimelineView::emptyViewPaintsItsText()
{
    TimelineCase f(nullptr);
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
    TimelineCase f(nullptr);
    const QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(&f.view);
    QVERIFY(interface != nullptr);
    QVERIFY(!interface->text(QAccessible::Name).isEmpty());
    QVERIFY(!interface->text(QAccessible::Description).isEmpty());
}

void TestTimelineView::plotGeometryFollowsTheSize()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    QSignalSpy changed(&f.view, &TimelineView::plotGeometryChanged);
    const int width = f.view.plotWidth();
    f.view.resize(1200, 300);
    QTRY_COMPARE(f.view.plotWidth(), width + 200);
    QVERIFY(changed.size() >= 1);
    QVERIFY(f.view.plotLeft() + f.view.plotWidth() <= 1200);
}

QTEST_MAIN(TestTimelineView)
#include "tst_timeline_view.moc"
