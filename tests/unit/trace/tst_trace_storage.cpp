// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/lane.h"
#include "core/trace/recorder.h"
#include "core/trace/result_column.h"
#include "core/trace/slab_store.h"
#include "core/trace/stable_vector.h"
#include "tests/support/huge_text.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace poolscope;

namespace {

constexpr std::int64_t kLargestInCell = (std::int64_t{1} << 28) - 1;
constexpr std::size_t kArenaChunk = 65536;

std::string patterned(std::size_t size)
{
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) {
        text[i] = static_cast<char>('a' + i % 23);
    }
    return text;
}

TaskCost someCost()
{
    TaskCost cost;
    cost.cpuNs = 12'345;
    cost.runQueueNs = 1e9F;
    cost.voluntarySwitches = 3;
    cost.involuntarySwitches = std::numeric_limits<std::uint32_t>::max();
    cost.majorFaults = 1;
    cost.peakMemoryKiB = 2048;
    cost.startCore = 7;
    cost.flags = TaskCost::kMeasuredFlag | TaskCost::kRunQueueFlag;
    return cost;
}

} // namespace

class TraceStorageTest : public QObject
{
    Q_OBJECT

private slots:
    void vectorKeepsElementsInPlace();
    void fullVectorThrowsAndKeepsItsElements();
    void storeGivesEachItsOwnMemory();
    void lanesShareTheSlabsOfTheirRecorder();
    void resultComesBack_data();
    void resultComesBack();
    void smallIntegersNeedNoArena();
    void textsMayBeLongerThanAChunk();
    void textThatEndsWithAChunkComesBack();
    void errorWinsOverValue();
    void fullArenaThrowsAndKeepsWhatIsThere();
    void laneCountsWhatItCannotKeep();
    void laneKeepsCostsBesideItsRecords();
    void laneWithoutCostsNeedsNoMemoryForThem();
    void costComesBackFromBytes();
    void impossibleCostIsRefused_data();
    void impossibleCostIsRefused();
};

void TraceStorageTest::vectorKeepsElementsInPlace()
{
    StableVector<int, 2> vector;
    const int* const first = vector.slot(0);
    constexpr std::size_t count = 5000; // more than one page of chunks
    for (std::size_t i = 0; i < count; ++i) {
        *vector.slot(i) = static_cast<int>(i);
    }
    QCOMPARE(&vector[0], first);
    for (std::size_t i = 0; i < count; ++i) {
        QCOMPARE(vector[i], static_cast<int>(i));
    }
    QCOMPARE(vector.contiguousFrom(5), std::size_t{3});
    QCOMPARE(vector.allocatedBytes(), count * sizeof(int));
}

void TraceStorageTest::fullVectorThrowsAndKeepsItsElements()
{
    using Tiny = StableVector<char, 0>;
    Tiny vector;
    for (std::size_t i = 0; i < Tiny::kCapacity; ++i) {
        *vector.slot(i) = static_cast<char>(i % 100);
    }
    QVERIFY_THROWS_EXCEPTION(std::length_error, vector.slot(Tiny::kCapacity));
    QVERIFY_THROWS_EXCEPTION(std::length_error, vector.slot(Tiny::kCapacity));
    for (std::size_t i = 0; i < Tiny::kCapacity; ++i) {
        QCOMPARE(vector[i], static_cast<char>(i % 100));
    }
}

void TraceStorageTest::storeGivesEachItsOwnMemory()
{
    constexpr std::array<std::size_t, 4> sizes{81'920, 8'192, 100, SlabStore::kLargestPiece};
    SlabStore store;
    QCOMPARE(store.spareBytes(), std::size_t{0});
    std::vector<unsigned char*> pieces;
    for (std::size_t i = 0; i < 100; ++i) {
        pieces.push_back(static_cast<unsigned char*>(store.take(sizes[i % sizes.size()])));
        QCOMPARE(reinterpret_cast<std::uintptr_t>(pieces.back()) % 64, std::uintptr_t{0});
        std::fill_n(pieces.back(), sizes[i % sizes.size()], static_cast<unsigned char>(i));
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const std::size_t size = sizes[i % sizes.size()];
        const auto mine = static_cast<unsigned char>(i);
        QCOMPARE(std::count(pieces[i], pieces[i] + size, mine), static_cast<std::ptrdiff_t>(size));
    }
}

void TraceStorageTest::lanesShareTheSlabsOfTheirRecorder()
{
    constexpr int kLanes = 16;
    constexpr std::uint32_t kRecords = 20'000;
    Recorder recorder(0, 1);
    {
        std::vector<std::jthread> writers;
        for (int i = 0; i < kLanes; ++i) {
            Lane& lane = recorder.addLane({0, LaneKind::Thread, i});
            writers.emplace_back([&lane, i] {
                TaskRecord record;
                for (record.task = 0; record.task < kRecords; ++record.task) {
                    lane.append(record, Value{i * std::int64_t{kRecords} + record.task}, {});
                }
            });
        }
    }
    std::size_t inLanes = 0;
    for (const Lane* lane : recorder.lanes()) {
        const std::int64_t first = lane->info().index * std::int64_t{kRecords};
        QCOMPARE(lane->recordCount(), std::uint64_t{kRecords});
        for (std::uint32_t i = 0; i < kRecords; ++i) {
            QCOMPARE(lane->record(i).task, i);
            QVERIFY(lane->result(i).value == Value{first + i});
        }
        inLanes += lane->allocatedBytes();
    }
    // The one slab that is begun, and the short ends of the others.
    QVERIFY(recorder.allocatedBytes() >= inLanes);
    QVERIFY(recorder.allocatedBytes() <= inLanes + inLanes / 20 + (std::size_t{2} << 20U));
}

void TraceStorageTest::resultComesBack_data()
{
    QTest::addColumn<Value>("value");
    using Limits = std::numeric_limits<std::int64_t>;
    QTest::newRow("nothing") << Value{};
    QTest::newRow("zero") << Value{std::int64_t{0}};
    QTest::newRow("minus one") << Value{std::int64_t{-1}};
    QTest::newRow("largest in the cell") << Value{kLargestInCell};
    QTest::newRow("first beyond") << Value{kLargestInCell + 1};
    QTest::newRow("smallest in the cell") << Value{-kLargestInCell - 1};
    QTest::newRow("first below") << Value{-kLargestInCell - 2};
    QTest::newRow("largest") << Value{Limits::max()};
    QTest::newRow("smallest") << Value{Limits::min()};
    QTest::newRow("real") << Value{0.1};
    QTest::newRow("infinite") << Value{std::numeric_limits<double>::infinity()};
    QTest::newRow("text") << Value{std::string("42")};
    QTest::newRow("empty text") << Value{std::string()};
    QTest::newRow("text with a zero byte") << Value{std::string("a\0b", 3)};
}

void TraceStorageTest::resultComesBack()
{
    QFETCH(Value, value);
    ResultColumn column;
    column.append(0, value, {});
    column.append(1, Value{std::int64_t{7}}, {});
    QVERIFY(column.read(0).value == value);
    QCOMPARE(column.read(0).error, std::string());
    QVERIFY(column.read(1).value == Value{std::int64_t{7}});
}

void TraceStorageTest::smallIntegersNeedNoArena()
{
    ResultColumn column;
    column.append(0, Value{kLargestInCell}, {});
    const std::size_t cellsOnly = column.allocatedBytes();
    column.append(1, Value{-kLargestInCell - 1}, {});
    QCOMPARE(column.allocatedBytes(), cellsOnly);
    column.append(2, Value{kLargestInCell + 1}, {});
    QCOMPARE(column.allocatedBytes(), cellsOnly + kArenaChunk);
}

void TraceStorageTest::textsMayBeLongerThanAChunk()
{
    ResultColumn column;
    const std::string longText = patterned(3 * kArenaChunk + 17);
    column.append(0, Value{std::string("before")}, {});
    column.append(1, Value{longText}, {});
    column.append(2, {}, longText);
    column.append(3, Value{std::string("after")}, {});
    QVERIFY(column.read(0).value == Value{std::string("before")});
    QVERIFY(column.read(1).value == Value{longText});
    QVERIFY(column.read(2).error == longText);
    QVERIFY(column.read(3).value == Value{std::string("after")});
}

// The length that lies before a text may itself straddle two chunks, at each of its bytes.
void TraceStorageTest::textThatEndsWithAChunkComesBack()
{
    for (std::size_t gap = 0; gap <= 20; ++gap) {
        ResultColumn column;
        const std::string filler = patterned(kArenaChunk - sizeof(std::uint64_t) - gap);
        column.append(0, {}, filler);
        column.append(1, {}, "behind the seam");
        QVERIFY(column.read(0).error == filler);
        QCOMPARE(column.read(1).error, std::string("behind the seam"));
    }
}

void TraceStorageTest::errorWinsOverValue()
{
    ResultColumn column;
    column.append(0, Value{std::int64_t{5}}, "broken");
    QCOMPARE(column.read(0).error, std::string("broken"));
    QVERIFY(column.read(0).value == Value{});
}

void TraceStorageTest::fullArenaThrowsAndKeepsWhatIsThere()
{
    const test::HugeText huge;
    QVERIFY(huge.isThere());
    ResultColumn column;
    column.append(0, {}, "first");
    QVERIFY_THROWS_EXCEPTION(std::length_error, column.append(1, {}, huge.text()));
    column.append(1, {}, "second");
    QCOMPARE(column.read(0).error, std::string("first"));
    QCOMPARE(column.read(1).error, std::string("second"));
}

void TraceStorageTest::laneCountsWhatItCannotKeep()
{
    const test::HugeText huge;
    QVERIFY(huge.isThere());
    Lane lane(LaneInfo{});
    TaskRecord record;
    record.setState(TaskState::Failed);
    lane.append(record, {}, huge.text());
    QCOMPARE(lane.droppedCount(), std::uint64_t{1});
    QCOMPARE(lane.recordCount(), std::uint64_t{0});
    record.task = 3;
    lane.append(record, {}, "short");
    QCOMPARE(lane.recordCount(), std::uint64_t{1});
    QCOMPARE(lane.record(0).task, 3U);
    QCOMPARE(lane.result(0).error, std::string("short"));
}

void TraceStorageTest::laneKeepsCostsBesideItsRecords()
{
    Lane lane({0, LaneKind::Thread, 0}, CostLevel::Totals);
    QVERIFY(lane.hasCosts());
    TaskCost cost = someCost();
    constexpr std::uint32_t kCount = 5000; // more than one chunk
    for (std::uint32_t i = 0; i < kCount; ++i) {
        cost.minorFaults = i;
        lane.append(TaskRecord{}, {}, {}, i % 3 == 0 ? nullptr : &cost);
    }
    for (std::uint32_t i = 0; i < kCount; ++i) {
        cost.minorFaults = i;
        QVERIFY(lane.cost(i) == (i % 3 == 0 ? TaskCost{} : cost));
        QCOMPARE(lane.cost(i).wasMeasured(), i % 3 != 0);
    }
}

void TraceStorageTest::laneWithoutCostsNeedsNoMemoryForThem()
{
    Lane without({0, LaneKind::Thread, 0});
    Lane with({0, LaneKind::Thread, 0}, CostLevel::Totals);
    const TaskCost cost = someCost();
    without.append(TaskRecord{}, {}, {}, &cost);
    with.append(TaskRecord{}, {}, {}, &cost);
    QVERIFY(!without.hasCosts());
    QCOMPARE(with.allocatedBytes() - without.allocatedBytes(), std::size_t{4096} * 32);
}

void TraceStorageTest::costComesBackFromBytes()
{
    ByteWriter writer;
    writeCost(writer, someCost());
    writeCost(writer, {});
    ByteReader reader(writer.bytes());
    QVERIFY(readCost(reader) == someCost());
    QVERIFY(readCost(reader) == TaskCost{});
    QVERIFY(reader.isAtEnd());
}

void TraceStorageTest::impossibleCostIsRefused_data()
{
    QTest::addColumn<int>("field");
    QTest::addColumn<quint64>("value");
    QTest::newRow("unknown flag") << 0 << quint64{4};
    QTest::newRow("processor time") << 1 << quint64{1'000'000'000'000'000'001};
    QTest::newRow("run-queue delay") << 2 << quint64{1'000'000'000'000'000'001};
    QTest::newRow("switches") << 3 << (quint64{1} << 32);
    QTest::newRow("memory") << 7 << (quint64{1} << 32);
    QTest::newRow("core") << 8 << (quint64{1} << 16);
}

void TraceStorageTest::impossibleCostIsRefused()
{
    QFETCH(const int, field);
    QFETCH(const quint64, value);
    ByteWriter writer;
    for (int i = 0; i < 9; ++i) {
        writer.writeUnsigned(i == field ? value : 1);
    }
    ByteReader reader(writer.bytes());
    QVERIFY(!readCost(reader));
    ByteReader cut(std::string_view(writer.bytes()).substr(0, 5));
    QVERIFY(!readCost(cut));
}

QTEST_GUILESS_MAIN(TraceStorageTest)
#include "tst_trace_storage.moc"
