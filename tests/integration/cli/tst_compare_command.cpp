// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/cli/cli_case.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

/// Runs compared by the command line: files, and runs on a shelf of each test's own.
class TestCompareCommand : public poolscope::test::CliCase
{
    Q_OBJECT

private slots:
    void init();
    void twoFilesAreCompared();
    void runsOnTheShelfAreFoundByNumberAndName();
    void otherWorkIsWarnedOf();
    void severalRunsOfASideTellTheNoise();
    void vsPartsTheSides();
    void wrongWordsAreUsageErrors_data();
    void wrongWordsAreUsageErrors();
    void unknownRunsAreErrors_data();
    void unknownRunsAreErrors();

private:
    void run(const QStringList& more) const;
    QJsonObject compare(const QStringList& words) const;
};

namespace {

QJsonObject figureOf(const QJsonObject& executor, const char* name)
{
    for (const QJsonValue& each : executor["figures"].toArray()) {
        if (each.toObject()["figure"].toString() == QLatin1String(name)) {
            return each.toObject();
        }
    }
    return {};
}

} // namespace

void TestCompareCommand::init()
{
    makeFolder();
    qputenv("POOLSCOPE_SHELF", QFile::encodeName(path("shelf")));
}

void TestCompareCommand::run(const QStringList& more) const
{
    const Ended ended = call(QStringList{"run", "-w", "sleep", "-n", "60", "-e", "threads"} + more);
    QVERIFY2(ended.status == 0, ended.err.constData());
}

QJsonObject TestCompareCommand::compare(const QStringList& words) const
{
    const Ended ended = call(QStringList{"compare", "--json"} + words);
    if (ended.status != 0) {
        qWarning("%s", ended.err.constData());
    }
    return QJsonDocument::fromJson(ended.out).object();
}

void TestCompareCommand::twoFilesAreCompared()
{
    run({"-j", "2", "--export", "before.pscope"});
    run({"-j", "4", "--export", "after.pscope"});
    const QJsonObject report = compare({"before.pscope", "after.pscope"});
    QCOMPARE(report["first"].toObject()["title"].toString(), QStringLiteral("before.pscope"));
    QCOMPARE(report["compared"].toArray().size(), 1);
    const QJsonObject after = report["compared"].toArray()[0].toObject();
    QVERIFY(after["fair"].toBool());
    const QJsonObject fact = after["facts"].toArray()[0].toObject();
    QCOMPARE(fact["fact"].toString(), QStringLiteral("workers:threads"));
    QCOMPARE(fact["second"].toString(), QStringLiteral("4"));
    const QJsonObject makespan = figureOf(after["executors"].toArray()[0].toObject(), "makespan_s");
    QVERIFY(makespan["second"].toDouble() < makespan["first"].toDouble());
    QCOMPARE(makespan["noise"].toString(), QStringLiteral("unknown"));

    const Ended text = call({"compare", "before.pscope", "after.pscope"});
    QCOMPARE(text.status, 0);
    for (const char* words : {"workers of threads: 2 → 4", "makespan", "noise unknown"}) {
        QVERIFY2(text.out.contains(words), text.out.constData());
    }
}

void TestCompareCommand::runsOnTheShelfAreFoundByNumberAndName()
{
    run({"--keep-as", "before it"});
    run({"--keep-as", "after"});
    const QJsonObject report = compare({"before it", "2"});
    QVERIFY(report["first"].toObject()["title"].toString().contains("before it"));
    QCOMPARE(report["compared"].toArray()[0].toObject()["title"].toString(),
             QStringLiteral("after (run 2)"));
    run({"--keep-as", "after"});
    const Ended ended = call({"compare", "1", "after"});
    QCOMPARE(ended.status, 1);
    QVERIFY2(ended.err.contains("numbers 3, 2"), ended.err.constData());
}

void TestCompareCommand::otherWorkIsWarnedOf()
{
    run({"--export", "a.pscope"});
    run({"--seed", "7", "--export", "b.pscope"});
    const Ended ended = call({"compare", "a.pscope", "b.pscope"});
    QCOMPARE(ended.status, 0);
    QVERIFY2(ended.out.contains("Warning") && ended.out.contains("seed: 1 → 7"),
             ended.out.constData());
}

void TestCompareCommand::severalRunsOfASideTellTheNoise()
{
    for (int round = 0; round < 3; ++round) {
        run({"-j", "2", "--keep"});
        run({"-j", "6", "--keep"});
    }
    const QJsonObject report = compare({"1", "2", "3", "4", "5", "6"});
    QCOMPARE(report["first"].toObject()["run_ids"].toArray().size(), 3);
    QCOMPARE(report["compared"].toArray().size(), 1);
    const QJsonObject other = report["compared"].toArray()[0].toObject();
    QCOMPARE(other["run_ids"].toArray().size(), 3);
    const QJsonObject makespan = figureOf(other["executors"].toArray()[0].toObject(), "makespan_s");
    QCOMPARE(makespan["ratio"].toArray().size(), 3);
    QVERIFY(makespan["noise"].toString() != QLatin1String("unknown"));
}

void TestCompareCommand::vsPartsTheSides()
{
    for (int i = 0; i < 4; ++i) {
        run({"--keep"});
    }
    const QJsonObject report = compare({"1", "2", "vs", "3", "4"});
    QCOMPARE(report["first"].toObject()["run_ids"].toArray().size(), 2);
    QCOMPARE(report["compared"].toArray()[0].toObject()["run_ids"].toArray().size(), 2);
    // Without it runs of the same settings are compared one by one.
    QCOMPARE(compare({"1", "2", "3"})["compared"].toArray().size(), 2);
}

void TestCompareCommand::wrongWordsAreUsageErrors_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::newRow("none") << QStringList{"compare"};
    QTest::newRow("one") << QStringList{"compare", "a"};
    QTest::newRow("empty side") << QStringList{"compare", "a", "vs"};
    QTest::newRow("empty side between") << QStringList{"compare", "a", "vs", "vs", "b"};
    QTest::newRow("option") << QStringList{"compare", "--jsun", "a", "b"};
}

void TestCompareCommand::wrongWordsAreUsageErrors()
{
    QFETCH(QStringList, words);
    const Ended ended = call(words);
    QCOMPARE(ended.status, 2);
    QVERIFY(!ended.err.isEmpty());
}

void TestCompareCommand::unknownRunsAreErrors_data()
{
    QTest::addColumn<QString>("run");
    QTest::newRow("number") << "77";
    QTest::newRow("name") << "nobody";
    QTest::newRow("no run file") << "broken.pscope";
}

void TestCompareCommand::unknownRunsAreErrors()
{
    QFETCH(QString, run);
    this->run({"--export", "a.pscope"});
    writeFile("broken.pscope", "no run");
    const Ended ended = call({"compare", "a.pscope", run});
    QCOMPARE(ended.status, 1);
    QVERIFY2(ended.err.contains(run.toUtf8()), ended.err.constData());
    QVERIFY(ended.out.isEmpty());
}

QTEST_GUILESS_MAIN(TestCompareCommand)
#include "tst_compare_command.moc"
