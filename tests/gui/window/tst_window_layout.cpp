// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/catalogue_view.h"
#include "tests/gui/window/keyboard_reach.h"
#include "tests/gui/window/panel_parts.h"
#include "tests/gui/window/program.h"
#include "ui/charts/chart_panel.h"
#include "ui/panels/executor_row.h"
#include "ui/panels/lower_panel.h"
#include "ui/panels/message_bar.h"
#include "ui/timeline/timeline_view.h"
#include "ui/window/export_controller.h"
#include "ui/window/status_line.h"

#include <QActionGroup>
#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QPointer>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QToolButton>

#include <algorithm>

namespace poolscope {

using State = RunController::State;

/// The window between runs: its first start, what it keeps, and whom it can be used by.
class TestWindowLayout : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void firstStartIsReadyToRunBothPools();
    void nothingToRunIsSaidAndTheButtonOff();
    void missingRunFileIsToldInTheBar();
    void savedRunIsShownAgain();
    void settingsAndLayoutComeBack();
    void panelsCanBeHiddenAndPutBack();
    void keysEnlargeEverything();
    void keysUndoWhatWasDoneToMarks();
    void pageOfGraphsIsChosenInTheMenuAndKept();
    void keysShowTheTabsBelow();
    void timelineLendsItsRoomToTheTabsBelow();
    void everyControlHasAName();
    void shortcutsAreUnique();
    void keysDialogHasEveryShortcut();
    void legendPaintsEachMarkDifferently();

private:
    QTemporaryDir m_folder;
};

void TestWindowLayout::init()
{
    QVERIFY(m_folder.isValid());
    forgetSettings();
}

void TestWindowLayout::firstStartIsReadyToRunBothPools()
{
    RunController controller;
    MainWindow window(controller);
    window.show();
    QVERIFY(window.setupPanel().settings().workload == "mixed");
    QCOMPARE(window.setupPanel().settings().executors.size(), std::size_t{2});
    QVERIFY(window.actions().run->isEnabled());
    QVERIFY(window.viewState().snapshot() == nullptr);
    QCOMPARE(window.statusLine().stateText(), QStringLiteral("Ready"));
    QVERIFY(window.messageBar().isHidden());
    QCOMPARE(enabledOf(window.actions()),
             (QSet<QAction*>{window.actions().run, window.actions().openRun}));
}

void TestWindowLayout::nothingToRunIsSaidAndTheButtonOff()
{
    RunSettings settings = shortRun();
    settings.executors.clear();
    Program program(settings);
    QVERIFY(!program.window.actions().run->isEnabled());
    QVERIFY(
        program.window.actions().run->toolTip().contains(program.window.setupPanel().problem()));
    program.window.setupPanel().findChild<ExecutorRow*>()->setChosen(true);
    QVERIFY(program.window.actions().run->isEnabled());
}

void TestWindowLayout::missingRunFileIsToldInTheBar()
{
    Program program(shortRun());
    program.window.openRunFile(m_folder.filePath(QStringLiteral("none.pscope")));
    QTRY_VERIFY_WITH_TIMEOUT(program.window.messageBar().isVisible(), kLong);
    QVERIFY(program.window.messageBar().text().contains(QStringLiteral("none.pscope")));
    QCOMPARE(program.controller.state(), State::Idle);
}

void TestWindowLayout::savedRunIsShownAgain()
{
    const QString path = m_folder.filePath(QStringLiteral("kept.pscope"));
    std::uint64_t records = 0;
    QString rate;
    {
        Program program(shortRun());
        program.window.actions().run->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
        records = program.snapshot()->recordCount();
        rate = program.window.statusLine().rateText();
        QVERIFY2(!rate.startsWith(QStringLiteral("0 ")), qPrintable(rate));
        QSignalSpy written(&program.window.exporter(), &ExportController::succeeded);
        program.window.exporter().writeData(path);
        QTRY_COMPARE_WITH_TIMEOUT(written.size(), 1, kLong);
    }
    Program program(shortRun());
    program.window.openRunFile(path);
    QTRY_VERIFY_WITH_TIMEOUT(program.snapshot() != nullptr, kLong);
    QCOMPARE(program.snapshot()->recordCount(), records);
    QCOMPARE(program.window.statusLine().rateText(), rate);
    QVERIFY(program.window.windowTitle().contains(QStringLiteral("kept.pscope")));
    QVERIFY(program.window.actions().saveRun->isEnabled());
    QVERIFY(program.window.actions().run->isEnabled());
}

void TestWindowLayout::settingsAndLayoutComeBack()
{
    RunSettings settings = shortRun();
    settings.seed = 77;
    settings.chunk = 8;
    settings.executors = {{"processes", 3}};
    {
        Program program(settings);
        program.window.resize(1100, 700);
        program.window.actions().showGraphs->setChecked(false);
        program.window.lowerPanel().setCurrentTab(LowerPanel::Tasks);
        program.window.close();
    }
    RunController controller;
    MainWindow window(controller);
    RunSettings restored = window.setupPanel().settings();
    QVERIFY2(restored.workerProgram.empty(), "a path of the program's own is not a user's choice");
    restored.workerProgram = settings.workerProgram;
    QVERIFY(restored.executors == settings.executors);
    QVERIFY(restored.params.integer("tasks") == 2'000);
    QCOMPARE(restored.seed, settings.seed);
    QCOMPARE(restored.chunk, settings.chunk);
    QVERIFY(!window.actions().showGraphs->isChecked());
    QCOMPARE(window.lowerPanel().currentTab(), int{LowerPanel::Tasks});
    QVERIFY(window.actions().tabs->actions()[LowerPanel::Tasks]->isChecked());
    QVERIFY(window.actions().showSetup->isChecked());
    QCOMPARE(window.size(), QSize(1100, 700));
}

void TestWindowLayout::panelsCanBeHiddenAndPutBack()
{
    Program program(shortRun());
    WindowActions& act = program.window.actions();
    act.showSetup->trigger();
    QVERIFY(!program.window.setupPanel().isVisible());
    const auto hasButton = [&] {
        const auto buttons = program.window.findChildren<QToolButton*>();
        return std::any_of(buttons.begin(), buttons.end(), [&](const QToolButton* button) {
            return button->isVisible() && button->defaultAction() == act.run;
        });
    };
    QVERIFY2(hasButton(), "a run can be started without the panel");
    act.resetLayout->trigger();
    QVERIFY(program.window.setupPanel().isVisible());
    QVERIFY(act.showSetup->isChecked());
}

void TestWindowLayout::keysEnlargeEverything()
{
    double usual = 0;
    {
        Program program(shortRun());
        program.window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&program.window, kLong));
        usual = QApplication::font().pointSizeF();
        QTest::keyClick(&program.window, Qt::Key_Plus, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClick(&program.window, Qt::Key_Equal, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QApplication::font().pointSizeF(), usual * 1.5);
        QTest::keyClick(&program.window, Qt::Key_Minus, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QApplication::font().pointSizeF(), usual * 1.25);
    }
    Program again(shortRun()); // it is remembered
    QCOMPARE(QApplication::font().pointSizeF(), usual * 1.25);
    again.window.actions().usualSize->trigger();
    QCOMPARE(QApplication::font().pointSizeF(), usual);
}

void TestWindowLayout::keysUndoWhatWasDoneToMarks()
{
    Program program(shortRun());
    program.window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&program.window, kLong));
    const WindowActions& act = program.window.actions();
    QVERIFY(!act.undo->isEnabled() && !act.redo->isEnabled());
    act.run->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
    QTRY_VERIFY_WITH_TIMEOUT(program.snapshot() && !program.snapshot()->isLive, kLong);
    const auto bookmarks = [&] { return program.window.viewState().marks().bookmarks.size(); };
    auto* timeline = program.window.findChild<TimelineView*>();
    timeline->setFocus();
    QTest::keyClick(timeline, Qt::Key_M);
    QCOMPARE(bookmarks(), std::size_t{1});
    QVERIFY(act.undo->text().contains(QStringLiteral("add bookmark")));
    QTest::keyClick(timeline, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(bookmarks(), std::size_t{0});
    QVERIFY(!act.undo->isEnabled() && act.redo->isEnabled());
    QTest::keyClick(timeline, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(bookmarks(), std::size_t{1});
}

void TestWindowLayout::pageOfGraphsIsChosenInTheMenuAndKept()
{
    {
        Program program(shortRun());
        auto* charts = program.window.findChild<ChartPanel*>();
        QCOMPARE(charts->currentPage(), int{ChartPanel::Activity});
        program.window.actions().graphs->actions()[ChartPanel::Durations]->trigger();
        QCOMPARE(charts->currentPage(), int{ChartPanel::Durations});
        program.window.close();
    }
    Program again(shortRun());
    QCOMPARE(again.window.findChild<ChartPanel*>()->currentPage(), int{ChartPanel::Durations});
    QVERIFY(again.window.actions().graphs->actions()[ChartPanel::Durations]->isChecked());
}

void TestWindowLayout::keysShowTheTabsBelow()
{
    Program program(shortRun());
    QVERIFY(QTest::qWaitForWindowActive(&program.window));
    LowerPanel& lower = program.window.lowerPanel();
    QCOMPARE(lower.currentTab(), int{LowerPanel::Statistics});
    QTest::keyClick(&program.window, Qt::Key_3, Qt::ControlModifier);
    QVERIFY(!lower.isVisible());
    QTest::keyClick(&program.window, Qt::Key_3, Qt::AltModifier);
    QVERIFY2(lower.isVisible(), "showing a tab shows the panel");
    QCOMPARE(lower.currentTab(), int{LowerPanel::Tasks});
    QTRY_VERIFY(lower.isAncestorOf(QApplication::focusWidget()));
    QTest::keyClick(&program.window, Qt::Key_4, Qt::AltModifier);
    QCOMPARE(lower.currentTab(), int{LowerPanel::Details});
    QTest::keyClick(&program.window, Qt::Key_2, Qt::AltModifier);
    QCOMPARE(lower.currentTab(), int{LowerPanel::Range});
    QVERIFY(program.window.actions().tabs->actions()[LowerPanel::Range]->isChecked());
    auto* tabs = child<QTabBar>(lower, QStringLiteral("Figures and tables"));
    QTest::mouseClick(tabs, Qt::LeftButton, Qt::NoModifier, tabs->tabRect(0).center());
    QCOMPARE(lower.currentTab(), int{LowerPanel::Statistics});
    QTest::keyClick(&program.window, Qt::Key_3, Qt::ControlModifier);
    QVERIFY(!lower.isVisible());
}

void TestWindowLayout::timelineLendsItsRoomToTheTabsBelow()
{
    Program program(shortRun());
    program.window.resize(1280, 770); // of a small screen
    LowerPanel& lower = program.window.lowerPanel();
    auto* timeline = program.window.findChild<TimelineView*>();
    program.window.actions().resetLayout->trigger();
    const int lowerHeight = lower.height();
    const int timelineHeight = timeline->height();
    for (const int tab : {LowerPanel::Tasks, LowerPanel::WhatIf, LowerPanel::Gate}) {
        lower.setCurrentTab(tab);
        QTRY_VERIFY(lower.height() > lowerHeight);
        QVERIFY(timeline->height() < timelineHeight);
    }
    lower.setCurrentTab(LowerPanel::Statistics);
    QTRY_COMPARE(lower.height(), lowerHeight);
    QCOMPARE(timeline->height(), timelineHeight);
}

void TestWindowLayout::everyControlHasAName()
{
    Program program(shortRun());
    for (const QAction* tab : program.window.actions().tabs->actions()) {
        program.window.lowerPanel().setCurrentTab(tab->data().toInt());
        QCOMPARE(withoutName(program.window), QStringList());
    }
    for (const Workload* workload : workloadChoices()) {
        RunSettings settings = shortRun();
        settings.workload = workload->id;
        program.window.setRunSettings(settings);
        QCOMPARE(withoutName(program.window), QStringList());
    }
}

void TestWindowLayout::shortcutsAreUnique()
{
    Program program(shortRun());
    QSet<QKeySequence> seen;
    for (const QAction* action : program.window.actions().findChildren<QAction*>()) {
        for (const QKeySequence& keys : action->shortcuts()) {
            QVERIFY2(!seen.contains(keys), qPrintable(keys.toString()));
            seen.insert(keys);
        }
        QVERIFY(!action->text().isEmpty());
    }
    QVERIFY(seen.size() > 10);
}

void TestWindowLayout::keysDialogHasEveryShortcut()
{
    Program program(shortRun());
    QVERIFY(QTest::qWaitForWindowActive(&program.window));
    QTest::keyClick(&program.window, Qt::Key_F1);
    QPointer<QDialog> dialog;
    QTRY_VERIFY((dialog = program.window.findChild<QDialog*>()) != nullptr);
    QStringList shown;
    for (const QLabel* label : dialog->findChildren<QLabel*>()) {
        shown += label->text();
    }
    int shortcuts = 0;
    for (const QAction* action : program.window.actions().findChildren<QAction*>()) {
        const QString key = action->shortcut().toString(QKeySequence::NativeText);
        shortcuts += key.isEmpty() ? 0 : 1;
        QVERIFY2(key.isEmpty() || shown.contains(key), qPrintable(action->text()));
    }
    QVERIFY(shortcuts > 30);
    QVERIFY(shown.contains(QStringLiteral("Space")));
    QVERIFY(dialog->sizeHint().height() <= 720); // of a small screen
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!dialog);
}

void TestWindowLayout::legendPaintsEachMarkDifferently()
{
    Program program(shortRun());
    program.window.actions().legend->trigger();
    const auto* dialog = program.window.findChild<QDialog*>();
    QVERIFY(dialog != nullptr);
    const auto samples = dialog->findChildren<QWidget*>(QStringLiteral("legendSample"));
    QVERIFY(samples.size() >= 10);
    for (qsizetype i = 0; i < samples.size(); ++i) {
        for (qsizetype other = 0; other < i; ++other) {
            QVERIFY2(samples[i]->grab().toImage() != samples[other]->grab().toImage(),
                     qPrintable(QStringLiteral("%1 and %2").arg(i).arg(other)));
        }
    }
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestWindowLayout)
#include "tst_window_layout.moc"
