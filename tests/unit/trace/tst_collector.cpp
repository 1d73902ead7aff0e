// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/collector.h"
#include "core/trace/lane_columns.h"
#include "tests/support/huge_text.h"
#include "tests/support/synthetic_trace.h"

#include <QTest>

#include <algorithm>
#include <atomic>

using namespace poolscope;

namespace {

std::shared_ptr<const TraceMeta> metaOf(std::uint64_t tasks)
{
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = tasks;
    auto meta = std::make_shared<TraceMeta>();
    meta->plan = std::move(plan);
    return meta;
}

TaskRecord recordOf(std::uint32_t task, Nanos startNs, Nanos runNs,
                    TaskState state = TaskState::Done)
{
    TaskRecord record;
    record.task = task;
    record.submitNs = startNs;
    record.startNs = startNs;
    record.endNs = startNs + runNs;
    record.setState(state);
    return record;
}

/// Writes one lane as a worker does, as fast as it can.
void writeLane(Recorder& recorder, Lane& lane, std::uint32_t first, std::uint32_t count)
{
    lane.openLife({recorder.now(), -1, 1, 1});
    for (std::uint32_t task = first; task < first + count; ++task) {
        recorder.addSubmitted(0, 1);
        TaskRecord record;
        record.task = task;
        record.submitNs = recorder.now();
        record.startNs = recorder.now();
        lane.setRunning(task, record.startNs);
        record.endNs = recorder.now();
        record.setState(task % 1000 == 0 ? TaskState::Failed : TaskState::Done);
        lane.append(record, Value{std::int64_t{task}}, task % 1000 == 0 ? "a thousand" : "");
        lane.setIdle();
    }
    lane.closeLife(recorder.now());
}

/// \return what is wrong with a snapshot by itself, empty: nothing.
QString faultOf(const Snapshot& snapshot)
{
    std::uint64_t records = 0;
    std::vector<ColumnCell> cells(100);
    const TimeRange range{0, std::max<Nanos>(snapshot.nowNs, 1)};
    for (const LaneView& view : snapshot.lanes) {
        records += view.recordCount;
        fillColumns(snapshot, view, range, cells);
        double ended = 0;
        for (const ColumnCell& cell : cells) {
            ended += static_cast<double>(cell.endedCount);
        }
        if (std::abs(ended - static_cast<double>(view.recordCount)) > 0.5) {
            return QStringLiteral("columns hold %1 of %2 ends").arg(ended).arg(view.recordCount);
        }
        if (view.recordCount == 0) {
            continue;
        }
        const std::uint64_t last = view.recordCount - 1;
        const TaskRecord& record = view.lane->record(last);
        const TaskResult result = view.lane->result(last);
        const bool isFailed = record.state() == TaskState::Failed;
        if (isFailed ? result.error != "a thousand"
                     : result.value != Value{std::int64_t{record.task}}) {
            return QStringLiteral("wrong result of task %1").arg(record.task);
        }
        if (view.running.startNs >= 0 && view.running.startNs < record.endNs) {
            return QStringLiteral("a task both runs and has ended");
        }
    }
    const ExecutorTotals& totals = snapshot.totals.at(0);
    if (totals.endedCount() != records || totals.submitted < records) {
        return QStringLiteral("%1 ended, %2 recorded").arg(totals.endedCount()).arg(records);
    }
    const auto& samples = *snapshot.queueSamples.at(0);
    const auto byTime = [](const QueueSample& a, const QueueSample& b) {
        return a.timeNs < b.timeNs;
    };
    return std::is_sorted(samples.begin(), samples.end(), byTime)
               ? QString()
               : QStringLiteral("samples unsorted");
}

} // namespace

class CollectorTest : public QObject
{
    Q_OBJECT

private slots:
    void restsWhileNothingHappens();
    void hasASnapshotFromTheStart();
    void publishesWhileTheRunGoesOn();
    void snapshotsStayAsTheyWere();
    void countsEachTaskOnceByItsLastAttempt();
    void showsWhatRuns();
    void recordedTaskNoLongerRuns();
    void lanesAreInOrder();
    void finishHoldsEverything();
    void finishWithNothingRecorded();
    void lossIsCounted();
    void readersMayReadWhileOthersWrite();
    void endsWithoutFinish();

    void finishedSnapshotHoldsWhatItWasGiven();
    void aMillionTasksFitIn52MB();
};

void CollectorTest::hasASnapshotFromTheStart()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 2);
    recorder->addLane({0, LaneKind::Thread, 0});
    const auto meta = metaOf(9);
    const Collector collector(recorder, meta);
    const SnapshotPtr snapshot = collector.latest();
    QVERIFY(snapshot != nullptr);
    QVERIFY(snapshot->isLive);
    QVERIFY(snapshot->nowNs >= 0);
    QVERIFY(snapshot->meta == meta);
    QCOMPARE(snapshot->lanes.size(), std::size_t{1});
    QCOMPARE(snapshot->totals.size(), std::size_t{2});
    QCOMPARE(snapshot->queueSamples.size(), std::size_t{2});
    QCOMPARE(snapshot->totals[1].total, std::uint64_t{9});
    QCOMPARE(snapshot->totals[1].firstSubmitNs, Nanos{-1});
    QVERIFY(snapshot->controlEvents != nullptr);
}

void CollectorTest::publishesWhileTheRunGoesOn()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    const Collector collector(recorder, metaOf(100));
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    for (std::uint32_t i = 0; i < 40; ++i) {
        lane.append(recordOf(i, i, 1), {}, {});
    }
    QTRY_COMPARE(collector.latest()->recordCount(), std::uint64_t{40});
    QCOMPARE(collector.latest()->lanes[0].summarisedCount, std::uint64_t{32});
    lane.append(recordOf(40, 40, 1), {}, {});
    QTRY_COMPARE(collector.latest()->recordCount(), std::uint64_t{41});
    QVERIFY(collector.latest()->isLive);
}

void CollectorTest::snapshotsStayAsTheyWere()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    Collector collector(recorder, metaOf(100));
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    lane.openLife({1, -1, 7, 8});
    lane.append(recordOf(0, 0, 5), {}, {});
    QTRY_COMPARE(collector.latest()->recordCount(), std::uint64_t{1});
    const SnapshotPtr early = collector.latest();
    lane.append(recordOf(1, 5, 5), {}, {});
    lane.closeLife(12);
    recorder->addControlEvent({12, ControlKind::WorkerRetired, 0, 0, 0, {}});
    collector.finish();
    QCOMPARE(early->recordCount(), std::uint64_t{1});
    QCOMPARE(early->totals[0].endedCount(), std::uint64_t{1});
    QCOMPARE(early->lanes[0].lives->at(0).closedNs, Nanos{-1});
    QVERIFY(early->controlEvents->empty());
    QCOMPARE(collector.latest()->recordCount(), std::uint64_t{2});
    QCOMPARE(collector.latest()->lanes[0].lives->at(0).closedNs, Nanos{12});
}

void CollectorTest::countsEachTaskOnceByItsLastAttempt()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 2);
    Lane& lane = recorder->addLane({1, LaneKind::Process, 0});
    TaskRecord lost = recordOf(0, 10, 5, TaskState::Lost);
    lost.submitNs = 3;
    lost.setState(TaskState::Lost, true);
    lane.append(lost, {}, "worker died");
    lane.append(recordOf(0, 20, 5), {}, {});
    lane.append(recordOf(1, 25, 5, TaskState::Failed), {}, "no");
    lane.append(recordOf(2, 30, 5, TaskState::TimedOut), {}, "late");
    lane.append(recordOf(3, 35, 5, TaskState::Lost), {}, "gave up");
    Lane& queue = recorder->addLane({1, LaneKind::Queue, 0});
    TaskRecord cancelled = recordOf(4, 50, 0, TaskState::Cancelled);
    cancelled.attempt = 0;
    queue.append(cancelled, {}, {});
    recorder->addSubmitted(1, 6);
    Collector collector(recorder, metaOf(6));
    collector.finish();
    const ExecutorTotals& totals = collector.latest()->totals[1];
    QCOMPARE(totals.endedCount(), std::uint64_t{5});
    QCOMPARE(totals.count(TaskState::Done), std::uint64_t{1});
    QCOMPARE(totals.count(TaskState::Failed), std::uint64_t{1});
    QCOMPARE(totals.count(TaskState::TimedOut), std::uint64_t{1});
    QCOMPARE(totals.count(TaskState::Lost), std::uint64_t{1});
    QCOMPARE(totals.count(TaskState::Cancelled), std::uint64_t{1});
    QCOMPARE(totals.lostAttempts, std::uint64_t{2});
    QCOMPARE(totals.firstSubmitNs, Nanos{3});
    QCOMPARE(totals.lastEndNs, Nanos{50});
    QCOMPARE(totals.submitted, std::uint64_t{6});
    QCOMPARE(totals.queued(), std::uint64_t{1});
    QCOMPARE(collector.latest()->totals[0].endedCount(), std::uint64_t{0});
}

void CollectorTest::showsWhatRuns()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    Lane& busy = recorder->addLane({0, LaneKind::Thread, 0});
    Lane& idle = recorder->addLane({0, LaneKind::Thread, 1});
    recorder->addLane({0, LaneKind::Thread, 2});
    recorder->addLane({0, LaneKind::Queue, 0}).openLife({0, -1, 0, 0}); // is nobody
    busy.openLife({0, -1, 1, 1});
    idle.openLife({0, -1, 1, 2});
    busy.setRunning(17, 5);
    recorder->addSubmitted(0, 3);
    const Collector collector(recorder, metaOf(3));
    const SnapshotPtr snapshot = collector.latest();
    QCOMPARE(snapshot->lanes[0].running.task, std::uint64_t{17});
    QCOMPARE(snapshot->lanes[0].running.startNs, Nanos{5});
    QVERIFY(snapshot->lanes[1].running.startNs < 0);
    QCOMPARE(snapshot->totals[0].running, 1U);
    QCOMPARE(snapshot->totals[0].workers, 2U);
    QCOMPARE(snapshot->totals[0].queued(), std::uint64_t{2});
    const QueueSample& sample = snapshot->queueSamples[0]->at(0);
    QCOMPARE(sample.running, 1U);
    QCOMPARE(sample.workers, 2U);
    QCOMPARE(sample.queued(), std::uint64_t{2});
}

// A worker records the end of a task first and says that it is idle afterwards.
void CollectorTest::recordedTaskNoLongerRuns()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    lane.setRunning(0, 5);
    lane.append(recordOf(0, 5, 10), {}, {});
    const Collector collector(recorder, metaOf(1));
    QVERIFY(collector.latest()->lanes[0].running.startNs < 0);
    QCOMPARE(collector.latest()->totals[0].running, 0U);
    lane.setRunning(1, 15); // follows at once
    QTRY_COMPARE(collector.latest()->totals[0].running, 1U);
}

void CollectorTest::lanesAreInOrder()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 2);
    recorder->addLane({1, LaneKind::Process, 0});
    recorder->addLane({0, LaneKind::Queue, 0});
    recorder->addLane({0, LaneKind::Thread, 1});
    recorder->addLane({0, LaneKind::Thread, 0});
    const Collector collector(recorder, metaOf(1));
    QStringList order;
    for (const LaneView& view : collector.latest()->lanes) {
        order << QStringLiteral("%1/%2/%3/%4")
                     .arg(view.info().executor)
                     .arg(view.info().kind == LaneKind::Queue ? "queue" : "worker")
                     .arg(view.info().index)
                     .arg(view.laneIndex);
        QCOMPARE(recorder->indexOf(*view.lane), view.laneIndex);
    }
    QCOMPARE(order, QStringList({"0/worker/0/3", "0/worker/1/2", "0/queue/0/1", "1/worker/0/0"}));
}

void CollectorTest::finishHoldsEverything()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    Collector collector(recorder, metaOf(100'000));
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    writeLane(*recorder, lane, 0, 100'000);
    collector.finish();
    const SnapshotPtr last = collector.latest();
    QVERIFY(!last->isLive);
    QCOMPARE(last->recordCount(), std::uint64_t{100'000});
    QCOMPARE(last->totals[0].count(TaskState::Failed), std::uint64_t{100});
    QCOMPARE(last->nowNs, lane.record(99'999).endNs);
    QCOMPARE(last->queueSamples[0]->back().timeNs, last->nowNs);
    QCOMPARE(last->queueSamples[0]->back().ended, std::uint64_t{100'000});
    QCOMPARE(faultOf(*last), QString());
    collector.finish();
    QVERIFY(collector.latest() == last);
}

void CollectorTest::finishWithNothingRecorded()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    Collector collector(recorder, metaOf(0));
    recorder->addControlEvent({123, ControlKind::Error, 0, -1, 0, "nothing to do"});
    collector.finish();
    QCOMPARE(collector.latest()->nowNs, Nanos{123});
    QCOMPARE(collector.latest()->controlEvents->size(), std::size_t{1});
    QCOMPARE(collector.latest()->recordCount(), std::uint64_t{0});
}

void CollectorTest::lossIsCounted()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    const test::HugeText huge;
    QVERIFY(huge.isThere());
    lane.append(recordOf(0, 0, 1, TaskState::Failed), {}, huge.text());
    Collector collector(recorder, metaOf(1));
    collector.finish();
    QCOMPARE(collector.latest()->droppedEvents, std::uint64_t{1});
    QCOMPARE(collector.latest()->recordCount(), std::uint64_t{0});
}

void CollectorTest::readersMayReadWhileOthersWrite()
{
    constexpr std::uint32_t kTasks = 60'000;
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    Collector collector(recorder, metaOf(2 * kTasks));
    std::atomic<bool> isStarted = false;
    QString fault;
    std::thread reader([&] {
        std::uint64_t seen = 0;
        for (bool isLive = true; isLive && fault.isEmpty();) {
            const SnapshotPtr snapshot = collector.latest();
            fault =
                snapshot->recordCount() < seen ? QStringLiteral("went back") : faultOf(*snapshot);
            seen = snapshot->recordCount();
            isLive = snapshot->isLive;
            isStarted = true;
            isStarted.notify_all();
        }
    });
    isStarted.wait(false);
    std::thread first([&] {
        writeLane(*recorder, recorder->addLane({0, LaneKind::Thread, 0}), 0, kTasks);
    });
    std::thread second([&] {
        writeLane(*recorder, recorder->addLane({0, LaneKind::Thread, 1}), kTasks, kTasks);
    });
    first.join();
    second.join();
    collector.finish();
    reader.join();
    QCOMPARE(fault, QString());
    QCOMPARE(collector.latest()->recordCount(), std::uint64_t{2 * kTasks});
}

void CollectorTest::endsWithoutFinish()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    SnapshotPtr snapshot;
    {
        const Collector collector(recorder, metaOf(1));
        snapshot = collector.latest();
    }
    QCOMPARE(recorder.use_count(), 2L); // ours and the snapshot's
    QVERIFY(snapshot->isLive);
}

void CollectorTest::finishedSnapshotHoldsWhatItWasGiven()
{
    const auto recorder = std::make_shared<Recorder>(0, 2);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    for (std::uint32_t i = 0; i < 100; ++i) {
        lane.append(recordOf(i, i * 10, 10), Value{std::int64_t{i}}, {});
    }
    recorder->addSubmitted(0, 100);
    const QueueSample sample{5, 100, 0, 1, 1};
    const SnapshotPtr snapshot = makeFinishedSnapshot(recorder, metaOf(100), {{sample}}, 1234);
    QVERIFY(!snapshot->isLive);
    QCOMPARE(snapshot->nowNs, Nanos{1234});
    QCOMPARE(snapshot->recordCount(), std::uint64_t{100});
    QCOMPARE(snapshot->lanes[0].summarisedCount, std::uint64_t{96});
    QCOMPARE(snapshot->totals[0].count(TaskState::Done), std::uint64_t{100});
    QCOMPARE(snapshot->queueSamples.size(), std::size_t{2});
    QVERIFY(*snapshot->queueSamples[0] == std::vector<QueueSample>{sample});
    QVERIFY(snapshot->queueSamples[1]->empty());
}

void CollectorTest::aMillionTasksFitIn52MB()
{
    const SnapshotPtr snapshot = test::makeSyntheticTrace(8, 1'000'000);
    const std::size_t bytes = snapshot->recorder->allocatedBytes();
    QCOMPARE(snapshot->recordCount(), std::uint64_t{1'000'000});
    QVERIFY2(bytes <= 52'000'000, qPrintable(QString::number(bytes)));
    QVERIFY(bytes >= 1'000'000 * (sizeof(TaskRecord) + sizeof(std::uint32_t)));
}

void CollectorTest::restsWhileNothingHappens()
{
    auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    const Collector collector(recorder, metaOf(2));
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    for (std::uint32_t task = 0; task < 3; ++task) {
        writeLane(*recorder, lane, task, 1);
        QTRY_COMPARE_WITH_TIMEOUT(collector.latest()->recordCount(), std::uint64_t{task + 1},
                                  60'000);
        // At rest there are no new snapshots. One may be on its way: then look at the next one.
        SnapshotPtr before;
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                before = collector.latest();
                QTest::qWait(100);
                return collector.latest() == before;
            }(),
            60'000);
    }
    recorder->addControlEvent({recorder->now(), ControlKind::Pause, 0, -1, 0, {}});
    QTRY_VERIFY_WITH_TIMEOUT(!collector.latest()->controlEvents->empty(), 60'000);
}

QTEST_GUILESS_MAIN(CollectorTest)
#include "tst_collector.moc"
