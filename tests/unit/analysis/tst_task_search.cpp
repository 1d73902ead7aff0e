// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/task_search.h"
#include "core/trace/collector.h"
#include "tests/support/synthetic_trace.h"

#include <QTest>

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

using namespace poolscope;

namespace {

TaskQuery parsed(const char* line)
{
    const Result<TaskQuery> query = parseTaskQuery(line);
    if (!query) {
        qFatal("%s: %s", line, query.error().message.c_str());
    }
    return query.value();
}

SnapshotPtr eventfulTrace()
{
    test::SyntheticOptions options;
    options.lanes = 5;
    options.tasks = 30'000;
    options.executors = 2;
    options.failureRate = 0.001;
    options.retryRate = 0.001;
    options.instantRate = 0.1;
    options.cancelRate = 0.01;
    return test::makeSyntheticTrace(options);
}

TaskRecord recordOf(std::uint32_t task, Nanos startNs, Nanos endNs,
                    TaskState state = TaskState::Done)
{
    TaskRecord record;
    record.task = task;
    record.startNs = startNs;
    record.endNs = endNs;
    record.setState(state);
    return record;
}

using Predicate = std::function<bool(const LaneView&, std::uint64_t, const TaskRecord&)>;

/// The same, record by record, without summaries.
RecordList plainSearch(const Snapshot& snapshot, const Predicate& matches)
{
    std::vector<std::tuple<Nanos, int, std::uint64_t>> found;
    for (int lane = 0; lane < static_cast<int>(snapshot.lanes.size()); ++lane) {
        const LaneView& view = snapshot.lanes[static_cast<std::size_t>(lane)];
        for (std::uint64_t i = 0; i < view.recordCount; ++i) {
            if (matches(view, i, view.lane->record(i))) {
                found.emplace_back(view.lane->record(i).startNs, lane, i);
            }
        }
    }
    std::sort(found.begin(), found.end());
    RecordList list;
    for (const auto& [startNs, lane, record] : found) {
        list.add({lane, record});
    }
    return list;
}

/// \return the tasks that \p line finds, in order.
std::vector<std::uint64_t> tasksFound(const SnapshotPtr& snapshot, const char* line)
{
    std::vector<std::uint64_t> tasks;
    const TaskHits hits = searchTasks(snapshot, parsed(line));
    for (std::size_t i = 0; i < hits.size(); ++i) {
        tasks.push_back(findRecord(*snapshot, hits.records[i])->task);
    }
    return tasks;
}

using Tasks = std::vector<std::uint64_t>;

/// Four files on one lane; the third failed.
SnapshotPtr fileTrace()
{
    auto meta = std::make_shared<TraceMeta>();
    meta->workloadId = "hash_files";
    meta->executors = {{"threads", "Thread pool", 1}};
    meta->params.set("note", std::string("Holiday pictures"));
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = 4;
    plan->items = {"/home/photos/Dog.tar.gz", "/home/photos/cat.png", "/home/D\u00f6g.txt",
                   "/etc/passwd"};
    plan->kinds = {"small", "large"};
    plan->kindOfTask = {0, 0, 1, 0};
    meta->plan = plan;
    auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    lane.append(recordOf(0, 0, 10), Value{std::string("sum: dog")}, {});
    lane.append(recordOf(1, 10, 20), {}, {});
    lane.append(recordOf(2, 20, 30, TaskState::Failed), {}, "Cannot open: Permission denied");
    lane.append(recordOf(3, 30, 40), {}, {});
    return makeFinishedSnapshot(recorder, meta, {}, 40);
}

} // namespace

class TaskSearchTest : public QObject
{
    Q_OBJECT

private slots:
    void everythingIsFoundInOrderOfTime();
    void resultsAgreeWithThePlainSearch_data();
    void resultsAgreeWithThePlainSearch();
    void firstHitsComeFirst();
    void recordsThatStartAtOnceAreAllFound();
    void wordsAreLookedForInNamesKindsParametersAndErrors_data();
    void wordsAreLookedForInNamesKindsParametersAndErrors();
    void namesFromThePlanAreComparedWithoutItems();
    void processorTimeIsAskedOnlyWhereItWasMeasured();
    void placesInOrderOfTimeAreFound();
    void placesFollowLanesThatMove();
    void tasksThatRunAreFoundByWhatIsKnownOfThem();
    void runningTasksKeepTheirPlaceWhenTheyEnd();
};

void TaskSearchTest::everythingIsFoundInOrderOfTime()
{
    const SnapshotPtr snapshot = eventfulTrace();
    const TaskHits hits = searchTasks(snapshot, {});
    QCOMPARE(hits.size(), std::size_t{snapshot->recordCount()});
    QVERIFY(hits.isComplete);
    QVERIFY(hits.records == plainSearch(*snapshot, [](auto&&...) { return true; }));
}

void TaskSearchTest::resultsAgreeWithThePlainSearch_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<Predicate>("matches");
    QTest::addColumn<bool>("isRare");
    const auto row = [](const char* line, bool isRare, Predicate matches) {
        QTest::newRow(line) << QByteArray(line) << std::move(matches) << isRare;
    };
    row("state:failed", true,
        [](auto&, auto, const TaskRecord& record) { return record.state() == TaskState::Failed; });
    row("state:lost,cancelled", true, [](auto&, auto, const TaskRecord& record) {
        return record.state() == TaskState::Lost || record.state() == TaskState::Cancelled;
    });
    row("> 1ms", true, [](auto&, auto, const TaskRecord& record) {
        return record.attempt > 0 && record.runNs() > 1'000'000;
    });
    row("run >= 64us run < 80 us", false, [](auto&, auto, const TaskRecord& record) {
        return record.attempt > 0 && record.runNs() >= 64'000 && record.runNs() < 80'000;
    });
    row("run = 0 ns", false, [](auto&, auto, const TaskRecord& record) {
        return record.attempt > 0 && record.runNs() == 0;
    });
    row("wait > 500 us", false,
        [](auto&, auto, const TaskRecord& record) { return record.waitNs() > 500'000; });
    row("executor:processes worker:2", false, [](const LaneView& lane, auto, auto&) {
        return lane.info().executor == 1 && lane.info().kind != LaneKind::Queue &&
               lane.info().index == 2;
    });
    row("executor:thread", false,
        [](const LaneView& lane, auto, auto&) { return lane.info().executor == 0; });
    row("4711", true, [](auto&, auto, const TaskRecord& record) { return record.task == 4711; });
    row("id:29999 id:3", true, [](auto&, auto, const TaskRecord& record) {
        return record.task == 29'999 || record.task == 3;
    });
    row("made state:failed executor:pool", true,
        [](auto&, auto, const TaskRecord& record) { return record.state() == TaskState::Failed; });
    row("died", true,
        [](auto&, auto, const TaskRecord& record) { return record.state() == TaskState::Lost; });
    row("\"777\"", true, [](auto&, auto, const TaskRecord& record) {
        return std::to_string(record.task).find("777") != std::string::npos;
    });
}

void TaskSearchTest::resultsAgreeWithThePlainSearch()
{
    QFETCH(QByteArray, line);
    QFETCH(Predicate, matches);
    QFETCH(bool, isRare);
    const SnapshotPtr snapshot = eventfulTrace();
    const TaskHits hits = searchTasks(snapshot, parsed(line));
    QVERIFY(hits.size() > 0);
    QCOMPARE(hits.size() < 1000, isRare);
    QVERIFY(hits.records == plainSearch(*snapshot, matches));
}

void TaskSearchTest::firstHitsComeFirst()
{
    const SnapshotPtr snapshot = test::makeSyntheticTrace(4, 400'000);
    TaskSearch search(snapshot, {});
    RecordList hits;
    QVERIFY(search.step(hits));
    QVERIFY(!hits.isEmpty());
    QVERIFY2(hits.size() < 100'000, "a piece is small");
    QCOMPARE(search.searchedCount(), std::uint64_t{hits.size()});
    const RecordList first = hits;
    while (search.step(hits)) {
    }
    QCOMPARE(hits.size(), std::size_t{400'000});
    QCOMPARE(search.searchedCount(), std::uint64_t{400'000});
    QVERIFY(!search.step(hits));
    QVERIFY(std::equal(first.places().begin(), first.places().end(), hits.places().begin()));
}

void TaskSearchTest::recordsThatStartAtOnceAreAllFound()
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    for (int i = 0; i < 3; ++i) {
        Lane& lane = recorder->addLane({0, LaneKind::Thread, i});
        for (std::uint32_t task = 0; task < 100'000; ++task) {
            lane.append(recordOf(task, 5, 5), {}, {});
        }
    }
    const SnapshotPtr snapshot =
        makeFinishedSnapshot(recorder, std::make_shared<TraceMeta>(), {}, 5);
    const TaskHits hits = searchTasks(snapshot, {});
    QCOMPARE(hits.size(), std::size_t{300'000});
    QVERIFY(std::is_sorted(hits.records.places().begin(), hits.records.places().end()));
}

void TaskSearchTest::wordsAreLookedForInNamesKindsParametersAndErrors_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<Tasks>("tasks");
    QTest::newRow("name, in other case") << QByteArray("dOg.tar") << Tasks{0};
    QTest::newRow("folder") << QByteArray("photos") << Tasks{0, 1};
    QTest::newRow("two words") << QByteArray("photos cat") << Tasks{1};
    QTest::newRow("beyond ASCII") << QByteArray("d\u00f6g") << Tasks{2};
    QTest::newRow("kind") << QByteArray("large") << Tasks{2};
    QTest::newRow("kind by its key") << QByteArray("kind:small photos") << Tasks{0, 1};
    QTest::newRow("no such kind") << QByteArray("kind:tiny") << Tasks{};
    QTest::newRow("error") << QByteArray("\"permission denied\"") << Tasks{2};
    QTest::newRow("error and name") << QByteArray("denied txt") << Tasks{2};
    QTest::newRow("a parameter is in all") << QByteArray("holiday") << Tasks{0, 1, 2, 3};
    QTest::newRow("results are not errors") << QByteArray("sum:") << Tasks{};
    QTest::newRow("nowhere") << QByteArray("zebra") << Tasks{};
    QTest::newRow("end of a name") << QByteArray("passwd") << Tasks{3};
    QTest::newRow("longer than any") << QByteArray("/etc/passwd/and/so/on/and/on") << Tasks{};
}

void TaskSearchTest::wordsAreLookedForInNamesKindsParametersAndErrors()
{
    QFETCH(QByteArray, line);
    QFETCH(Tasks, tasks);
    if (line == "sum:") {
        line = "\"sum:\"";
    }
    QCOMPARE(tasksFound(fileTrace(), line), tasks);
}

void TaskSearchTest::namesFromThePlanAreComparedWithoutItems()
{
    const SnapshotPtr snapshot = test::makeSyntheticTrace(2, 200);
    QCOMPARE(tasksFound(snapshot, "SYNTH").size(), std::size_t{200});
    QCOMPARE(tasksFound(snapshot, "\"synthetic 17\"").size(), std::size_t{11}); // and 170 to 179
    QCOMPARE(tasksFound(snapshot, "\"synthetic 170\""), Tasks{170});
    QCOMPARE(tasksFound(snapshot, "\"ic 199\""), Tasks{199});
    QCOMPARE(tasksFound(snapshot, "\" 199\""), Tasks{199});
    QCOMPARE(tasksFound(snapshot, "\"synthetic17\""), Tasks{});
    const Tasks sevens = tasksFound(snapshot, "\"77\"");
    QCOMPARE(std::set<std::uint64_t>(sevens.begin(), sevens.end()),
             (std::set<std::uint64_t>{77, 177}));
}

void TaskSearchTest::processorTimeIsAskedOnlyWhereItWasMeasured()
{
    auto recorder = std::make_shared<Recorder>(0, 1, CostLevel::Totals);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    TaskCost cost;
    cost.flags = TaskCost::kMeasuredFlag;
    for (std::uint32_t task = 0; task < 4; ++task) {
        cost.cpuNs = static_cast<float>(task * 1000);
        lane.append(recordOf(task, task * 10'000, task * 10'000 + 9'000), {}, {},
                    task == 3 ? nullptr : &cost);
    }
    const SnapshotPtr snapshot =
        makeFinishedSnapshot(recorder, std::make_shared<TraceMeta>(), {}, 40'000);
    QCOMPARE(tasksFound(snapshot, "cpu >= 1us"), (Tasks{1, 2}));
    QCOMPARE(tasksFound(snapshot, "cpu < 1us"), Tasks{0});
    QCOMPARE(tasksFound(test::makeSyntheticTrace(2, 100), "cpu >= 0 ns"), Tasks{});
}

void TaskSearchTest::placesInOrderOfTimeAreFound()
{
    const SnapshotPtr snapshot = eventfulTrace();
    const TaskHits hits = searchTasks(snapshot, parsed("wait > 1ms"));
    for (std::size_t i = 0; i < hits.size(); i += 97) {
        const RecordRef ref = hits.records[i];
        QCOMPARE(indexInTime(*snapshot, hits.records, ref), std::optional(i));
        const Nanos startNs = findRecord(*snapshot, ref)->startNs;
        const std::size_t first = firstStartingAt(*snapshot, hits.records, startNs);
        QVERIFY(first <= i);
        QCOMPARE(findRecord(*snapshot, hits.records[first])->startNs, startNs);
    }
    const TaskHits others = searchTasks(snapshot, parsed("wait <= 1ms"));
    QVERIFY(others.size() > 0);
    QVERIFY(!indexInTime(*snapshot, hits.records, others.records[0]));
    QVERIFY(!indexInTime(*snapshot, hits.records, {77, 0}));
    QCOMPARE(firstStartingAt(*snapshot, hits.records, snapshot->nowNs + 1), hits.size());
}

void TaskSearchTest::placesFollowLanesThatMove()
{
    auto recorder = std::make_shared<Recorder>(0, 2);
    auto meta = std::make_shared<TraceMeta>();
    meta->executors = {{"threads", "Thread pool", 1}, {"processes", "Process pool", 1}};
    recorder->addLane({1, LaneKind::Process, 0}).append(recordOf(7, 0, 1), {}, {});
    const SnapshotPtr before = makeFinishedSnapshot(recorder, meta, {}, 10);
    recorder->addLane({0, LaneKind::Thread, 0}).append(recordOf(8, 0, 1), {}, {});
    const SnapshotPtr after = makeFinishedSnapshot(recorder, meta, {}, 10);
    QCOMPARE(placeIn(*after, *before, {0, 0}), std::optional(RecordRef{1, 0}));
    QCOMPARE(placeIn(*before, *after, {1, 0}), std::optional(RecordRef{0, 0}));
    QVERIFY(!placeIn(*before, *after, {0, 0}));
    QVERIFY(!placeIn(*after, *before, {0, 1}));
}

void TaskSearchTest::tasksThatRunAreFoundByWhatIsKnownOfThem()
{
    auto live = std::make_shared<Snapshot>(*fileTrace());
    live->isLive = true;
    live->nowNs = 45;
    live->lanes[0].recordCount = 3;
    live->lanes[0].summarisedCount = 0;
    live->lanes[0].running = {3, 30};
    const auto isFound = [&live](const char* line) {
        return searchTasks(live, parsed(line)).running == std::vector<int>{0};
    };
    QCOMPARE(searchTasks(live, {}).size(), std::size_t{3});
    QVERIFY(searchTasks(live, {}).running == std::vector<int>{0});
    for (const char* line : {"passwd", "3", "state:running", "state:running,done", "> 10 ns",
                             "kind:small", "worker:0", "holiday"}) {
        QVERIFY2(isFound(line), line);
    }
    for (const char* line : {"dog", "2", "state:done", "> 20 ns", "wait >= 0 ns", "cpu >= 0 ns",
                             "kind:large", "worker:1", "permission"}) {
        QVERIFY2(!isFound(line), line);
    }
    QCOMPARE(searchTasks(live, parsed("state:running")).size(), std::size_t{0});
    QVERIFY(searchTasks(fileTrace(), {}).running.empty());
}

void TaskSearchTest::runningTasksKeepTheirPlaceWhenTheyEnd()
{
    const SnapshotPtr ended = fileTrace();
    Snapshot live = *ended;
    live.lanes[0].recordCount = 3;
    live.lanes[0].running = {3, 30};
    const auto place = runningPlace(live, 0);
    QVERIFY(place && isRunningPlace(live, *place));
    QVERIFY(findRecord(live, *place) == nullptr);
    QVERIFY(!placeIn(*ended, live, *place)); // it is no record there
    const auto after = taskPlaceIn(*ended, live, *place);
    QVERIFY(after);
    QCOMPARE(findRecord(*ended, *after)->task, std::uint32_t{3});
    QVERIFY(taskPlaceIn(live, live, *place) == place);
    QVERIFY(!runningPlace(*ended, 0));
    QVERIFY(!taskPlaceIn(live, *ended, {0, 4}));
}

QTEST_GUILESS_MAIN(TaskSearchTest)
#include "tst_task_search.moc"
