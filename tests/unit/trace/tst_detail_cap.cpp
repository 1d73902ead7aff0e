// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/collector.h"
#include "core/trace/detail_epochs.h"
#include "core/trace/lane_columns.h"
#include "core/trace/replay.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace poolscope;

namespace {

constexpr std::uint64_t kCapBytes = std::uint64_t{8} << 20U;
constexpr std::uint64_t kSlabBytes = std::uint64_t{2} << 20U;
constexpr std::uint32_t kTasksALane = 500'000;
constexpr std::uint32_t kFailEvery = 10'000;
/// Writers wait for the collector when they are so far ahead, so that what comes in between is known.
constexpr std::uint64_t kMostAhead = 20'000;
constexpr std::uint64_t kBytesAhead = 2 * kMostAhead * (sizeof(TaskRecord) + 8);
constexpr Nanos kPeriodNs = 1000;

std::shared_ptr<const TraceMeta> metaOf(std::uint64_t tasks, std::uint64_t capBytes)
{
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = tasks;
    auto meta = std::make_shared<TraceMeta>();
    meta->plan = std::move(plan);
    meta->recording.memoryCapBytes = capBytes;
    return meta;
}

/// Task number i of a lane: times of their own, so that two traces of the same tasks are equal.
TaskRecord recordOf(std::uint32_t i, std::uint32_t firstTask)
{
    TaskRecord record;
    record.task = firstTask + i;
    record.submitNs = Nanos{i} * kPeriodNs;
    record.startNs = record.submitNs + 100;
    record.endNs = record.startNs + 200 + i % 600;
    record.setState(i % kFailEvery == kFailEvery / 2 ? TaskState::Failed : TaskState::Done);
    return record;
}

void append(Lane& lane, std::uint32_t i, std::uint32_t firstTask)
{
    const TaskRecord record = recordOf(i, firstTask);
    const bool hasFailed = record.state() == TaskState::Failed;
    lane.append(record, Value{std::int64_t{record.task}}, hasFailed ? "it did not work" : "");
}

/// Writes the tasks of one lane, never far ahead of the collector.
void writeLane(Recorder& recorder, Lane& lane, std::uint32_t firstTask, const Collector& collector)
{
    lane.openLife({0, -1, 1, 1});
    for (std::uint32_t i = 0; i < kTasksALane; ++i) {
        recorder.addSubmitted(0, 1);
        append(lane, i, firstTask);
        while (i % 1000 == 0) {
            const SnapshotPtr latest = collector.latest();
            const auto own = std::ranges::find(latest->lanes, &lane, &LaneView::lane);
            if (i < kMostAhead ||
                (own != latest->lanes.end() && own->recordCount + kMostAhead > i)) {
                break;
            }
            std::this_thread::yield();
        }
    }
    lane.closeLife(recorder.now());
}

/// The same tasks without a cap and without threads.
SnapshotPtr uncapped(int lanes)
{
    const auto recorder = std::make_shared<Recorder>(0, 1);
    for (int lane = 0; lane < lanes; ++lane) {
        Lane& own = recorder->addLane({0, LaneKind::Thread, lane});
        own.openLife({0, -1, 1, 1});
        for (std::uint32_t i = 0; i < kTasksALane; ++i) {
            append(own, i, static_cast<std::uint32_t>(lane) * kTasksALane);
        }
    }
    const std::uint64_t tasks = std::uint64_t{kTasksALane} * static_cast<std::uint64_t>(lanes);
    recorder->addSubmitted(0, tasks);
    return makeFinishedSnapshot(recorder, metaOf(tasks, 0), {}, Nanos{kTasksALane} * kPeriodNs);
}

/// \return what is wrong with the records that a snapshot says are there, empty: nothing.
QString faultOf(const Snapshot& snapshot)
{
    for (const LaneView& view : snapshot.lanes) {
        const std::uint64_t step =
            std::max<std::uint64_t>(1, (view.recordCount - view.firstRecord) / 500);
        for (std::uint64_t i = view.firstRecord; i < view.recordCount; i += step) {
            const TaskRecord& record = view.lane->record(i);
            const auto firstTask = static_cast<std::uint32_t>(view.info().index) * kTasksALane;
            const TaskRecord expected = recordOf(static_cast<std::uint32_t>(i), firstTask);
            const TaskResult result = view.lane->result(i);
            const bool hasFailed = expected.state() == TaskState::Failed;
            if (record.task != expected.task || record.endNs != expected.endNs ||
                (hasFailed ? result.error != "it did not work"
                           : result.value != Value{std::int64_t{record.task}})) {
                return QStringLiteral("record %1").arg(i);
            }
        }
    }
    return {};
}

/// A run of two lanes whose trace reached its cap.
struct CappedRun
{
    SnapshotPtr snapshot;
    std::size_t mostBytes = 0; ///< of the trace at any time
};

template <class Meanwhile>
CappedRun cappedRun(const Meanwhile& meanwhile)
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    Collector collector(recorder, metaOf(2 * kTasksALane, kCapBytes));
    CappedRun run;
    {
        std::atomic<int> writing{2};
        std::vector<std::jthread> writers;
        for (int lane = 0; lane < 2; ++lane) {
            Lane& own = recorder->addLane({0, LaneKind::Thread, lane});
            writers.emplace_back([&, lane] {
                writeLane(*recorder, own, static_cast<std::uint32_t>(lane) * kTasksALane,
                          collector);
                --writing;
            });
        }
        while (writing > 0) {
            meanwhile(collector);
            run.mostBytes = std::max(run.mostBytes, recorder->allocatedBytes());
        }
    }
    collector.finish();
    run.snapshot = collector.latest();
    return run;
}

CappedRun cappedRun()
{
    return cappedRun([](const Collector&) { std::this_thread::yield(); });
}

} // namespace

/// A trace that has reached its memory cap: what goes, what stays, and who may still read it.
class DetailCapTest : public QObject
{
    Q_OBJECT

private slots:
    void storeHandsOutAgainWhatItGotBack();
    void epochsGiveBackInOrder();
    void memoryStaysAtTheCap();
    void totalsAreOfAllTasks();
    void newestDetailStays();
    void sumsOfWhatIsGoneAreExact();
    void columnsOfWhatIsGoneStay();
    void replayKnowsWhatIsGone();
    void oldSnapshotsStayReadable();
    void withoutCapNothingGoes();
};

void DetailCapTest::storeHandsOutAgainWhatItGotBack()
{
    SlabStore store;
    constexpr std::size_t kPiece = std::size_t{80} << 10U;
    std::vector<MemoryPiece> pieces;
    for (int i = 0; i < 100; ++i) {
        pieces.push_back({store.take(kPiece), kPiece, false});
    }
    const std::size_t total = store.totalBytes();
    QCOMPARE(store.usedBytes(), 100 * kPiece);
    store.giveBack(pieces);
    QCOMPARE(store.usedBytes(), std::size_t{0});
    for (int i = 0; i < 100; ++i) {
        std::ignore = store.take(kPiece);
    }
    QCOMPARE(store.totalBytes(), total);
    store.giveBack(pieces);
    // Smaller ones are cut out of them.
    for (int i = 0; i < 1000; ++i) {
        std::ignore = store.take(std::size_t{8} << 10U);
    }
    QCOMPARE(store.totalBytes(), total);
    QCOMPARE(store.usedBytes(), 1000 * (std::size_t{8} << 10U));
}

void DetailCapTest::epochsGiveBackInOrder()
{
    const auto recorder = std::make_shared<Recorder>(0, 1);
    const auto& store = recorder->store();
    constexpr std::size_t kPiece = 4096;
    const auto piece = [&store] {
        return std::vector<MemoryPiece>{{store->take(kPiece), kPiece, false}};
    };
    DetailEpochs epochs(recorder);
    auto first = epochs.hold();
    epochs.retire(piece());
    auto second = epochs.hold();
    epochs.retire(piece());
    QCOMPARE(epochs.heldBytes(), 2 * kPiece);
    second.reset(); // the first may still read both
    QCOMPARE(store->usedBytes(), 2 * kPiece);
    first.reset();
    QCOMPARE(store->usedBytes(), std::size_t{0});
    QCOMPARE(epochs.heldBytes(), std::size_t{0});
    epochs.retire(piece()); // nobody holds anything
    QCOMPARE(store->usedBytes(), std::size_t{0});
}

void DetailCapTest::memoryStaysAtTheCap()
{
    const CappedRun run = cappedRun();
    const std::size_t used = run.snapshot->recorder->store()->usedBytes();
    QVERIFY2(used <= kCapBytes, qPrintable(QString::number(used)));
    QVERIFY2(run.mostBytes <= kCapBytes + 2 * kBytesAhead + kSlabBytes,
             qPrintable(QString::number(run.mostBytes)));
    QVERIFY(used > kCapBytes / 3); // and it is made use of
}

void DetailCapTest::totalsAreOfAllTasks()
{
    const SnapshotPtr snapshot = cappedRun().snapshot;
    const ExecutorTotals& totals = snapshot->totals[0];
    QCOMPARE(totals.submitted, std::uint64_t{2 * kTasksALane});
    QCOMPARE(totals.endedCount(), totals.submitted);
    QCOMPARE(totals.count(TaskState::Failed), std::uint64_t{2 * kTasksALane / kFailEvery});
    QCOMPARE(snapshot->recordCount(), totals.submitted);
    QCOMPARE(letGoOf(*snapshot).records + snapshot->keptCount(), totals.submitted);
    QVERIFY(snapshot->keptCount() > 0 && snapshot->keptCount() < totals.submitted / 2);
    QCOMPARE(totals.firstSubmitNs, Nanos{0});
}

void DetailCapTest::newestDetailStays()
{
    const SnapshotPtr snapshot = cappedRun().snapshot;
    const SnapshotPtr all = uncapped(2);
    for (std::size_t lane = 0; lane < 2; ++lane) {
        const LaneView& view = snapshot->lanes[lane];
        QVERIFY(view.firstRecord > 0 && view.hasRecords());
        QCOMPARE(view.recordCount, all->lanes[lane].recordCount);
        for (std::uint64_t i = view.firstRecord; i < view.recordCount; ++i) {
            const TaskRecord& kept = view.lane->record(i);
            const TaskRecord& expected = all->lanes[lane].lane->record(i);
            QVERIFY(kept.task == expected.task && kept.startNs == expected.startNs &&
                    kept.endNs == expected.endNs && kept.state() == expected.state());
            QVERIFY(view.lane->result(i).value == all->lanes[lane].lane->result(i).value);
            QVERIFY(view.lane->result(i).error == all->lanes[lane].lane->result(i).error);
        }
    }
    QCOMPARE(faultOf(*snapshot), QString());
    QVERIFY(findRecord(*snapshot, {0, 0}) == nullptr);
    QVERIFY(findRecord(*snapshot, {0, snapshot->lanes[0].firstRecord}) != nullptr);
    // The oldest went, whichever lane it was on.
    const Nanos apart = snapshot->lanes[0].letGo->lastEndNs - snapshot->lanes[1].letGo->lastEndNs;
    QVERIFY(std::abs(apart) <= 4 * 2048 * kPeriodNs);
}

void DetailCapTest::sumsOfWhatIsGoneAreExact()
{
    const SnapshotPtr snapshot = cappedRun().snapshot;
    for (const LaneView& view : snapshot->lanes) {
        LetGo expected;
        for (std::uint32_t i = 0; i < view.firstRecord; ++i) {
            expected.add(recordOf(i, static_cast<std::uint32_t>(view.info().index) * kTasksALane));
        }
        QVERIFY(*view.letGo == expected);
    }
    const auto since = detailSince(*snapshot);
    QVERIFY(since.has_value());
    QCOMPARE(*since,
             std::max(snapshot->lanes[0].letGo->lastEndNs, snapshot->lanes[1].letGo->lastEndNs));
    QVERIFY(!detailSince(*uncapped(1)));
}

void DetailCapTest::columnsOfWhatIsGoneStay()
{
    const SnapshotPtr snapshot = cappedRun().snapshot;
    const SnapshotPtr all = uncapped(2);
    const Nanos goneNs = snapshot->lanes[0].letGo->lastEndNs;
    // From wide columns to some that are narrower than 16 tasks.
    for (const Nanos widthNs : {goneNs, goneNs / 10, Nanos{400'000}}) {
        const TimeRange range{goneNs / 2 - widthNs / 2, goneNs / 2 + widthNs / 2};
        std::vector<ColumnCell> cells(100);
        std::vector<ColumnCell> expected(100);
        fillColumns(*snapshot, snapshot->lanes[0], range, cells);
        fillColumns(*all, all->lanes[0], range, expected, 0);
        const double columnNs = static_cast<double>(widthNs) / 100;
        double sum = 0;
        double expectedSum = 0;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            sum += static_cast<double>(cells[i].busySum());
            expectedSum += static_cast<double>(expected[i].busySum());
            if (columnNs > 100.0 * kPeriodNs) {
                QVERIFY(std::abs(static_cast<double>(cells[i].busySum() - expected[i].busySum())) <=
                        0.12 * columnNs);
            }
            const std::uint8_t failed = stateBit(TaskState::Failed);
            QVERIFY((expected[i].stateBits & failed) == 0 || (cells[i].stateBits & failed) != 0);
        }
        QVERIFY(std::abs(sum - expectedSum) <= 0.05 * expectedSum + 16 * kPeriodNs);
    }
}

void DetailCapTest::replayKnowsWhatIsGone()
{
    const SnapshotPtr whole = cappedRun().snapshot;
    const SnapshotPtr all = uncapped(2);
    const Nanos goneNs =
        std::min(whole->lanes[0].letGo->lastEndNs, whole->lanes[1].letGo->lastEndNs);
    for (const Nanos timeNs :
         {Nanos{0}, goneNs / 3, goneNs - 1, *detailSince(*whole), whole->nowNs}) {
        const Snapshot moment = snapshotAt(*whole, timeNs);
        const Snapshot expected = snapshotAt(*all, timeNs);
        const auto ended = static_cast<std::int64_t>(moment.totals[0].endedCount());
        const auto truth = static_cast<std::int64_t>(expected.totals[0].endedCount());
        const bool isGone = timeNs < *detailSince(*whole);
        QVERIFY2(std::abs(ended - truth) <= (isGone ? 2 * 16 : 0),
                 qPrintable(QStringLiteral("%1: %2, %3").arg(timeNs).arg(ended).arg(truth)));
        QCOMPARE(moment.totals[0].count(TaskState::Failed) == 0,
                 expected.totals[0].count(TaskState::Failed) == 0);
        QCOMPARE(faultOf(moment), QString());
    }
    // A step back from the first record that is there leads nowhere that is not.
    std::ignore = previousMoment(*whole, *detailSince(*whole) + 1);
    std::ignore = nextMoment(*whole, 0);
}

void DetailCapTest::oldSnapshotsStayReadable()
{
    std::vector<SnapshotPtr> held; // of any age, oldest first
    QString fault;
    int checks = 0;
    const CappedRun run = cappedRun([&](const Collector& collector) {
        const SnapshotPtr latest = collector.latest();
        if (held.empty() || held.back() != latest) {
            held.push_back(latest);
        }
        if (held.size() > 12) {
            held.erase(held.begin() + checks % 6);
        }
        const QString found = faultOf(*held.front());
        fault = fault.isEmpty() ? found : fault;
        ++checks;
    });
    QCOMPARE(fault, QString());
    QVERIFY(checks > 0);
    for (const SnapshotPtr& snapshot : held) {
        QCOMPARE(faultOf(*snapshot), QString());
    }
    held.clear();
    QVERIFY(run.snapshot->recorder->store()->usedBytes() <= kCapBytes);
}

void DetailCapTest::withoutCapNothingGoes()
{
    const auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    Collector collector(recorder, metaOf(kTasksALane, 0));
    for (std::uint32_t i = 0; i < kTasksALane; ++i) {
        append(lane, i, 0);
    }
    collector.finish();
    QCOMPARE(collector.latest()->keptCount(), std::uint64_t{kTasksALane});
    QVERIFY(!detailSince(*collector.latest()));
}

QTEST_GUILESS_MAIN(DetailCapTest)
#include "tst_detail_cap.moc"
