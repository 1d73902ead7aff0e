// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/ledger.h"
#include "core/trace/collector.h"
#include "tests/support/synthetic_trace.h"

#include <QTest>

#include <algorithm>
#include <numeric>
#include <random>

using namespace poolscope;

namespace {

constexpr Nanos kEnd = 1500;

/// A lane of short lives and tasks with everything that a ledger knows, within kEnd nanoseconds.
void writeLane(Recorder& recorder, int index, std::mt19937& random)
{
    const auto upTo = [&random](Nanos most) {
        return static_cast<Nanos>(random() % static_cast<unsigned>(most + 1));
    };
    Lane& lane = recorder.addLane({0, LaneKind::Process, index});
    Nanos now = upTo(50);
    while (now < kEnd - 200) {
        lane.openLife({now, -1, 1, 1});
        now += upTo(40);
        for (Nanos left = upTo(5); left > 0 && now < kEnd - 120; --left) {
            TaskRecord record;
            record.startNs = now;
            record.endNs = now + upTo(60);
            record.submitNs = std::max<Nanos>(0, now - upTo(80));
            record.sentLeadNs = static_cast<float>(upTo(20));
            record.returnLagNs = static_cast<float>(upTo(15));
            record.setState(upTo(4) == 0 ? TaskState::Failed : TaskState::Done);
            lane.append(record, {}, {});
            now = record.endNs + upTo(50);
        }
        now += upTo(30);
        lane.closeLife(now);
        now += 1 + upTo(60);
    }
}

SnapshotPtr randomTrace(unsigned seed)
{
    std::mt19937 random(seed);
    auto recorder = std::make_shared<Recorder>(0, 1);
    for (int i = 0; i < 4; ++i) {
        writeLane(*recorder, i, random);
    }
    const auto pauseNs = static_cast<Nanos>(random() % 900);
    recorder->addControlEvent({pauseNs, ControlKind::Pause, 0, -1, 0, {}});
    recorder->addControlEvent(
        {pauseNs + static_cast<Nanos>(random() % 300), ControlKind::Resume, 0, -1, 0, {}});
    return makeFinishedSnapshot(recorder, std::make_shared<TraceMeta>(), {}, kEnd);
}

bool isPausedAt(const Snapshot& snapshot, Nanos timeNs)
{
    const auto& events = *snapshot.controlEvents;
    return events[0].timeNs <= timeNs && timeNs < events[1].timeNs;
}

/// What the nanosecond from \p timeNs on was spent with, from the records alone.
LaneTime useAt(const Snapshot& snapshot, const LaneView& lane, const LaneLife& life, Nanos timeNs)
{
    const TaskRecord* before = nullptr;
    const TaskRecord* after = nullptr;
    for (std::uint64_t i = 0; i < lane.recordCount; ++i) {
        const TaskRecord& record = lane.lane->record(i);
        if (record.startNs < life.openedNs || record.startNs >= life.closedNs) {
            continue;
        }
        if (record.startNs <= timeNs && timeNs < record.endNs) {
            return record.state() == TaskState::Done ? LaneTime::Useful : LaneTime::Wasted;
        }
        if (record.endNs <= timeNs &&
            (record.startNs < timeNs || record.endNs < record.startNs + 1)) {
            before = &record;
        }
        if (record.startNs > timeNs && after == nullptr) {
            after = &record;
        }
    }
    if (before != nullptr && timeNs < before->endNs + static_cast<Nanos>(before->returnLagNs)) {
        return LaneTime::HandOver;
    }
    if (after != nullptr && timeNs >= after->startNs - static_cast<Nanos>(after->sentLeadNs)) {
        return LaneTime::HandOver;
    }
    if (isPausedAt(snapshot, timeNs)) {
        return LaneTime::Paused;
    }
    if (after == nullptr) {
        return before == nullptr ? LaneTime::Starved : LaneTime::Tail;
    }
    if (timeNs < after->submitNs) {
        return LaneTime::Starved;
    }
    return before == nullptr ? LaneTime::StartUp : LaneTime::HandOver;
}

int runnersAt(const Snapshot& snapshot, Nanos timeNs)
{
    int runners = 0;
    for (const LaneView& lane : snapshot.lanes) {
        for (std::uint64_t i = 0; i < lane.recordCount; ++i) {
            const TaskRecord& record = lane.lane->record(i);
            runners += record.startNs <= timeNs && timeNs < record.endNs ? 1 : 0;
        }
    }
    return runners;
}

bool livesIn(const LaneView& lane, TimeRange range)
{
    return std::ranges::any_of(*lane.lives, [range](const LaneLife& life) {
        return life.openedNs < range.endNs && life.closedNs > range.beginNs;
    });
}

Ledger plainLedger(const Snapshot& snapshot, TimeRange range)
{
    const bool areSeveral = std::ranges::count_if(snapshot.lanes, [range](const LaneView& lane) {
                                return livesIn(lane, range);
                            }) > 1;
    Ledger ledger;
    for (const LaneView& lane : snapshot.lanes) {
        for (const LaneLife& life : *lane.lives) {
            const Nanos endNs = std::min(life.closedNs, range.endNs);
            for (Nanos at = std::max(life.openedNs, range.beginNs); at < endNs; ++at) {
                LaneTime use = useAt(snapshot, lane, life, at);
                if (areSeveral && use == LaneTime::Starved && runnersAt(snapshot, at) <= 1) {
                    use = LaneTime::Serial;
                }
                ++ledger.ns[static_cast<std::size_t>(use)];
                ++ledger.totalNs;
            }
        }
    }
    return ledger;
}

} // namespace

class LedgerTest : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithEachNanosecond_data();
    void agreesWithEachNanosecond();
    void leavesNothingOver();
    void runningTaskIsUseful();
    void oneRunningTaskAloneIsSerial();
    void costsPartARunningTask();
    void efficienciesMultiply();
    void everyUseHasAWord();
};

void LedgerTest::agreesWithEachNanosecond_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 60; ++seed) {
        QTest::addRow("seed %u", seed) << seed;
    }
}

void LedgerTest::agreesWithEachNanosecond()
{
    QFETCH(unsigned, seed);
    const SnapshotPtr trace = randomTrace(seed);
    for (const TimeRange range : {TimeRange{0, kEnd}, TimeRange{200, 777}, TimeRange{431, 432}}) {
        const Ledger actual = ledgerOf(*trace, 0, range);
        const Ledger expected = plainLedger(*trace, range);
        for (std::size_t use = 0; use < actual.ns.size(); ++use) {
            QVERIFY2(actual.ns[use] == expected.ns[use],
                     qPrintable(QStringLiteral("%1: %2, not %3")
                                    .arg(QLatin1String(toText(static_cast<LaneTime>(use)).data()))
                                    .arg(actual.ns[use])
                                    .arg(expected.ns[use])));
        }
        QCOMPARE(actual.totalNs, expected.totalNs);
    }
}

void LedgerTest::leavesNothingOver()
{
    test::SyntheticOptions options;
    options.tasks = 50'000;
    options.executors = 2;
    options.retryRate = 0.001;
    options.failureRate = 0.01;
    const SnapshotPtr trace = test::makeSyntheticTrace(options);
    for (int executor = 0; executor < 2; ++executor) {
        const Ledger ledger = ledgerOf(*trace, executor, {0, trace->nowNs});
        QCOMPARE(std::accumulate(ledger.ns.begin(), ledger.ns.end(), Nanos{0}), ledger.totalNs);
        Nanos lives = 0;
        for (const LaneView& lane : trace->lanes) {
            for (const LaneLife& life : *lane.lives) {
                const bool counts =
                    lane.info().executor == executor && lane.info().kind != LaneKind::Queue;
                const Nanos closedNs = life.closedNs < 0 ? trace->nowNs : life.closedNs;
                lives += counts ? std::min(closedNs, trace->nowNs) - life.openedNs : 0;
            }
        }
        QCOMPARE(ledger.totalNs, lives);
        QCOMPARE(ledger.lanes, options.lanes);
        QVERIFY(ledger.of(LaneTime::Wasted) > 0);
        QVERIFY(ledger.loadBalance() > 0.5 && ledger.loadBalance() <= 1);
    }
}

void LedgerTest::runningTaskIsUseful()
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    lane.openLife({0, -1, 1, 1});
    lane.setRunning(0, 150);
    Snapshot snapshot = *makeFinishedSnapshot(recorder, std::make_shared<TraceMeta>(), {}, 400);
    snapshot.isLive = true;
    const Ledger ledger = ledgerOf(snapshot, 0, {0, 400});
    QCOMPARE(ledger.of(LaneTime::Useful), Nanos{250});
    QCOMPARE(ledger.totalNs, Nanos{400});
}

void LedgerTest::oneRunningTaskAloneIsSerial()
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& busy = recorder->addLane({0, LaneKind::Thread, 0});
    busy.openLife({0, -1, 1, 1});
    busy.setRunning(0, 100);
    recorder->addLane({0, LaneKind::Thread, 1}).openLife({0, -1, 1, 1});
    Snapshot snapshot = *makeFinishedSnapshot(recorder, std::make_shared<TraceMeta>(), {}, 400);
    snapshot.isLive = true;
    const Ledger ledger = ledgerOf(snapshot, 0, {0, 400});
    QCOMPARE(ledger.of(LaneTime::Useful), Nanos{300});
    QCOMPARE(ledger.of(LaneTime::Serial), Nanos{500});
    QCOMPARE(ledger.of(LaneTime::Starved), Nanos{0});
}

void LedgerTest::costsPartARunningTask()
{
    auto recorder = std::make_shared<Recorder>(0, 1, CostLevel::Totals);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    lane.openLife({0, -1, 1, 1});
    TaskRecord record;
    record.startNs = 0;
    record.endNs = 1'000;
    record.setState(TaskState::Done);
    TaskCost cost;
    cost.cpuNs = 500;
    cost.runQueueNs = 200;
    cost.flags = TaskCost::kMeasuredFlag | TaskCost::kRunQueueFlag;
    lane.append(record, {}, {}, &cost);
    record.task = 1;
    record.startNs = 1'000;
    record.endNs = 2'000;
    cost.flags = TaskCost::kMeasuredFlag; // nothing is known of the run queue
    lane.append(record, {}, {}, &cost);
    lane.closeLife(2'000);
    auto meta = std::make_shared<TraceMeta>();
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = 2;
    meta->plan = plan;
    const SnapshotPtr trace = makeFinishedSnapshot(recorder, meta, {}, 2'000);
    const Ledger first = ledgerOf(*trace, 0, {0, 1'000});
    QCOMPARE(first.of(LaneTime::Useful), Nanos{500});
    QCOMPARE(first.of(LaneTime::Preempted), Nanos{200});
    QCOMPARE(first.of(LaneTime::Blocked), Nanos{300});
    const Ledger second = ledgerOf(*trace, 0, {1'000, 2'000});
    QCOMPARE(second.of(LaneTime::Preempted), Nanos{0});
    QCOMPARE(second.of(LaneTime::Useful) + second.of(LaneTime::Blocked), Nanos{1'000});
    const Ledger part = ledgerOf(*trace, 0, {400, 600});
    QCOMPARE(part.of(LaneTime::Useful), Nanos{100}); // as much of a part as of the whole
    QCOMPARE(part.of(LaneTime::Preempted), Nanos{40});
    QCOMPARE(part.of(LaneTime::Blocked), Nanos{60});
    QCOMPARE(part.totalNs, Nanos{200});
}

void LedgerTest::efficienciesMultiply()
{
    const SnapshotPtr trace = test::makeSyntheticTrace(4, 5'000, 3);
    const Ledger ledger = ledgerOf(*trace, 0, {0, trace->nowNs});
    const double mean = static_cast<double>(ledger.of(LaneTime::Useful)) / ledger.lanes /
                        static_cast<double>(trace->nowNs);
    QVERIFY(std::abs(ledger.parallelEfficiency() - mean) < 1e-12);
    QVERIFY(ledger.loadBalance() <= 1);
    QVERIFY(ledger.communicationEfficiency() <= 1);
}

void LedgerTest::everyUseHasAWord()
{
    for (int use = 0; use < kLaneTimeCount; ++use) {
        QVERIFY(!toText(static_cast<LaneTime>(use)).empty());
    }
}

QTEST_GUILESS_MAIN(LedgerTest)
#include "tst_ledger.moc"
