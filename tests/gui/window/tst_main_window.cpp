// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/catalogue_view.h"
#include "core/control/default_scenario.h"
#include "ui/panels/action_button.h"
#include "ui/panels/executor_row.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/setup_panel.h"
#include "ui/timeline/timeline_view.h"
#include "ui/window/export_controller.h"
#include "ui/window/main_window.h"
#include "ui/window/status_line.h"
#include "ui/window/window_actions.h"

#include <QAccessible>
#include <QComboBox>
#include <QLineEdit>
#include <QPointer>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <algorithm>

namespace poolscope {

using State = RunController::State;

/// The whole window over the real controller and the real pools.
class TestMainWindow : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void firstStartIsReadyToRunBothPools();
    void nothingToRunIsSaidAndTheButtonOff();
    void runButtonRunsEveryTaskOnBothPools();
    void actionsFollowTheState();
    void slidersChangeTheNumberOfWorkersWhileRunning();
    void spacePausesAndResumesUnlessSomebodyElseNeedsIt();
    void stoppedRunEndsAsCancelled();
    void clockTicksOnlyWhileThereIsSomethingToSee();
    void errorsOfARunAreShownInTheBar();
    void missingRunFileIsToldInTheBar();
    void savedRunIsShownAgain();
    void settingsAndLayoutComeBack();
    void panelsCanBeHiddenAndPutBack();
    void closingEndsTheRun();
    void everyControlHasAName();
    void shortcutsAreUnique();

private:
    QTemporaryDir m_folder;
};

namespace {

// Milliseconds; two processors that others use as well.
constexpr int kLong = 60'000;

RunSettings shortRun()
{
    RunSettings settings = defaultScenario();
    settings.workload = "square";
    settings.params.set("tasks", ParamValue{std::int64_t{2'000}});
    settings.executors = {{"threads", 2}, {"processes", 2}};
    settings.workerProgram = qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR").toStdString() + "/poolscope-worker";
    return settings;
}

/// Many tasks that take a while without needing a processor.
RunSettings longRun()
{
    RunSettings settings = shortRun();
    settings.workload = "sleep";
    settings.params = {};
    settings.params.set("tasks", ParamValue{std::int64_t{100'000}});
    return settings;
}

/// A window over a controller of its own; on its way out it ends the run.
struct Program
{
    RunController controller;
    MainWindow window{controller};

    explicit Program(const RunSettings& settings)
    {
        window.setRunSettings(settings);
        window.show();
    }
    ~Program()
    {
        controller.kill();
        [[maybe_unused]] const bool hasEnded
            = QTest::qWaitFor([this] { return controller.canStart(); }, kLong);
    }
    [[nodiscard]] SnapshotPtr snapshot() { return window.viewState().snapshot(); }
    ActionButton* button(const QAction* action)
    {
        for (auto* candidate : window.setupPanel().findChildren<ActionButton*>()) {
            if (candidate->action() == action) {
                return candidate;
            }
        }
        return nullptr;
    }
};

QSet<QAction*> enabledOf(const WindowActions& act)
{
    QSet<QAction*> enabled;
    for (QAction* action : {act.run, act.pause, act.stop, act.kill, act.openRun, act.saveRun,
             act.exportPicture, act.exportData, act.fit, act.follow}) {
        if (action->isEnabled()) {
            enabled.insert(action);
        }
    }
    return enabled;
}

} // namespace

void TestMainWindow::init()
{
    QVERIFY(m_folder.isValid());
    QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("Poolscope"),
        QStringLiteral("Poolscope"))
        .clear();
}

void TestMainWindow::firstStartIsReadyToRunBothPools()
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

void TestMainWindow::nothingToRunIsSaidAndTheButtonOff()
{
    RunSettings settings = shortRun();
    settings.executors.clear();
    Program program(settings);
    QVERIFY(!program.window.actions().run->isEnabled());
    QVERIFY(program.window.actions().run->toolTip().contains(program.window.setupPanel().problem()));
    program.window.setupPanel().findChild<ExecutorRow*>()->setChosen(true);
    QVERIFY(program.window.actions().run->isEnabled());
}

void TestMainWindow::runButtonRunsEveryTaskOnBothPools()
{
    Program program(shortRun());
    QTest::mouseClick(program.button(program.window.actions().run), Qt::LeftButton);
    QVERIFY(!program.controller.canStart());
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
    QVERIFY2(program.window.messageBar().isHidden(), qPrintable(program.window.messageBar().text()));
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
    QVERIFY(program.window.windowTitle().contains(
        QString::fromStdString(snapshot->meta->title)));
}

void TestMainWindow::actionsFollowTheState()
{
    Program program(longRun());
    WindowActions& act = program.window.actions();
    act.run->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Running, kLong);
    QTRY_VERIFY_WITH_TIMEOUT(program.snapshot() != nullptr, kLong);
    QCOMPARE(enabledOf(act),
        (QSet<QAction*>{act.pause, act.stop, act.kill, act.exportPicture, act.fit, act.follow}));
    act.pause->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Paused, kLong);
    QCOMPARE(act.pause->iconText(), QStringLiteral("Resume"));
    act.pause->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Running, kLong);
    QCOMPARE(act.pause->iconText(), QStringLiteral("Pause"));
    act.stop->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
    QCOMPARE(enabledOf(act),
        (QSet<QAction*>{act.run, act.openRun, act.saveRun, act.exportPicture, act.exportData, act.fit}));
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

void TestMainWindow::missingRunFileIsToldInTheBar()
{
    Program program(shortRun());
    program.window.openRunFile(m_folder.filePath(QStringLiteral("none.pscope")));
    QTRY_VERIFY_WITH_TIMEOUT(program.window.messageBar().isVisible(), kLong);
    QVERIFY(program.window.messageBar().text().contains(QStringLiteral("none.pscope")));
    QCOMPARE(program.controller.state(), State::Idle);
}

void TestMainWindow::savedRunIsShownAgain()
{
    const QString path = m_folder.filePath(QStringLiteral("kept.pscope"));
    std::uint64_t records = 0;
    {
        Program program(shortRun());
        program.window.actions().run->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
        records = program.snapshot()->recordCount();
        QSignalSpy written(&program.window.exporter(), &ExportController::succeeded);
        program.window.exporter().writeData(path);
        QTRY_COMPARE_WITH_TIMEOUT(written.size(), 1, kLong);
    }
    Program program(shortRun());
    program.window.openRunFile(path);
    QTRY_VERIFY_WITH_TIMEOUT(program.snapshot() != nullptr, kLong);
    QCOMPARE(program.snapshot()->recordCount(), records);
    QVERIFY(program.window.windowTitle().contains(QStringLiteral("kept.pscope")));
    QVERIFY(program.window.actions().saveRun->isEnabled());
    QVERIFY(program.window.actions().run->isEnabled());
}

void TestMainWindow::settingsAndLayoutComeBack()
{
    RunSettings settings = shortRun();
    settings.seed = 77;
    settings.chunk = 8;
    settings.executors = {{"processes", 3}};
    {
        Program program(settings);
        program.window.resize(1100, 700);
        program.window.actions().showGraphs->setChecked(false);
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
    QVERIFY(window.actions().showSetup->isChecked());
    QCOMPARE(window.size(), QSize(1100, 700));
}

void TestMainWindow::panelsCanBeHiddenAndPutBack()
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

void TestMainWindow::closingEndsTheRun()
{
    Program program(longRun());
    program.window.actions().run->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Running, kLong);
    QVERIFY(program.window.close());
    QVERIFY(!program.window.isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
}

void TestMainWindow::everyControlHasAName()
{
    Program program(shortRun());
    for (const Workload* workload : workloadChoices()) {
        RunSettings settings = shortRun();
        settings.workload = workload->id;
        program.window.setRunSettings(settings);
        for (QWidget* widget : program.window.findChildren<QWidget*>()) {
            // The line edit of a spin box is part of it.
            if (widget->focusPolicy() == Qt::NoFocus || widget->focusProxy() != nullptr
                || qobject_cast<QAbstractSpinBox*>(widget->parentWidget()) != nullptr
                || !widget->isVisibleTo(&program.window)) {
                continue;
            }
            QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(widget);
            QVERIFY(accessible != nullptr);
            QVERIFY2(!accessible->text(QAccessible::Name).isEmpty(),
                qPrintable(QStringLiteral("%1 “%2” in %3").arg(
                    QString::fromLatin1(widget->metaObject()->className()), widget->objectName(),
                    QString::fromLatin1(widget->parentWidget()->metaObject()->className()))));
        }
    }
}

void TestMainWindow::shortcutsAreUnique()
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

} // namespace poolscope

QTEST_MAIN(poolscope::TestMainWindow)
#include "tst_main_window.moc"
