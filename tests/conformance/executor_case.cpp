// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/executor_case.h"

#include "core/executor/recorded_value.h"
#include "core/workload/catalogue.h"

#include <QTest>

#include <algorithm>
#include <utility>

namespace poolscope::test {

namespace {

std::shared_ptr<const Job> planned(const char* workload, const ParamSet& params)
{
    auto job = planJob(*findWorkload(workload), params, 1);
    if (!job) {
        qFatal("%s", job.error().message.c_str());
    }
    return std::move(job).value();
}

QString faultInTimes(const Lane& lane)
{
    Nanos lastEnd = 0;
    for (std::uint64_t i = 0; i < lane.recordCount(); ++i) {
        const TaskRecord& record = lane.record(i);
        if (record.submitNs > record.startNs || record.startNs > record.endNs) {
            return QString("task %1: submit %2, start %3, end %4")
                .arg(record.task)
                .arg(record.submitNs)
                .arg(record.startNs)
                .arg(record.endNs);
        }
        if (record.startNs < lastEnd) {
            return QString("task %1 starts before the end of its neighbour").arg(record.task);
        }
        lastEnd = record.endNs;
    }
    return {};
}

template <class Predicate>
void addRowsWhere(const Predicate& predicate)
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("workers");
    for (const ExecutorKind& kind : executorKinds()) {
        for (const int workers : {1, 2, 3, 8}) {
            if (predicate(kind)) {
                QTest::addRow("%s, %d", kind.id, workers) << QString(kind.id) << workers;
            }
        }
    }
}

} // namespace

void addExecutorRows()
{
    addRowsWhere([](const ExecutorKind&) { return true; });
}

void addBackgroundRows()
{
    addRowsWhere([](const ExecutorKind& kind) { return !kind.isInline; });
}

void addCallRows()
{
    addRowsWhere([](const ExecutorKind& kind) { return kind.takesCalls; });
}

void addBackgroundCallRows()
{
    addRowsWhere([](const ExecutorKind& kind) { return kind.takesCalls && !kind.isInline; });
}

std::shared_ptr<Recorder> makeRecorder(CostLevel level)
{
    return std::make_shared<Recorder>(monotonicNow(), 1, level);
}

std::unique_ptr<Executor> makeExecutor(const QString& kind, ExecutorOptions options,
                                       const std::shared_ptr<Recorder>& recorder, int executor)
{
    options.workerProgram =
        qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR").toStdString() + "/poolscope-worker";
    options.catalogueHash = catalogueHash();
    options.functionLibraries = catalogue().libraries();
    auto created = findExecutorKind(kind.toStdString())->create(options, {recorder, executor});
    if (!created) {
        qFatal("%s", created.error().message.c_str());
    }
    return std::move(created).value();
}

std::shared_ptr<const Job> squareJob(std::int64_t tasks)
{
    ParamSet params;
    params.set("tasks", tasks);
    return planned("square", params);
}

std::shared_ptr<const Job> sleepJob(std::int64_t tasks, double ms)
{
    ParamSet params;
    params.set("tasks", tasks);
    params.set("ms", ms);
    params.set("jitter", 0.0);
    return planned("sleep", params);
}

std::shared_ptr<const Job> lengthyJob()
{
    ParamSet params;
    params.set("tasks", std::int64_t{100'000});
    params.set("span", std::int64_t{1'000'000});
    return planned("count_primes", params);
}

std::shared_ptr<const Job> hashJob(const QString& files)
{
    ParamSet params;
    params.set("input", files.toStdString());
    return planned("hash_files", params);
}

std::vector<const Lane*> workerLanes(const Recorder& recorder)
{
    std::vector<const Lane*> lanes;
    for (const Lane* lane : recorder.lanes()) {
        if (lane->info().kind != LaneKind::Queue) {
            lanes.push_back(lane);
        }
    }
    return lanes;
}

int openLives(const Recorder& recorder)
{
    const std::vector<const Lane*> lanes = workerLanes(recorder);
    return static_cast<int>(std::count_if(lanes.begin(), lanes.end(), [](const Lane* lane) {
        const auto lives = lane->lives();
        return !lives->empty() && lives->back().closedNs < 0;
    }));
}

int runningNow(const Recorder& recorder)
{
    const std::vector<const Lane*> lanes = workerLanes(recorder);
    return static_cast<int>(std::count_if(
        lanes.begin(), lanes.end(), [](const Lane* lane) { return lane->running().startNs >= 0; }));
}

int eventCount(const Recorder& recorder, ControlKind kind)
{
    const auto events = recorder.controlEvents();
    return static_cast<int>(
        std::count_if(events->begin(), events->end(),
                      [kind](const ControlEvent& event) { return event.kind == kind; }));
}

QString faultInSquares(EndLog& log)
{
    const std::vector<SeenEnd> ends = log.ends();
    for (std::size_t task = 0; task < ends.size(); ++task) {
        const Value square = static_cast<std::int64_t>(task * task);
        const SeenEnd& end = ends[task];
        if (end.times != 1 || end.state != TaskState::Done || end.value != square ||
            end.attempts != 1 || !end.error.empty()) {
            return QString("task %1 ended %2 times, %3, value %4, attempts %5, error '%6'")
                .arg(task)
                .arg(end.times)
                .arg(QString::fromStdString(std::string(toText(end.state))))
                .arg(QString::fromStdString(toText(end.value)))
                .arg(end.attempts)
                .arg(QString::fromStdString(end.error));
        }
    }
    return {};
}

QString faultInTrace(const Recorder& recorder, EndLog& log)
{
    return faultInTrace(recorder, log, log.ends().size());
}

QString faultInTrace(const Recorder& recorder, EndLog& log, std::uint64_t submitted)
{
    const std::vector<SeenEnd> ends = log.ends();
    std::vector<int> lastRecords(submitted);
    for (const Lane* lane : recorder.lanes()) {
        if (const QString fault = faultInTimes(*lane); !fault.isEmpty()) {
            return fault;
        }
        for (std::uint64_t i = 0; i < lane->recordCount(); ++i) {
            const TaskRecord& record = lane->record(i);
            const SeenEnd& end = ends[record.task];
            if (record.wasRetried()) {
                continue;
            }
            ++lastRecords[record.task];
            const Value kept = isRecordedOtherwise(nullptr, end.state, end.value)
                                   ? recordedValue(nullptr, record.task, end.value)
                                   : end.value;
            if (record.state() != end.state || record.attempt != end.attempts ||
                lane->result(i).value != kept || lane->result(i).error != end.error) {
                return QString("record and end of task %1 differ").arg(record.task);
            }
        }
    }
    const auto wrong = std::find_if(lastRecords.begin(), lastRecords.end(),
                                    [](int records) { return records != 1; });
    return wrong == lastRecords.end()
               ? QString()
               : QString("task %1 has %2 records").arg(wrong - lastRecords.begin()).arg(*wrong);
}

void ExecutorCase::make(ExecutorOptions options)
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    m_workers = workers;
    options.workers = workers;
    m_recorder = makeRecorder();
    m_executor = makeExecutor(kind, std::move(options), m_recorder);
}

} // namespace poolscope::test
