// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/recorder.h"
#include "core/trace/snapshot.h"

#include <QTest>

#include <set>
#include <thread>

using namespace poolscope;

class RecorderTest : public QObject
{
    Q_OBJECT

private slots:
    void lanesStayWhereTheyAre();
    void lanesMayBeAddedByAnyThread();
    void controlEventsAreSortedByTime();
    void controlEventsAreSharedUntilOneIsAdded();
    void submittedTasksAreCountedByExecutor();
    void livesFollowEachOther();
    void closingTwiceChangesNothing();
    void lifeAtFindsTheLastThatOpened();
    void everyControlKindHasItsWord();
};

void RecorderTest::lanesStayWhereTheyAre()
{
    Recorder recorder(0, 1);
    Lane& first = recorder.addLane({0, LaneKind::Thread, 0});
    for (int i = 1; i < 300; ++i) {
        recorder.addLane({0, LaneKind::Thread, i});
    }
    QCOMPARE(recorder.lanes().size(), std::size_t{300});
    QCOMPARE(recorder.lanes().front(), &first);
    QCOMPARE(recorder.indexOf(first), 0);
    QCOMPARE(recorder.indexOf(*recorder.lanes()[299]), 299);
    QCOMPARE(recorder.lanes()[299]->info().index, 299);
}

void RecorderTest::lanesMayBeAddedByAnyThread()
{
    Recorder recorder(0, 1);
    const auto add = [&recorder] {
        for (int i = 0; i < 100; ++i) {
            recorder.addLane({0, LaneKind::Thread, i}).openLife({0, -1, 0, 0});
            recorder.addControlEvent({i, ControlKind::WorkerStarted, 0, i, 0, {}});
            recorder.addSubmitted(0, 1);
        }
    };
    std::thread other(add);
    add();
    other.join();
    QCOMPARE(recorder.lanes().size(), std::size_t{200});
    QCOMPARE(recorder.controlEvents()->size(), std::size_t{200});
    QCOMPARE(recorder.submitted(0), std::uint64_t{200});
}

void RecorderTest::controlEventsAreSortedByTime()
{
    Recorder recorder(0, 1);
    recorder.addControlEvent({20, ControlKind::Pause, 0, -1, 0, {}});
    recorder.addControlEvent({30, ControlKind::Resume, 0, -1, 0, {}});
    recorder.addControlEvent({10, ControlKind::WorkerStarted, 0, 0, 0, {}});
    recorder.addControlEvent({20, ControlKind::Cancel, 0, -1, 0, {}});
    std::vector<ControlKind> kinds;
    for (const ControlEvent& event : *recorder.controlEvents()) {
        kinds.push_back(event.kind);
    }
    QVERIFY((kinds == std::vector{ControlKind::WorkerStarted, ControlKind::Pause,
                                  ControlKind::Cancel, ControlKind::Resume}));
}

void RecorderTest::controlEventsAreSharedUntilOneIsAdded()
{
    Recorder recorder(0, 1);
    recorder.addControlEvent({1, ControlKind::Pause, 0, -1, 0, {}});
    const auto early = recorder.controlEvents();
    QVERIFY(recorder.controlEvents() == early);
    recorder.addControlEvent({2, ControlKind::Resume, 0, -1, 0, {}});
    QCOMPARE(early->size(), std::size_t{1});
    QCOMPARE(recorder.controlEvents()->size(), std::size_t{2});
}

void RecorderTest::submittedTasksAreCountedByExecutor()
{
    Recorder recorder(0, 3);
    QCOMPARE(recorder.executorCount(), 3);
    recorder.addSubmitted(1, 5);
    recorder.addSubmitted(1, 2);
    QCOMPARE(recorder.submitted(0), std::uint64_t{0});
    QCOMPARE(recorder.submitted(1), std::uint64_t{7});
}

void RecorderTest::livesFollowEachOther()
{
    Lane lane(LaneInfo{});
    const auto none = lane.lives();
    lane.openLife({10, -1, 1, 2});
    lane.closeLife(20);
    lane.openLife({30, -1, 3, 4});
    QVERIFY(none->empty());
    QVERIFY((*lane.lives() == std::vector<LaneLife>{{10, 20, 1, 2}, {30, -1, 3, 4}}));
}

void RecorderTest::closingTwiceChangesNothing()
{
    Lane lane(LaneInfo{});
    lane.closeLife(5); // nobody there
    QVERIFY(lane.lives()->empty());
    lane.openLife({10, -1, 1, 2});
    lane.closeLife(20);
    lane.closeLife(25);
    QCOMPARE(lane.lives()->at(0).closedNs, Nanos{20});
}

void RecorderTest::lifeAtFindsTheLastThatOpened()
{
    LaneView view;
    QVERIFY(view.lifeAt(5) == nullptr);
    view.lives = std::make_shared<const std::vector<LaneLife>>(
        std::vector<LaneLife>{{10, 20, 1, 1}, {30, -1, 2, 2}});
    QVERIFY(view.lifeAt(9) == nullptr);
    QCOMPARE(view.lifeAt(10)->processId, 1);
    QCOMPARE(view.lifeAt(25)->processId, 1);
    QCOMPARE(view.lifeAt(30)->processId, 2);
    QCOMPARE(view.lifeAt(1000)->processId, 2);
}

void RecorderTest::everyControlKindHasItsWord()
{
    std::set<std::string_view> words;
    for (int kind = 0; kind < kControlKindCount; ++kind) {
        words.insert(toText(static_cast<ControlKind>(kind)));
    }
    QCOMPARE(words.size(), static_cast<std::size_t>(kControlKindCount));
    QVERIFY(!words.contains({}));
    QVERIFY(words.contains("worker_died"));
}

QTEST_GUILESS_MAIN(RecorderTest)
#include "tst_recorder.moc"
