// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/window/program.h"
#include "ui/charts/chart_panel.h"
#include "ui/common/recording_text.h"
#include "ui/panels/executor_row.h"
#include "ui/panels/gate_panel.h"
#include "ui/panels/lower_panel.h"
#include "ui/panels/message_bar.h"
#include "ui/timeline/timeline_view.h"
#include "ui/window/status_line.h"

#include <QActionGroup>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTemporaryDir>

#include <algorithm>
#include <memory>
#include <vector>

namespace poolscope {

using State = RunController::State;

/// The whole window over the real controller and the real pools: what a run does to it.
class TestMainWindow : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void runButtonRunsEveryTaskOnBothPools();
    void actionsFollowTheState();
    void slidersChangeTheNumberOfWorkersWhileRunning();
    void spacePausesAndResumesUnlessSomebodyElseNeedsIt();
    void stoppedRunEndsAsCancelled();
    void noOldMomentOfARunIsKept();
    void clockTicksOnlyWhileThereIsSomethingToSee();
    void errorsOfARunAreShownInTheBar();
    void closingEndsTheRun();

private:
    QTemporaryDir m_folder;
};

void TestMainWindow::init()
{
    QVERIFY(m_folder.isValid());
    forgetSettings();
}

void TestMainWindow::runButtonRunsEveryTaskOnBothPools()
{
    Program program(shortRun());
    QTest::mouseClick(program.button(program.window.actions().run), Qt::LeftButton);
    QVERIFY(!program.controller.canStart());
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
    QVERIFY2(program.window.messageBar().isHidden(),
             qPrintable(program.window.messageBar().text()));
    const SnapshotPtr snapshot = program.snapshot();
    QVERIFY(snapshot != nullptr);
    QVERIFY(!snapshot->isLive);
    QCOMPARE(snapshot->totals.size(), std::size_t{2});
    for (const ExecutorTotals& totals : snapshot->totals) {
        QCOMPARE(totals.count(TaskState::Done), std::uint64_t{2'000});
    }
    QCOMPARE(program.window.statusLine().stateText(), QStringLiteral("Finished"));
    const QLocale locale;
    QCOMPARE(program.window.statusLine().progressText(),
             QStringLiteral("%1 of %1 tasks").arg(locale.toString(4'000)));
    QVERIFY(program.window.windowTitle().contains(QString::fromStdString(snapshot->meta->title)));
    QCOMPARE(program.window.statusLine().recordingText(),
             recordingBrief(snapshot->meta->recording));
    QVERIFY(!program.window.statusLine().recordingText().isEmpty());
}

void TestMainWindow::actionsFollowTheState()
{
    Program program(longRun());
    WindowActions& act = program.window.actions();
    act.run->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Running, kLong);
    QTRY_VERIFY_WITH_TIMEOUT(program.snapshot() != nullptr, kLong);
    QCOMPARE(enabledOf(act), (QSet<QAction*>{act.pause, act.stop, act.kill, act.exportPicture,
                                             act.fit, act.follow}));
    act.pause->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Paused, kLong);
    QCOMPARE(act.pause->iconText(), QStringLiteral("Resume"));
    act.pause->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Running, kLong);
    QCOMPARE(act.pause->iconText(), QStringLiteral("Pause"));
    act.stop->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
    QCOMPARE(enabledOf(act), (QSet<QAction*>{act.run, act.openRun, act.saveRun, act.exportPicture,
                                             act.exportData, act.fit}));
    QCOMPARE(act.stop->iconText(), QStringLiteral("Stop"));
}

void TestMainWindow::slidersChangeTheNumberOfWorkersWhileRunning()
{
    Program program(longRun());
    program.window.actions().run->trigger();
    const auto workersOf = [&program](std::size_t executor) {
        const SnapshotPtr now = program.snapshot();
        return now ? static_cast<int>(now->totals[executor].workers) : -1;
    };
    QTRY_COMPARE_WITH_TIMEOUT(workersOf(0), 2, kLong);
    QTRY_COMPARE_WITH_TIMEOUT(workersOf(1), 2, kLong);
    const auto rows = program.window.setupPanel().findChildren<ExecutorRow*>();
    rows[0]->findChild<QSlider*>()->setValue(5);
    rows[1]->findChild<QSlider*>()->setValue(3);
    QTRY_COMPARE_WITH_TIMEOUT(workersOf(0), 5, kLong);
    QTRY_COMPARE_WITH_TIMEOUT(workersOf(1), 3, kLong);
    rows[0]->findChild<QSlider*>()->setValue(1);
    rows[1]->findChild<QSpinBox*>()->setValue(1);
    QTRY_COMPARE_WITH_TIMEOUT(workersOf(0), 1, kLong);
    QTRY_COMPARE_WITH_TIMEOUT(workersOf(1), 1, kLong);
    program.controller.resize(0, 4);
    QTRY_COMPARE_WITH_TIMEOUT(rows[0]->workers(), 4, kLong);
}

void TestMainWindow::spacePausesAndResumesUnlessSomebodyElseNeedsIt()
{
    Program program(longRun());
    program.window.actions().run->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Running, kLong);
    auto* timeline = program.window.findChild<TimelineView*>();
    QTest::keyClick(timeline, Qt::Key_Space);
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Paused, kLong);
    QTest::keyClick(timeline, Qt::Key_Space);
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Running, kLong);

    ActionButton* stop = program.button(program.window.actions().stop);
    QTest::keyClick(stop, Qt::Key_Space);
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
    auto* seed = program.window.setupPanel().findChild<QLineEdit*>();
    QVERIFY(seed != nullptr);
    const QSignalSpy states(&program.controller, &RunController::stateChanged);
    QTest::keyClick(seed, Qt::Key_Space);
    QCOMPARE(states.size(), 0);
}

void TestMainWindow::stoppedRunEndsAsCancelled()
{
    Program program(longRun());
    program.window.actions().run->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(program.controller.progress().ended > 0, kLong);
    QTest::mouseClick(program.button(program.window.actions().stop), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
    std::uint64_t cancelled = 0;
    for (const ExecutorTotals& totals : program.snapshot()->totals) {
        QCOMPARE(totals.endedCount(), totals.submitted);
        cancelled += totals.count(TaskState::Cancelled);
    }
    QVERIFY(cancelled > 0);
}

/// Each one that is kept would keep all detail that is let go after it, whatever the memory cap.
void TestMainWindow::noOldMomentOfARunIsKept()
{
    std::vector<std::weak_ptr<const Snapshot>>
        moments; // the program shows another one when it goes
    Program program(longRun());
    program.window.lowerPanel().gate().setConditions(QStringLiteral("failed == 0"));
    const auto remember = [&] {
        if (const SnapshotPtr now = program.snapshot(); now && now->isLive) {
            moments.emplace_back(now);
        }
    };
    connect(&program.window.viewState(), &ViewState::snapshotChanged, &program.window, remember);
    const auto passTime = [&moments] {
        return QTest::qWaitFor([&, before = moments.size()] { return moments.size() > before + 5; },
                               kLong);
    };
    program.window.actions().run->trigger();
    QVERIFY(passTime());
    for (QAction* page : program.window.actions().graphs->actions()) {
        page->trigger();
        QVERIFY(passTime());
    }
    program.window.actions().graphs->actions()[ChartPanel::Activity]->trigger();
    for (QAction* tab : program.window.actions().tabs->actions()) {
        tab->trigger();
        QVERIFY(passTime());
    }
    program.window.hide();
    QVERIFY(passTime());
    const auto isGone = [](const auto& moment) { return moment.expired(); };
    const auto old = std::ssize(moments) - 1; // the newest one is shown
    QTRY_VERIFY_WITH_TIMEOUT(std::all_of(moments.begin(), moments.begin() + old, isGone), kLong);
}

void TestMainWindow::clockTicksOnlyWhileThereIsSomethingToSee()
{
    Program program(longRun());
    QVERIFY(!program.window.frameClock().isRunning());
    program.window.actions().run->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Running, kLong);
    QVERIFY(program.window.frameClock().isRunning());
    program.window.hide();
    QVERIFY(!program.window.frameClock().isRunning());
    program.window.show();
    QVERIFY(program.window.frameClock().isRunning());
    program.controller.kill();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
    QVERIFY(!program.window.frameClock().isRunning());
}

void TestMainWindow::errorsOfARunAreShownInTheBar()
{
    RunSettings settings = shortRun();
    settings.workerProgram = m_folder.filePath(QStringLiteral("no-such-worker")).toStdString();
    Program program(settings);
    program.window.actions().run->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(program.window.messageBar().isVisible(), kLong);
    QCOMPARE(program.window.messageBar().kind(), MessageBar::Kind::Error);
    QVERIFY(!program.window.messageBar().text().isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(program.controller.canStart(), kLong);
    program.window.setRunSettings(shortRun());
    program.window.actions().run->trigger();
    QVERIFY2(program.window.messageBar().isHidden(), "a new run makes the old error pointless");
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
}

void TestMainWindow::closingEndsTheRun()
{
    Program program(longRun());
    program.window.actions().run->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Running, kLong);
    QVERIFY(program.window.close());
    QVERIFY(!program.window.isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestMainWindow)
#include "tst_main_window.moc"
