// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/value_block.h"

#include <QTest>

#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace poolscope;

Q_DECLARE_METATYPE(std::vector<poolscope::Value>)

namespace {

std::string blockOf(const std::vector<Value>& values, std::uint64_t expected)
{
    ValueBlockWriter writer(expected);
    for (const Value& value : values) {
        writer.add(Value(value));
    }
    return std::move(writer).take();
}

} // namespace

class TestValueBlock : public QObject
{
    Q_OBJECT

private slots:
    void givesBackWhatWasPutIn_data();
    void givesBackWhatWasPutIn();
    void numbersLieInOnePiece();
    void numbersTakeEightBytes();
    void bytesThatAreNoBlockAreRefused();
    void randomBytesDoNoHarm();
};

void TestValueBlock::givesBackWhatWasPutIn_data()
{
    const Value nothing;
    const Value integer = std::int64_t{-5};
    const Value real = 0.5;
    const Value text = std::string("text");
    QTest::addColumn<std::vector<Value>>("values");
    QTest::newRow("none") << std::vector<Value>{};
    QTest::newRow("nothing") << std::vector<Value>{nothing, nothing};
    QTest::newRow("integers") << std::vector<Value>{integer, integer, integer};
    QTest::newRow("reals") << std::vector<Value>{real, real};
    QTest::newRow("texts") << std::vector<Value>{text, std::string(), text};
    QTest::newRow("integers, then others") << std::vector<Value>{integer, real, text, nothing};
    QTest::newRow("reals, then others") << std::vector<Value>{real, integer, real};
    QTest::newRow("nothing, then others") << std::vector<Value>{nothing, nothing, integer};
}

void TestValueBlock::givesBackWhatWasPutIn()
{
    QFETCH(std::vector<Value>, values);
    for (const std::uint64_t expected : {std::uint64_t{0}, values.size(), 2 * values.size()}) {
        const auto block = ValueBlock::read(blockOf(values, expected));
        QVERIFY(block.has_value());
        QCOMPARE(block->size(), values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            QCOMPARE(block->at(i), values[i]);
        }
    }
}

void TestValueBlock::numbersLieInOnePiece()
{
    const auto integers = ValueBlock::read(blockOf({std::int64_t{1}, std::int64_t{2}}, 2));
    QCOMPARE(integers->integers().size(), std::size_t{2});
    QCOMPARE(integers->integers()[1], std::int64_t{2});
    QVERIFY(integers->reals().empty());
    const auto reals = ValueBlock::read(blockOf({0.5, 1.5, 2.5}, 3));
    QCOMPARE(reals->reals().size(), std::size_t{3});
    QCOMPARE(reals->reals()[2], 2.5);
    QVERIFY(reals->integers().empty());
}

void TestValueBlock::numbersTakeEightBytes()
{
    QCOMPARE(blockOf(std::vector<Value>(100, std::int64_t{7}), 100).size(), std::size_t{808});
}

void TestValueBlock::bytesThatAreNoBlockAreRefused()
{
    QVERIFY(!ValueBlock::read("").has_value());
    QVERIFY(!ValueBlock::read("short").has_value());
    std::string bytes = blockOf({std::int64_t{1}, std::int64_t{2}}, 2);
    bytes.pop_back();
    QVERIFY(!ValueBlock::read(bytes).has_value());
    bytes = blockOf({std::string("a"), std::string("b")}, 2) + '\0';
    QVERIFY(!ValueBlock::read(bytes).has_value());
    bytes = blockOf({}, 0);
    bytes[0] = 9; // no such kind
    QVERIFY(!ValueBlock::read(bytes).has_value());
}

void TestValueBlock::randomBytesDoNoHarm()
{
    std::mt19937 random(1);
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes(random() % 60, '\0');
        for (char& byte : bytes) {
            byte = static_cast<char>(random() % (random() % 256 + 1));
        }
        if (const auto block = ValueBlock::read(bytes); block && block->size() > 0) {
            static_cast<void>(block->at(block->size() - 1));
        }
    }
}

QTEST_GUILESS_MAIN(TestValueBlock)
#include "tst_value_block.moc"
