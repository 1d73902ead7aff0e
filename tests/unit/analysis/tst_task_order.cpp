// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/task_order.h"
#include "core/analysis/task_search.h"
#include "core/trace/collector.h"
#include "tests/support/synthetic_trace.h"

#include <QTest>

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <string>

using namespace poolscope;

namespace {

SnapshotPtr eventfulTrace()
{
    test::SyntheticOptions options;
    options.lanes = 3;
    options.tasks = 4'000;
    options.executors = 2;
    options.failureRate = 0.05;
    options.retryRate = 0.05;
    options.instantRate = 0.3;
    options.cancelRate = 0.02;
    return test::makeSyntheticTrace(options);
}

/// A trace of one lane whose tasks have these items, and give these results.
SnapshotPtr traceOf(const std::vector<std::string>& items, const std::vector<TaskResult>& results)
{
    auto meta = std::make_shared<TraceMeta>();
    auto plan = std::make_shared<JobPlan>();
    plan->items = items;
    plan->taskCount = items.size();
    meta->plan = plan;
    auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    for (std::size_t i = 0; i < std::max(items.size(), results.size()); ++i) {
        TaskRecord record;
        record.task = static_cast<std::uint32_t>(i);
        record.startNs = record.endNs = static_cast<Nanos>(i);
        record.setState(TaskState::Done);
        const TaskResult result = i < results.size() ? results[i] : TaskResult{};
        lane.append(record, result.value, result.error);
    }
    return makeFinishedSnapshot(recorder, meta, {}, 100);
}

std::vector<std::uint64_t> sortedTasks(const SnapshotPtr& trace, TaskOrder order, bool isDescending)
{
    RecordList list = searchTasks(trace, {}).records;
    sortRecords(*trace, list, order, isDescending);
    std::vector<std::uint64_t> tasks;
    for (std::size_t i = 0; i < list.size(); ++i) {
        tasks.push_back(findRecord(*trace, list[i])->task);
    }
    return tasks;
}

using KeyOf = std::function<double(const LaneView&, const TaskRecord&)>;
using Tasks = std::vector<std::uint64_t>;

} // namespace

class TaskOrderTest : public QObject
{
    Q_OBJECT

private slots:
    void orderAgreesWithStableSort_data();
    void orderAgreesWithStableSort();
    void namesAreComparedAsText();
    void longTextsAreComparedToTheEnd();
    void resultsAreSortedByWhatTheyAre();
    void unmeasuredCostsComeFirst();
    void stoppedSortKeepsEveryRecord();
};

void TaskOrderTest::orderAgreesWithStableSort_data()
{
    QTest::addColumn<TaskOrder>("order");
    QTest::addColumn<KeyOf>("keyOf");
    const auto row = [](const char* name, TaskOrder order, KeyOf keyOf) {
        QTest::newRow(name) << order << std::move(keyOf);
    };
    const auto number = [](auto value) { return static_cast<double>(value); };
    row("task", TaskOrder::Task, [=](auto&, const TaskRecord& r) { return number(r.task); });
    row("name", TaskOrder::Name, [=](auto&, const TaskRecord& r) { return number(r.task); });
    row("executor", TaskOrder::Executor,
        [=](const LaneView& lane, auto&) { return number(lane.info().executor); });
    row("worker", TaskOrder::Worker, [=](const LaneView& lane, auto&) {
        const LaneInfo& info = lane.info();
        return number(info.executor * 100 + (info.kind == LaneKind::Queue ? 50 : info.index));
    });
    row("state", TaskOrder::State,
        [=](auto&, const TaskRecord& r) { return number(r.stateAndFlags); });
    row("attempt", TaskOrder::Attempt,
        [=](auto&, const TaskRecord& r) { return number(r.attempt); });
    row("submit", TaskOrder::Submit,
        [=](auto&, const TaskRecord& r) { return number(std::max<Nanos>(0, r.submitNs)); });
    row("start", TaskOrder::Start, [=](auto&, const TaskRecord& r) { return number(r.startNs); });
    row("wait", TaskOrder::Wait, [=](auto&, const TaskRecord& r) { return number(r.waitNs()); });
    row("run", TaskOrder::Run, [=](auto&, const TaskRecord& r) { return number(r.runNs()); });
}

void TaskOrderTest::orderAgreesWithStableSort()
{
    QFETCH(TaskOrder, order);
    QFETCH(KeyOf, keyOf);
    const SnapshotPtr trace = eventfulTrace();
    const RecordList inTime = searchTasks(trace, {}).records;
    const auto key = [&](std::uint64_t place) {
        const RecordRef ref = RecordList::unpacked(place);
        return keyOf(trace->lanes[static_cast<std::size_t>(ref.lane)], *findRecord(*trace, ref));
    };
    for (const bool isDescending : {false, true}) {
        RecordList list = inTime;
        sortRecords(*trace, list, order, isDescending);
        RecordList expected = inTime;
        std::ranges::stable_sort(expected.places(), [&](std::uint64_t a, std::uint64_t b) {
            return isDescending ? key(a) > key(b) : key(a) < key(b);
        });
        QVERIFY(list == expected);
    }
}

void TaskOrderTest::namesAreComparedAsText()
{
    const SnapshotPtr trace = traceOf({"b.png", "A long name, longer than one word",
                                       "a long name, longer than two", "", "B.PNG", "a", "b.pn"},
                                      {});
    QCOMPARE(sortedTasks(trace, TaskOrder::Name, false), (Tasks{3, 5, 1, 2, 6, 0, 4}));
    QCOMPARE(sortedTasks(trace, TaskOrder::Name, true), (Tasks{0, 4, 6, 2, 1, 5, 3}));
}

void TaskOrderTest::longTextsAreComparedToTheEnd()
{
    std::mt19937 random(3);
    std::vector<std::string> items;
    for (int i = 0; i < 3'000; ++i) {
        std::string item(random() % 90, 'x');
        item += std::to_string(random() % 10'000);
        items.push_back(item);
    }
    const SnapshotPtr trace = traceOf(items, {});
    const Tasks tasks = sortedTasks(trace, TaskOrder::Name, false);
    QVERIFY(std::ranges::is_sorted(tasks, {}, [&](std::uint64_t task) { return items[task]; }));
    QCOMPARE(std::set<std::uint64_t>(tasks.begin(), tasks.end()).size(), items.size());
}

void TaskOrderTest::resultsAreSortedByWhatTheyAre()
{
    const SnapshotPtr trace = traceOf({}, {{std::string("text b"), {}},
                                           {std::int64_t{7}, {}},
                                           {{}, "error a"},
                                           {},
                                           {-0.5, {}},
                                           {std::string("text a"), {}},
                                           {std::int64_t{-3}, {}},
                                           {6.5, {}}});
    QCOMPARE(sortedTasks(trace, TaskOrder::Result, false), (Tasks{3, 6, 4, 7, 1, 5, 0, 2}));
    QCOMPARE(sortedTasks(trace, TaskOrder::Result, true), (Tasks{2, 0, 5, 1, 7, 4, 6, 3}));
}

void TaskOrderTest::unmeasuredCostsComeFirst()
{
    auto recorder = std::make_shared<Recorder>(0, 1, CostLevel::Totals);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    for (std::uint32_t task = 0; task < 3; ++task) {
        TaskRecord record;
        record.task = task;
        record.startNs = record.endNs = task;
        record.setState(TaskState::Done);
        TaskCost cost;
        cost.flags = TaskCost::kMeasuredFlag;
        cost.cpuNs = task == 0 ? 5'000.0F : 0.0F;
        lane.append(record, {}, {}, task == 2 ? nullptr : &cost);
    }
    const SnapshotPtr trace = makeFinishedSnapshot(recorder, std::make_shared<TraceMeta>(), {}, 9);
    QCOMPARE(sortedTasks(trace, TaskOrder::Cpu, false), (Tasks{2, 1, 0}));
}

void TaskOrderTest::stoppedSortKeepsEveryRecord()
{
    const SnapshotPtr trace = eventfulTrace();
    std::stop_source source;
    source.request_stop();
    const RecordList inTime = searchTasks(trace, {}).records;
    for (const TaskOrder order : {TaskOrder::Run, TaskOrder::Result}) {
        RecordList list = inTime;
        sortRecords(*trace, list, order, true, source.get_token());
        QVERIFY(std::ranges::is_permutation(list.places(), inTime.places()));
    }
}

QTEST_GUILESS_MAIN(TaskOrderTest)
#include "tst_task_order.moc"
