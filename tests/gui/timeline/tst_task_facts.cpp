// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/io/sample_run.h"
#include "ui/timeline/task_facts.h"

#include <QTest>

#include <algorithm>

namespace poolscope {

class TestTaskFacts : public QObject
{
    Q_OBJECT

private slots:
    void costsArePartsOfTheRunTime();
    void withoutARunQueueOnlyTheRestIsKnown();
    void whatWasNotMeasuredHasNoFigures();
    void whatBlockedATaskIsTold();
    void whatBlocksTheRunningTaskIsTold();
    void progressOfTheRunningTaskIsTold();
    void phasesOfAProcessTaskAreTold();
    void coresThatDifferAreBothTold();
    void deathTellsWhatWasLostAndWhatBecameOfIt();
    void deathOfAnIdleWorkerLostNothing();
};

namespace {

/// \return the facts on the record of \p task on the lane of \p kind.
TaskFacts factsOf(const Snapshot& snapshot, LaneKind kind, std::uint32_t task)
{
    for (std::size_t lane = 0; lane < snapshot.lanes.size(); ++lane) {
        const LaneView& view = snapshot.lanes[lane];
        for (std::uint64_t i = 0; view.info().kind == kind && i < view.recordCount; ++i) {
            if (view.lane->record(i).task == task) {
                return taskFacts(snapshot, {static_cast<int>(lane), i}).value_or(TaskFacts{});
            }
        }
    }
    return {};
}

QString lineOf(const TaskFacts& facts, const QString& what)
{
    const auto found = std::ranges::find(facts.lines, what, &std::pair<QString, QString>::first);
    return found == facts.lines.end() ? QString() : found->second;
}

} // namespace

void TestTaskFacts::costsArePartsOfTheRunTime()
{
    const TaskFacts facts = factsOf(*test::makeCostlyRun(), LaneKind::Thread, 0);
    QCOMPARE(facts.costs.size(), std::size_t{3});
    QVERIFY(facts.costs[0].part == CostPart::OnProcessor);
    QVERIFY(facts.costs[1].part == CostPart::WaitingForOne);
    QVERIFY(facts.costs[2].part == CostPart::Blocked);
    QCOMPARE(facts.costs[0].share, 0.6);
    QCOMPARE(facts.costs[1].share, 0.3);
    QCOMPARE(facts.costs[2].share, 0.1);
    QVERIFY(facts.costs[0].text.contains(QStringLiteral("60 %")));
    QCOMPARE(lineOf(facts, QStringLiteral("Switches")), QStringLiteral("2 waited, 3 gave way"));
    QCOMPARE(lineOf(facts, QStringLiteral("Page faults")), QStringLiteral("405, 5 from a disk"));
    QVERIFY(lineOf(facts, QStringLiteral("Worker's peak memory")).isEmpty());
}

void TestTaskFacts::withoutARunQueueOnlyTheRestIsKnown()
{
    const TaskFacts facts = factsOf(*test::makeCostlyRun(), LaneKind::Thread, 1);
    QCOMPARE(facts.costs.size(), std::size_t{2});
    QVERIFY(facts.costs[1].part == CostPart::OffProcessor);
    QCOMPARE(facts.costs[1].share, 0.3);
}

void TestTaskFacts::whatWasNotMeasuredHasNoFigures()
{
    const TaskFacts lost = factsOf(*test::makeCostlyRun(), LaneKind::Process, 1);
    QVERIFY(lost.state == TaskState::Lost);
    QVERIFY(lost.costs.empty());
    QVERIFY(lineOf(lost, QStringLiteral("Switches")).isEmpty());
    QVERIFY(factsOf(*test::makeSampleRun(), LaneKind::Thread, 0).costs.empty());
}

void TestTaskFacts::whatBlockedATaskIsTold()
{
    const SnapshotPtr run = test::makeBlockedRun();
    const TaskFacts facts = factsOf(*run, LaneKind::Thread, 0);
    QVERIFY(
        lineOf(facts, QStringLiteral("Blocked on slots")).endsWith(QStringLiteral(", 2 times")));
    QVERIFY(lineOf(facts, QStringLiteral("Blocked on slots")).startsWith(QStringLiteral("40")));
    QVERIFY(lineOf(facts, QStringLiteral("Blocked on gate")).startsWith(QStringLiteral("20")));
    QVERIFY(
        lineOf(factsOf(*run, LaneKind::Thread, 2), QStringLiteral("Blocked on gate")).isEmpty());
}

void TestTaskFacts::whatBlocksTheRunningTaskIsTold()
{
    const auto recorder = std::make_shared<Recorder>(0, 2);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    const SnapshotPtr run = test::finish(recorder, test::makeSampleMeta());
    LaneView view = run->lanes[0];
    view.running = {3, 1'000};
    QVERIFY(lineOf(runningFacts(*run, view, 9'000), QStringLiteral("Blocked on gate")).isEmpty());
    lane.setBlocked({recorder->blockerId("gate"), 2'000});
    QVERIFY(lineOf(runningFacts(*run, view, 9'000), QStringLiteral("Blocked on gate"))
                .contains(QStringLiteral("7")));
    view.running = {4, 5'000}; // that was the task before
    QVERIFY(lineOf(runningFacts(*run, view, 9'000), QStringLiteral("Blocked on gate")).isEmpty());
}

void TestTaskFacts::progressOfTheRunningTaskIsTold()
{
    const auto recorder = std::make_shared<Recorder>(0, 2);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    const SnapshotPtr run = test::finish(recorder, test::makeSampleMeta());
    LaneView view = run->lanes[0];
    view.running = {3, 1'000};
    lane.setRunning(3, 1'000);
    QVERIFY(lineOf(runningFacts(*run, view, 9'000), QStringLiteral("Progress")).isEmpty());
    lane.progress().set(0.5, "page 2");
    QCOMPARE(lineOf(runningFacts(*run, view, 9'000), QStringLiteral("Progress")),
             QStringLiteral("50 %, page 2"));
    lane.setRunning(4, 2'000);
    QVERIFY(lineOf(runningFacts(*run, view, 9'000), QStringLiteral("Progress")).isEmpty());
}

void TestTaskFacts::phasesOfAProcessTaskAreTold()
{
    const SnapshotPtr run = test::makeSampleRun();
    const TaskFacts process = factsOf(*run, LaneKind::Process, 2);
    QVERIFY(lineOf(process, QStringLiteral("Sent to the worker")).contains(u'1')); // 1.23 µs
    QVERIFY(lineOf(process, QStringLiteral("Result back")).contains(QStringLiteral("77 ns")));
    QVERIFY(lineOf(factsOf(*run, LaneKind::Thread, 2), QStringLiteral("Result back")).isEmpty());
}

void TestTaskFacts::coresThatDifferAreBothTold()
{
    const SnapshotPtr run = test::makeCostlyRun();
    QCOMPARE(lineOf(factsOf(*run, LaneKind::Thread, 0), QStringLiteral("Core")),
             QStringLiteral("1, began on 0"));
    QCOMPARE(lineOf(factsOf(*run, LaneKind::Process, 0), QStringLiteral("Core")),
             QStringLiteral("1"));
}

void TestTaskFacts::deathTellsWhatWasLostAndWhatBecameOfIt()
{
    const SnapshotPtr run = test::makeSampleRun();
    const auto death =
        std::ranges::find(*run->controlEvents, ControlKind::WorkerDied, &ControlEvent::kind);
    QVERIFY(death != run->controlEvents->end());
    const auto lane = std::ranges::find(run->lanes, death->lane, &LaneView::laneIndex);
    const TaskFacts facts = deathFacts(*run, *lane, *death);
    QCOMPARE(facts.title, QStringLiteral("Process 0 died"));
    QVERIFY(facts.note.startsWith(QStringLiteral("killed by signal 9")));
    QVERIFY(lineOf(facts, QStringLiteral("Lived")).contains(QStringLiteral("pid 5001")));
    QVERIFY(lineOf(facts, QStringLiteral("Was running")).startsWith(QStringLiteral("plain, for")));
    QVERIFY(lineOf(facts, QStringLiteral("Next attempt")).startsWith("Process 0, "));
    QVERIFY(lineOf(facts, QStringLiteral("Next attempt")).endsWith(QStringLiteral("done")));

    const TaskFacts attempt = factsOf(*run, LaneKind::Process, 0); // the first, lost one
    QVERIFY(attempt.state == TaskState::Lost);
    QCOMPARE(lineOf(attempt, QStringLiteral("Result back")), QStringLiteral("never"));
    QCOMPARE(lineOf(attempt, QStringLiteral("Next attempt")),
             lineOf(facts, QStringLiteral("Next attempt")));
}

void TestTaskFacts::deathOfAnIdleWorkerLostNothing()
{
    const SnapshotPtr run = test::makeSampleRun();
    const ControlEvent death{940'000, ControlKind::WorkerDied, 1, 3, 5002, "exited with status 3"};
    const auto lane = std::ranges::find(run->lanes, death.lane, &LaneView::laneIndex);
    const TaskFacts facts = deathFacts(*run, *lane, death);
    QCOMPARE(lineOf(facts, QStringLiteral("Was running")), QStringLiteral("nothing"));
    QCOMPARE(facts.note, QStringLiteral("exited with status 3"));
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestTaskFacts)
#include "tst_task_facts.moc"
