// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/default_scenario.h"
#include "core/control/run_controller.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace poolscope;

using State = RunController::State;

namespace {

constexpr int kPatienceMs = 60'000;

RunSettings sleepRun(std::int64_t tasks, double millis)
{
    RunSettings settings;
    settings.workload = "sleep";
    settings.params.set("tasks", tasks);
    settings.params.set("ms", millis);
    settings.executors = {{"threads", 2}};
    return settings;
}

} // namespace

class TestRunController : public QObject
{
    Q_OBJECT

private slots:
    void idleControllerHasNothing();
    void tellsTheStatesOfARun();
    void progressComesAtMostTenTimesASecond();
    void wrongSettingsAreAnErrorAndChangeNothing();
    void errorWhileStartingGoesBackToIdle();
    void secondStartIsRefused();
    void resizeIsTold();
    void cancelEndsTheRun();
    void shownTraceIsTheSnapshot();
    void defaultScenarioIsValid();
};

void TestRunController::idleControllerHasNothing()
{
    const RunController controller;
    QCOMPARE(controller.state(), State::Idle);
    QVERIFY(controller.canStart());
    QVERIFY(!controller.snapshot());
}

void TestRunController::tellsTheStatesOfARun()
{
    RunController controller;
    QList<State> states;
    connect(&controller, &RunController::stateChanged, this,
            [&states](State state) { states << state; });
    controller.start(sleepRun(10, 1));
    QTRY_COMPARE_WITH_TIMEOUT(controller.state(), State::Finished, kPatienceMs);
    QCOMPARE(states, (QList{State::Starting, State::Running, State::Finished}));
    QCOMPARE(controller.progress().ended, quint64{10});
    QCOMPARE(controller.progress().failed, quint64{0});
    QVERIFY(!controller.snapshot()->isLive);
}

void TestRunController::progressComesAtMostTenTimesASecond()
{
    RunController controller;
    QSignalSpy progress(&controller, &RunController::progressChanged);
    QElapsedTimer clock;
    clock.start();
    controller.start(sleepRun(300, 5));
    QTRY_COMPARE_WITH_TIMEOUT(controller.state(), State::Finished, kPatienceMs);
    const qint64 limit = clock.elapsed() / 100 + 2; // and one at the end
    QVERIFY2(progress.size() <= limit, qPrintable(QString::number(progress.size())));
    QVERIFY(progress.size() >= 1);
}

void TestRunController::wrongSettingsAreAnErrorAndChangeNothing()
{
    RunController controller;
    const QSignalSpy errors(&controller, &RunController::errorOccurred);
    const QSignalSpy states(&controller, &RunController::stateChanged);
    RunSettings settings = sleepRun(1, 1);
    settings.workload = "juggle";
    controller.start(settings);
    QCOMPARE(errors.size(), 1);
    QVERIFY(errors.first().first().toString().contains("juggle"));
    QCOMPARE(states.size(), 0);
}

void TestRunController::errorWhileStartingGoesBackToIdle()
{
    RunController controller;
    const QSignalSpy errors(&controller, &RunController::errorOccurred);
    RunSettings settings;
    settings.workload = "hash_files";
    settings.params.set("input", std::string("/nowhere/at/all"));
    settings.executors = {{"threads", 1}};
    controller.start(settings);
    QTRY_COMPARE_WITH_TIMEOUT(errors.size(), 1, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(controller.state(), State::Idle, kPatienceMs);
    QVERIFY(controller.canStart());
}

void TestRunController::secondStartIsRefused()
{
    RunController controller;
    const QSignalSpy errors(&controller, &RunController::errorOccurred);
    controller.start(sleepRun(1000, 5));
    controller.start(sleepRun(1, 1));
    QCOMPARE(errors.size(), 1);
    controller.kill();
    QTRY_COMPARE_WITH_TIMEOUT(controller.state(), State::Finished, kPatienceMs);
    QCOMPARE(controller.settings().params.integer("tasks"), std::int64_t{1000});
}

void TestRunController::resizeIsTold()
{
    RunController controller;
    const QSignalSpy resized(&controller, &RunController::resized);
    controller.start(sleepRun(2000, 5));
    QTRY_COMPARE_WITH_TIMEOUT(controller.state(), State::Running, kPatienceMs);
    controller.resize(0, 5);
    QCOMPARE(resized.size(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(controller.snapshot()->totals[0].workers, 5U, kPatienceMs);
    controller.cancel();
    QTRY_COMPARE_WITH_TIMEOUT(controller.state(), State::Finished, kPatienceMs);
}

void TestRunController::cancelEndsTheRun()
{
    RunController controller;
    controller.start(sleepRun(100'000, 20));
    QTRY_COMPARE_WITH_TIMEOUT(controller.state(), State::Running, kPatienceMs);
    controller.cancel();
    QTRY_COMPARE_WITH_TIMEOUT(controller.state(), State::Finished, kPatienceMs);
    QVERIFY(controller.progress().failed > 0);
    QVERIFY(controller.canStart());
}

void TestRunController::shownTraceIsTheSnapshot()
{
    RunController recorder;
    recorder.start(sleepRun(5, 1));
    QTRY_COMPARE_WITH_TIMEOUT(recorder.state(), State::Finished, kPatienceMs);
    RunController viewer;
    viewer.showTrace(recorder.snapshot());
    QCOMPARE(viewer.snapshot(), recorder.snapshot());
    QCOMPARE(viewer.state(), State::Finished);
    QCOMPARE(viewer.progress().ended, quint64{5});
    QVERIFY(viewer.progress().tasksPerSecond > 0);
    QCOMPARE(viewer.progress().tasksPerSecond, recorder.progress().tasksPerSecond);
}

void TestRunController::defaultScenarioIsValid()
{
    RunSettings settings = defaultScenario();
    settings.workerProgram =
        qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR").toStdString() + "/poolscope-worker";
    QCOMPARE(settings.executors.size(), std::size_t{2});
    RunController controller;
    const QSignalSpy errors(&controller, &RunController::errorOccurred);
    controller.start(settings);
    QTRY_COMPARE_WITH_TIMEOUT(controller.state(), State::Running, kPatienceMs);
    controller.kill();
    QTRY_VERIFY_WITH_TIMEOUT(controller.canStart(), kPatienceMs);
    QCOMPARE(errors.size(), 0);
}

QTEST_GUILESS_MAIN(TestRunController)
#include "tst_run_controller.moc"
