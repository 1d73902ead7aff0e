// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/bounded_reader.h"
#include "core/task/codec.h"

#include <QTest>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace poolscope;

Q_DECLARE_METATYPE(poolscope::Value)

namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

ParamSet someParams()
{
    ParamSet params;
    params.set("tasks", std::int64_t{1'000'000});
    params.set("ratio", 0.1);
    params.set("input", std::string("/a\n/b with blank\n"));
    params.set("empty", std::string());
    return params;
}

/// One of each kind of item.
std::string someMessage()
{
    ByteWriter writer;
    writer.writeUnsigned(300);
    writer.writeSigned(-300);
    writer.writeReal(2.5);
    writer.writeText("text");
    writer.writeValue(std::string("value"));
    writer.writeParams(someParams());
    return writer.takeBytes();
}

void readMessage(ByteReader& reader)
{
    reader.readUnsigned();
    reader.readSigned();
    reader.readReal();
    reader.readText();
    reader.readValue();
    reader.readParams();
}

std::string bytes(std::initializer_list<int> list)
{
    std::string text;
    for (const int byte : list) {
        text += static_cast<char>(byte);
    }
    return text;
}

} // namespace

class CodecTest : public QObject
{
    Q_OBJECT

private slots:
    void numbersComeBack_data();
    void numbersComeBack();
    void smallNumbersAreShort();
    void layoutIsAsDocumented();
    void valuesComeBack_data();
    void valuesComeBack();
    void notANumberComesBackBitByBit();
    void paramsComeBack();
    void everyPrefixFails();
    void malformedBytesFail_data();
    void malformedBytesFail();
    void malformedParamsFail_data();
    void malformedParamsFail();
    void afterAFailureEverythingIsNothing();
    void randomBytesNeverReadPastTheEnd();
    void numbersOutOfBoundsAreZeroAndTold();
};

void CodecTest::numbersOutOfBoundsAreZeroAndTold()
{
    ByteWriter writer;
    for (const std::uint64_t number : {255U, 256U, 7U}) {
        writer.writeUnsigned(number);
    }
    ByteReader in(writer.bytes());
    BoundedReader reader(in);
    std::uint8_t byte = 0;
    reader.read(byte);
    QCOMPARE(byte, std::uint8_t{255});
    QVERIFY(reader.isGood());
    reader.read(byte);
    QCOMPARE(byte, std::uint8_t{0});
    QVERIFY(!reader.isGood());
    QCOMPARE(reader.readUpTo(7), std::uint64_t{7});
    QVERIFY(!reader.isGood());
    QVERIFY(!in.hasFailed());

    ByteReader nothing("");
    BoundedReader failed(nothing);
    QCOMPARE(failed.readUpTo(7), std::uint64_t{0});
    QVERIFY(!failed.isGood());
}

void CodecTest::numbersComeBack_data()
{
    QTest::addColumn<qint64>("number");
    for (const std::int64_t number :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{64},
          std::int64_t{-64}, std::int64_t{-65}, std::int64_t{1} << 32, kLowest, kHighest}) {
        QTest::addRow("%lld", static_cast<long long>(number)) << qint64{number};
    }
}

void CodecTest::numbersComeBack()
{
    QFETCH(const qint64, number);
    ByteWriter writer;
    writer.writeSigned(number);
    writer.writeUnsigned(static_cast<std::uint64_t>(number));
    ByteReader reader(writer.bytes());
    QCOMPARE(reader.readSigned(), std::int64_t{number});
    QCOMPARE(reader.readUnsigned(), static_cast<std::uint64_t>(number));
    QVERIFY(!reader.hasFailed());
    QVERIFY(reader.isAtEnd());
}

void CodecTest::smallNumbersAreShort()
{
    ByteWriter writer;
    writer.writeUnsigned(127);
    writer.writeSigned(-64);
    QCOMPARE(writer.bytes().size(), std::size_t{2});
    writer.clear();
    writer.writeUnsigned(~std::uint64_t{0});
    QCOMPARE(writer.bytes().size(), std::size_t{10});
}

void CodecTest::layoutIsAsDocumented()
{
    ByteWriter writer;
    writer.writeUnsigned(300);
    writer.writeSigned(-2);
    writer.writeReal(1.0);
    writer.writeText("ab");
    QCOMPARE(writer.bytes(),
             bytes({0xac, 0x02, 0x03, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x02, 'a', 'b'}));
}

void CodecTest::valuesComeBack_data()
{
    QTest::addColumn<Value>("value");
    QTest::newRow("nothing") << Value();
    QTest::newRow("integer") << Value(std::int64_t{-5});
    QTest::newRow("lowest") << Value(kLowest);
    QTest::newRow("real") << Value(0.1);
    QTest::newRow("negative zero") << Value(-0.0);
    QTest::newRow("infinity") << Value(std::numeric_limits<double>::infinity());
    QTest::newRow("smallest real") << Value(std::numeric_limits<double>::denorm_min());
    QTest::newRow("empty text") << Value(std::string());
    QTest::newRow("text with zeros") << Value(std::string("a\0b", 3));
    QTest::newRow("long text") << Value(std::string(100'000, 'x'));
}

void CodecTest::valuesComeBack()
{
    QFETCH(const Value, value);
    ByteWriter writer;
    writer.writeValue(value);
    ByteReader reader(writer.bytes());
    QVERIFY(reader.readValue() == value);
    QVERIFY(!reader.hasFailed());
    QVERIFY(reader.isAtEnd());
}

void CodecTest::notANumberComesBackBitByBit()
{
    const auto strange = std::bit_cast<double>(0x7ff8'0000'dead'beefULL);
    ByteWriter writer;
    writer.writeReal(strange);
    ByteReader reader(writer.bytes());
    QCOMPARE(std::bit_cast<quint64>(reader.readReal()), std::bit_cast<quint64>(strange));
}

void CodecTest::paramsComeBack()
{
    for (const ParamSet& params : {ParamSet(), someParams()}) {
        ByteWriter writer;
        writer.writeParams(params);
        ByteReader reader(writer.bytes());
        QVERIFY(reader.readParams() == params);
        QVERIFY(!reader.hasFailed());
        QVERIFY(reader.isAtEnd());
    }
}

void CodecTest::everyPrefixFails()
{
    const std::string whole = someMessage();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        // A copy of its own, so that the address sanitizer sees a byte read too many.
        const std::vector<char> prefix(whole.begin(), whole.begin() + static_cast<long>(size));
        ByteReader reader(std::string_view(prefix.data(), prefix.size()));
        readMessage(reader);
        QVERIFY2(reader.hasFailed(), qPrintable(QString::number(size)));
    }
    ByteReader reader(whole);
    readMessage(reader);
    QVERIFY(!reader.hasFailed());
    QVERIFY(reader.isAtEnd());
}

void CodecTest::malformedBytesFail_data()
{
    QTest::addColumn<QByteArray>("malformed");
    const auto row = [](const char* name, const std::string& malformed) {
        QTest::newRow(name) << QByteArray::fromStdString(malformed);
    };
    row("nothing", {});
    row("unknown tag", bytes({4}));
    row("tag only", bytes({1}));
    row("number without end", bytes({1, 0x80, 0x80}));
    row("number of 65 bits",
        bytes({1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02}));
    row("number of eleven bytes",
        bytes({1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}));
    row("short real", bytes({2, 0, 0, 0, 0, 0, 0, 0}));
    row("text longer than the rest", bytes({3, 2, 'a'}));
    row("text of 2^64-1 bytes",
        bytes({3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 'a'}));
}

void CodecTest::malformedBytesFail()
{
    QFETCH(const QByteArray, malformed);
    ByteReader reader(
        std::string_view(malformed.data(), static_cast<std::size_t>(malformed.size())));
    reader.readValue();
    QVERIFY(reader.hasFailed());
}

void CodecTest::malformedParamsFail_data()
{
    QTest::addColumn<QByteArray>("malformed");
    const auto row = [](const char* name, const std::string& malformed) {
        QTest::newRow(name) << QByteArray::fromStdString(malformed);
    };
    row("more promised than there", bytes({2, 1, 'a', 1, 2}));
    row("a huge count", bytes({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}));
    row("nothing as a value", bytes({1, 1, 'a', 0}));
    row("the same id twice", bytes({2, 1, 'a', 1, 2, 1, 'a', 1, 4}));
}

void CodecTest::malformedParamsFail()
{
    QFETCH(const QByteArray, malformed);
    ByteReader reader(
        std::string_view(malformed.data(), static_cast<std::size_t>(malformed.size())));
    QVERIFY(reader.readParams() == ParamSet());
    QVERIFY(reader.hasFailed());
}

void CodecTest::afterAFailureEverythingIsNothing()
{
    const std::string rest = someMessage();
    const std::string message = bytes({3, 0xff, 0x7f}) + rest; // a text that is too long
    ByteReader reader(message);
    reader.readValue();
    QVERIFY(reader.hasFailed());
    QCOMPARE(reader.readUnsigned(), std::uint64_t{0});
    QCOMPARE(reader.readSigned(), std::int64_t{0});
    QCOMPARE(reader.readReal(), 0.0);
    QVERIFY(reader.readText().empty());
    QVERIFY(reader.readValue() == Value());
    QVERIFY(reader.readParams() == ParamSet());
    QVERIFY(reader.hasFailed());
}

void CodecTest::randomBytesNeverReadPastTheEnd()
{
    std::mt19937 random(1); // NOLINT: the same bytes each time
    int failures = 0;
    constexpr int kMessages = 20'000;
    for (int i = 0; i < kMessages; ++i) {
        std::vector<char> message(random() % 40);
        for (char& byte : message) {
            // Small numbers, so that tags and lengths are often right.
            byte = static_cast<char>(random() % 4 == 0 ? random() % 256 : random() % 6);
        }
        ByteReader reader(std::string_view(message.data(), message.size()));
        const ParamSet params = reader.readParams();
        failures += reader.hasFailed() ? 1 : 0;
        QVERIFY(!reader.hasFailed() || params == ParamSet());
        QVERIFY(params.values().size() <= message.size());
    }
    QVERIFY(failures > 0);
    QVERIFY(failures < kMessages);
}

QTEST_GUILESS_MAIN(CodecTest)
#include "tst_codec.moc"
