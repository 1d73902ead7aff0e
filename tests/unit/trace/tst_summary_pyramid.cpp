// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/lane.h"
#include "core/trace/wait_log.h"
#include "tests/support/synthetic_trace.h"

#include <QTest>

#include <bit>
#include <cmath>
#include <limits>

using namespace poolscope;

namespace {

std::uint8_t kindModulo8(std::uint64_t task)
{
    return static_cast<std::uint8_t>(task % kMaxTaskKinds);
}

TaskRecord recordOf(std::uint32_t task, Nanos startNs, Nanos runNs, Nanos waitNs = 0)
{
    TaskRecord record;
    record.task = task;
    record.submitNs = startNs - waitNs;
    record.startNs = startNs;
    record.endNs = startNs + runNs;
    record.setState(TaskState::Done);
    return record;
}

/// What a node must say, from the records themselves.
void compareWithRecords(const LaneView& view, const Snapshot& snapshot, int level,
                        std::uint64_t index)
{
    const SummaryNode& node = view.lane->pyramid().node(level, index);
    const std::uint64_t begin = index << SummaryPyramid::shift(level);
    const std::uint64_t end = (index + 1) << SummaryPyramid::shift(level);
    std::array<double, kMaxTaskKinds> byKind{};
    double busyNs = 0;
    double waitLog = 0;
    Nanos longestNs = 0;
    unsigned bits = 0;
    for (std::uint64_t i = begin; i < end; ++i) {
        const TaskRecord& record = view.lane->record(i);
        const auto runNs = static_cast<double>(record.runNs());
        byKind[snapshot.kindOf(record.task)] += runNs;
        busyNs += runNs;
        waitLog += std::log2(1.0 + static_cast<double>(record.waitNs()));
        longestNs = std::max(longestNs, record.runNs());
        bits |= stateBit(record.state());
    }
    QCOMPARE(node.beginNs, view.lane->record(begin).startNs);
    QCOMPARE(node.endNs, view.lane->record(end - 1).endNs);
    QCOMPARE(unsigned{node.stateBits}, bits);
    QCOMPARE(int{node.longestLog2}, std::bit_width(static_cast<std::uint64_t>(longestNs)));
    QVERIFY(std::abs(static_cast<double>(node.busyNs) - busyNs) <= busyNs * 1e-5);
    QVERIFY(std::abs(node.waitLog / 1024.0 - waitLog / static_cast<double>(end - begin)) < 0.01);
    int sum = 0;
    for (std::size_t kind = 0; kind < byKind.size(); ++kind) {
        sum += node.share[kind];
        QVERIFY(std::abs(node.share[kind] / 255.0 - byKind[kind] / busyNs) < 0.05);
    }
    QCOMPARE(sum, 255);
}

} // namespace

class SummaryPyramidTest : public QObject
{
    Q_OBJECT

private slots:
    void waitLogIsCloseToTheLogarithm();
    void nodesSayWhatTheRecordsSay();
    void nodesExistForCompleteRangesOnly();
    void growingStepByStepGivesTheSameNodes();
    void lanesWithoutBusyTimeHaveNoShares();
    void everyEndedStateHasItsBit();
    void oneKindHasTheFullShare();
};

void SummaryPyramidTest::waitLogIsCloseToTheLogarithm()
{
    QCOMPARE(waitLog2(0), 0.0F);
    QCOMPARE(waitLog2(-5), 0.0F);
    QCOMPARE(waitLog2(1), 1.0F);
    for (double wait = 1; wait < 9e18; wait *= 1.01) {
        const auto nanos = static_cast<Nanos>(wait);
        const double exact = std::log2(1.0 + static_cast<double>(nanos));
        QVERIFY2(std::abs(static_cast<double>(waitLog2(nanos)) - exact) < 0.0004,
                 qPrintable(QString::number(nanos)));
    }
    QVERIFY(waitLog2(std::numeric_limits<Nanos>::max()) <= 63.001F);
}

void SummaryPyramidTest::nodesSayWhatTheRecordsSay()
{
    test::SyntheticOptions options;
    options.lanes = 2;
    options.tasks = 20'000;
    options.failureRate = 0.001;
    options.retryRate = 0.001;
    options.instantRate = 0.01;
    const SnapshotPtr snapshot = test::makeSyntheticTrace(options);
    for (const LaneView& view : snapshot->lanes) {
        QVERIFY(view.summarisedCount >= 4096);
        for (int level = 0; level < SummaryPyramid::kLevels; ++level) {
            const std::uint64_t count = view.summarisedCount >> SummaryPyramid::shift(level);
            for (std::uint64_t i = 0; i < count; ++i) {
                compareWithRecords(view, *snapshot, level, i);
            }
        }
    }
}

void SummaryPyramidTest::nodesExistForCompleteRangesOnly()
{
    Lane lane(LaneInfo{});
    for (std::uint32_t i = 0; i < 31; ++i) {
        lane.append(recordOf(i, i * 10, 10), {}, {});
    }
    QCOMPARE(lane.pyramid().summarisedCount(), std::uint64_t{0});
    lane.summarise(kindModulo8);
    QCOMPARE(lane.pyramid().summarisedCount(), std::uint64_t{16});
    lane.append(recordOf(31, 310, 10), {}, {});
    lane.summarise(kindModulo8);
    QCOMPARE(lane.pyramid().summarisedCount(), std::uint64_t{32});
    QCOMPARE(lane.pyramid().node(0, 1).beginNs, Nanos{160});
}

void SummaryPyramidTest::growingStepByStepGivesTheSameNodes()
{
    Lane atOnce(LaneInfo{});
    Lane inSteps(LaneInfo{});
    for (std::uint32_t i = 0; i < 3000; ++i) {
        const TaskRecord record = recordOf(i, i * 100, 1 + i % 97, i % 1000);
        atOnce.append(record, {}, {});
        inSteps.append(record, {}, {});
        if (i % 7 == 0) {
            inSteps.summarise(kindModulo8);
        }
    }
    atOnce.summarise(kindModulo8);
    inSteps.summarise(kindModulo8);
    QCOMPARE(inSteps.pyramid().summarisedCount(), atOnce.pyramid().summarisedCount());
    for (int level = 0; level < 5; ++level) {
        for (std::uint64_t i = 0; i < 3000U >> SummaryPyramid::shift(level); ++i) {
            const SummaryNode& a = atOnce.pyramid().node(level, i);
            const SummaryNode& b = inSteps.pyramid().node(level, i);
            QCOMPARE(a.busyNs, b.busyNs);
            QCOMPARE(a.waitLog, b.waitLog);
            QVERIFY(a.share == b.share);
        }
    }
}

void SummaryPyramidTest::lanesWithoutBusyTimeHaveNoShares()
{
    Lane lane(LaneInfo{0, LaneKind::Queue, 0});
    for (std::uint32_t i = 0; i < 64; ++i) {
        lane.append(recordOf(i, 1000, 0, 500), {}, {});
    }
    lane.summarise(kindModulo8);
    for (const int level : {0, 1}) {
        const SummaryNode& node = lane.pyramid().node(level, 0);
        QCOMPARE(node.busyNs, 0.0F);
        QVERIFY((node.share == std::array<std::uint8_t, kMaxTaskKinds>{}));
        QCOMPARE(int{node.longestLog2}, 0);
        QVERIFY(std::abs(node.waitLog / 1024.0 - std::log2(501.0)) < 0.01);
    }
}

void SummaryPyramidTest::everyEndedStateHasItsBit()
{
    Lane lane(LaneInfo{});
    for (std::uint32_t i = 0; i < 64; ++i) {
        TaskRecord record = recordOf(i, i * 10, 10);
        if (i == 40) {
            record.setState(TaskState::Failed);
        } else if (i == 50) {
            record.setState(TaskState::Lost, true);
        }
        lane.append(record, {}, {});
    }
    lane.summarise(kindModulo8);
    const unsigned done = stateBit(TaskState::Done);
    QCOMPARE(unsigned{lane.pyramid().node(0, 0).stateBits}, done);
    QCOMPARE(unsigned{lane.pyramid().node(0, 2).stateBits}, done | stateBit(TaskState::Failed));
    QCOMPARE(unsigned{lane.pyramid().node(1, 0).stateBits},
             done | stateBit(TaskState::Failed) | stateBit(TaskState::Lost));
}

void SummaryPyramidTest::oneKindHasTheFullShare()
{
    Lane lane(LaneInfo{});
    for (std::uint32_t i = 0; i < 64; ++i) {
        lane.append(recordOf(i, i * 10, 7), {}, {});
    }
    lane.summarise([](std::uint64_t) { return std::uint8_t{3}; });
    QCOMPARE(int{lane.pyramid().node(0, 0).share[3]}, 255);
    QCOMPARE(int{lane.pyramid().node(1, 0).share[3]}, 255);
}

QTEST_GUILESS_MAIN(SummaryPyramidTest)
#include "tst_summary_pyramid.moc"
