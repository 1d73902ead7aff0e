// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the threads that run no tasks write of themselves.

#include "core/trace/collector.h"
#include "tests/integration/processes/process_case.h"

#include <QTest>

#include <algorithm>
#include <memory>
#include <string>

using namespace poolscope;
using namespace poolscope::test;

namespace {

/// \return what the thread of that name wrote; with no lane when there is none.
InfrastructureView viewOf(const Recorder& recorder, const std::string& name)
{
    const std::vector<InfrastructureView> views = recorder.infrastructure();
    const auto found = std::find_if(views.begin(), views.end(), [&name](const auto& view) {
        return view.lane->info().name == name;
    });
    return found == views.end() ? InfrastructureView{} : *found;
}

bool isInOrder(const InfrastructureView& view)
{
    Nanos lastNs = 0;
    for (std::uint64_t i = 0; i < view.spanCount; ++i) {
        const BusySpan& span = view.lane->span(i);
        if (span.beginNs < lastNs || span.endNs < span.beginNs) {
            return false;
        }
        lastNs = span.endNs;
    }
    return true;
}

void runTimedTask(Executor& executor)
{
    auto options = std::make_shared<TaskOptions>();
    options->timeoutNs = kNanosPerMilli;
    QCOMPARE(executor.submitTask(sleepJob(1, kForeverMs), 0, options).get().state,
             TaskState::TimedOut);
}

} // namespace

class TestInfrastructure : public QObject
{
    Q_OBJECT

private slots:
    void poolsWriteWhenTheirThreadsWork();
    void collectorWritesWhenItCollects();
    void nothingIsWrittenUnlessAskedFor();
};

void TestInfrastructure::poolsWriteWhenTheirThreadsWork()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 2);
    recorder->recordInfrastructure();
    const auto threads = makeExecutor("threads", processOptions(2), recorder, 0);
    runTimedTask(*threads);
    const auto processes = makeExecutor("processes", processOptions(2), recorder, 1);
    EndLog log(500);
    QVERIFY(processes->submit({squareJob(500), 0, 500}, &log));
    processes->shutdown();
    QCOMPARE(faultInSquares(log), QString());

    const InfrastructureView alarm = viewOf(*recorder, "Alarm");
    const InfrastructureView input = viewOf(*recorder, "Process I/O");
    QVERIFY(alarm.lane != nullptr && input.lane != nullptr);
    QCOMPARE(alarm.lane->info().executor, 0);
    QCOMPARE(input.lane->info().executor, 1);
    QVERIFY(input.lane->info().threadId > 0);
    QVERIFY(alarm.spanCount > 0 && input.spanCount > 0);
    QVERIFY(isInOrder(alarm) && isInOrder(input));
    QVERIFY(busyNs(input) > 0 && busyNs(input) <= recorder->now());
    QCOMPARE(workerLanes(*recorder).size(), std::size_t{4}); // it is no worker
}

void TestInfrastructure::collectorWritesWhenItCollects()
{
    const auto recorder = makeRecorder();
    recorder->recordInfrastructure();
    auto meta = std::make_shared<TraceMeta>();
    meta->executors = {{"threads", "Thread pool", 1}};
    Collector collector(recorder, meta);
    QTRY_VERIFY(viewOf(*recorder, "Collector").spanCount > 2);
    collector.finish();
    const SnapshotPtr last = collector.latest();
    QCOMPARE(last->infrastructure.size(), std::size_t{1});
    QCOMPARE(last->infrastructure.front().lane->info().executor, -1);
    QVERIFY(last->lanes.empty());
    QVERIFY(isInOrder(last->infrastructure.front()));
}

void TestInfrastructure::nothingIsWrittenUnlessAskedFor()
{
    const auto recorder = makeRecorder();
    const auto threads = makeExecutor("threads", processOptions(1), recorder);
    runTimedTask(*threads);
    const auto processes = makeExecutor("processes", processOptions(1), recorder);
    QCOMPARE(processes->submitTask(squareJob(1), 0).get().state, TaskState::Done);
    QVERIFY(recorder->infrastructure().empty());
}

QTEST_GUILESS_MAIN(TestInfrastructure)
#include "tst_infrastructure.moc"
