// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/process_usage.h"
#include "core/base/thread_name.h"
#include "core/trace/collector.h"
#include "core/trace/usage_sampler.h"

#include <QTest>

#include <unistd.h>

#include <atomic>
#include <limits>
#include <thread>

using namespace poolscope;

namespace {

/// A thread that works, or sleeps, until it goes out of scope, on a lane of its own.
class Worker
{
public:
    Worker(Recorder& recorder, int index, bool isBusy)
        : m_lane(recorder.addLane({0, LaneKind::Thread, index}))
        , m_thread([this, isBusy, &recorder](const std::stop_token& stop) {
            m_lane.openLife({recorder.now(), -1, ::getpid(), currentThreadId()});
            m_isOpen.test_and_set();
            m_isOpen.notify_all();
            while (!stop.stop_requested()) {
                if (!isBusy) {
                    m_isEnd.wait(false);
                }
            }
        })
    {
        m_isOpen.wait(false);
    }
    ~Worker()
    {
        m_thread.request_stop();
        m_isEnd.test_and_set();
        m_isEnd.notify_all();
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    [[nodiscard]] Lane& lane() const { return m_lane; }

private:
    Lane& m_lane;
    std::atomic_flag m_isOpen;
    std::atomic_flag m_isEnd;
    std::jthread m_thread;
};

double shareOf(const std::vector<UsageSample>& samples)
{
    Nanos cpuNs = 0;
    Nanos knownNs = 0;
    for (const UsageSample& sample : samples) {
        cpuNs += sample.cpuNs;
        knownNs += sample.duration();
    }
    return static_cast<double>(cpuNs) / static_cast<double>(knownNs);
}

bool isInOrder(const std::vector<UsageSample>& samples)
{
    Nanos lastNs = 0;
    for (const UsageSample& sample : samples) {
        if (sample.beginNs < lastNs || sample.endNs <= sample.beginNs) {
            return false;
        }
        lastNs = sample.endNs;
    }
    return true;
}

} // namespace

class UsageSamplerTest : public QObject
{
    Q_OBJECT

private slots:
    void ownFiguresAreReadByTheKernelsAccount();
    void whoIsGoneHasUsedNothing();
    void busyAndSleepingThreadsAreToldApart();
    void aNewLifeBeginsAnew();
    void samplesStayWithinTheirBound();
    void collectorSamplesWhileTheRunGoesOn();
};

void UsageSamplerTest::ownFiguresAreReadByTheKernelsAccount()
{
    const auto before = threadCpuNs(currentThreadId());
    QVERIFY(before && *before >= 0);
    const auto processBefore = processCpuNs(::getpid());
    QVERIFY(processBefore && *processBefore >= *before);
    QTRY_VERIFY(threadCpuNs(currentThreadId()) > before); // asking costs some
    QVERIFY(processCpuNs(::getpid()) > processBefore);
    QVERIFY(residentBytes(::getpid()) > 1'000'000);
}

void UsageSamplerTest::whoIsGoneHasUsedNothing()
{
    QVERIFY(!processCpuNs(0));
    QVERIFY(!processCpuNs(-1));
    QVERIFY(!threadCpuNs(0));
    QVERIFY(!threadCpuNs(1)); // another program's
    QCOMPARE(residentBytes(std::numeric_limits<int>::max()), std::uint64_t{0});
}

void UsageSamplerTest::busyAndSleepingThreadsAreToldApart()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    const Worker busy(*recorder, 0, true);
    const Worker sleeping(*recorder, 1, false);
    UsageSampler sampler(recorder);
    const auto count = [](const Worker& worker) { return worker.lane().usage()->size(); };
    while (count(busy) < 4 || count(sleeping) < 4) {
        sampler.sample(recorder->now());
    }
    QVERIFY(isInOrder(*busy.lane().usage()));
    QVERIFY(shareOf(*busy.lane().usage()) > 10 * shareOf(*sleeping.lane().usage()));
    QVERIFY(shareOf(*busy.lane().usage()) < 1.1);
    QVERIFY(busy.lane().usage()->back().memoryKiB > 1000);
}

void UsageSamplerTest::aNewLifeBeginsAnew()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    UsageSampler sampler(recorder);
    constexpr Nanos kStep = kNanosPerSecond;
    lane.openLife({0, -1, ::getpid(), currentThreadId()});
    sampler.sample(0);
    sampler.sample(kStep);
    QCOMPARE(lane.usage()->size(), std::size_t{1});
    const Nanos firstEndNs = lane.usage()->back().endNs;
    lane.closeLife(recorder->now());
    sampler.sample(2 * kStep);
    QCOMPARE(lane.usage()->size(), std::size_t{1});
    lane.openLife({recorder->now(), -1, ::getpid(), currentThreadId()});
    sampler.sample(3 * kStep);
    QCOMPARE(lane.usage()->size(), std::size_t{1}); // the first look of a life says nothing yet
    sampler.sample(4 * kStep);
    QCOMPARE(lane.usage()->size(), std::size_t{2});
    QVERIFY(lane.usage()->back().beginNs > firstEndNs);
}

void UsageSamplerTest::samplesStayWithinTheirBound()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    lane.openLife({0, -1, ::getpid(), currentThreadId()});
    UsageSampler sampler(recorder);
    const Nanos cpuBefore = *threadCpuNs(currentThreadId());
    for (Nanos look = 0; look < 3000; ++look) {
        sampler.sample(look * kNanosPerSecond);
        QVERIFY(lane.usage()->size() <= UsageSampler::kMaxSamples);
    }
    const std::vector<UsageSample>& samples = *lane.usage();
    QVERIFY(samples.size() >= UsageSampler::kMaxSamples / 2);
    QVERIFY(isInOrder(samples));
    Nanos cpuNs = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        QCOMPARE(samples[i].beginNs, samples[i - 1].endNs); // neighbours became one
        cpuNs += samples[i].cpuNs;
    }
    QVERIFY(cpuNs <= *threadCpuNs(currentThreadId()) - cpuBefore);
}

void UsageSamplerTest::collectorSamplesWhileTheRunGoesOn()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    auto meta = std::make_shared<TraceMeta>();
    meta->executors = {{"threads", "Thread pool", 1}};
    Collector collector(recorder, meta);
    {
        const Worker busy(*recorder, 0, true);
        const auto samples = [&] {
            const SnapshotPtr now = collector.latest();
            return now->lanes.empty() ? std::size_t{0} : now->lanes[0].usage->size();
        };
        QTRY_VERIFY(samples() >= 3);
        busy.lane().closeLife(recorder->now());
    }
    collector.finish();
    const UsageList last = collector.latest()->lanes[0].usage;
    QVERIFY(isInOrder(*last));
    QVERIFY(shareOf(*last) > 0.01);
    QVERIFY(last->back().endNs <= recorder->now());
}

QTEST_GUILESS_MAIN(UsageSamplerTest)
#include "tst_usage_sampler.moc"
