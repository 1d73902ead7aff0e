// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/codec.h"
#include "core/task/item_chunks.h"

#include <QTest>

#include <random>
#include <string>

using namespace poolscope;

namespace {

const Workload kWorkload{.id = "work", .title = {}, .summary = {}, .params = {}};

Job jobOf(JobPlan plan)
{
    Job job;
    job.workload = &kWorkload;
    job.seed = 3;
    job.plan = std::make_shared<const JobPlan>(std::move(plan));
    return job;
}

} // namespace

class TestItemChunks : public QObject
{
    Q_OBJECT

private slots:
    void spansAreNamed();
    void errorsNameTheirItem();
    void jobIsCutIntoEqualChunks();
    void chunkHasTheKindOfItsFirstItem();
    void laterChunksCountOn();
    void requestsTellSpanAndTexts();
    void requestsThatMakeNoSenseAreRefused();
    void randomBytesDoNoHarm();
};

void TestItemChunks::spansAreNamed()
{
    QCOMPARE(spanName({4096, 4096}), std::string("items 4096-8191"));
    QCOMPARE(spanName({7, 1}), std::string("item 7"));
}

void TestItemChunks::errorsNameTheirItem()
{
    QCOMPARE(itemError(5, {}, "bad"), std::string("item 5: bad"));
    QCOMPARE(itemError(5, "a.txt", "bad"), std::string("item 5 (a.txt): bad"));
}

void TestItemChunks::jobIsCutIntoEqualChunks()
{
    const auto chunked = jobOfChunks(jobOf({10, {}, {"kind"}, {}}), 4);
    QCOMPARE(chunked->plan->taskCount, std::uint64_t{3});
    QCOMPARE(chunked->seed, std::uint64_t{3});
    QCOMPARE(chunked->workload, &kWorkload);
    QCOMPARE(chunked->chunks->span(0), (ItemSpan{0, 4}));
    QCOMPARE(chunked->chunks->span(2), (ItemSpan{8, 2}));
    QCOMPARE(chunked->chunks->recordedValue(2), Value(std::int64_t{2}));
    QCOMPARE(taskName("work", *chunked->plan, 1), std::string("items 4-7"));
}

void TestItemChunks::chunkHasTheKindOfItsFirstItem()
{
    const auto chunked = jobOfChunks(jobOf({5, {}, {"a", "b"}, {0, 0, 1, 0, 1}}), 2);
    QCOMPARE(chunked->plan->kinds, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(chunked->plan->kindOfTask, (std::vector<std::uint8_t>{0, 1, 1}));
}

void TestItemChunks::laterChunksCountOn()
{
    const Job job = jobOf({10, {}, {"kind"}, {}});
    const auto round = jobOfChunks(
        job, std::make_shared<const ItemChunks>(job.plan, std::vector<std::uint64_t>{6, 7, 10}, 4));
    QCOMPARE(round->plan->taskCount, std::uint64_t{6});
    QCOMPARE(round->chunks->span(5), (ItemSpan{7, 3}));
    QCOMPARE(readChunkRequest(round->request(5))->items, (ItemSpan{7, 3}));
}

void TestItemChunks::requestsTellSpanAndTexts()
{
    const auto plain = jobOfChunks(jobOf({5, {}, {"kind"}, {}}), 3);
    QVERIFY(plain->hasRequests());
    QCOMPARE(readChunkRequest(plain->request(1))->items, (ItemSpan{3, 2}));
    QVERIFY(readChunkRequest(plain->request(1))->texts.empty());

    const auto named = jobOfChunks(jobOf({3, {"a", "", "c"}, {"kind"}, {}}), 2);
    const auto first = readChunkRequest(named->request(0));
    QCOMPARE(first->texts, (std::vector<std::string_view>{"a", ""}));
    QCOMPARE(readChunkRequest(named->request(1))->texts, (std::vector<std::string_view>{"c"}));
}

void TestItemChunks::requestsThatMakeNoSenseAreRefused()
{
    QVERIFY(!readChunkRequest("").has_value());
    ByteWriter writer;
    writer.writeUnsigned(0);
    writer.writeUnsigned(2);
    writer.writeText("one only");
    QVERIFY(!readChunkRequest(writer.bytes()).has_value());
    writer.clear();
    writer.writeUnsigned(~std::uint64_t{0});
    writer.writeUnsigned(2);
    QVERIFY(!readChunkRequest(writer.bytes()).has_value());
}

void TestItemChunks::randomBytesDoNoHarm()
{
    std::mt19937 random(1);
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes(random() % 40, '\0');
        for (char& byte : bytes) {
            byte = static_cast<char>(random() % (random() % 256 + 1));
        }
        if (const auto chunk = readChunkRequest(bytes); chunk && !chunk->texts.empty()) {
            QCOMPARE(chunk->texts.size(), chunk->items.count);
        }
    }
}

QTEST_GUILESS_MAIN(TestItemChunks)
#include "tst_item_chunks.moc"
