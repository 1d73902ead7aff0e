// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is written down of the processor and the memory that workers use.

#include "core/trace/collector.h"
#include "tests/integration/processes/process_case.h"

#include <QTest>

#include <signal.h>

#include <algorithm>
#include <limits>
#include <memory>

using namespace poolscope;
using namespace poolscope::test;

namespace {

/// \return how many processors a lane's workers had on the whole; NaN when nothing is known.
double shareOf(const LaneView& lane)
{
    Nanos cpuNs = 0;
    Nanos knownNs = 0;
    for (const UsageSample& sample : *lane.usage) {
        cpuNs += sample.cpuNs;
        knownNs += sample.duration();
    }
    return knownNs > 0 ? static_cast<double>(cpuNs) / static_cast<double>(knownNs)
                       : std::numeric_limits<double>::quiet_NaN();
}

std::uint64_t mostMemoryKiB(const LaneView& lane)
{
    return std::ranges::max_element(*lane.usage, {}, &UsageSample::memoryKiB)->memoryKiB;
}

std::size_t fewestSamples(const Snapshot& snapshot)
{
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (const LaneView& lane : snapshot.lanes) {
        fewest = std::min(fewest, lane.usage->size());
    }
    return snapshot.lanes.empty() ? 0 : fewest;
}

} // namespace

class TestWorkerUsage : public QObject
{
    Q_OBJECT

private slots:
    void sleepingWorkersHaveMemoryAndNoProcessor_data();
    void sleepingWorkersHaveMemoryAndNoProcessor();
    void aWorkerThatIsReplacedGoesOnOnItsLane();
};

void TestWorkerUsage::sleepingWorkersHaveMemoryAndNoProcessor_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("threads") << "threads";
    QTest::newRow("processes") << "processes";
}

void TestWorkerUsage::sleepingWorkersHaveMemoryAndNoProcessor()
{
    QFETCH(const QString, kind);
    const auto recorder = makeRecorder();
    auto meta = std::make_shared<TraceMeta>();
    meta->executors = {{kind.toStdString(), "Pool", 2}};
    Collector collector(recorder, meta);
    const auto executor = makeExecutor(kind, processOptions(2), recorder);
    EndLog log(2);
    QVERIFY(executor->submit({sleepJob(2, kForeverMs), 0, 2}, &log));
    QTRY_VERIFY(fewestSamples(*collector.latest()) >= 3);
    executor->cancel();
    executor->kill();
    executor->shutdown();
    collector.finish();

    const SnapshotPtr last = collector.latest();
    std::size_t workers = 0;
    for (const LaneView& lane : last->lanes) {
        if (lane.isWorkerOf(0)) {
            ++workers;
            QVERIFY2(shareOf(lane) < 0.5, qPrintable(QString::number(shareOf(lane))));
            QVERIFY(mostMemoryKiB(lane) > 500);
            QVERIFY(lane.usage->back().endNs <= last->nowNs + kNanosPerSecond);
        }
    }
    QCOMPARE(workers, std::size_t{2});
}

void TestWorkerUsage::aWorkerThatIsReplacedGoesOnOnItsLane()
{
    const auto recorder = makeRecorder();
    auto meta = std::make_shared<TraceMeta>();
    meta->executors = {{"processes", "Pool", 1}};
    Collector collector(recorder, meta);
    const auto executor = makeProcessPool(processOptions(1), recorder);
    EndLog log(1);
    QVERIFY(executor->submit({sleepJob(1, kForeverMs), 0, 1}, &log));
    const auto samples = [&] { return fewestSamples(*collector.latest()); };
    QTRY_VERIFY(samples() >= 2);
    const Nanos diedNs = recorder->now();
    const pid_t first = livingWorkers(*recorder).at(0);
    ::kill(first, SIGKILL);
    QTRY_VERIFY(collector.latest()->lanes[0].usage->back().beginNs > diedNs);
    QVERIFY(livingWorkers(*recorder).at(0) != first);
    executor->cancel();
    executor->kill();
    executor->shutdown();
    collector.finish();
    for (const UsageSample& sample : *collector.latest()->lanes[0].usage) {
        QVERIFY(sample.endNs > sample.beginNs && sample.cpuNs >= 0);
        QVERIFY2(sample.cpuNs <= 2 * sample.duration(), "the two were not taken for one");
    }
}

QTEST_GUILESS_MAIN(TestWorkerUsage)
#include "tst_worker_usage.moc"
