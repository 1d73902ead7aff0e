// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/executor.h"
#include "core/executor/task_cell.h"
#include "core/executor/worker_page.h"

#include <QTest>

#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace poolscope;

/// The short way between pool and worker, above all what happens when the other side has scribbled over it.
class TestTaskCells : public QObject
{
    Q_OBJECT

private slots:
    void shortResultsFitIntoACell_data();
    void shortResultsFitIntoACell();
    void otherResultsGoAsMessages_data();
    void otherResultsGoAsMessages();
    void impossibleCellsAreRefused_data();
    void impossibleCellsAreRefused();
    void shortItemsFitIntoACell();
    void longItemsGoAsMessages();
    void impossibleRequestsAreRefused();
    void ringCarriesMoreThanItHolds();
    void ringHoldsNoMoreThanItsCells();
    void neitherEndBelievesTheOther();
    void takenCellIsACopy();
    void sleepersAreWoken();
    void announcementOrDoorbellIsSeen();
};

namespace {

struct Number
{
    std::uint64_t value;
};
using NumberRing = CellRing<Number, 64>;

ResultMessage resultWith(const Value& value)
{
    return {7, TaskState::Done, value, "", 1'000'000'000'000, 1'000'000'000'500, 3};
}

ResultCell soundCell()
{
    ResultCell cell{};
    putResult(resultWith(Value{std::int64_t{1}}), cell);
    return cell;
}

} // namespace

Q_DECLARE_METATYPE(poolscope::Value)

void TestTaskCells::shortResultsFitIntoACell_data()
{
    QTest::addColumn<Value>("value");
    QTest::newRow("nothing") << Value();
    QTest::newRow("integer") << Value(std::int64_t{-5});
    QTest::newRow("real") << Value(0.1);
    QTest::newRow("no text") << Value(std::string());
    QTest::newRow("text") << Value(std::string(ResultCell::kTextBytes, 't'));
}

void TestTaskCells::shortResultsFitIntoACell()
{
    QFETCH(Value, value);
    const ResultMessage sent = resultWith(value);
    ResultCell cell{};
    QVERIFY(putResult(sent, cell));
    ResultMessage result;
    result.error = "of the one before";
    result.value = Value(std::string("of the one before"));
    QVERIFY(readResult(cell, result));
    QCOMPARE(result.index, sent.index);
    QCOMPARE(result.state, sent.state);
    QVERIFY(result.value == sent.value);
    QVERIFY(result.error.empty());
    QCOMPARE(result.startNs, sent.startNs);
    QCOMPARE(result.endNs, sent.endNs);
    QCOMPARE(result.core, sent.core);
    QVERIFY(!result.cost.has_value());
}

void TestTaskCells::otherResultsGoAsMessages_data()
{
    QTest::addColumn<Value>("value");
    QTest::addColumn<QString>("error");
    QTest::addColumn<bool>("hasCost");
    QTest::newRow("long text") << Value(std::string(ResultCell::kTextBytes + 1, 't')) << QString()
                               << false;
    QTest::newRow("error") << Value() << QString("why not") << false;
    QTest::newRow("cost") << Value() << QString() << true;
}

void TestTaskCells::otherResultsGoAsMessages()
{
    QFETCH(Value, value);
    QFETCH(QString, error);
    QFETCH(bool, hasCost);
    ResultMessage sent = resultWith(value);
    sent.error = error.toStdString();
    if (hasCost) {
        sent.cost.emplace();
    }
    ResultCell cell = soundCell();
    QVERIFY(!putResult(sent, cell));
    QCOMPARE(cell.holds, std::uint8_t{ResultCell::Message});
}

void TestTaskCells::impossibleCellsAreRefused_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<qint64>("startNs");
    QTest::addColumn<qint64>("runNs");
    QTest::addColumn<int>("holds");
    QTest::addColumn<int>("textBytes");
    const int done = static_cast<int>(TaskState::Done);
    const qint64 most = std::numeric_limits<qint64>::max();
    QTest::newRow("not ended") << static_cast<int>(TaskState::Running) << qint64{1} << qint64{1}
                               << int{ResultCell::Nothing} << 0;
    QTest::newRow("unknown state")
        << kTaskStateCount << qint64{1} << qint64{1} << int{ResultCell::Nothing} << 0;
    QTest::newRow("before time") << done << qint64{-1} << qint64{1} << int{ResultCell::Nothing}
                                 << 0;
    QTest::newRow("ends before its start")
        << done << qint64{1} << qint64{-1} << int{ResultCell::Nothing} << 0;
    QTest::newRow("ends after all time")
        << done << qint64{2} << most << int{ResultCell::Nothing} << 0;
    QTest::newRow("unknown content") << done << qint64{1} << qint64{1} << 77 << 0;
    QTest::newRow("text beyond its cell") << done << qint64{1} << qint64{1} << int{ResultCell::Text}
                                          << int{ResultCell::kTextBytes} + 1;
}

void TestTaskCells::impossibleCellsAreRefused()
{
    QFETCH(int, state);
    QFETCH(qint64, startNs);
    QFETCH(qint64, runNs);
    QFETCH(int, holds);
    QFETCH(int, textBytes);
    ResultCell cell = soundCell();
    ResultMessage result;
    QVERIFY(readResult(cell, result));
    cell.state = static_cast<std::uint8_t>(state);
    cell.startNs = startNs;
    cell.runNs = runNs;
    cell.holds = static_cast<std::uint8_t>(holds);
    cell.textBytes = static_cast<std::uint8_t>(textBytes);
    QVERIFY(!readResult(cell, result));
}

void TestTaskCells::shortItemsFitIntoACell()
{
    const std::string item(RequestCell::kItemBytes, 'i');
    RequestCell cell{};
    QVERIFY(putRequest({5, 1'000'000, 1, {item}}, cell));
    TasksMessage tasks;
    QVERIFY(readRequest(cell, tasks));
    QCOMPARE(tasks.epoch, std::uint64_t{5});
    QCOMPARE(tasks.first, std::uint64_t{1'000'000});
    QCOMPARE(tasks.count, std::uint64_t{1});
    QCOMPARE(tasks.items, std::vector<std::string_view>{item});
    QVERIFY(putRequest({TaskClaim::kEpochMask, 0, kMaxChunk, {}}, cell));
    QVERIFY(readRequest(cell, tasks));
    QCOMPARE(tasks.epoch, TaskClaim::kEpochMask);
    QCOMPARE(tasks.count, std::uint64_t{kMaxChunk});
    QVERIFY(tasks.items.empty());
}

void TestTaskCells::longItemsGoAsMessages()
{
    RequestCell cell{};
    QVERIFY(!putRequest({0, 0, 1, {std::string(RequestCell::kItemBytes + 1, 'i')}}, cell));
    QCOMPARE(cell.kind, static_cast<std::uint8_t>(RequestKind::Message));
    QVERIFY(!putRequest({0, 0, 2, {"one", "two"}}, cell));
}

void TestTaskCells::impossibleRequestsAreRefused()
{
    RequestCell sound{};
    QVERIFY(putRequest({0, 0, 1, {"item"}}, sound));
    TasksMessage tasks;
    RequestCell cell = sound;
    cell.count = kMaxChunk + 1;
    cell.hasItem = 0;
    QVERIFY(!readRequest(cell, tasks));
    cell = sound;
    cell.count = 2;
    QVERIFY(!readRequest(cell, tasks));
    cell = sound;
    cell.itemBytes = RequestCell::kItemBytes + 1;
    QVERIFY(!readRequest(cell, tasks));
}

void TestTaskCells::ringCarriesMoreThanItHolds()
{
    const auto ring = std::make_unique<NumberRing>();
    CellWriter<NumberRing> writer(*ring);
    CellReader<NumberRing> reader(*ring);
    std::mt19937 random(3);
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    while (received < 20 * NumberRing::kCount) {
        for (auto more = random() % NumberRing::kCount; more > 0 && writer.room() > 0; --more) {
            writer.add().value = sent++;
        }
        writer.publish();
        for (auto more = random() % NumberRing::kCount; more > 0 && reader.waiting() > 0; --more) {
            QCOMPARE(reader.take().value, received);
            ++received;
        }
        reader.release();
    }
    QCOMPARE(sent - received, std::uint64_t{reader.waiting()});
}

void TestTaskCells::ringHoldsNoMoreThanItsCells()
{
    const auto ring = std::make_unique<NumberRing>();
    CellWriter<NumberRing> writer(*ring);
    CellReader<NumberRing> reader(*ring);
    while (writer.room() > 0) {
        writer.add().value = 1;
    }
    QCOMPARE(writer.count(), NumberRing::kCount);
    QCOMPARE(reader.waiting(), std::uint32_t{0}); // nothing was published
    writer.publish();
    QCOMPARE(reader.waiting(), NumberRing::kCount);
    (void)reader.take();
    QCOMPARE(writer.room(), std::uint32_t{0}); // not released
    reader.release();
    QCOMPARE(writer.room(), std::uint32_t{1});
}

void TestTaskCells::neitherEndBelievesTheOther()
{
    const auto ring = std::make_unique<NumberRing>();
    const CellReader<NumberRing> reader(*ring);
    CellWriter<NumberRing> writer(*ring);
    ring->written.store(NumberRing::kCount + 1);
    QVERIFY(reader.waiting() > NumberRing::kCount); // as it says of itself
    ring->read.store(1); // ahead of what was written
    QCOMPARE(writer.room(), std::uint32_t{0});
}

void TestTaskCells::takenCellIsACopy()
{
    const auto ring = std::make_unique<NumberRing>();
    CellWriter<NumberRing> writer(*ring);
    CellReader<NumberRing> reader(*ring);
    writer.add().value = 1;
    writer.publish();
    const Number taken = reader.take();
    ring->cells[0].value = 2;
    QCOMPARE(taken.value, std::uint64_t{1});
}

/// This test would not end with a missed wake-up.
void TestTaskCells::sleepersAreWoken()
{
    constexpr std::uint64_t kNumbers = 20'000;
    const auto ring = std::make_unique<NumberRing>();
    std::thread producer([&ring] {
        CellWriter<NumberRing> writer(*ring);
        for (std::uint64_t i = 0; i < kNumbers; ++i) {
            while (writer.room() == 0) {
                writer.sleep(kNever);
            }
            writer.add().value = i;
            writer.publish();
            writer.wakeReader();
        }
    });
    CellReader<NumberRing> reader(*ring);
    std::uint64_t wrong = 0;
    for (std::uint64_t i = 0; i < kNumbers; ++i) {
        while (reader.waiting() == 0) {
            reader.sleep(kNever);
        }
        wrong += reader.take().value == i ? 0U : 1U;
        reader.release();
    }
    producer.join();
    QCOMPARE(wrong, std::uint64_t{0});
}

void TestTaskCells::announcementOrDoorbellIsSeen()
{
    Announcement announcement;
    QVERIFY(!announcement.mayNotSleep(0));
    QVERIFY(announcement.announce(1)); // it sleeps: ring
    QVERIFY(!announcement.announce(2)); // once is enough
    QCOMPARE(announcement.count(), std::uint32_t{2});
    QVERIFY(!announcement.announce(3)); // it looks at the two just now
    QVERIFY(announcement.mayNotSleep(2));
    QVERIFY(!announcement.mayNotSleep(3));
    QVERIFY(announcement.announce(4));
    announcement.stayAwake();
    QVERIFY(!announcement.announce(5));
}

QTEST_GUILESS_MAIN(TestTaskCells)
#include "tst_task_cells.moc"
