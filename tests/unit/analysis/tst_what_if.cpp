// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/schedule.h"
#include "core/analysis/what_if.h"
#include "core/trace/collector.h"
#include "tests/support/synthetic_trace.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>

using namespace poolscope;

namespace {

constexpr Nanos kMs = kNanosPerMilli;

/// A run of one worker whose tasks take \p millis, one after the other, all submitted at 1 ms.
SnapshotPtr serialRun(const std::vector<int>& millis, Nanos submitGapNs = 0)
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    lane.openLife({kMs, -1, 1, 1});
    Nanos now = kMs;
    for (std::size_t i = 0; i < millis.size(); ++i) {
        TaskRecord record;
        record.task = static_cast<std::uint32_t>(i);
        record.submitNs = kMs + static_cast<Nanos>(i) * submitGapNs;
        record.startNs = std::max(now, record.submitNs);
        record.endNs = record.startNs + millis[i] * kMs;
        record.setState(TaskState::Done);
        lane.append(record, {}, {});
        now = record.endNs;
    }
    auto meta = std::make_shared<TraceMeta>();
    meta->executors = {{"threads", "Thread pool", 1}};
    meta->machine.usableCpus = 16;
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = millis.size();
    plan->kinds = {"task"};
    meta->plan = std::move(plan);
    return makeFinishedSnapshot(recorder, meta, {}, now);
}

std::vector<int> randomMillis(unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<int> millis(60);
    for (int& each : millis) {
        each = 1 + static_cast<int>(random() % 40);
    }
    return millis;
}

bool doubts(const WhatIfAnswer& answer, WhatIfDoubt doubt)
{
    return std::ranges::find(answer.doubts, doubt) != answer.doubts.end();
}

} // namespace

class WhatIfTest : public QObject
{
    Q_OBJECT

private slots:
    void knownSchedules();
    void equalsListScheduling_data();
    void equalsListScheduling();
    void barsAreASchedule();
    void lateTasksAreWaitedFor();
    void saysWhenItCannotKnow();
    void predictedRunShowsTheBars();
    void refusesNonsense();
};

void WhatIfTest::knownSchedules()
{
    const SnapshotPtr run = serialRun({10, 20, 30, 60});
    const auto with = [&run](int workers, std::uint64_t chunk, WhatIfOrder order) {
        return whatIf(*run, 0, {workers, chunk, order}).value().makespanNs / kMs;
    };
    QCOMPARE(with(1, 1, WhatIfOrder::AsSubmitted), Nanos{120});
    QCOMPARE(with(2, 1, WhatIfOrder::AsSubmitted), Nanos{80}); // 10 30 | 20 60
    QCOMPARE(with(2, 1, WhatIfOrder::LongestFirst), Nanos{60});
    QCOMPARE(with(2, 1, WhatIfOrder::ShortestFirst), Nanos{80});
    QCOMPARE(with(2, 2, WhatIfOrder::AsSubmitted), Nanos{90}); // 10 20 | 30 60
    QCOMPARE(with(8, 1, WhatIfOrder::AsSubmitted), Nanos{60});
    const WhatIfAnswer answer = whatIf(*run, 0, {2, 1, WhatIfOrder::AsSubmitted}).value();
    QCOMPARE(answer.recordedNs, 120 * kMs);
    QCOMPARE(answer.replayedNs, 120 * kMs);
    QVERIFY(answer.doubts.empty());
}

void WhatIfTest::equalsListScheduling_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 20; ++seed) {
        QTest::addRow("seed %u", seed) << seed;
    }
}

void WhatIfTest::equalsListScheduling()
{
    QFETCH(const unsigned, seed);
    const SnapshotPtr run = serialRun(randomMillis(seed));
    const std::vector<Nanos> durations = taskDurations(*run, 0);
    for (const int workers : {1, 2, 3, 7}) {
        for (const std::uint64_t chunk : {1U, 4U, 100U}) {
            const Nanos expected = simulatedMakespan(durations, {workers, chunk, 0, false});
            const auto answer = whatIf(*run, 0, {workers, chunk, WhatIfOrder::AsSubmitted});
            QCOMPARE(answer.value().makespanNs, expected);
        }
        const Nanos longest = simulatedMakespan(durations, {workers, 1, 0, true});
        const auto answer = whatIf(*run, 0, {workers, 1, WhatIfOrder::LongestFirst});
        QCOMPARE(answer.value().makespanNs, longest);
    }
}

void WhatIfTest::barsAreASchedule()
{
    const SnapshotPtr run = test::makeSyntheticTrace(4, 2'000, 5);
    const WhatIfAnswer answer = whatIf(*run, 0, {6, 3, WhatIfOrder::AsSubmitted}).value();
    const std::vector<WhatIfBar> bars =
        whatIfBars(*run, 0, {6, 3, WhatIfOrder::AsSubmitted}).value();
    QCOMPARE(bars.size(), std::size_t{2'000});
    std::map<int, Nanos> freeAt;
    std::map<std::uint64_t, int> seen;
    Nanos last = 0;
    for (const WhatIfBar& bar : bars) {
        QVERIFY(bar.worker >= 0 && bar.worker < 6);
        QVERIFY(bar.startNs >= freeAt[bar.worker]); // one at a time
        freeAt[bar.worker] = bar.endNs;
        last = std::max(last, bar.endNs);
        ++seen[bar.task];
    }
    QCOMPARE(last, answer.makespanNs);
    QCOMPARE(seen.size(), std::size_t{2'000});
}

void WhatIfTest::lateTasksAreWaitedFor()
{
    const SnapshotPtr run = serialRun({10, 10, 10}, 50 * kMs);
    const auto answer = whatIf(*run, 0, {3, 1, WhatIfOrder::AsSubmitted});
    QCOMPARE(answer.value().makespanNs, 110 * kMs);
    QVERIFY(doubts(whatIf(*run, 0, {3, 1, WhatIfOrder::LongestFirst}).value(),
                   WhatIfDoubt::TasksArrive));
}

void WhatIfTest::saysWhenItCannotKnow()
{
    const SnapshotPtr run = serialRun({10, 10, 10});
    QVERIFY(!doubts(whatIf(*run, 0, {16, 1, WhatIfOrder::AsSubmitted}).value(),
                    WhatIfDoubt::ProcessorsAreFew));
    QVERIFY(doubts(whatIf(*run, 0, {17, 1, WhatIfOrder::AsSubmitted}).value(),
                   WhatIfDoubt::ProcessorsAreFew));
    test::SyntheticOptions options;
    options.failureRate = 0.1;
    QVERIFY(doubts(
        whatIf(*test::makeSyntheticTrace(options), 0, {2, 1, WhatIfOrder::AsSubmitted}).value(),
        WhatIfDoubt::TasksFailed));
}

void WhatIfTest::predictedRunShowsTheBars()
{
    const SnapshotPtr run = serialRun({10, 20, 30, 60});
    const WhatIfAnswer answer = whatIf(*run, 0, {2, 1, WhatIfOrder::LongestFirst}).value();
    const SnapshotPtr predicted = predictedRun(*run, 0, answer.plan).value();
    QCOMPARE(predicted->lanes.size(), std::size_t{2});
    QCOMPARE(predicted->recordCount(), std::uint64_t{4});
    QCOMPARE(predicted->totals.front().count(TaskState::Done), std::uint64_t{4});
    QCOMPARE(makespanOf(*predicted, 0).duration(), answer.makespanNs);
    QCOMPARE(predicted->lanes.front().lane->record(0).task, std::uint32_t{3});
}

void WhatIfTest::refusesNonsense()
{
    const SnapshotPtr run = serialRun({10});
    QVERIFY(!whatIf(*run, 0, {0, 1, WhatIfOrder::AsSubmitted}));
    QVERIFY(!whatIf(*run, 0, {1, 0, WhatIfOrder::AsSubmitted}));
    QVERIFY(!whatIf(*serialRun({}), 0, {1, 1, WhatIfOrder::AsSubmitted}));
}

QTEST_GUILESS_MAIN(WhatIfTest)
#include "tst_what_if.moc"
