// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/experiment.h"

#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <set>

using namespace poolscope;

namespace {

constexpr int kPatienceMs = 60'000;

RunSettings sleepRun(std::int64_t tasks, double millis)
{
    RunSettings settings;
    settings.workload = "sleep";
    settings.params.set("tasks", tasks);
    settings.params.set("ms", millis);
    settings.executors = {{"threads", 2}, {"processes", 2}};
    settings.workerProgram =
        qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR").toStdString() + "/poolscope-worker";
    return settings;
}

} // namespace

class ExperimentTest : public QObject
{
    Q_OBJECT

private slots:
    void ordersAlternateOrAreShuffled();
    void runsEachArmOnceARound();
    void moreWorkersSleepFaster();
    void cancelEndsIt();
    void wrongSettingsAreTold();
    void failureWhileStartingIsTold();
};

void ExperimentTest::ordersAlternateOrAreShuffled()
{
    ExperimentPlan plan;
    plan.arms.resize(8);
    QCOMPARE(armOrder(plan, 0), (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
    QCOMPARE(armOrder(plan, 1), (std::vector<int>{7, 6, 5, 4, 3, 2, 1, 0}));
    plan.order = ExperimentPlan::Order::Shuffled;
    const std::vector<int> order = armOrder(plan, 2);
    QCOMPARE(armOrder(plan, 2), order);
    QVERIFY(armOrder(plan, 3) != order);
    QCOMPARE(std::set<int>(order.begin(), order.end()).size(), std::size_t{8});
}

void ExperimentTest::runsEachArmOnceARound()
{
    Experiment experiment;
    QSignalSpy finished(&experiment, &Experiment::finished);
    QSignalSpy ran(&experiment, &Experiment::runFinished);
    QSignalSpy failed(&experiment, &Experiment::failed);
    ExperimentPlan plan;
    plan.arms = armsByExecutor(sleepRun(4, 1));
    plan.rounds = 3;
    experiment.start(plan);
    QVERIFY(experiment.isRunning());
    QVERIFY(finished.wait(kPatienceMs));
    QVERIFY2(finished.first().first().toBool(),
             failed.isEmpty() ? "" : qPrintable(failed.first().first().toString()));
    QVERIFY(!experiment.isRunning());
    QCOMPARE(ran.size(), 6);
    QCOMPARE(experiment.runs()[1].arm, 1);
    QCOMPARE(experiment.runs()[2].arm, 1); // round 1 goes backwards
    QCOMPARE(duelRoundsOf(experiment.runs(), 0, 1).size(), std::size_t{3});
    for (const ArmRun& run : experiment.runs()) {
        QCOMPARE(run.summary.done, std::uint64_t{4});
        QVERIFY(run.ledger.totalNs > 0);
        QVERIFY(run.split.makespanNs > 0);
    }
}

void ExperimentTest::moreWorkersSleepFaster()
{
    Experiment experiment;
    QSignalSpy finished(&experiment, &Experiment::finished);
    ExperimentPlan plan;
    plan.arms = armsByWorkers(sleepRun(16, 5), {1, 4});
    plan.rounds = 3;
    plan.order = ExperimentPlan::Order::Shuffled;
    experiment.start(plan);
    QVERIFY(finished.wait(kPatienceMs));
    const std::vector<DuelRound> rounds = duelRoundsOf(experiment.runs(), 0, 1);
    QCOMPARE(rounds.size(), std::size_t{3});
    QVERIFY(compareRounds(rounds).ratio.value < 1); // four need less time than one
    const std::vector<Repeat> repeats = throughputsOf(plan, experiment.runs());
    QCOMPARE(Repeats(repeats).levels().size(), std::size_t{2});
}

void ExperimentTest::cancelEndsIt()
{
    Experiment experiment;
    QSignalSpy finished(&experiment, &Experiment::finished);
    ExperimentPlan plan;
    plan.arms = armsByChunk(sleepRun(100'000, 10), {1, 8});
    plan.rounds = 5;
    experiment.start(plan);
    experiment.cancel();
    QVERIFY(finished.wait(kPatienceMs));
    QVERIFY(!finished.first().first().toBool());
    QVERIFY(experiment.runs().empty());
    finished.clear();
    experiment.start(plan); // and while one goes on
    QTimer::singleShot(20, &experiment, &Experiment::cancel);
    QVERIFY(finished.wait(kPatienceMs));
    QVERIFY(experiment.runs().empty());
}

void ExperimentTest::wrongSettingsAreTold()
{
    Experiment experiment;
    QSignalSpy failed(&experiment, &Experiment::failed);
    QSignalSpy finished(&experiment, &Experiment::finished);
    ExperimentPlan plan;
    plan.arms = armsByWorkers(sleepRun(4, 1), {1});
    plan.arms.front().workload = "no_such_work";
    experiment.start(plan);
    QVERIFY(finished.wait(kPatienceMs));
    QCOMPARE(failed.size(), 1);
    QVERIFY(!failed.first().first().toString().isEmpty());
    QCOMPARE(finished.size(), 1);
}

void ExperimentTest::failureWhileStartingIsTold()
{
    Experiment experiment;
    QSignalSpy failed(&experiment, &Experiment::failed);
    QSignalSpy finished(&experiment, &Experiment::finished);
    ExperimentPlan plan;
    plan.arms = armsByExecutor(sleepRun(4, 1));
    plan.arms.back().workerProgram = "/nonexistent/worker";
    plan.rounds = 2;
    experiment.start(plan);
    QVERIFY(finished.wait(kPatienceMs));
    QCOMPARE(failed.size(), 1);
    QVERIFY(!failed.first().first().toString().isEmpty());
    QCOMPARE(experiment.runs().size(), std::size_t{1}); // the threads' one
}

QTEST_GUILESS_MAIN(ExperimentTest)
#include "tst_experiment.moc"
