// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/executor.h"
#include "core/executor/map_options.h"

#include <QTest>

#include <vector>

using namespace poolscope;

namespace {

/// \return the chunks of \p total items, planned in one go.
std::vector<std::uint64_t> chunksOf(const ChunkPlanner& planner, std::uint64_t total)
{
    std::vector<std::uint64_t> chunks;
    for (std::uint64_t planned = 0; planned < total; planned += chunks.back()) {
        chunks.push_back(std::min(planner.next(planned), total - planned));
    }
    return chunks;
}

} // namespace

class TestMapOptions : public QObject
{
    Q_OBJECT

private slots:
    void fixedChunksAreAllAlike();
    void quarterMakesFourChunksAWorker();
    void guidedChunksShrink();
    void automaticChunksTakeTheTargetTime();
    void rangesOfUnknownSizeAreMappedAutomatically();
    void chunksStayWithinTheirBounds();
};

void TestMapOptions::fixedChunksAreAllAlike()
{
    QCOMPARE(chunksOf(ChunkPlanner(ChunkPolicy::fixed(4), 10, 3), 10),
             (std::vector<std::uint64_t>{4, 4, 2}));
}

void TestMapOptions::quarterMakesFourChunksAWorker()
{
    QCOMPARE(chunksOf(ChunkPlanner(ChunkPolicy::quarter(), 80, 2), 80),
             std::vector<std::uint64_t>(8, 10));
    QCOMPARE(chunksOf(ChunkPlanner(ChunkPolicy::quarter(), 81, 2), 81),
             (std::vector<std::uint64_t>{11, 11, 11, 11, 11, 11, 11, 4}));
}

void TestMapOptions::guidedChunksShrink()
{
    const auto chunks = chunksOf(ChunkPlanner(ChunkPolicy::guided(), 160, 2), 160);
    QCOMPARE(chunks.front(), std::uint64_t{20});
    QCOMPARE(chunks.back(), std::uint64_t{1});
    QVERIFY(std::is_sorted(chunks.rbegin(), chunks.rend()));
}

void TestMapOptions::automaticChunksTakeTheTargetTime()
{
    ChunkPlanner planner(ChunkPolicy::automatic(kNanosPerMilli), std::nullopt, 2);
    QCOMPARE(planner.next(0), std::uint64_t{1}); // nothing is known yet
    planner.itemTook(10 * kNanosPerMicro);
    QCOMPARE(planner.next(1), std::uint64_t{2}); // one item says little
    for (int i = 1; i < 100; ++i) {
        planner.itemTook(10 * kNanosPerMicro);
    }
    QCOMPARE(planner.next(100), std::uint64_t{100});
    for (int i = 0; i < 100; ++i) {
        planner.itemTook(30 * kNanosPerMicro);
    }
    QCOMPARE(planner.next(200), std::uint64_t{50});
    planner.itemTook(kNanosPerSecond);
    QCOMPARE(planner.next(201), std::uint64_t{1});
}

void TestMapOptions::rangesOfUnknownSizeAreMappedAutomatically()
{
    for (const ChunkPolicy& policy : {ChunkPolicy::quarter(), ChunkPolicy::guided()}) {
        QCOMPARE(ChunkPlanner(policy, std::nullopt, 2).next(0), std::uint64_t{1});
    }
}

void TestMapOptions::chunksStayWithinTheirBounds()
{
    QCOMPARE(ChunkPlanner(ChunkPolicy::fixed(0), 10, 3).next(0), std::uint64_t{1});
    QCOMPARE(ChunkPlanner(ChunkPolicy::quarter(), 0, 3).next(0), std::uint64_t{1});
    QCOMPARE(ChunkPlanner(ChunkPolicy::quarter(), 10'000'000, 1).next(0),
             static_cast<std::uint64_t>(kMaxChunk));
}

QTEST_GUILESS_MAIN(TestMapOptions)
#include "tst_map_options.moc"
