// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/activity.h"
#include "core/trace/collector.h"
#include "tests/support/synthetic_trace.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace poolscope;

namespace {

double sumOf(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0);
}

TaskRecord recordOf(Nanos startNs, Nanos endNs)
{
    TaskRecord record;
    record.submitNs = startNs;
    record.startNs = startNs;
    record.endNs = endNs;
    record.setState(TaskState::Done);
    return record;
}

/// An executor with one worker, before anything happens, at a moment that the test sets.
class HandMade
{
public:
    HandMade()
        : m_recorder(std::make_shared<Recorder>(0, 1))
        , m_lane(m_recorder->addLane({0, LaneKind::Thread, 0}))
    {}

    Lane& lane() { return m_lane; }
    Recorder& recorder() { return *m_recorder; }
    [[nodiscard]] Snapshot snapshot(Nanos nowNs, std::vector<QueueSample> samples = {}) const
    {
        return *makeFinishedSnapshot(m_recorder, std::make_shared<TraceMeta>(),
                                     {std::move(samples)}, nowNs);
    }

private:
    std::shared_ptr<Recorder> m_recorder;
    Lane& m_lane;
};

} // namespace

class ActivityTest : public QObject
{
    Q_OBJECT

private slots:
    void throughputAddsUpToTheTasks_data();
    void throughputAddsUpToTheTasks();
    void busyWorkersAddUpToTheBusyTime();
    void queueIsAStepFunction();
    void queueFollowsTheSamplesOfATrace();
    void workersComeFromTheLives();
    void runningTasksAreBusyUpToNow();
    void columnsAfterNowAreZero();
    void executorsAreApart();
    void daysDoNotOverflow();
};

void ActivityTest::throughputAddsUpToTheTasks_data()
{
    QTest::addColumn<int>("columns");
    for (const int columns : {1, 7, 1000, 8192}) {
        QTest::addRow("%d columns", columns) << columns;
    }
}

void ActivityTest::throughputAddsUpToTheTasks()
{
    QFETCH(int, columns);
    const SnapshotPtr snapshot = test::makeSyntheticTrace(8, 100'000);
    const TimeRange range{0, snapshot->nowNs};
    const Activity activity = activityOf(*snapshot, 0, range, columns);
    QCOMPARE(activity.tasksPerSecond.size(), static_cast<std::size_t>(columns));
    QVERIFY(activity.range == range);
    const double columnSeconds = toSeconds(range.duration()) / columns;
    QVERIFY(std::abs(sumOf(activity.tasksPerSecond) * columnSeconds - 100'000) < 1);
}

void ActivityTest::busyWorkersAddUpToTheBusyTime()
{
    const SnapshotPtr snapshot = test::makeSyntheticTrace(5, 50'000);
    const TimeRange range{0, snapshot->nowNs};
    const Activity activity = activityOf(*snapshot, 0, range, 500);
    double busyNs = 0;
    for (const LaneView& view : snapshot->lanes) {
        for (std::uint64_t i = 0; i < view.recordCount; ++i) {
            busyNs += static_cast<double>(view.lane->record(i).runNs());
        }
    }
    const double columnNs = static_cast<double>(range.duration()) / 500;
    QVERIFY(std::abs(sumOf(activity.busyWorkers) * columnNs - busyNs) < 1e-4 * busyNs);
    for (const double busy : activity.busyWorkers) {
        QVERIFY(busy >= 0 && busy <= 5.5);
    }
}

void ActivityTest::queueIsAStepFunction()
{
    HandMade made;
    const QueueSample empty{100, 0, 0, 0, 1};
    const QueueSample full{250, 50, 4, 1, 1};
    const QueueSample half{400, 50, 29, 1, 1};
    const Snapshot snapshot = made.snapshot(1000, {empty, full, half});
    const Activity activity = activityOf(snapshot, 0, {0, 500}, 5);
    // At the ends of the columns: 100, 200, 300, 400, 500.
    QVERIFY((activity.queued == std::vector<double>{0, 0, 45, 20, 20}));
    const Activity before = activityOf(snapshot, 0, {0, 50}, 1);
    QVERIFY((before.queued == std::vector<double>{0}));
    const Activity inside = activityOf(snapshot, 0, {300, 320}, 2);
    QVERIFY((inside.queued == std::vector<double>{45, 45}));
}

void ActivityTest::queueFollowsTheSamplesOfATrace()
{
    const SnapshotPtr snapshot = test::makeSyntheticTrace(4, 20'000);
    const auto& samples = *snapshot->queueSamples[0];
    const auto columns = static_cast<int>(samples.size()) - 1;
    const Activity activity = activityOf(*snapshot, 0, {0, snapshot->nowNs}, columns);
    QVERIFY(sumOf(activity.queued) > 0);
    for (std::size_t i = 0; i < activity.queued.size(); ++i) {
        QCOMPARE(activity.queued[i], static_cast<double>(samples[i + 1].queued()));
    }
}

void ActivityTest::workersComeFromTheLives()
{
    HandMade made;
    made.lane().openLife({0, -1, 1, 1});
    made.lane().closeLife(200);
    made.lane().openLife({350, -1, 1, 2});
    Lane& second = made.recorder().addLane({0, LaneKind::Thread, 1});
    second.openLife({100, -1, 1, 3});
    const Activity activity = activityOf(made.snapshot(1000), 0, {0, 500}, 5);
    // At 100 the second is about to come, at 200 the first about to go.
    QVERIFY((activity.workers == std::vector<double>{1, 2, 1, 2, 2}));
}

void ActivityTest::runningTasksAreBusyUpToNow()
{
    HandMade made;
    made.lane().append(recordOf(0, 100), {}, {});
    made.lane().setRunning(1, 150);
    Snapshot snapshot = made.snapshot(370);
    const std::vector<double> finished{1, 0, 0, 0, 0};
    QVERIFY((activityOf(snapshot, 0, {0, 500}, 5).busyWorkers == finished));
    snapshot.isLive = true;
    const std::vector<double> expected{1, 0.5, 1, 0.7, 0};
    const Activity activity = activityOf(snapshot, 0, {0, 500}, 5);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        QVERIFY(std::abs(activity.busyWorkers[i] - expected[i]) < 1e-6);
    }
}

void ActivityTest::columnsAfterNowAreZero()
{
    HandMade made;
    made.lane().openLife({0, -1, 1, 1});
    made.lane().append(recordOf(0, 150), {}, {});
    const Activity activity =
        activityOf(made.snapshot(200, {QueueSample{0, 9, 0, 0, 1}}), 0, {0, 500}, 5);
    QVERIFY((activity.workers == std::vector<double>{1, 1, 0, 0, 0}));
    QVERIFY((activity.queued == std::vector<double>{9, 9, 0, 0, 0}));
    QVERIFY(std::abs(activity.tasksPerSecond[1] - 1e7) < 1); // one in 100 ns
    QCOMPARE(activity.tasksPerSecond[2], 0.0);
}

void ActivityTest::executorsAreApart()
{
    test::SyntheticOptions options;
    options.lanes = 2;
    options.tasks = 5000;
    options.executors = 2;
    options.cancelRate = 0.1;
    const SnapshotPtr snapshot = test::makeSyntheticTrace(options);
    for (const int executor : {0, 1}) {
        const Activity activity = activityOf(*snapshot, executor, {0, snapshot->nowNs}, 100);
        const auto& totals = snapshot->totals[static_cast<std::size_t>(executor)];
        const double ended = sumOf(activity.tasksPerSecond) * toSeconds(snapshot->nowNs) / 100;
        const std::uint64_t onWorkers = totals.endedCount() - totals.count(TaskState::Cancelled);
        QVERIFY(totals.count(TaskState::Cancelled) > 100);
        QVERIFY(std::abs(ended - static_cast<double>(onWorkers)) < 0.1);
        QCOMPARE(activity.workers[50], 2.0);
    }
}

void ActivityTest::daysDoNotOverflow()
{
    constexpr Nanos year = Nanos{365} * 24 * 3600 * kNanosPerSecond;
    HandMade made;
    made.lane().openLife({0, -1, 1, 1});
    made.lane().append(recordOf(0, year), {}, {});
    const Activity activity = activityOf(made.snapshot(year), 0, {0, year}, 8192);
    QVERIFY(std::abs(activity.busyWorkers.front() - 1) < 1e-5);
    QVERIFY(std::abs(activity.busyWorkers.back() - 1) < 1e-5);
    QCOMPARE(activity.workers.back(), 1.0);
}

QTEST_GUILESS_MAIN(ActivityTest)
#include "tst_activity.moc"
