// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/run_summary.h"
#include "core/control/experiment.h"
#include "core/control/scenario.h"

#include <QSet>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

namespace poolscope {

namespace {

constexpr int kLong = 120'000;

Scenario scenarioOf(const QString& id)
{
    const std::vector<Scenario> all = teachingScenarios(2);
    return *std::ranges::find(all, id, &Scenario::id);
}

/// Runs the steps one after the other. \return what they came to.
std::vector<ArmRun> runAll(const Scenario& scenario)
{
    ExperimentPlan plan;
    plan.takesPartRuns = true;
    for (const ScenarioStep& step : scenario.steps) {
        plan.arms.push_back(step.settings);
        plan.arms.back().workerProgram =
            qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR").toStdString() + "/poolscope-worker";
    }
    Experiment experiment;
    QSignalSpy finished(&experiment, &Experiment::finished);
    experiment.start(plan);
    return finished.wait(kLong) && finished.front().front().toBool() ? experiment.runs()
                                                                     : std::vector<ArmRun>();
}

} // namespace

class ScenarioTest : public QObject
{
    Q_OBJECT

private slots:
    void everyStepCanBeRun();
    void idsAreDistinctAndTextsThere();
    void crashLosesOneTask();
    void stoppedRunLeavesTasks();
    void limitBoundsTheQueue();
};

void ScenarioTest::everyStepCanBeRun()
{
    for (const int processors : {1, 2, 8, 64}) {
        for (const Scenario& scenario : teachingScenarios(processors)) {
            QVERIFY(scenario.steps.size() >= 2);
            for (const ScenarioStep& step : scenario.steps) {
                const auto checked = checkSettings(step.settings);
                QVERIFY2(checked, checked ? "" : checked.error().message.c_str());
                QCOMPARE(step.settings.executors.size(), std::size_t{1});
                QVERIFY(step.base >= 0 && step.base < static_cast<int>(scenario.steps.size()));
            }
        }
    }
}

void ScenarioTest::idsAreDistinctAndTextsThere()
{
    QSet<QString> ids;
    for (const Scenario& scenario : teachingScenarios(4)) {
        QVERIFY2(!ids.contains(scenario.id), qPrintable(scenario.id));
        ids += scenario.id;
        QVERIFY(!scenario.title.isEmpty());
        QVERIFY(scenario.look.size() > 80);
        QVERIFY(scenario.next.size() > 40);
    }
}

void ScenarioTest::crashLosesOneTask()
{
    const std::vector<ArmRun> runs = runAll(scenarioOf(QStringLiteral("crash")));
    QCOMPARE(runs.size(), std::size_t{3});
    for (const ArmRun& run : runs) {
        QCOMPARE(run.summary.done, run.summary.tasks - 1);
        QCOMPARE(run.summary.lost, std::uint64_t{1});
    }
    QCOMPARE(runs[0].summary.lostAttempts, std::uint64_t{1});
    QCOMPARE(runs[1].summary.lostAttempts, std::uint64_t{3});
}

void ScenarioTest::stoppedRunLeavesTasks()
{
    Scenario scenario = scenarioOf(QStringLiteral("prefetch"));
    // A process that takes seconds to start, on a busy machine or with a sanitizer, shall still come
    // to a task before the run is stopped, and never to all.
    for (ScenarioStep& step : scenario.steps) {
        QVERIFY(step.settings.cancelAtNs > 0);
        step.settings.cancelAtNs *= 10;
        step.settings.params.set("tasks", std::int64_t{50});
    }
    const std::vector<ArmRun> runs = runAll(scenario);
    QCOMPARE(runs.size(), std::size_t{3});
    for (const ArmRun& run : runs) {
        QVERIFY(run.summary.cancelled > 0);
        QCOMPARE(run.summary.done + run.summary.cancelled, run.summary.tasks);
    }
}

void ScenarioTest::limitBoundsTheQueue()
{
    const std::vector<ArmRun> runs = runAll(scenarioOf(QStringLiteral("backpressure")));
    QCOMPARE(runs.size(), std::size_t{3});
    // With at most eight that wait, none waits for more than nine others; without a limit nearly all
    // arrive before the first few hundred are done.
    QVERIFY(runs[2].summary.wait.p50Ns < runs[1].summary.wait.p50Ns);
    QVERIFY(runs[1].summary.wait.p50Ns < runs[0].summary.wait.p50Ns);
}

} // namespace poolscope

QTEST_GUILESS_MAIN(poolscope::ScenarioTest)
#include "tst_scenario.moc"
