// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/shared_memory.h"
#include "core/executor/task_cell.h"
#include "core/executor/value_area.h"

#include <QTest>

#include <sys/stat.h>

#include <array>
#include <deque>
#include <optional>
#include <string>

using namespace poolscope;

namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::size_t kPageOfWorker = 1000;

qint64 usedBytes(int fd)
{
    struct stat status
    {};
    return ::fstat(fd, &status) == 0 ? qint64{status.st_blocks} * 512 : -1;
}

std::optional<std::uint64_t> offsetOf(const std::optional<ValuePlace>& place)
{
    return place ? std::optional(place->offset) : std::nullopt;
}

} // namespace

/// Where large values lie in the memory that a pool and a worker share.
class TestValueArea : public QObject
{
    Q_OBJECT

private slots:
    void roomIsUsedAgain();
    void roomGoesAroundTheEnd();
    void stretchesNeverOverlap();
    void whatOneSideWritesTheOtherReads();
    void memoryIsThereWhenUsedOnly();
    void tooSmallMemoryHasNoArea();
    void impossiblePlacesAreRefused_data();
    void impossiblePlacesAreRefused();
};

void TestValueArea::roomIsUsedAgain()
{
    ValueRoom room(10 * kPage);
    for (int i = 0; i < 100; ++i) {
        QCOMPARE(offsetOf(room.take(kPage + 1)), std::optional<std::uint64_t>(0));
        QCOMPARE(room.usedBytes(), 2 * kPage);
        room.dropFirst();
    }
    QVERIFY(!room.take(10 * kPage + 1));
    QVERIFY(room.take(10 * kPage));
    QVERIFY(!room.take(1));
    room.dropLast();
    QCOMPARE(room.usedBytes(), std::uint64_t{0});
}

void TestValueArea::roomGoesAroundTheEnd()
{
    ValueRoom room(10 * kPage);
    QVERIFY(room.take(4 * kPage)); // at 0
    QVERIFY(room.take(4 * kPage)); // at 4
    room.dropFirst();
    QCOMPARE(offsetOf(room.take(3 * kPage)), std::optional<std::uint64_t>(0));
    QVERIFY(!room.take(2 * kPage)); // 2 are left at the end, but what came first lies before
    QCOMPARE(offsetOf(room.take(kPage)), std::optional<std::uint64_t>(3 * kPage));
    room.dropFirst();
    QCOMPARE(offsetOf(room.take(6 * kPage)), std::optional<std::uint64_t>(4 * kPage));
    QVERIFY(!room.take(1));
}

void TestValueArea::stretchesNeverOverlap()
{
    ValueRoom room(64 * kPage);
    std::deque<ValuePlace> taken;
    std::uint64_t random = 1;
    for (int i = 0; i < 20'000; ++i) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        const std::uint64_t choice = random >> 60U;
        if (choice < 9) {
            const auto place = room.take(1 + (random >> 33U) % (20 * kPage));
            if (place) {
                QVERIFY(place->offset + place->bytes <= 64 * kPage);
                for (const ValuePlace& other : taken) {
                    QVERIFY(place->offset >= other.offset + other.bytes ||
                            other.offset >= place->offset + place->bytes);
                }
                taken.push_back(*place);
            }
        } else if (!taken.empty() && choice < 14) {
            room.dropFirst();
            taken.pop_front();
        } else if (!taken.empty()) {
            room.dropLast();
            taken.pop_back();
        }
        QCOMPARE(room.count(), taken.size());
    }
}

void TestValueArea::whatOneSideWritesTheOtherReads()
{
    const auto memory =
        SharedMemory::create("test", ValueArea::memoryBytes(kPageOfWorker), kPageOfWorker);
    QVERIFY(memory);
    for (const ValueWay way : {ValueWay::ToWorker, ValueWay::FromWorker}) {
        ValueArea writer(memory.value().fd(), kPageOfWorker, way);
        ValueArea reader(memory.value().fd(), kPageOfWorker, way);
        QVERIFY(writer.exists());
        const std::string text(100'000, way == ValueWay::ToWorker ? 't' : 'f');
        const std::array<std::string_view, 2> pieces{"head ", text};
        QVERIFY(writer.write(pieces, kValueAreaBytes - 100'005)); // up to the end
        const auto seen = reader.read({kValueAreaBytes - 100'005, 100'005});
        QVERIFY(seen);
        QCOMPARE(*seen, "head " + text);
    }
}

void TestValueArea::memoryIsThereWhenUsedOnly()
{
    const auto memory =
        SharedMemory::create("test", ValueArea::memoryBytes(kPageOfWorker), kPageOfWorker);
    QVERIFY(memory);
    const int fd = memory.value().fd();
    QCOMPARE(usedBytes(fd), 0);
    ValueArea area(fd, kPageOfWorker, ValueWay::ToWorker);
    const std::string_view piece = "something";
    QVERIFY(area.write({&piece, 1}, 0));
    const std::string large(1U << 20U, 'x');
    const std::string_view largePiece = large;
    QVERIFY(area.write({&largePiece, 1}, 0));
    QVERIFY(usedBytes(fd) >= 1 << 20);
    area.giveBack(1U << 20U);
    QCOMPARE(usedBytes(fd), 0);
    QCOMPARE(*area.read({0, 3}), std::string_view("\0\0\0", 3));
    QVERIFY(area.write({&piece, 1}, 0)); // and can be used again
    QCOMPARE(*area.read({0, 9}), piece);
}

void TestValueArea::tooSmallMemoryHasNoArea()
{
    const auto memory = SharedMemory::create("test", kPageOfWorker);
    QVERIFY(memory);
    ValueArea area(memory.value().fd(), kPageOfWorker, ValueWay::FromWorker);
    QVERIFY(!area.exists());
    const std::string_view piece = "something";
    QVERIFY(!area.write({&piece, 1}, 0));
    QVERIFY(!area.read({0, 3}));
    area.giveBack(10);
}

void TestValueArea::impossiblePlacesAreRefused_data()
{
    constexpr quint64 kEnd = kValueAreaBytes;
    QTest::addColumn<quint64>("offset");
    QTest::addColumn<quint64>("bytes");
    QTest::addColumn<bool>("isPossible");
    QTest::newRow("first") << quint64{0} << quint64{100'000} << true;
    QTest::newRow("last") << kEnd - 100'000 << quint64{100'000} << true;
    QTest::newRow("beyond the end") << kEnd - 100'000 << quint64{100'001} << false;
    QTest::newRow("behind the end") << kEnd + 1 << quint64{0} << false;
    QTest::newRow("around") << ~quint64{0} - 10 << quint64{100'000} << false;
    QTest::newRow("too long") << quint64{0} << quint64{kMaxTaskBytes + 1} << false;
    QTest::newRow("endless") << quint64{4096} << ~quint64{0} << false;
}

void TestValueArea::impossiblePlacesAreRefused()
{
    QFETCH(quint64, offset);
    QFETCH(quint64, bytes);
    QFETCH(bool, isPossible);
    ResultCell cell{};
    putPlace(ResultMessage{}, {offset, bytes}, cell);
    QCOMPARE(readPlace(cell).has_value(), isPossible);
    ResultMessage result;
    QVERIFY(readResult(cell, result)); // the rest of it is sound
}

QTEST_GUILESS_MAIN(TestValueArea)
#include "tst_value_area.moc"
