// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/timeline/timeline_case.h"
#include "ui/timeline/mark_history.h"
#include "ui/timeline/time_scale.h"
#include "ui/timeline/timeline_style.h"

#include <QInputDialog>
#include <QLineEdit>
#include <QTest>

using namespace poolscope;
using namespace poolscope::test;

class TestTimelineMarks : public QObject
{
    Q_OBJECT

private slots:
    void aKeySetsABookmarkAtTheMouse();
    void bookmarksStayInOrderAndInsideTheRun();
    void keysGoFromBookmarkToBookmark();
    void itsTextCanBeChanged();
    void itCanBeRemoved();
    void theDistanceOfTwoMomentsIsShown();
    void anotherRunHasNoMarks();
    void whatWasDoneToMarksCanBeUndone();
    void anotherRunHasNothingToUndo();
};

namespace {

/// Moves the mouse to \p timeNs. \return the time under it, a pixel's exactness.
Nanos pointTo(TimelineCase& f, Nanos timeNs)
{
    const TimeScale scale = scaleFor(f.state.visible(), f.view.plotLeft(), f.view.plotWidth());
    f.hover({qRound(toX(scale, timeNs)), f.laneRect().center().y()});
    return *f.state.cursor();
}

} // namespace

void TestTimelineMarks::aKeySetsABookmarkAtTheMouse()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    const Nanos at = pointTo(f, 20 * kTaskNs);
    const QRect ruler(f.view.plotLeft(), 0, f.view.plotWidth(), f.rulerHeight());
    const int before = countPixels(f.grab(), ruler, Theme::dark().text);
    QTest::keyClick(&f.view, Qt::Key_M);
    QCOMPARE(f.state.marks().bookmarks.size(), std::size_t{1});
    QCOMPARE(f.state.marks().bookmarks[0].timeNs, at);
    QVERIFY(!f.state.marks().bookmarks[0].text.empty());
    QVERIFY(countPixels(f.grab(), ruler, Theme::dark().text) > before + 50);
}

void TestTimelineMarks::bookmarksStayInOrderAndInsideTheRun()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    f.state.setMarks({{{30 * kTaskNs, "b"}, {-5, "a"}, {1'000 * kTaskNs, "c"}}, {}, {}});
    const auto& bookmarks = f.state.marks().bookmarks;
    QCOMPARE(bookmarks[0], (Bookmark{0, "a"}));
    QCOMPARE(bookmarks[1], (Bookmark{30 * kTaskNs, "b"}));
    QCOMPARE(bookmarks[2], (Bookmark{f.state.bounds().endNs, "c"}));
}

void TestTimelineMarks::keysGoFromBookmarkToBookmark()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    f.state.setMarks({{{10 * kTaskNs, "a"}, {40 * kTaskNs, "b"}}, {}, {}});
    f.state.setVisible({0, 5 * kTaskNs});
    QTest::keyClick(&f.view, Qt::Key_N);
    QCOMPARE(f.state.cursor(), std::optional<Nanos>(10 * kTaskNs));
    QVERIFY(f.state.visible().contains(10 * kTaskNs));
    QTest::keyClick(&f.view, Qt::Key_N);
    QVERIFY(f.state.visible().contains(40 * kTaskNs));
    QTest::keyClick(&f.view, Qt::Key_N, Qt::ShiftModifier);
    QCOMPARE(f.state.cursor(), std::optional<Nanos>(10 * kTaskNs));
}

void TestTimelineMarks::itsTextCanBeChanged()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    f.state.setMarks({{{20 * kTaskNs, "old"}}, {}, {}});
    pointTo(f, 20 * kTaskNs);
    QTest::keyClick(&f.view, Qt::Key_F2);
    auto* dialog = f.view.findChild<QInputDialog*>();
    QVERIFY(dialog != nullptr);
    auto* edit = dialog->findChild<QLineEdit*>();
    QCOMPARE(edit->text(), QStringLiteral("old"));
    edit->clear();
    QTest::keyClicks(edit, QStringLiteral("cache is warm"));
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(f.state.marks().bookmarks[0].text, std::string("cache is warm"));
}

void TestTimelineMarks::itCanBeRemoved()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    f.state.setMarks({{{20 * kTaskNs, "a"}, {30 * kTaskNs, "b"}}, {}, {}});
    pointTo(f, 5 * kTaskNs);
    QTest::keyClick(&f.view, Qt::Key_Delete); // none is there
    QCOMPARE(f.state.marks().bookmarks.size(), std::size_t{2});
    pointTo(f, 20 * kTaskNs);
    QTest::keyClick(&f.view, Qt::Key_Delete);
    QCOMPARE(f.state.marks().bookmarks.size(), std::size_t{1});
    QCOMPARE(f.state.marks().bookmarks[0].text, std::string("b"));
}

void TestTimelineMarks::theDistanceOfTwoMomentsIsShown()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    const QRect below(f.view.plotLeft(), f.laneRect().bottom() + 4, f.view.plotWidth(),
                      f.view.viewport()->height() - f.laneRect().bottom() - 4);
    const int before = countPixels(f.grab(), below, Theme::dark().accent);
    const Nanos a = pointTo(f, 10 * kTaskNs);
    QTest::keyClick(&f.view, Qt::Key_1);
    const Nanos b = pointTo(f, 25 * kTaskNs);
    QTest::keyClick(&f.view, Qt::Key_2);
    QCOMPARE(f.state.marks().a, std::optional(a));
    QCOMPARE(f.state.marks().b, std::optional(b));
    QVERIFY(countPixels(f.grab(), below, Theme::dark().accent) > before + 300);
    QTest::keyClick(&f.view, Qt::Key_0);
    QVERIFY(!f.state.marks().a && !f.state.marks().b);
    QEvent leave(QEvent::Leave); // the card beside the mouse has the colour, too
    QCoreApplication::sendEvent(f.view.viewport(), &leave);
    QCOMPARE(countPixels(f.grab(), below, Theme::dark().accent), before);
}

void TestTimelineMarks::anotherRunHasNoMarks()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    f.state.setMarks({{{1, "a"}}, 5, 6});
    f.state.setSnapshot(makeLane(20, -1, TaskState::Done));
    QCOMPARE(f.state.marks(), Marks{});
    auto saved = std::make_shared<Snapshot>(*makeLane(20, -1, TaskState::Done));
    saved->bookmarks = {{kTaskNs, "kept"}};
    f.state.setSnapshot(saved); // but those with which it was saved
    QCOMPARE(f.state.marks().bookmarks, saved->bookmarks);
}

void TestTimelineMarks::whatWasDoneToMarksCanBeUndone()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    MarkHistory& history = f.state.markHistory();
    std::vector<Marks> seen{f.state.marks()};
    const auto press = [&](Nanos timeNs, int key, const QString& what) {
        pointTo(f, timeNs);
        QTest::keyClick(&f.view, static_cast<Qt::Key>(key));
        QVERIFY2(f.state.marks() != seen.back(), qPrintable(what));
        QCOMPARE(history.undoText(), what);
        seen.push_back(f.state.marks());
    };
    press(20 * kTaskNs, Qt::Key_M, QStringLiteral("add bookmark"));
    press(30 * kTaskNs, Qt::Key_M, QStringLiteral("add bookmark"));
    press(20 * kTaskNs, Qt::Key_Delete, QStringLiteral("remove bookmark"));
    press(10 * kTaskNs, Qt::Key_1, QStringLiteral("set A"));
    press(12 * kTaskNs, Qt::Key_2, QStringLiteral("set B"));
    press(12 * kTaskNs, Qt::Key_0, QStringLiteral("forget A and B"));
    QTest::keyClick(&f.view, Qt::Key_0); // nothing to forget: no step
    QCOMPARE(history.count(), 6);
    for (std::size_t i = seen.size() - 1; i-- > 0;) {
        history.undo();
        QCOMPARE(f.state.marks(), seen[i]);
    }
    QVERIFY(!history.canUndo());
    for (std::size_t i = 1; i < seen.size(); ++i) {
        history.redo();
        QCOMPARE(f.state.marks(), seen[i]);
    }
}

void TestTimelineMarks::anotherRunHasNothingToUndo()
{
    TimelineCase f(makeLane(50, -1, TaskState::Done));
    pointTo(f, 20 * kTaskNs);
    QTest::keyClick(&f.view, Qt::Key_M);
    QVERIFY(f.state.markHistory().canUndo());
    f.state.setSnapshot(makeLane(20, -1, TaskState::Done));
    QVERIFY(!f.state.markHistory().canUndo() && !f.state.markHistory().canRedo());
}

QTEST_MAIN(TestTimelineMarks)
#include "tst_timeline_marks.moc"
