// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/recorded_value.h"

#include <QTest>

#include <string>

using namespace poolscope;

namespace {

std::string recordedText(const std::string& text)
{
    return std::get<std::string>(recordedValue(nullptr, 0, Value(text)));
}

} // namespace

class TestRecordedValue : public QObject
{
    Q_OBJECT

private slots:
    void mostValuesAreRecordedAsTheyAre();
    void longTextIsCutAndItsLengthIsSaid();
    void textIsCutBetweenCharacters();
    void bytesThatAreNoTextAreCutAnywhere();
    void chunkIsRecordedByItsNumberOfItems();
};

void TestRecordedValue::mostValuesAreRecordedAsTheyAre()
{
    const std::string longest(kMostRecordedBytes, 'a');
    for (const Value& value : {Value(), Value(std::int64_t{5}), Value(0.5), Value(longest)}) {
        QVERIFY(!isRecordedOtherwise(nullptr, TaskState::Done, value));
    }
    QVERIFY(isRecordedOtherwise(nullptr, TaskState::Done, Value(longest + 'a')));
}

void TestRecordedValue::longTextIsCutAndItsLengthIsSaid()
{
    const std::string kept = recordedText(std::string(16'000'000, 'x'));
    QCOMPARE(kept, std::string(kMostRecordedBytes, 'x') + "… (16000000 bytes in all)");
}

void TestRecordedValue::textIsCutBetweenCharacters()
{
    const std::string characters[] = {"ä", "€", "😀"};
    for (const std::string& character : characters) {
        for (std::size_t before = 0; before <= character.size(); ++before) {
            const std::string head(kMostRecordedBytes - before, 'x');
            const bool isWhole = before == character.size();
            QVERIFY(recordedText(head + character + "and more")
                        .starts_with(head + (isWhole ? character : "") + "… ("));
        }
    }
}

void TestRecordedValue::bytesThatAreNoTextAreCutAnywhere()
{
    const std::string bytes(kMostRecordedBytes + 1, '\x80');
    QVERIFY(recordedText(bytes).starts_with(bytes.substr(1) + "… ("));
}

void TestRecordedValue::chunkIsRecordedByItsNumberOfItems()
{
    const ItemChunks chunks(nullptr, {0, 10, 15});
    const Value results = std::string("the block");
    QVERIFY(isRecordedOtherwise(&chunks, TaskState::Done, results));
    QVERIFY(!isRecordedOtherwise(&chunks, TaskState::Failed, Value()));
    QCOMPARE(recordedValue(&chunks, 1, results), Value(std::int64_t{5}));
}

QTEST_GUILESS_MAIN(TestRecordedValue)
#include "tst_recorded_value.moc"
