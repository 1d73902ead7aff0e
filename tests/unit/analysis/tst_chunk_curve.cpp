// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/chunk_curve.h"
#include "core/trace/collector.h"
#include "tests/support/noise.h"
#include "tests/support/synthetic_trace.h"

#include <QTest>

#include <cmath>
#include <vector>

using namespace poolscope;

namespace {

constexpr double kTasks = 1024;
constexpr double kWorkers = 4;

/// Tasks of 1 ms on four workers: each chunk costs \p handOverMs, and on average half a chunk is lost at
/// the end.
ChunkRun truthOf(int chunk, double handOverMs)
{
    ChunkRun run;
    run.chunk = chunk;
    run.workNs = kTasks / kWorkers * 1e6;
    run.handOverNs = std::ceil(kTasks / chunk) / kWorkers * handOverMs * 1e6;
    run.imbalanceNs = chunk / 2.0 * 1e6;
    run.makespanNs = run.workNs + run.handOverNs + run.imbalanceNs;
    return run;
}

std::vector<ChunkRun> simulatedLab(unsigned seed, double handOverMs, int rounds,
                                   const MachineNoise::Shape& shape)
{
    MachineNoise noise(seed, shape);
    std::vector<ChunkRun> runs;
    for (int round = 0; round < rounds; ++round) {
        noise.nextRound();
        for (const int chunk : chunkGrid(static_cast<std::uint64_t>(kTasks), 4)) {
            ChunkRun run = truthOf(chunk, handOverMs);
            run.round = round;
            run.makespanNs *= noise.nextFactor();
            runs.push_back(run);
        }
    }
    return runs;
}

} // namespace

class ChunkCurveTest : public QObject
{
    Q_OBJECT

private slots:
    void findsTheFlatOptimum();
    void recommendationIsNearTheBest();
    void partsAddUp();
    void oneRunEachCannotTell();
    void defaultsAreThoseOfPython();
    void gridReachesOneChunkAWorker();
    void splitsARun();
};

void ChunkCurveTest::findsTheFlatOptimum()
{
    const ChunkCurve curve = chunkCurveOf(simulatedLab(1, 0.5, 5, {0.01, 0.02, 0, 0}));
    QVERIFY(curve.canTell);
    QVERIFY(curve.isSlower(1));
    QVERIFY(curve.isSlower(256));
    QVERIFY(!curve.isSlower(curve.best));
    QVERIFY(curve.flatFrom <= curve.best && curve.best <= curve.flatTo);
    QVERIFY(curve.flatFrom <= curve.recommended && curve.recommended <= curve.flatTo);
    QVERIFY(curve.flatFrom > 1 && curve.flatTo < 256);
    for (const ChunkPoint& point : curve.points) {
        QCOMPARE(point.isInFlat, point.chunk >= curve.flatFrom && point.chunk <= curve.flatTo);
    }
}

void ChunkCurveTest::recommendationIsNearTheBest()
{
    int good = 0;
    constexpr int kSeeds = 200;
    for (unsigned seed = 1; seed <= kSeeds; ++seed) {
        const double handOverMs = 0.02 * std::pow(2, seed % 7);
        const ChunkCurve curve =
            chunkCurveOf(simulatedLab(seed, handOverMs, 3, {0.015, 0.03, 0.02, 0.1}));
        double best = truthOf(1, handOverMs).makespanNs;
        for (const ChunkPoint& point : curve.points) {
            best = std::min(best, truthOf(point.chunk, handOverMs).makespanNs);
        }
        good += truthOf(curve.recommended, handOverMs).makespanNs <= best / 0.95 ? 1 : 0;
    }
    QVERIFY2(good >= kSeeds * 95 / 100, qPrintable(QString::number(good)));
}

void ChunkCurveTest::partsAddUp()
{
    const ChunkCurve curve = chunkCurveOf(simulatedLab(1, 0.5, 3, {0.02, 0.02, 0.02, 0.1}));
    for (const ChunkPoint& point : curve.points) {
        const double sum = point.workNs + point.handOverNs + point.imbalanceNs + point.otherNs;
        QVERIFY(std::abs(sum - point.makespanNs.value) < 1e-6 * sum);
        QCOMPARE(point.runs, 3);
    }
    QVERIFY(curve.find(1)->handOverNs > curve.find(64)->handOverNs);
    QVERIFY(curve.find(1)->imbalanceNs < curve.find(64)->imbalanceNs);
    QVERIFY(curve.find(3) == nullptr);
}

void ChunkCurveTest::oneRunEachCannotTell()
{
    QVERIFY(!chunkCurveOf({}).canTell);
    const ChunkCurve once = chunkCurveOf(simulatedLab(1, 0.5, 1, {}));
    QVERIFY(!once.canTell);
    QVERIFY(!once.isSlower(1));
}

void ChunkCurveTest::defaultsAreThoseOfPython()
{
    QCOMPARE(poolMapDefaultChunk(0, 4), std::uint64_t{0});
    QCOMPARE(poolMapDefaultChunk(1, 4), std::uint64_t{1});
    QCOMPARE(poolMapDefaultChunk(16, 4), std::uint64_t{1});
    QCOMPARE(poolMapDefaultChunk(17, 4), std::uint64_t{2});
    QCOMPARE(poolMapDefaultChunk(1000, 2), std::uint64_t{125});
    QCOMPARE(poolMapDefaultChunk(1001, 2), std::uint64_t{126});
}

void ChunkCurveTest::gridReachesOneChunkAWorker()
{
    QCOMPARE(chunkGrid(1000, 2), (std::vector<int>{1, 2, 4, 8, 16, 32, 64, 128, 256, 500}));
    QCOMPARE(chunkGrid(8, 4), (std::vector<int>{1, 2}));
    QCOMPARE(chunkGrid(0, 4), (std::vector<int>{1}));
    QCOMPARE(chunkGrid(3, 8), (std::vector<int>{1}));
}

void ChunkCurveTest::splitsARun()
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    for (int worker = 0; worker < 2; ++worker) {
        Lane& lane = recorder->addLane({0, LaneKind::Process, worker});
        lane.openLife({0, -1, 1, 1});
        TaskRecord record;
        record.submitNs = 0;
        record.startNs = 20;
        record.sentLeadNs = 20;
        record.endNs = worker == 0 ? 100 : 60;
        record.attempt = 1;
        record.setState(TaskState::Done);
        lane.append(record, {}, {});
        lane.closeLife(100);
    }
    const auto meta = std::make_shared<TraceMeta>();
    meta->chunk = 8;
    const SnapshotPtr trace = makeFinishedSnapshot(recorder, meta, {}, 120);
    const ChunkRun run = chunkRunOf(*trace, 3);
    QCOMPARE(run.chunk, 8);
    QCOMPARE(run.round, 3);
    QCOMPARE(run.makespanNs, 100.0);
    QCOMPARE(run.workNs, 60.0); // 80 and 40
    QCOMPARE(run.handOverNs, 20.0);
    QCOMPARE(run.imbalanceNs, 20.0); // 0 and 40
    QCOMPARE(run.otherNs, 0.0);
}

QTEST_GUILESS_MAIN(ChunkCurveTest)
#include "tst_chunk_curve.moc"
