// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/run_file.h"
#include "tests/gui/window/panel_parts.h"
#include "tests/gui/window/program.h"
#include "tests/support/synthetic_trace.h"
#include "ui/panels/find_bar.h"
#include "ui/panels/query_edit.h"
#include "ui/timeline/timeline_view.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>
#include <QWhatsThis>

#include <algorithm>
#include <fstream>

namespace poolscope {

namespace {

/// \return \p trace as it was when its lanes had half of their records.
SnapshotPtr firstHalfOf(const SnapshotPtr& trace)
{
    auto half = std::make_shared<Snapshot>(*trace);
    half->isLive = true;
    for (LaneView& lane : half->lanes) {
        lane.recordCount /= 2;
        lane.summarisedCount = 0;
    }
    return half;
}

} // namespace

class TestFindBar : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void typingFindsAndEnterGoesFromHitToHit();
    void wrongQueryIsToldAndFindsNothing();
    void nothingFoundIsSaid();
    void newerQueryReplacesTheOlder();
    void enterBeforeTheFirstHitGoesThereWhenItComes();
    void runThatGoesOnIsSearchedAgain();
    void anotherRunIsSearchedAnew();
    void closedBarShowsNoHits();
    void helpIsShownOnDemand();
    void keysOpenItAndGiveTheFocusBack();

private:
    QTemporaryDir m_folder;
    SnapshotPtr m_trace = test::makeSyntheticTrace(4, 40'000);
};

void TestFindBar::init()
{
    QVERIFY(m_folder.isValid());
    forgetSettings();
}

void TestFindBar::typingFindsAndEnterGoesFromHitToHit()
{
    ViewState state;
    FindBar bar(state);
    state.setSnapshot(m_trace);
    bar.open();
    QVERIFY(QTest::qWaitForWindowActive(&bar));
    auto* edit = bar.findChild<QueryEdit*>();
    QTRY_VERIFY(edit->hasFocus());
    const QSignalSpy changed(&state, &ViewState::hitsChanged);
    QTest::keyClicks(edit, QStringLiteral("id:100 id:20000 id:39999"));
    QTRY_COMPARE(bar.countText(), QStringLiteral("3 found"));
    QVERIFY(changed.size() > 0);
    QVERIFY(state.hits()->isComplete);
    QVERIFY2(!state.selected(), "typing moves nothing");
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(bar.countText(), QStringLiteral("1 of 3"));
    QCOMPARE(findRecord(*m_trace, *state.selected())->task, 100U);
    QTest::keyClick(edit, Qt::Key_Enter, Qt::KeypadModifier);
    QCOMPARE(findRecord(*m_trace, *state.selected())->task, 20'000U);
    QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(bar.countText(), QStringLiteral("3 of 3"));
    QTest::mouseClick(child<QToolButton>(bar, QStringLiteral("Next hit")), Qt::LeftButton);
    QCOMPARE(bar.countText(), QStringLiteral("1 of 3"));
    QTest::mouseClick(child<QToolButton>(bar, QStringLiteral("Previous hit")), Qt::LeftButton);
    QCOMPARE(bar.countText(), QStringLiteral("3 of 3"));
}

void TestFindBar::wrongQueryIsToldAndFindsNothing()
{
    ViewState state;
    FindBar bar(state);
    state.setSnapshot(m_trace);
    bar.open();
    auto* edit = bar.findChild<QueryEdit*>();
    QTest::keyClicks(edit, QStringLiteral("synthetic"));
    QTRY_COMPARE(bar.countText(), QStringLiteral("%1 found").arg(QLocale().toString(40'000)));
    QTest::keyClicks(edit, QStringLiteral(" state:faild"));
    QVERIFY(bar.problemText().startsWith(QStringLiteral("At character 17")));
    QVERIFY(state.hits() == nullptr);
    QCOMPARE(bar.countText(), QString());
    QVERIFY(!child<QToolButton>(bar, QStringLiteral("Next hit"))->isEnabled());
    for (int i = 0; i < 12; ++i) {
        QTest::keyClick(edit, Qt::Key_Backspace);
    }
    QVERIFY(bar.problemText().isEmpty());
    QTRY_COMPARE(bar.countText(), QStringLiteral("%1 found").arg(QLocale().toString(40'000)));
}

void TestFindBar::nothingFoundIsSaid()
{
    ViewState state;
    FindBar bar(state);
    bar.open();
    QTest::keyClicks(bar.findChild<QueryEdit*>(), QStringLiteral("zebra"));
    QCOMPARE(bar.countText(), QStringLiteral("No run to search"));
    state.setSnapshot(m_trace);
    QTRY_COMPARE(bar.countText(), QStringLiteral("Nothing found"));
}

void TestFindBar::newerQueryReplacesTheOlder()
{
    ViewState state;
    FindBar bar(state);
    state.setSnapshot(m_trace);
    bar.open();
    auto* edit = bar.findChild<QueryEdit*>();
    edit->setText(QStringLiteral("synthetic"));
    edit->setText(QStringLiteral("id:7"));
    QTRY_COMPARE(bar.countText(), QStringLiteral("1 found"));
    QCOMPARE(findRecord(*m_trace, state.hits()->records[0])->task, 7U);
}

void TestFindBar::enterBeforeTheFirstHitGoesThereWhenItComes()
{
    ViewState state;
    FindBar bar(state);
    state.setSnapshot(m_trace);
    bar.open();
    auto* edit = bar.findChild<QueryEdit*>();
    edit->setText(QStringLiteral("id:20000"));
    QVERIFY(state.hits() == nullptr);
    QTest::keyClick(edit, Qt::Key_Return);
    QTRY_COMPARE(bar.countText(), QStringLiteral("1 of 1"));
    QCOMPARE(findRecord(*m_trace, *state.selected())->task, 20'000U);
}

void TestFindBar::runThatGoesOnIsSearchedAgain()
{
    ViewState state;
    FindBar bar(state);
    const SnapshotPtr half = firstHalfOf(m_trace);
    state.setSnapshot(half);
    bar.open();
    auto* edit = bar.findChild<QueryEdit*>();
    QTest::keyClicks(edit, QStringLiteral("39999"));
    QTRY_COMPARE(bar.countText(), QStringLiteral("Nothing found yet"));
    state.setSnapshot(std::make_shared<const Snapshot>(*half)); // some moments later
    state.setSnapshot(m_trace); // and when it has ended
    QTRY_COMPARE(bar.countText(), QStringLiteral("1 found"));

    state.setSnapshot(half);
    auto later = std::make_shared<Snapshot>(*m_trace);
    later->isLive = true;
    QTRY_COMPARE(bar.countText(), QStringLiteral("Nothing found yet"));
    state.setSnapshot(later);
    QTRY_COMPARE(bar.countText(), QStringLiteral("1 found")); // though it has not ended
}

void TestFindBar::anotherRunIsSearchedAnew()
{
    ViewState state;
    FindBar bar(state);
    state.setSnapshot(m_trace);
    bar.open();
    QTest::keyClicks(bar.findChild<QueryEdit*>(), QStringLiteral("synthetic"));
    QTRY_COMPARE(bar.countText(), QStringLiteral("%1 found").arg(QLocale().toString(40'000)));
    state.setSnapshot(test::makeSyntheticTrace(2, 300));
    QTRY_COMPARE(bar.countText(), QStringLiteral("300 found"));
    QCOMPARE(state.hits()->snapshot, state.snapshot());
    state.setSnapshot(nullptr);
    QCOMPARE(bar.countText(), QStringLiteral("No run to search"));
}

void TestFindBar::closedBarShowsNoHits()
{
    ViewState state;
    FindBar bar(state);
    state.setSnapshot(m_trace);
    bar.open();
    auto* edit = bar.findChild<QueryEdit*>();
    QTest::keyClicks(edit, QStringLiteral("synthetic"));
    QTRY_VERIFY(state.hits() != nullptr);
    QTest::keyClick(edit, Qt::Key_Escape);
    QVERIFY(bar.isHidden());
    QVERIFY(state.hits() == nullptr);
    bar.findNext(); // opens it, with what was searched for last
    QVERIFY(bar.isVisible());
    QTRY_VERIFY(state.hits() != nullptr);
    QTest::mouseClick(child<QToolButton>(bar, QStringLiteral("Close search")), Qt::LeftButton);
    QVERIFY(bar.isHidden());
}

void TestFindBar::helpIsShownOnDemand()
{
    ViewState state;
    FindBar bar(state);
    bar.open();
    const auto isShown = [] {
        const QWidgetList widgets = QApplication::topLevelWidgets();
        return std::any_of(widgets.begin(), widgets.end(), [](const QWidget* widget) {
            return widget->inherits("QWhatsThat") && widget->isVisible();
        });
    };
    QVERIFY(!isShown());
    QTest::keyClick(child<QToolButton>(bar, QStringLiteral("How to search")), Qt::Key_Space);
    QVERIFY(isShown());
    QWhatsThis::hideText();
    QVERIFY(!isShown());
}

void TestFindBar::keysOpenItAndGiveTheFocusBack()
{
    const QString path = m_folder.filePath(QStringLiteral("run.pscope"));
    {
        std::ofstream out(path.toStdString(), std::ios::binary);
        QVERIFY(writeRun(*m_trace, out).isOk());
    }
    Program program(shortRun());
    QVERIFY(QTest::qWaitForWindowActive(&program.window));
    QVERIFY(!program.window.actions().find->isEnabled());
    program.window.openRunFile(path);
    QTRY_VERIFY_WITH_TIMEOUT(program.snapshot() != nullptr, kLong);
    FindBar& bar = program.window.findBar();
    QVERIFY(bar.isHidden());
    auto* timeline = program.window.findChild<TimelineView*>();
    timeline->setFocus();
    QTRY_VERIFY(timeline->hasFocus());
    QTest::keyClick(timeline, Qt::Key_F, Qt::ControlModifier);
    QVERIFY(bar.isVisible());
    auto* edit = bar.findChild<QueryEdit*>();
    QTRY_VERIFY(edit->hasFocus());
    QTest::keyClicks(edit, QStringLiteral("id:5 id:39000"));
    QTRY_COMPARE(bar.countText(), QStringLiteral("2 found"));
    QTest::keyClick(edit, Qt::Key_F3);
    QCOMPARE(bar.countText(), QStringLiteral("1 of 2"));
    QTest::keyClick(edit, Qt::Key_Tab);
    QVERIFY(!edit->hasFocus());
    QTest::keyClick(timeline, Qt::Key_F3, Qt::ShiftModifier);
    QCOMPARE(bar.countText(), QStringLiteral("2 of 2"));
    edit->setFocus();
    QTest::keyClick(edit, Qt::Key_Escape);
    QVERIFY(bar.isHidden());
    QTRY_VERIFY(timeline->hasFocus());
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestFindBar)
#include "tst_find_bar.moc"
