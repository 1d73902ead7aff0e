// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/usage_columns.h"
#include "core/trace/collector.h"
#include "core/trace/replay.h"

#include <QTest>

#include <cmath>
#include <memory>
#include <vector>

using namespace poolscope;

namespace {

using Samples = std::vector<UsageSample>;

/// A run of one executor, a lane for each list, 1000 ns long.
Snapshot runWith(const std::vector<Samples>& lanes)
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        Lane& lane = recorder->addLane({0, LaneKind::Process, static_cast<int>(i)});
        lane.openLife({0, -1, 1, 1});
        lane.setUsage(std::make_shared<const Samples>(lanes[i]));
    }
    return *makeFinishedSnapshot(recorder, std::make_shared<TraceMeta>(), {}, 1000);
}

} // namespace

class UsageColumnsTest : public QObject
{
    Q_OBJECT

private slots:
    void columnsShareASampleByTime();
    void gapsAreNotKnown();
    void memoryIsTheMostThatWasSeen();
    void lanesOfWhichNothingIsKnownAreLeftOut();
    void spreadIsOverWhatIsKnown();
    void anEarlierMomentKnowsNoLaterSample();
};

void UsageColumnsTest::columnsShareASampleByTime()
{
    const Snapshot run = runWith({{{0, 100, 100, 8}, {100, 300, 50, 8}}});
    const auto lanes = usageColumns(run, 0, {0, 300}, 2);
    QCOMPARE(lanes.size(), std::size_t{1});
    // 100 ns of one processor and 50 ns of a quarter of one; then 150 ns of a quarter.
    QVERIFY(std::abs(lanes[0].cpu[0] - (100 + 12.5) / 150) < 1e-9);
    QVERIFY(std::abs(lanes[0].cpu[1] - 0.25) < 1e-9);
    const auto inside = usageColumns(run, 0, {150, 200}, 5);
    for (const double share : inside.at(0).cpu) {
        QVERIFY(std::abs(share - 0.25) < 1e-9);
    }
}

void UsageColumnsTest::gapsAreNotKnown()
{
    const Snapshot run = runWith({{{100, 200, 100, 8}, {400, 450, 0, 8}}});
    const auto lanes = usageColumns(run, 0, {0, 500}, 5);
    QVERIFY(
        (lanes[0].cpu == std::vector<double>{kUnknownUsage, 1, kUnknownUsage, kUnknownUsage, 0}));
    QCOMPARE(meanUsage(lanes[0].cpu), 0.5);
    QCOMPARE(meanUsage({kUnknownUsage}), kUnknownUsage);
}

void UsageColumnsTest::memoryIsTheMostThatWasSeen()
{
    const Snapshot run = runWith({{{0, 50, 1, 300}, {50, 100, 1, 200}, {100, 200, 1, 0}}});
    const auto lanes = usageColumns(run, 0, {0, 200}, 2);
    QVERIFY((lanes[0].memoryKiB == std::vector<double>{300, kUnknownUsage}));
    QCOMPARE(lanes[0].cpu[1], 0.01); // it was looked at, and told no memory
}

void UsageColumnsTest::lanesOfWhichNothingIsKnownAreLeftOut()
{
    const Snapshot run = runWith({{}, {{0, 100, 50, 8}}});
    const auto lanes = usageColumns(run, 0, {0, 1000}, 1);
    QCOMPARE(lanes.size(), std::size_t{1});
    QCOMPARE(lanes[0].lane, 1);
    QVERIFY(usageColumns(run, 0, {100, 1000}, 9).empty());
    QVERIFY(usageColumns(run, 1, {0, 1000}, 9).empty());
}

void UsageColumnsTest::spreadIsOverWhatIsKnown()
{
    const Snapshot run = runWith({{{0, 100, 100, 8}}, {{0, 200, 50, 16}}, {{0, 100, 0, 4}}});
    const auto lanes = usageColumns(run, 0, {0, 300}, 3);
    const UsageSpread cpu = usageSpread(lanes, &LaneUsage::cpu);
    QVERIFY((cpu.lowest == std::vector<double>{0, 0.25, kUnknownUsage}));
    QVERIFY((cpu.highest == std::vector<double>{1, 0.25, kUnknownUsage}));
    QVERIFY(std::abs(cpu.mean[0] - 1.25 / 3) < 1e-9);
    QCOMPARE(usageSpread(lanes, &LaneUsage::memoryKiB).highest[0], 16.0);
    QVERIFY(usageSpread({}, &LaneUsage::cpu).mean.empty());
}

void UsageColumnsTest::anEarlierMomentKnowsNoLaterSample()
{
    const Snapshot run = runWith({{{0, 100, 100, 8}, {100, 300, 50, 8}}});
    const Snapshot moment = snapshotAt(run, 200);
    QCOMPARE(moment.lanes[0].usage->size(), std::size_t{1});
    QCOMPARE(snapshotAt(run, 300).lanes[0].usage->size(), std::size_t{2});
}

QTEST_GUILESS_MAIN(UsageColumnsTest)
#include "tst_usage_columns.moc"
