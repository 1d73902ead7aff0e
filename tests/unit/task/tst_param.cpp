// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/param.h"
#include "core/task/task_state.h"
#include "core/task/value.h"

#include <QTest>

#include <limits>
#include <set>

using namespace poolscope;

namespace {

std::vector<ParamSpec> someSpecs()
{
    return {
        {.id = "count",
         .kind = ParamKind::Integer,
         .defaultValue = std::int64_t{5},
         .minimum = 1,
         .maximum = 1'000'000'000,
         .unit = "pieces"},
        {.id = "ratio", .kind = ParamKind::Real, .defaultValue = 0.5, .minimum = 0, .maximum = 1},
        {.id = "note", .kind = ParamKind::Text, .defaultValue = std::string("none")},
        {.id = "script", .kind = ParamKind::Lines, .defaultValue = std::string()},
        {.id = "input", .kind = ParamKind::Paths, .defaultValue = std::string()},
        {.id = "mode",
         .kind = ParamKind::Choice,
         .defaultValue = std::string("slow"),
         .choices = {{"slow", "Slow"}, {"fast", "Fast"}}},
    };
}

ParamSpec specOf(const QString& id)
{
    for (ParamSpec& spec : someSpecs()) {
        if (spec.id == id.toStdString()) {
            return std::move(spec);
        }
    }
    qFatal("no such parameter in the test");
}

bool contains(const std::string& text, const QString& part)
{
    return QString::fromStdString(text).contains(part);
}

} // namespace

Q_DECLARE_METATYPE(poolscope::ParamValue)

class ParamTest : public QObject
{
    Q_OBJECT

private slots:
    void parsed_data();
    void parsed();
    void refusedText_data();
    void refusedText();
    void textOfAValueParsesBack();
    void missingOnesGetTheirDefault();
    void givenOnesAreKept();
    void wholeNumberDoesForAReal();
    void refusedValue_data();
    void refusedValue();
    void unknownIdIsNamed();
    void findGivesNothingForAnUnknownId();
    void pathListSplitsLines_data();
    void pathListSplitsLines();
    void valueText_data();
    void valueText();
    void stateWords();
};

void ParamTest::parsed_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<ParamValue>("value");
    const auto row = [](const char* name, const char* id, const char* text, ParamValue value) {
        QTest::newRow(name) << id << QByteArray(text) << std::move(value);
    };
    row("integer", "count", "42", std::int64_t{42});
    row("lowest integer", "count", "1", std::int64_t{1});
    row("highest integer", "count", "1000000000", std::int64_t{1'000'000'000});
    row("blanks around", "count", " 42\n", std::int64_t{42});
    row("real", "ratio", "0.25", 0.25);
    row("whole real", "ratio", "1", 1.0);
    row("real with exponent", "ratio", "2.5e-1", 0.25);
    row("text", "note", " as it is ", std::string(" as it is "));
    row("empty text", "note", "", std::string());
    row("lines", "script", " a\n\n b\n", std::string(" a\n\n b\n"));
    row("paths", "input", "/a\n/b", std::string("/a\n/b"));
    row("choice", "mode", "fast", std::string("fast"));
}

void ParamTest::parsed()
{
    QFETCH(const QString, id);
    QFETCH(const QByteArray, text);
    QFETCH(const ParamValue, value);
    const Result<ParamValue> result = parseParam(specOf(id), text.toStdString());
    QVERIFY2(result, result ? "" : result.error().message.c_str());
    QVERIFY(result.value() == value);
}

void ParamTest::refusedText_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("allowed"); // in the message
    const QString count = "a whole number from 1 to 1000000000 pieces";
    const QString ratio = "a number from 0 to 1";
    for (const char* text : {"", "x", "1.5", "1 2", "0x10", "0", "-1", "1000000001", "1e3", "+1",
                             "99999999999999999999", "nan"}) {
        QTest::addRow("count = %s", text) << "count" << QByteArray(text) << count;
    }
    for (const char* text : {"", "half", "0,5", "-0.1", "1.0001", "nan", "inf", "1e999", "0.5 x"}) {
        QTest::addRow("ratio = %s", text) << "ratio" << QByteArray(text) << ratio;
    }
    for (const char* text : {"", "Fast", "fastest"}) {
        QTest::addRow("mode = %s", text) << "mode" << QByteArray(text) << "one of slow, fast";
    }
    QTest::newRow("path with a zero") << "input" << QByteArray("/a\0b", 4) << "one a line";
    QTest::newRow("lines with a zero") << "script" << QByteArray("a\0b", 3) << "without zero bytes";
}

void ParamTest::refusedText()
{
    QFETCH(const QString, id);
    QFETCH(const QByteArray, text);
    QFETCH(const QString, allowed);
    const Result<ParamValue> result = parseParam(specOf(id), text.toStdString());
    QVERIFY(!result);
    QVERIFY(contains(result.error().message, '"' + id + '"'));
    QVERIFY(
        contains(result.error().message, QString::fromStdString('"' + text.toStdString() + '"')));
    QVERIFY2(contains(result.error().message, allowed), result.error().message.c_str());
}

void ParamTest::textOfAValueParsesBack()
{
    ParamSpec spec = specOf("ratio");
    spec.maximum = std::numeric_limits<double>::max();
    for (const double number : {0.1, 1.0 / 3, 1e300, 5e-324, 100'000'000.0}) {
        const Result<ParamValue> back = parseParam(spec, toText(ParamValue(number)));
        QVERIFY(back);
        QCOMPARE(std::get<double>(back.value()), number);
    }
    QCOMPARE(toText(ParamValue(0.1)), std::string("0.1"));
    QCOMPARE(toText(ParamValue(std::int64_t{-3})), std::string("-3"));
    QCOMPARE(toText(ParamValue(std::string("as it is"))), std::string("as it is"));
}

void ParamTest::missingOnesGetTheirDefault()
{
    const Result<ParamSet> params = checkParams(someSpecs(), {});
    QVERIFY(params);
    QVERIFY(params.value() == defaultParams(someSpecs()));
    QCOMPARE(params.value().integer("count"), std::int64_t{5});
    QCOMPARE(params.value().real("ratio"), 0.5);
    QCOMPARE(params.value().text("mode"), std::string("slow"));
}

void ParamTest::givenOnesAreKept()
{
    ParamSet given;
    given.set("count", std::int64_t{7});
    given.set("mode", std::string("fast"));
    const Result<ParamSet> params = checkParams(someSpecs(), given);
    QVERIFY(params);
    QCOMPARE(params.value().integer("count"), std::int64_t{7});
    QCOMPARE(params.value().text("mode"), std::string("fast"));
    QCOMPARE(params.value().values().size(), someSpecs().size());
}

void ParamTest::wholeNumberDoesForAReal()
{
    ParamSet given;
    given.set("ratio", std::int64_t{1});
    const Result<ParamSet> params = checkParams(someSpecs(), given);
    QVERIFY(params);
    QCOMPARE(params.value().real("ratio"), 1.0);
}

void ParamTest::refusedValue_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<ParamValue>("value");
    QTest::newRow("text for an integer") << "count" << ParamValue(std::string("5"));
    QTest::newRow("real for an integer") << "count" << ParamValue(5.0);
    QTest::newRow("integer too small") << "count" << ParamValue(std::int64_t{0});
    QTest::newRow("integer too large") << "count" << ParamValue(std::int64_t{1'000'000'001});
    QTest::newRow("lowest integer of all")
        << "count" << ParamValue(std::numeric_limits<std::int64_t>::min());
    QTest::newRow("text for a real") << "ratio" << ParamValue(std::string("0.5"));
    QTest::newRow("real too large") << "ratio" << ParamValue(1.5);
    QTest::newRow("integer too large for a real") << "ratio" << ParamValue(std::int64_t{2});
    QTest::newRow("not a number") << "ratio"
                                  << ParamValue(std::numeric_limits<double>::quiet_NaN());
    QTest::newRow("integer for a text") << "note" << ParamValue(std::int64_t{5});
    QTest::newRow("path with a zero") << "input" << ParamValue(std::string("/a\0b", 4));
    QTest::newRow("unknown choice") << "mode" << ParamValue(std::string("fastest"));
}

void ParamTest::refusedValue()
{
    QFETCH(const QString, id);
    QFETCH(const ParamValue, value);
    ParamSet given;
    given.set(id.toStdString(), value);
    const Result<ParamSet> params = checkParams(someSpecs(), given);
    QVERIFY(!params);
    QVERIFY(contains(params.error().message, '"' + id + '"'));
}

void ParamTest::unknownIdIsNamed()
{
    ParamSet given;
    given.set("cuont", std::int64_t{5});
    const Result<ParamSet> params = checkParams(someSpecs(), given);
    QVERIFY(!params);
    QVERIFY(contains(params.error().message, "\"cuont\""));
    QVERIFY(contains(params.error().message, "count, ratio, note, script, input, mode"));
}

void ParamTest::findGivesNothingForAnUnknownId()
{
    const ParamSet params = defaultParams(someSpecs());
    QVERIFY(params.find("unknown") == nullptr);
    QVERIFY(params.find("count") != nullptr);
}

void ParamTest::pathListSplitsLines_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QStringList>("paths");
    QTest::newRow("nothing") << QByteArray() << QStringList();
    QTest::newRow("one") << QByteArray("/a") << QStringList{"/a"};
    QTest::newRow("newline at the end") << QByteArray("/a\n") << QStringList{"/a"};
    QTest::newRow("empty lines") << QByteArray("\n\n/a\n\n/b\n\n") << QStringList{"/a", "/b"};
    QTest::newRow("blanks are part of names") << QByteArray(" a \nb") << QStringList{" a ", "b"};
}

void ParamTest::pathListSplitsLines()
{
    QFETCH(const QByteArray, lines);
    QFETCH(const QStringList, paths);
    QStringList split;
    for (const std::string& path : pathList(lines.toStdString())) {
        split.append(QString::fromStdString(path));
    }
    QCOMPARE(split, paths);
}

void ParamTest::valueText_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const Value& value, const char* expected) {
        QTest::newRow(name) << QString::fromStdString(toText(value)) << QString(expected);
    };
    row("nothing", Value(), "");
    row("integer", std::int64_t{-12}, "-12");
    row("lowest", std::numeric_limits<std::int64_t>::min(), "-9223372036854775808");
    row("real", 0.1, "0.1");
    row("third", 1.0 / 3, "0.3333333333333333");
    row("text", std::string("a,b"), "a,b");
}

void ParamTest::valueText()
{
    QFETCH(const QString, text);
    QFETCH(const QString, expected);
    QCOMPARE(text, expected);
}

void ParamTest::stateWords()
{
    std::set<std::string_view> words;
    for (int i = 0; i < kTaskStateCount; ++i) {
        words.insert(toText(static_cast<TaskState>(i)));
    }
    QCOMPARE(words.size(), std::size_t{kTaskStateCount});
    QCOMPARE(toText(TaskState::Pending), std::string_view("pending"));
    QCOMPARE(toText(TaskState::Done), std::string_view("done"));
    QCOMPARE(toText(TaskState::TimedOut), std::string_view("timed_out"));
    QCOMPARE(toText(TaskState::Lost), std::string_view("lost"));
    QVERIFY(!hasEnded(TaskState::Running));
    QVERIFY(hasEnded(TaskState::Done));
    QVERIFY(hasEnded(TaskState::Lost));
}

QTEST_GUILESS_MAIN(ParamTest)
#include "tst_param.moc"
