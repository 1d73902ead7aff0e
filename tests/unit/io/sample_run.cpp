// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/io/sample_run.h"

#include "core/trace/collector.h"

#include <cstring>
#include <limits>
#include <vector>

namespace poolscope::test {

namespace {

struct Attempt
{
    std::uint32_t task;
    Nanos submitNs;
    Nanos startNs;
    Nanos endNs;
    TaskState state = TaskState::Done;
    Value value{};
    std::string error{};
    int attempt = 1;
    bool isRetried = false;
};

void append(Lane& lane, const Attempt& attempt)
{
    TaskRecord record;
    record.submitNs = attempt.submitNs;
    record.startNs = attempt.startNs;
    record.endNs = attempt.endNs;
    record.task = attempt.task;
    record.attempt = static_cast<std::uint8_t>(attempt.attempt);
    record.setState(attempt.state, attempt.isRetried);
    if (lane.info().kind == LaneKind::Process) {
        record.sentLeadNs = 1234.5F;
        record.returnLagNs = 77.0F;
        record.core = 3;
    }
    lane.append(record, attempt.value, attempt.error);
}

void addLife(Lane& lane, const LaneLife& life)
{
    lane.openLife({life.openedNs, -1, life.processId, life.threadId});
    if (life.closedNs >= 0) {
        lane.closeLife(life.closedNs);
    }
}

void fillThreads(Recorder& recorder)
{
    const auto infinite = std::numeric_limits<double>::infinity();
    Lane& first = recorder.addLane({0, LaneKind::Thread, 0});
    Lane& second = recorder.addLane({0, LaneKind::Thread, 1});
    addLife(first, {10, 900'000, kProgramId, kProgramId + 1});
    addLife(second, {20, 300'000, kProgramId, kProgramId + 2});
    addLife(second, {400'000, 900'001, kProgramId, kProgramId + 3});
    append(first, {0, 1000, 1500, 100'000, TaskState::Done, {}, ""});
    append(first, {1, 1000, 100'000, 100'000, TaskState::Done, std::int64_t{-42}, ""});
    append(first, {3, 2000, 150'001, 150'003, TaskState::Done, 0.1, ""});
    append(first, {4, 2000, 160'000, 200'000, TaskState::Done,
                   std::int64_t{std::numeric_limits<std::int64_t>::min()}, ""});
    append(first, {5, 2001, 200'000, 210'000, TaskState::Failed, {}, "a \"bad\", b\nline\x01\xff"});
    append(second, {2, 1000, 1600, 90'000, TaskState::Done, -infinite, ""});
    append(second,
           {6, 2001, 500'000, 600'000, TaskState::Done, std::string("x,\xc3\xa9\0y", 6), ""});
    append(second, {7, 2001, 600'000, 700'000, TaskState::TimedOut, {}, "timed out"});
    // Its lane was created last but one, as it is when the first task is cancelled.
    Lane& queue = recorder.addLane({0, LaneKind::Queue, 0});
    append(queue, {8, 2001, 800'000, 800'000, TaskState::Cancelled, {}, "cancelled", 0});
    append(queue, {9, 2001, 800'000, 800'000, TaskState::Cancelled, {}, "cancelled", 0});
}

void fillProcesses(Recorder& recorder)
{
    Lane& second = recorder.addLane({1, LaneKind::Process, 1});
    Lane& first = recorder.addLane({1, LaneKind::Process, 0});
    addLife(first, {15, 250'000, 5001, 5001});
    addLife(first, {260'000, -1, 5003, 5003});
    addLife(second, {16, 950'000, 5002, 5002});
    append(first, {0, 3000, 5000, 250'000, TaskState::Lost, {}, "killed by signal 9", 1, true});
    append(first, {0, 3000, 270'000, 280'000, TaskState::Done, std::string{}, "", 2});
    append(first, {1, 3000, 280'001, 290'000, TaskState::Lost, {}, "killed by signal 11", 3});
    for (std::uint32_t task = 2; task < kSampleTasks; ++task) {
        const Nanos start = 10'000 * Nanos{task};
        append(second, {task, 3000 + Nanos{task}, start, start + 5'000, TaskState::Done,
                        std::int64_t{task} << 40, ""});
    }
}

} // namespace

std::shared_ptr<TraceMeta> makeSampleMeta()
{
    auto meta = std::make_shared<TraceMeta>();
    meta->runId = "0123456789abcdef0123456789abcdef";
    meta->version = "0.1.0";
    meta->title = "Sample \xe2\x80\x9crun\xe2\x80\x9d";
    meta->workloadId = "hash_files";
    meta->params.set("repeats", std::int64_t{-7});
    meta->options.set("queue_limit", std::int64_t{64});
    meta->params.set("whole", 2.0);
    meta->params.set("infinite", std::numeric_limits<double>::infinity());
    meta->params.set("paths", std::string("/tmp/a\n/tmp/not utf-8 \xff\xc3"));
    meta->seed = std::numeric_limits<std::uint64_t>::max();
    meta->chunk = 3;
    meta->startedUnixNs = 1'700'000'000'123'456'789;
    meta->machine = {"Debian", "Linux 6.1", "A \"CPU\"", 8,
                     2,        "2 of 8",    1ULL << 40,  "CLOCK_MONOTONIC"};
    meta->executors = {{"threads", "Thread pool", 2}, {"processes", "Process pool", 2}};
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = kSampleTasks;
    plan->items = {"plain",
                   "with,comma",
                   "with \"quotes\"",
                   "two\nlines",
                   "cr\rhere",
                   "not utf-8 \xff\xfe",
                   "control \x01\x1f",
                   "back\\slash",
                   "\xc3\xa9",
                   ""};
    plan->kinds = {"short", "long"};
    plan->kindOfTask = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
    meta->plan = std::move(plan);
    return meta;
}

SnapshotPtr makeSampleRun()
{
    auto recorder = std::make_shared<Recorder>(123'456'789, 2);
    fillThreads(*recorder);
    fillProcesses(*recorder);
    recorder->addSubmitted(0, kSampleTasks);
    recorder->addSubmitted(1, kSampleTasks);
    recorder->addControlEvent({12, ControlKind::WorkerStarted, 0, 0, 0, ""});
    recorder->addControlEvent({5'000, ControlKind::Resize, 0, -1, 2, "1"});
    recorder->addControlEvent(
        {250'000, ControlKind::WorkerDied, 1, 4, 9, "killed by signal 9 \xff"});
    recorder->addControlEvent({250'001, ControlKind::TaskRetried, 1, 4, 0, ""});
    std::vector<std::vector<QueueSample>> samples(2);
    samples[0] = {{0, 0, 0, 0, 2}, {100'000, 10, 1, 2, 2}, {900'000, 10, 10, 0, 0}};
    samples[1] = {{50'000, 10, 3, 2, 2}};
    return makeFinishedSnapshot(std::move(recorder), makeSampleMeta(), std::move(samples), 960'000);
}

SnapshotPtr makeCostlyRun()
{
    constexpr std::uint16_t kMeasured = TaskCost::kMeasuredFlag;
    constexpr std::uint16_t kBoth = kMeasured | TaskCost::kRunQueueFlag;
    auto recorder = std::make_shared<Recorder>(0, 2, CostLevel::Totals);
    Lane& thread = recorder->addLane({0, LaneKind::Thread, 0});
    Lane& process = recorder->addLane({1, LaneKind::Process, 0});
    Lane& queue = recorder->addLane({0, LaneKind::Queue, 0});
    addLife(thread, {0, 900'000, kProgramId, kProgramId + 1});
    addLife(process, {0, 900'000, 5001, 5001});
    const auto add = [](Lane& lane, std::uint32_t task, Nanos startNs, const TaskCost& cost) {
        TaskRecord record;
        record.startNs = startNs;
        record.endNs = startNs + 100'000;
        record.task = task;
        record.core = 1;
        record.setState(cost.wasMeasured() ? TaskState::Done : TaskState::Lost);
        lane.append(record, std::int64_t{task}, "", &cost);
    };
    add(thread, 0, 100'000, {60'000, 30'000, 2, 3, 400, 5, 0, 0, kBoth});
    add(thread, 1, 200'000, {70'000, 0, 1, 0, 20, 0, 0, TaskCost::kNoCore, kMeasured});
    add(process, 0, 100'000, {90'000, 5'000, 0, 1, 7, 0, 6144, 1, kBoth});
    add(process, 1, 200'000, {});
    append(queue, {2, 0, 800'000, 800'000, TaskState::Cancelled, {}, "cancelled", 0});
    const std::shared_ptr<TraceMeta> meta = makeSampleMeta();
    meta->recording = {CostLevel::Totals, "no \"this\"", 25.5, 9.25, 1100};
    return finish(std::move(recorder), meta);
}

SnapshotPtr makeBlockedRun()
{
    auto recorder = std::make_shared<Recorder>(0, 2);
    Lane& first = recorder->addLane({0, LaneKind::Thread, 0});
    Lane& second = recorder->addLane({0, LaneKind::Thread, 1});
    const std::uint32_t slots = recorder->blockerId("slots");
    const std::uint32_t gate = recorder->blockerId("gate");
    first.appendBlocked({110'000, 120'000, 0, slots});
    first.appendBlocked({120'000, 140'000, 0, gate});
    first.appendBlocked({150'000, 180'000, 0, slots});
    append(first, {0, 0, 100'000, 200'000, TaskState::Done, {}, "", 1});
    append(first, {2, 0, 200'000, 300'000, TaskState::Done, {}, "", 1});
    second.appendBlocked({120'000, 190'000, 1, gate});
    append(second, {1, 0, 100'000, 200'000, TaskState::Done, {}, "", 1});
    return finish(std::move(recorder), makeSampleMeta());
}

SnapshotPtr makeRunWithInfrastructure()
{
    auto recorder = std::make_shared<Recorder>(0, 2);
    Lane& worker = recorder->addLane({1, LaneKind::Process, 0});
    append(worker, {0, 0, 100'000, 200'000, TaskState::Done, {}, "", 1});
    InfrastructureLane& process = recorder->addInfrastructure({1, "Process I/O \xff", 77});
    process.append({10'000, 30'000});
    process.append({30'000, 30'000});
    process.append({210'000, 250'000});
    recorder->addInfrastructure({-1, "Collector", 78}).append({500'000, 510'000});
    recorder->addInfrastructure({0, "Alarm", 79});
    return finish(std::move(recorder), makeSampleMeta());
}

SnapshotPtr makeRunWithUsage()
{
    auto recorder = std::make_shared<Recorder>(0, 2);
    Lane& thread = recorder->addLane({0, LaneKind::Thread, 0});
    Lane& process = recorder->addLane({1, LaneKind::Process, 0});
    Lane& other = recorder->addLane({1, LaneKind::Process, 1});
    addLife(thread, {0, 900'000, kProgramId, kProgramId + 1});
    addLife(process, {0, 900'000, 5001, 5001});
    addLife(other, {0, 900'000, 5002, 5002});
    append(thread, {0, 0, 100'000, 200'000, TaskState::Done, {}, "", 1});
    append(process, {0, 0, 100'000, 200'000, TaskState::Done, {}, "", 1});
    using Samples = std::vector<UsageSample>;
    thread.setUsage(std::make_shared<const Samples>(Samples{{10'000, 100'000, 45'000, 65536},
                                                            {200'000, 300'000, 100'000, 65600},
                                                            {300'000, 500'000, 0, 0}}));
    process.setUsage(std::make_shared<const Samples>(Samples{{0, 500'000, 750'000, 4096}}));
    return finish(std::move(recorder), makeSampleMeta());
}

SnapshotPtr makeRunWithGoneRecords()
{
    constexpr std::uint32_t kGone = LaneRecords::kChunkSize; // whole chunks go
    constexpr Nanos kPeriodNs = 100;
    const auto attemptOf = [](std::uint32_t task) {
        const Nanos startNs = kPeriodNs * (task + 1);
        return Attempt{task, 0, startNs, startNs + 10 + task % 50, TaskState::Done};
    };
    Recorder whole(0, 1);
    Lane& summarised = whole.addLane({0, LaneKind::Thread, 0});
    LetGo gone;
    for (std::uint32_t task = 0; task < kGone; ++task) {
        append(summarised, attemptOf(task));
        gone.add(summarised.record(task));
    }
    summarised.summarise([](std::uint64_t /*task*/) { return std::uint8_t{0}; });
    std::vector<SummaryNode> leaves;
    for (std::uint64_t leaf = 0; leaf < kGone >> SummaryPyramid::kLeafShift; ++leaf) {
        leaves.push_back(summarised.pyramid().node(0, leaf));
    }

    auto recorder = std::make_shared<Recorder>(0, 2);
    Lane& thread = recorder->addLane({0, LaneKind::Thread, 0});
    Lane& process = recorder->addLane({1, LaneKind::Process, 0});
    thread.beginAfter(gone, leaves);
    for (const std::uint32_t task : {kGone, kGone + 1}) {
        append(thread, attemptOf(task));
        append(process, attemptOf(task));
    }
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = kGone + 2;
    auto meta = makeSampleMeta();
    meta->recording.memoryCapBytes = std::uint64_t{1} << 20U;
    meta->plan = std::move(plan);
    return finish(std::move(recorder), std::move(meta));
}

SnapshotPtr finish(std::shared_ptr<Recorder> recorder, std::shared_ptr<const TraceMeta> meta)
{
    return makeFinishedSnapshot(std::move(recorder), std::move(meta), {}, kNanosPerMilli);
}

} // namespace poolscope::test
