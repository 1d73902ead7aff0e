// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/task_query.h"
#include "core/task/task_state.h"
#include "core/trace/summary_pyramid.h"

#include <QTest>

using namespace poolscope;

Q_DECLARE_METATYPE(poolscope::TaskQuery)

namespace {

using Figure = TaskQuery::Figure;
using Relation = TaskQuery::Relation;

TaskQuery withWords(std::vector<std::string> words)
{
    TaskQuery query;
    query.words = std::move(words);
    return query;
}

TaskQuery withTasks(std::vector<std::uint64_t> tasks)
{
    TaskQuery query;
    query.tasks = std::move(tasks);
    return query;
}

TaskQuery withStates(std::uint8_t bits)
{
    TaskQuery query;
    query.stateBits = bits;
    return query;
}

TaskQuery withDuration(Figure figure, Relation relation, Nanos valueNs)
{
    TaskQuery query;
    query.durations = {{figure, relation, valueNs}};
    return query;
}

} // namespace

class TaskQueryTest : public QObject
{
    Q_OBJECT

private slots:
    void lineBecomesAQuery_data();
    void lineBecomesAQuery();
    void termsAreJoined();
    void wrongLineSaysWhere_data();
    void wrongLineSaysWhere();
    void timesAreReadWithTheirUnits_data();
    void timesAreReadWithTheirUnits();
};

void TaskQueryTest::lineBecomesAQuery_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<TaskQuery>("query");
    const auto row = [](const char* line, const TaskQuery& query) {
        QTest::newRow(line) << QByteArray(line) << query;
    };
    row("", TaskQuery{});
    row(" \t ", TaskQuery{});
    row("Photo", withWords({"photo"}));
    row("photo dog", withWords({"photo", "dog"}));
    row("\"Photo of: a <dog>\"", withWords({"photo of: a <dog>"}));
    row("dog.tar.gz", withWords({"dog.tar.gz"}));
    row("run", withWords({"run"}));
    row("run of", withWords({"run", "of"}));
    row("12", withTasks({12}));
    row("id:12", withTasks({12}));
    row("ID:12 7", withTasks({7, 12}));
    row("\"12\"", withWords({"12"}));
    row("state:failed", withStates(stateBit(TaskState::Failed)));
    row("state:Done", withStates(stateBit(TaskState::Done)));
    row("state:timed_out", withStates(stateBit(TaskState::TimedOut)));
    row("state:timed-out", withStates(stateBit(TaskState::TimedOut)));
    row("state:failed,lost", withStates(stateBit(TaskState::Failed) | stateBit(TaskState::Lost)));
    row("state:failed state:lost",
        withStates(stateBit(TaskState::Failed) | stateBit(TaskState::Lost)));
    row("> 10 ms", withDuration(Figure::Run, Relation::Greater, 10'000'000));
    row(">10ms", withDuration(Figure::Run, Relation::Greater, 10'000'000));
    row("run>10ms", withDuration(Figure::Run, Relation::Greater, 10'000'000));
    row("run >= 1.5 s", withDuration(Figure::Run, Relation::GreaterOrEqual, 1'500'000'000));
    row("Wait < 2us", withDuration(Figure::Wait, Relation::Less, 2'000));
    row("cpu <= 3 \u00b5s", withDuration(Figure::Cpu, Relation::LessOrEqual, 3'000));
    row("wait = 0 ns", withDuration(Figure::Wait, Relation::Equal, 0));
    row("> 2 min", withDuration(Figure::Run, Relation::Greater, 120 * kNanosPerSecond));
}

void TaskQueryTest::lineBecomesAQuery()
{
    QFETCH(QByteArray, line);
    QFETCH(TaskQuery, query);
    const Result<TaskQuery> result = parseTaskQuery(line.toStdString());
    QVERIFY2(result.isOk(), result ? "" : result.error().message.c_str());
    QVERIFY(result.value() == query);
}

void TaskQueryTest::termsAreJoined()
{
    const Result<TaskQuery> result =
        parseTaskQuery("dog executor:\"Process pool\" worker:3 worker:4 kind:Large wait >= 2s "
                       "run<1h state:done 9 cat");
    QVERIFY(result.isOk());
    TaskQuery expected;
    expected.words = {"dog", "cat"};
    expected.executors = {"process pool"};
    expected.workers = {3, 4};
    expected.kinds = {"large"};
    expected.durations = {{Figure::Wait, Relation::GreaterOrEqual, 2 * kNanosPerSecond},
                          {Figure::Run, Relation::Less, 3600 * kNanosPerSecond}};
    expected.stateBits = stateBit(TaskState::Done);
    expected.tasks = {9};
    QVERIFY(result.value() == expected);
    QVERIFY(!expected.isEmpty());
}

void TaskQueryTest::wrongLineSaysWhere_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("at");
    QTest::addColumn<QByteArray>("what");
    const auto row = [](const char* line, int at, const char* what) {
        QTest::newRow(line) << QByteArray(line) << at << QByteArray(what);
    };
    row("dog \"cat", 5, "not closed");
    row("state:faild", 7, "\"faild\" is no state");
    row("state:failed,,lost", 14, "is no state");
    row("state:", 7, "value is missing");
    row("stat:failed", 1, "nothing to search by");
    row("https://example.org", 1, "in quotes");
    row("id:x", 4, "\"x\" is no number");
    row("id:99999999999999999999", 4, "is no number");
    row("worker:-1", 8, "is no number");
    row(">", 2, "time is missing");
    row("run > dog", 7, "time is missing");
    row("run > 10", 7, "unit is missing");
    row("> 10 parsec", 3, "\"10 parsec\" is no time");
    row("> 10 failed", 3, "is no time");
    row("> 999999999 h", 3, "is no time");
    row("length > 10 ms x>3ms", 16, "\"x\" is no duration");
    row("\u00fc\u00fc id:x", 7, "is no number"); // characters, not bytes
}

void TaskQueryTest::wrongLineSaysWhere()
{
    QFETCH(QByteArray, line);
    QFETCH(int, at);
    QFETCH(QByteArray, what);
    const Result<TaskQuery> result = parseTaskQuery(line.toStdString());
    QVERIFY(!result.isOk());
    const auto message = QByteArray::fromStdString(result.error().message);
    QVERIFY2(message.startsWith("At character " + QByteArray::number(at) + ": "), message);
    QVERIFY2(message.contains(what), message);
}

void TaskQueryTest::timesAreReadWithTheirUnits_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("nanos"); // -1: none
    const auto row = [](const char* text, qint64 nanos) {
        QTest::newRow(text) << QByteArray(text) << nanos;
    };
    row("12.5 ms", 12'500'000);
    row(" 3s ", 3'000'000'000);
    row("0 ns", 0);
    row(".5us", 500);
    row("1 H", 3'600'000'000'000);
    row("1.2345678915 s", 1'234'567'892);
    row("", -1);
    row("ms", -1);
    row("12.5", -1);
    row("1.2.3 s", -1);
    row("-1 s", -1);
    row("1e3 s", -1);
    row(". s", -1);
    row("1 s 2", -1);
    row("9999999999999 h", -1);
}

void TaskQueryTest::timesAreReadWithTheirUnits()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, nanos);
    QCOMPARE(parseDuration(text.toStdString()).value_or(-1), nanos);
}

QTEST_GUILESS_MAIN(TaskQueryTest)
#include "tst_task_query.moc"
