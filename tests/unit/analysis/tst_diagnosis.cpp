// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/diagnosis.h"
#include "core/trace/collector.h"

#include <QTest>

#include <algorithm>
#include <numeric>
#include <random>

using namespace poolscope;

namespace {

/// A made-up run of an executor; times in microseconds.
class Story
{
public:
    explicit Story(int workers)
    {
        m_meta->chunk = 1;
        m_meta->machine.usableCpus = workers;
        for (int i = 0; i < workers; ++i) {
            Lane& lane = m_recorder->addLane({0, LaneKind::Thread, i});
            lane.openLife({0, -1, 1, i});
            m_lanes.push_back(&lane);
        }
    }
    void run(std::size_t worker, Nanos startUs, Nanos endUs, TaskState state = TaskState::Done,
             Nanos submitUs = 0)
    {
        TaskRecord record;
        record.submitNs = submitUs * kNanosPerMicro;
        record.startNs = startUs * kNanosPerMicro;
        record.endNs = endUs * kNanosPerMicro;
        record.task = m_tasks++;
        record.setState(state);
        m_lanes[worker]->append(record, {}, {});
        m_endNs = std::max(m_endNs, record.endNs);
    }
    TraceMeta& meta() { return *m_meta; }
    Recorder& recorder() { return *m_recorder; }
    SnapshotPtr end()
    {
        auto plan = std::make_shared<JobPlan>();
        plan->taskCount = m_tasks;
        m_meta->plan = plan;
        for (Lane* lane : m_lanes) {
            lane->closeLife(m_endNs);
        }
        return makeFinishedSnapshot(m_recorder, m_meta, {}, m_endNs);
    }

private:
    std::shared_ptr<Recorder> m_recorder = std::make_shared<Recorder>(0, 1);
    std::shared_ptr<TraceMeta> m_meta = std::make_shared<TraceMeta>();
    std::vector<Lane*> m_lanes;
    std::uint32_t m_tasks = 0;
    Nanos m_endNs = 0;
};

const Advice* find(const Diagnosis& diagnosis, Advice::Kind kind)
{
    const auto found = std::ranges::find(diagnosis.advice, kind, &Advice::kind);
    return found == diagnosis.advice.end() ? nullptr : &*found;
}

Nanos plainMakespan(std::vector<Nanos> durations, const SchedulePlan& plan)
{
    if (plan.isLongestFirst) {
        std::sort(durations.rbegin(), durations.rend());
    }
    std::vector<Nanos> freeAt(static_cast<std::size_t>(plan.workers), 0);
    for (std::size_t i = 0; i < durations.size(); ++i) {
        auto& first = i % plan.chunk == 0 ? *std::min_element(freeAt.begin(), freeAt.end())
                                          : *std::max_element(freeAt.begin(), freeAt.end());
        first += durations[i] + (i % plan.chunk == 0 ? plan.handOverNs : 0);
    }
    return *std::max_element(freeAt.begin(), freeAt.end());
}

/// Four workers that run tasks of a millisecond back to back, each with these shares of its time.
SnapshotPtr measuredTrace(double cpu, double runQueue, int usableCpus, bool isLocked)
{
    constexpr Nanos kTask = 1'000'000;
    auto recorder = std::make_shared<Recorder>(0, 1, CostLevel::Totals);
    std::uint32_t task = 0;
    for (int index = 0; index < 4; ++index) {
        Lane& lane = recorder->addLane({0, LaneKind::Thread, index});
        lane.openLife({0, -1, 1, 1});
        for (Nanos at = 0; at < 50 * kTask; at += kTask) {
            TaskRecord record;
            record.task = task++;
            record.startNs = at;
            record.endNs = at + kTask;
            record.setState(TaskState::Done);
            TaskCost cost;
            cost.cpuNs = static_cast<float>(cpu * kTask);
            cost.runQueueNs = static_cast<float>(runQueue * kTask);
            cost.flags = TaskCost::kMeasuredFlag | TaskCost::kRunQueueFlag;
            lane.append(record, {}, {}, &cost);
            if (isLocked) {
                const auto waited = static_cast<Nanos>((1 - cpu - runQueue) * kTask);
                lane.appendBlocked({at, at + waited, record.task, recorder->blockerId("the lock")});
            }
        }
        lane.closeLife(50 * kTask);
    }
    auto meta = std::make_shared<TraceMeta>();
    meta->executors.push_back({"threads", "Thread pool", 4});
    meta->machine.usableCpus = usableCpus;
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = task;
    meta->plan = plan;
    return makeFinishedSnapshot(recorder, meta, {}, 50 * kTask);
}

std::vector<Nanos> randomDurations(unsigned seed, std::size_t count)
{
    std::mt19937 random(seed);
    std::vector<Nanos> durations(count);
    for (Nanos& duration : durations) {
        duration = 1 + static_cast<Nanos>(random() % 1000);
    }
    return durations;
}

} // namespace

class DiagnosisTest : public QObject
{
    Q_OBJECT

private slots:
    void simulationDealsTasksToWhoIsFree();
    void makespansKeepToTheBounds();
    void longestFirstIsNeverFarFromTheLowerBound();
    void tailNamesTheTaskThatHeldEverybodyUp();
    void tailEqualsThePlainOne_data();
    void tailEqualsThePlainOne();
    void evenEndHasNoTail();
    void longestFirstIsAdvisedWhereItHelps();
    void largerChunkIsAdvisedWhenHandOverCosts();
    void largerTasksAreAdvisedWhereNoChunkHelps();
    void lateSubmitsFailuresAndPausesAreNamed();
    void serialPartIsNamed();
    void wellUsedWorkersAreLeftAlone();
    void moreWorkersAreAdvisedOnlyWhereThereAreProcessors();
    void costsGiveAdvice_data();
    void costsGiveAdvice();
    void runOfNothingGivesNothing();
};

void DiagnosisTest::simulationDealsTasksToWhoIsFree()
{
    const std::vector<Nanos> durations{5, 1, 1, 1, 4};
    QCOMPARE(simulatedMakespan(durations, {2, 1, 0, false}), Nanos{7}); // 5 | 1 1 1 4
    QCOMPARE(simulatedMakespan(durations, {2, 1, 0, true}), Nanos{6}); // 5 1 | 4 1 1
    QCOMPARE(simulatedMakespan(durations, {2, 1, 10, false}), Nanos{36}); // 15 11 | 11 11 14
    QCOMPARE(simulatedMakespan(durations, {1, 1, 0, false}), Nanos{12});
    QCOMPARE(simulatedMakespan(durations, {2, 5, 3, false}), Nanos{15}); // all in one chunk
    QCOMPARE(simulatedMakespan({}, {2, 1, 3, false}), Nanos{0});
    for (unsigned seed = 1; seed <= 20; ++seed) {
        const std::vector<Nanos> random = randomDurations(seed, 200);
        const SchedulePlan plan{1 + static_cast<int>(seed % 7), 1, seed % 3, seed % 2 == 0};
        QCOMPARE(simulatedMakespan(random, plan), plainMakespan(random, plan));
    }
}

void DiagnosisTest::makespansKeepToTheBounds()
{
    for (unsigned seed = 1; seed <= 50; ++seed) {
        const std::vector<Nanos> durations = randomDurations(seed, 30);
        const int workers = 1 + static_cast<int>(seed % 8);
        const ScheduleBounds bounds = scheduleBounds(durations, workers);
        const Nanos makespan = simulatedMakespan(durations, {workers, 1, 0, false});
        QVERIFY(makespan >= bounds.lowerNs);
        QVERIFY(makespan <= bounds.upperNs);
    }
}

void DiagnosisTest::longestFirstIsNeverFarFromTheLowerBound()
{
    // Graham 1969: at most 4/3 of the best schedule, whatever the tasks.
    for (unsigned seed = 1; seed <= 50; ++seed) {
        const std::vector<Nanos> durations = randomDurations(seed, 60);
        const Nanos makespan = simulatedMakespan(durations, {4, 1, 0, true});
        QVERIFY(3 * makespan <= 4 * scheduleBounds(durations, 4).lowerNs + 4);
    }
}

void DiagnosisTest::tailNamesTheTaskThatHeldEverybodyUp()
{
    Story story(4);
    for (std::size_t worker = 0; worker < 4; ++worker) {
        story.run(worker, 0, 100); // tasks 0 to 3
    }
    story.run(2, 100, 180); // task 4
    const Tail tail = tailOf(*story.end(), 0);
    QCOMPARE(tail.beginNs, 100 * kNanosPerMicro);
    QCOMPARE(tail.endNs, 180 * kNanosPerMicro);
    QCOMPARE(tail.idleNs, 240 * kNanosPerMicro); // three workers for 80 µs
    QCOMPARE(tail.idealEndNs, 120 * kNanosPerMicro); // the last 80 µs over four
    QCOMPARE(tail.costNs(), 60 * kNanosPerMicro);
    QCOMPARE(tail.workers, 4);
    QCOMPARE(tail.guilty.size(), std::size_t{1});
    QCOMPARE(tail.guilty[0].task, std::uint64_t{4});
    QCOMPARE(tail.guilty[0].lane, 2);
    QCOMPARE(tail.guilty[0].overrunNs, 60 * kNanosPerMicro);
}

void DiagnosisTest::tailEqualsThePlainOne_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 40; ++seed) {
        QTest::addRow("seed %u", seed) << seed;
    }
}

void DiagnosisTest::tailEqualsThePlainOne()
{
    QFETCH(const unsigned, seed);
    std::mt19937 random(seed);
    const std::size_t workers = 1 + random() % 5;
    Story story(static_cast<int>(workers));
    struct Run
    {
        std::uint64_t task;
        Nanos endUs;
    };
    std::vector<Run> runs;
    std::vector<Nanos> lastUs(workers, 0);
    for (int i = 0; i < 40; ++i) {
        const std::size_t worker = random() % workers;
        const Nanos startUs = lastUs[worker] + static_cast<Nanos>(random() % 4);
        lastUs[worker] = startUs + 1 + static_cast<Nanos>(random() % 60);
        story.run(worker, startUs, lastUs[worker]);
        runs.push_back({static_cast<std::uint64_t>(i), lastUs[worker]});
    }
    // Microsecond by microsecond: who has nothing to do any more?
    const Nanos endUs = std::ranges::max(lastUs);
    Nanos beginUs = endUs;
    Nanos idleUs = 0;
    for (Nanos at = 0; at < endUs; ++at) {
        const auto idle = std::ranges::count_if(lastUs, [at](Nanos last) { return last <= at; });
        beginUs = idle > 0 ? std::min(beginUs, at) : beginUs;
        idleUs += idle;
    }
    const Tail tail = tailOf(*story.end(), 0);
    QCOMPARE(tail.beginNs, beginUs * kNanosPerMicro);
    QCOMPARE(tail.endNs, endUs * kNanosPerMicro);
    QCOMPARE(tail.idleNs, idleUs * kNanosPerMicro);
    const Nanos idealNs =
        endUs * kNanosPerMicro - idleUs * kNanosPerMicro / static_cast<Nanos>(workers);
    QCOMPARE(tail.idealEndNs, idealNs);
    std::erase_if(runs,
                  [idealNs](const Run& run) { return run.endUs * kNanosPerMicro <= idealNs; });
    QCOMPARE(tail.guilty.size(), std::min(runs.size(), Tail::kMostGuilty));
    for (const TailTask& task : tail.guilty) {
        const auto found = std::ranges::find(runs, task.task, &Run::task);
        QVERIFY(found != runs.end());
        QCOMPARE(task.overrunNs, found->endUs * kNanosPerMicro - idealNs);
    }
}

void DiagnosisTest::evenEndHasNoTail()
{
    Story story(2);
    story.run(0, 0, 100);
    story.run(1, 0, 100);
    const Tail tail = tailOf(*story.end(), 0);
    QCOMPARE(tail.costNs(), Nanos{0});
    QVERIFY(tail.guilty.empty());
}

void DiagnosisTest::longestFirstIsAdvisedWhereItHelps()
{
    Story story(2);
    for (Nanos i = 0; i < 10; ++i) {
        story.run(static_cast<std::size_t>(i % 2), i / 2 * 10, i / 2 * 10 + 10);
    }
    story.run(0, 50, 150); // 50 + 100 on one, 50 on the other: 100 each had been possible
    const Diagnosis diagnosis = diagnose(*story.end(), 0);
    const Advice* tail = find(diagnosis, Advice::Kind::FewerTasksInTail);
    QVERIFY(tail != nullptr);
    QCOMPARE(tail->task, std::uint64_t{10});
    QVERIFY(std::abs(tail->share - 50.0 / 150) < 1e-9);
    const Advice* order = find(diagnosis, Advice::Kind::LongestFirst);
    QVERIFY(order != nullptr);
    QCOMPARE(diagnosis.longestFirstNs, 100 * kNanosPerMicro);
    QCOMPARE(diagnosis.replayedNs, 150 * kNanosPerMicro);
    QVERIFY(std::abs(order->share - 50.0 / 150) < 1e-9);
    QCOMPARE(diagnosis.bounds.lowerNs, 100 * kNanosPerMicro);
}

void DiagnosisTest::largerChunkIsAdvisedWhenHandOverCosts()
{
    Story story(1);
    for (Nanos i = 0; i < 300; ++i) {
        story.run(0, i * 40, i * 40 + 10); // 10 µs of work, 30 µs until the next begins
    }
    const Diagnosis diagnosis = diagnose(*story.end(), 0);
    const Advice* chunk = find(diagnosis, Advice::Kind::LargerChunk);
    QVERIFY(chunk != nullptr);
    QVERIFY(std::abs(chunk->share - 299 * 30.0 / 11970) < 1e-6);
    QCOMPARE(chunk->number, std::uint64_t{57}); // 19 · 29.9 / 10
}

void DiagnosisTest::largerTasksAreAdvisedWhereNoChunkHelps()
{
    Story story(1);
    for (Nanos i = 0; i < 100; ++i) {
        story.run(0, i * 40, i * 40 + 10); // chunks of 57 would be two
    }
    const Diagnosis diagnosis = diagnose(*story.end(), 0);
    QVERIFY(find(diagnosis, Advice::Kind::LargerChunk) == nullptr);
    const Advice* larger = find(diagnosis, Advice::Kind::LargerTasks);
    QVERIFY(larger != nullptr);
    QCOMPARE(larger->ns, 10 * kNanosPerMicro);
}

void DiagnosisTest::lateSubmitsFailuresAndPausesAreNamed()
{
    Story story(1);
    story.run(0, 0, 100);
    story.run(0, 200, 300, TaskState::Failed,
              200); // submitted when the worker had waited for 100 µs
    story.recorder().addControlEvent({300 * kNanosPerMicro, ControlKind::Pause, 0, -1, 0, {}});
    story.recorder().addControlEvent({400 * kNanosPerMicro, ControlKind::Resume, 0, -1, 0, {}});
    story.run(0, 400, 500);
    const Diagnosis diagnosis = diagnose(*story.end(), 0);
    for (const Advice::Kind kind :
         {Advice::Kind::SubmitFaster, Advice::Kind::FixFailures, Advice::Kind::WasPaused}) {
        const Advice* advice = find(diagnosis, kind);
        QVERIFY(advice != nullptr);
        QCOMPARE(advice->share, 0.2);
    }
    QVERIFY(find(diagnosis, Advice::Kind::NothingHoldsItBack) == nullptr);
    QVERIFY(find(diagnosis, Advice::Kind::LargerChunk) == nullptr);
}

/// Two halves of 100 µs on two workers; between them one task alone for 50, then nothing for 50.
void DiagnosisTest::serialPartIsNamed()
{
    Story story(2);
    story.run(0, 0, 100);
    story.run(1, 0, 100);
    story.run(0, 100, 150, TaskState::Done, 100);
    story.run(0, 200, 300, TaskState::Done, 200);
    story.run(1, 200, 300, TaskState::Done, 200);
    const Diagnosis diagnosis = diagnose(*story.end(), 0);
    const Advice* advice = find(diagnosis, Advice::Kind::ShortenSerialPart);
    QVERIFY(advice != nullptr);
    QCOMPARE(advice->ns, 150 * kNanosPerMicro);
    QCOMPARE(advice->share, 0.25);
    QVERIFY(find(diagnosis, Advice::Kind::SubmitFaster) == nullptr);
}

void DiagnosisTest::wellUsedWorkersAreLeftAlone()
{
    Story story(2);
    story.run(0, 0, 100);
    story.run(1, 0, 99);
    const Diagnosis diagnosis = diagnose(*story.end(), 0);
    QCOMPARE(diagnosis.advice.size(), std::size_t{1});
    QCOMPARE(diagnosis.advice[0].kind, Advice::Kind::NothingHoldsItBack);
}

void DiagnosisTest::moreWorkersAreAdvisedOnlyWhereThereAreProcessors()
{
    Story story(2);
    for (Nanos i = 0; i < 8; ++i) {
        story.run(static_cast<std::size_t>(i % 2), i / 2 * 100, i / 2 * 100 + 100);
    }
    story.meta().machine.usableCpus = 8;
    const Diagnosis diagnosis = diagnose(*story.end(), 0);
    const Advice* more = find(diagnosis, Advice::Kind::MoreWorkers);
    QVERIFY(more != nullptr);
    QCOMPARE(more->number, std::uint64_t{8});
    const auto four = std::ranges::find(diagnosis.whatIf, 4, &WhatIf::workers);
    QVERIFY(four != diagnosis.whatIf.end());
    QCOMPARE(four->makespanNs, 200 * kNanosPerMicro);
}

void DiagnosisTest::costsGiveAdvice_data()
{
    using Kind = Advice::Kind;
    QTest::addColumn<double>("cpu");
    QTest::addColumn<double>("runQueue");
    QTest::addColumn<int>("usableCpus");
    QTest::addColumn<bool>("isLocked");
    QTest::addColumn<int>("kind");
    QTest::addColumn<quint64>("number");
    const auto row = [](const char* name, double cpu, double runQueue, int cpus, bool isLocked,
                        Kind kind, quint64 number) {
        QTest::newRow(name) << cpu << runQueue << cpus << isLocked << static_cast<int>(kind)
                            << number;
    };
    row("tasks wait", 0.25, 0, 8, false, Kind::TasksWait, 32);
    row("tasks wait for a lock", 0.25, 0, 8, true, Kind::LockContention, 0);
    row("too many workers", 0.5, 0.5, 2, false, Kind::FewerWorkers, 2);
    row("others compute", 0.5, 0.5, 8, false, Kind::OthersCompute, 0);
}

void DiagnosisTest::costsGiveAdvice()
{
    QFETCH(const double, cpu);
    QFETCH(const double, runQueue);
    QFETCH(const int, usableCpus);
    QFETCH(const bool, isLocked);
    QFETCH(const int, kind);
    QFETCH(const quint64, number);
    const Diagnosis diagnosis = diagnose(*measuredTrace(cpu, runQueue, usableCpus, isLocked), 0);
    const Advice* advice = find(diagnosis, static_cast<Advice::Kind>(kind));
    QVERIFY(advice != nullptr);
    QCOMPARE(quint64{advice->number}, number);
    QVERIFY(std::abs(advice->share - (runQueue > 0 ? runQueue : 1 - cpu)) < 0.01);
    if (isLocked) {
        QCOMPARE(advice->what, std::string("the lock"));
    }
}

void DiagnosisTest::runOfNothingGivesNothing()
{
    Story story(2);
    const Diagnosis diagnosis = diagnose(*story.end(), 0);
    QVERIFY(diagnosis.makespan.isEmpty());
    QVERIFY(diagnosis.advice.empty());
}

QTEST_GUILESS_MAIN(DiagnosisTest)
#include "tst_diagnosis.moc"
