// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/ledger.h"
#include "core/analysis/run_delta.h"
#include "core/analysis/run_summary.h"
#include "tests/support/synthetic_trace.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

using namespace poolscope;

/// Comparisons of runs whose figures are counted here once more, the slow way.
class TestRunDelta : public QObject
{
    Q_OBJECT

private slots:
    void figuresAreThoseOfTheRuns();
    void costsAreComparedWhereBothHaveThem();
    void aRunDiffersInNothingFromItself();
    void slowerTasksAreBeyondNoise();
    void singleFiguresOfSingleRunsAreUnknown();
    void groupsAreComparedByHowTheyVary();
    void equalGroupsAreAlarmsSeldom();
    void executorsAreMatchedByKindAndOrder();
    void factsThatDifferAreTold();
    void otherWorkMakesItUnfair();
    void runsOfTheSameSettingsAreAGroup();
    void wordsAreUnique();
};

namespace {

SnapshotPtr makeRun(std::uint64_t seed, Nanos periodNs = 64'000, int executors = 1)
{
    return test::makeSyntheticTrace({.lanes = 3,
                                     .tasks = 600,
                                     .seed = seed,
                                     .executors = executors,
                                     .load = 0.8,
                                     .meanPeriodNs = periodNs,
                                     .failureRate = 0.02,
                                     .retryRate = 0.01});
}

SnapshotPtr changed(const SnapshotPtr& run, const std::function<void(TraceMeta&)>& change)
{
    auto copy = std::make_shared<Snapshot>(*run);
    auto meta = std::make_shared<TraceMeta>(*run->meta);
    change(*meta);
    copy->meta = meta;
    return copy;
}

RunDelta compare(const SnapshotPtr& first, const SnapshotPtr& second)
{
    return compareRuns({&first, 1}, {&second, 1});
}

const FigureDelta* find(const ExecutorDelta& executor, DeltaFigure figure)
{
    const auto found =
        std::find_if(executor.figures.begin(), executor.figures.end(),
                     [figure](const FigureDelta& each) { return each.figure == figure; });
    return found == executor.figures.end() ? nullptr : &*found;
}

/// Run times and waits by the definition, sorted.
struct Counted
{
    std::vector<Nanos> runs;
    std::vector<Nanos> waits;
    Nanos firstSubmitNs = INT64_MAX;
    Nanos lastEndNs = 0;
    std::set<std::uint64_t> done;

    Counted(const Snapshot& run, int executor)
    {
        for (const LaneView& lane : run.lanes) {
            for (std::uint64_t i = 0; lane.info().executor == executor && i < lane.recordCount;
                 ++i) {
                const TaskRecord& record = lane.lane->record(i);
                firstSubmitNs = std::min(firstSubmitNs, record.submitNs);
                lastEndNs = std::max(lastEndNs, record.endNs);
                if (record.wasRetried() || record.state() == TaskState::Lost) {
                    continue;
                }
                runs.push_back(record.endNs - record.startNs);
                waits.push_back(record.startNs - record.submitNs);
                if (record.state() == TaskState::Done) {
                    done.insert(record.task);
                }
            }
        }
        std::sort(runs.begin(), runs.end());
        std::sort(waits.begin(), waits.end());
    }
    static double rank(const std::vector<Nanos>& sorted, double percent)
    {
        const auto place =
            static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(sorted.size())));
        return static_cast<double>(sorted[std::max<std::size_t>(place, 1) - 1]);
    }
};

void compareWithCount(const Snapshot& run, double FigureDelta::*side, const ExecutorDelta& delta)
{
    const Counted truth(run, 0);
    const auto value = [&](DeltaFigure figure) { return find(delta, figure)->*side; };
    QCOMPARE(value(DeltaFigure::Makespan),
             static_cast<double>(truth.lastEndNs - truth.firstSubmitNs));
    QCOMPARE(value(DeltaFigure::RunP50), Counted::rank(truth.runs, 50));
    QCOMPARE(value(DeltaFigure::RunP95), Counted::rank(truth.runs, 95));
    QCOMPARE(value(DeltaFigure::RunP99), Counted::rank(truth.runs, 99));
    QCOMPARE(value(DeltaFigure::WaitP50), Counted::rank(truth.waits, 50));
    QCOMPARE(value(DeltaFigure::WaitP95), Counted::rank(truth.waits, 95));
    double sum = 0;
    for (const Nanos each : truth.runs) {
        sum += static_cast<double>(each);
    }
    QVERIFY(std::abs(value(DeltaFigure::RunMean) - sum / static_cast<double>(truth.runs.size())) <
            1);
    QCOMPARE(value(DeltaFigure::NotDone), 600.0 - static_cast<double>(truth.done.size()));
    double shares = 0;
    for (int i = static_cast<int>(DeltaFigure::Useful); i <= static_cast<int>(DeltaFigure::Tail);
         ++i) {
        shares += value(static_cast<DeltaFigure>(i));
    }
    QVERIFY(std::abs(shares - 1) < 1e-9);
    QCOMPARE(value(DeltaFigure::Utilisation), summariseRun(run, 0).utilisation);
}

} // namespace

void TestRunDelta::figuresAreThoseOfTheRuns()
{
    const SnapshotPtr first = makeRun(1);
    const SnapshotPtr second = makeRun(2, 90'000);
    const RunDelta delta = compare(first, second);
    QCOMPARE(delta.executors.size(), std::size_t{1});
    compareWithCount(*first, &FigureDelta::first, delta.executors[0]);
    compareWithCount(*second, &FigureDelta::second, delta.executors[0]);
    const FigureDelta& makespan = *find(delta.executors[0], DeltaFigure::Makespan);
    QCOMPARE(makespan.difference(), makespan.second - makespan.first);
}

void TestRunDelta::costsAreComparedWhereBothHaveThem()
{
    const RunDelta delta = compare(makeRun(1), makeRun(2)); // without costs
    QVERIFY(find(delta.executors[0], DeltaFigure::CpuShare) == nullptr);
    QVERIFY(find(delta.executors[0], DeltaFigure::PeakMemory) == nullptr);
}

void TestRunDelta::aRunDiffersInNothingFromItself()
{
    const SnapshotPtr run = makeRun(1);
    const RunDelta delta = compare(run, run);
    QVERIFY(delta.facts.empty());
    QVERIFY(delta.isFair());
    for (const FigureDelta& figure : delta.executors[0].figures) {
        QCOMPARE(figure.difference(), 0.0);
        QCOMPARE(figure.noise, DeltaNoise::Within);
    }
}

void TestRunDelta::slowerTasksAreBeyondNoise()
{
    const RunDelta delta = compare(makeRun(1), makeRun(2, 100'000));
    QVERIFY(delta.executors[0].run.isDifferent());
    QVERIFY(delta.executors[0].run.z > 0);
    QCOMPARE(find(delta.executors[0], DeltaFigure::RunP50)->noise, DeltaNoise::Beyond);
}

void TestRunDelta::singleFiguresOfSingleRunsAreUnknown()
{
    const RunDelta delta = compare(makeRun(1), makeRun(2));
    for (const DeltaFigure figure :
         {DeltaFigure::Makespan, DeltaFigure::TasksPerSecond, DeltaFigure::Useful}) {
        QCOMPARE(find(delta.executors[0], figure)->noise, DeltaNoise::Unknown);
        QVERIFY(!find(delta.executors[0], figure)->ratio);
    }
}

void TestRunDelta::groupsAreComparedByHowTheyVary()
{
    std::vector<SnapshotPtr> first;
    std::vector<SnapshotPtr> second;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        first.push_back(makeRun(seed));
        second.push_back(makeRun(100 + seed, 128'000)); // everything takes twice as long
    }
    const RunDelta delta = compareRuns(first, second);
    QCOMPARE(delta.firstRuns, 5);
    const FigureDelta& makespan = *find(delta.executors[0], DeltaFigure::Makespan);
    QVERIFY(makespan.ratio);
    QVERIFY2(makespan.ratio->low > 1.2 && makespan.ratio->high < 3.5,
             qPrintable(QString::number(makespan.ratio->value)));
    QCOMPARE(makespan.noise, DeltaNoise::Beyond);
    double mean = 0;
    for (const SnapshotPtr& run : first) {
        mean += static_cast<double>(summariseRun(*run, 0).makespanNs) / 5;
    }
    QVERIFY(std::abs(makespan.first - mean) < 1);
}

void TestRunDelta::equalGroupsAreAlarmsSeldom()
{
    int alarms = 0;
    constexpr int kTrials = 60;
    for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
        std::vector<SnapshotPtr> first;
        std::vector<SnapshotPtr> second;
        for (std::uint64_t i = 0; i < 4; ++i) {
            first.push_back(makeRun(1'000 + trial * 8 + i));
            second.push_back(makeRun(1'004 + trial * 8 + i));
        }
        const RunDelta delta = compareRuns(first, second);
        alarms +=
            find(delta.executors[0], DeltaFigure::Makespan)->noise == DeltaNoise::Beyond ? 1 : 0;
    }
    QVERIFY2(alarms <= 9, qPrintable(QString::number(alarms))); // 5 % of 60 are 3
}

void TestRunDelta::executorsAreMatchedByKindAndOrder()
{
    const SnapshotPtr first = changed(makeRun(1, 64'000, 3), [](TraceMeta& meta) {
        meta.executors[0].kind = "threads";
        meta.executors[1].kind = "processes";
        meta.executors[2].kind = "threads";
    });
    const SnapshotPtr second = changed(makeRun(1, 64'000, 3), [](TraceMeta& meta) {
        meta.executors[0].kind = "inline";
        meta.executors[1].kind = "threads";
        meta.executors[2].kind = "threads";
    });
    const RunDelta delta = compare(first, second);
    QCOMPARE(delta.executors.size(), std::size_t{3});
    QCOMPARE(delta.executors[0].second, 1);
    QCOMPARE(delta.executors[1].second, 0); // what is left
    QCOMPARE(delta.executors[2].second, 2);
    QCOMPARE(compare(makeRun(1), first).executors.size(), std::size_t{1});
}

void TestRunDelta::factsThatDifferAreTold()
{
    const SnapshotPtr run = makeRun(1);
    const SnapshotPtr other = changed(run, [](TraceMeta& meta) {
        meta.executors[0].workers = 8;
        meta.machine.cpuModel = "Another one";
        meta.chunk = 16;
    });
    const RunDelta delta = compare(run, other);
    QVERIFY(delta.isFair());
    QCOMPARE(delta.facts.size(), std::size_t{3});
    QCOMPARE(delta.facts[0].fact, "workers:" + run->meta->executors[0].kind);
    QCOMPARE(delta.facts[0].first, std::to_string(run->meta->executors[0].workers));
    QCOMPARE(delta.facts[0].second, std::string("8"));
    QCOMPARE(delta.facts[1].fact, std::string("chunk"));
    QCOMPARE(delta.facts[2].fact, std::string("machine:cpu"));
    QCOMPARE(delta.facts[2].second, std::string("Another one"));
}

void TestRunDelta::otherWorkMakesItUnfair()
{
    const SnapshotPtr run = makeRun(1);
    const auto facts = [&run](const std::function<void(TraceMeta&)>& change) {
        return compare(run, changed(run, change)).facts;
    };
    const auto params = facts([](TraceMeta& meta) {
        meta.executors[0].workers = 8;
        meta.params.set("ms", 2.5);
    });
    QCOMPARE(params.size(), std::size_t{2});
    QCOMPARE(params[0].fact, std::string("param:ms")); // what is unfair comes first
    QVERIFY(params[0].isUnfair && !params[1].isUnfair);
    QCOMPARE(params[0].first, std::string());
    QVERIFY(facts([](TraceMeta& meta) { meta.seed += 1; })[0].isUnfair);
    QVERIFY(facts([](TraceMeta& meta) { meta.workloadId = "another"; })[0].isUnfair);
}

void TestRunDelta::runsOfTheSameSettingsAreAGroup()
{
    const SnapshotPtr run = makeRun(1);
    const auto at = [](const SnapshotPtr& of, std::int64_t second, int workers) {
        return changed(of, [second, workers](TraceMeta& meta) {
            meta.startedUnixNs = second * kNanosPerSecond;
            meta.executors[0].workers = workers;
        });
    };
    const std::vector<SnapshotPtr> runs{at(run, 9, 4), at(run, 2, 8), at(run, 3, 4), at(run, 1, 8)};
    std::vector<std::string> names(4);
    const auto groups = groupRuns(runs, names);
    QCOMPARE(groups.size(), std::size_t{2});
    QCOMPARE(groups[0], (std::vector<std::size_t>{2, 0}));
    QCOMPARE(groups[1], (std::vector<std::size_t>{3, 1}));
    names[1] = "another";
    QCOMPARE(groupRuns(runs, names).size(), std::size_t{3});
    const std::vector<SnapshotPtr> equal{at(run, 2, 4), at(run, 1, 4)};
    QCOMPARE(groupRuns(equal, std::vector<std::string>(2)),
             (std::vector<std::vector<std::size_t>>{{0}, {1}}));
}

void TestRunDelta::wordsAreUnique()
{
    std::set<std::string_view> words;
    for (int i = 0; i < kDeltaFigureCount; ++i) {
        words.insert(toText(static_cast<DeltaFigure>(i)));
    }
    QCOMPARE(words.size(), static_cast<std::size_t>(kDeltaFigureCount));
    QVERIFY(!words.contains(std::string_view()));
}

QTEST_GUILESS_MAIN(TestRunDelta)
#include "tst_run_delta.moc"
