// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/replay.h"
#include "tests/support/synthetic_trace.h"

#include <QTest>

#include <random>
#include <set>
#include <vector>

using namespace poolscope;

class TestReplay : public QObject
{
    Q_OBJECT

private slots:
    void equalsACountOfEveryRecord();
    void runsWhatRanThen();
    void workersComeAndGo();
    void theEndIsTheWholeRun();
    void timesBesideTheRunAreItsEnds();
    void stepsMeetEveryMoment();
};

namespace {

SnapshotPtr troubledRun()
{
    test::SyntheticOptions options;
    options.lanes = 3;
    options.executors = 2;
    options.tasks = 3'000;
    options.failureRate = 0.02;
    options.retryRate = 0.02;
    options.instantRate = 0.01;
    options.cancelRate = 0.01;
    return test::makeSyntheticTrace(options);
}

ExecutorTotals countedAt(const Snapshot& whole, std::size_t executor, Nanos timeNs)
{
    ExecutorTotals totals;
    for (const LaneView& lane : whole.lanes) {
        if (static_cast<std::size_t>(lane.info().executor) != executor) {
            continue;
        }
        for (std::uint64_t i = 0; i < lane.recordCount; ++i) {
            const TaskRecord& record = lane.lane->record(i);
            if (record.endNs > timeNs) {
                break;
            }
            const bool isLost = record.state() == TaskState::Lost && record.attempt > 0;
            totals.lostAttempts += record.wasRetried() || isLost ? 1U : 0U;
            if (!record.wasRetried()) {
                ++totals.ended[static_cast<std::size_t>(record.state())];
            }
        }
    }
    return totals;
}

} // namespace

void TestReplay::equalsACountOfEveryRecord()
{
    const SnapshotPtr whole = troubledRun();
    std::mt19937_64 random(7);
    std::uniform_int_distribution<Nanos> times(0, whole->nowNs);
    for (int i = 0; i < 200; ++i) {
        const Nanos timeNs = times(random);
        const Snapshot moment = snapshotAt(*whole, timeNs);
        QCOMPARE(moment.nowNs, timeNs);
        QCOMPARE(moment.wholeNs, whole->nowNs);
        QCOMPARE(moment.totals.size(), whole->totals.size());
        for (std::size_t executor = 0; executor < moment.totals.size(); ++executor) {
            const ExecutorTotals expected = countedAt(*whole, executor, timeNs);
            QVERIFY(moment.totals[executor].ended == expected.ended);
            QCOMPARE(moment.totals[executor].lostAttempts, expected.lostAttempts);
            QVERIFY(moment.totals[executor].submitted >= moment.totals[executor].endedCount());
        }
        for (const LaneView& lane : moment.lanes) {
            QVERIFY(lane.summarisedCount <= lane.recordCount);
        }
    }
}

void TestReplay::runsWhatRanThen()
{
    const SnapshotPtr whole = troubledRun();
    const LaneView& lane = whole->lanes[1];
    std::uint64_t index = lane.recordCount / 2;
    while (lane.lane->record(index).runNs() < 10) {
        ++index;
    }
    const TaskRecord& record = lane.lane->record(index);
    const Snapshot moment = snapshotAt(*whole, record.startNs + record.runNs() / 2);
    QCOMPARE(moment.lanes[1].running.task, std::uint64_t{record.task});
    QCOMPARE(moment.lanes[1].running.startNs, record.startNs);
    QCOMPARE(moment.lanes[1].recordCount, index);
    QVERIFY(snapshotAt(*whole, record.endNs).lanes[1].recordCount > index);
}

void TestReplay::workersComeAndGo()
{
    const SnapshotPtr whole = troubledRun();
    const auto lives = whole->lanes[0].lives;
    QVERIFY(!lives->empty());
    const LaneLife first = lives->front();
    const Snapshot before = snapshotAt(*whole, first.openedNs - 1);
    if (first.openedNs > 0) {
        QVERIFY(before.lanes[0].lives->empty());
    }
    const Snapshot during = snapshotAt(*whole, first.openedNs);
    QCOMPARE(during.lanes[0].lives->size(), std::size_t{1});
    QCOMPARE(during.lanes[0].lives->front().closedNs, Nanos{-1});
    const Snapshot half = snapshotAt(*whole, whole->nowNs / 2);
    for (const ControlEvent& event : *half.controlEvents) {
        QVERIFY(event.timeNs <= whole->nowNs / 2);
    }
}

void TestReplay::theEndIsTheWholeRun()
{
    const SnapshotPtr whole = troubledRun();
    const Snapshot end = snapshotAt(*whole, whole->nowNs);
    QCOMPARE(end.recordCount(), whole->recordCount());
    for (std::size_t executor = 0; executor < whole->totals.size(); ++executor) {
        QVERIFY(end.totals[executor].ended == whole->totals[executor].ended);
        QCOMPARE(end.totals[executor].lostAttempts, whole->totals[executor].lostAttempts);
        QCOMPARE(end.totals[executor].firstSubmitNs, whole->totals[executor].firstSubmitNs);
        QCOMPARE(end.totals[executor].lastEndNs, whole->totals[executor].lastEndNs);
    }
}

void TestReplay::timesBesideTheRunAreItsEnds()
{
    const SnapshotPtr whole = troubledRun();
    QCOMPARE(snapshotAt(*whole, -5).nowNs, Nanos{0});
    QCOMPARE(snapshotAt(*whole, whole->nowNs * 2).nowNs, whole->nowNs);
    QVERIFY(!nextMoment(*whole, whole->nowNs));
    QVERIFY(!previousMoment(*whole, 0));
}

void TestReplay::stepsMeetEveryMoment()
{
    test::SyntheticOptions options;
    options.lanes = 2;
    options.tasks = 200;
    options.instantRate = 0.05;
    const SnapshotPtr whole = test::makeSyntheticTrace(options);
    std::set<Nanos> expected;
    for (const LaneView& lane : whole->lanes) {
        for (std::uint64_t i = 0; i < lane.recordCount; ++i) {
            expected.insert({lane.lane->record(i).startNs, lane.lane->record(i).endNs});
        }
    }
    for (const ControlEvent& event : *whole->controlEvents) {
        expected.insert(event.timeNs);
    }
    std::vector<Nanos> forward;
    for (auto at = nextMoment(*whole, -1); at; at = nextMoment(*whole, *at)) {
        forward.push_back(*at);
    }
    QVERIFY(std::equal(forward.begin(), forward.end(), expected.begin(), expected.end()));
    std::vector<Nanos> back;
    for (auto at = previousMoment(*whole, whole->nowNs + 1); at; at = previousMoment(*whole, *at)) {
        back.push_back(*at);
    }
    QVERIFY(std::equal(back.begin(), back.end(), expected.rbegin(), expected.rend()));
}

QTEST_GUILESS_MAIN(TestReplay)
#include "tst_replay.moc"
