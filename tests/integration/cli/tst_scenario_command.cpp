// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/cli/cli_case.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace poolscope;

class ScenarioCommandTest : public test::CliCase
{
    Q_OBJECT

private slots:
    void initTestCase() { makeFolder(); }
    void listsThem();
    void runsOneStepByStep();
    void printsJson();
    void refusesUnknown();
};

void ScenarioCommandTest::listsThem()
{
    const Ended ended = call({"scenario"});
    QCOMPARE(ended.status, 0);
    QVERIFY(ended.out.contains("  gil "));
    QVERIFY(ended.out.contains("  prefetch "));
}

void ScenarioCommandTest::runsOneStepByStep()
{
    const Ended ended = call({"scenario", "crash"});
    QVERIFY2(ended.err.isEmpty(), ended.err);
    QCOMPARE(ended.status, 0);
    QVERIFY2(ended.out.startsWith("A worker crashes\n"), ended.out);
    QVERIFY2(ended.out.contains("killed, three attempts"), ended.out);
    QVERIFY2(ended.out.contains("\nNext: "), ended.out);
}

void ScenarioCommandTest::printsJson()
{
    const Ended ended = call({"scenario", "prefetch", "--json"});
    QCOMPARE(ended.status, 0);
    const QJsonObject all = QJsonDocument::fromJson(ended.out).object();
    QCOMPARE(all.value("scenario").toString(), QStringLiteral("prefetch"));
    const QJsonArray steps = all.value("steps").toArray();
    QCOMPARE(steps.size(), 3);
    QCOMPARE(steps[0].toObject().value("tasks").toInt(), 5);
    QVERIFY(steps[0].toObject().value("done").toInt() < 5);
}

void ScenarioCommandTest::refusesUnknown()
{
    const Ended ended = call({"scenario", "nothing"});
    QCOMPARE(ended.status, 2);
    QVERIFY2(ended.err.contains("scenario nothing: there is no such scenario. Known: gil,"),
             ended.err);
}

QTEST_GUILESS_MAIN(ScenarioCommandTest)
#include "tst_scenario_command.moc"
