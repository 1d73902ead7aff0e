// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/cli/cli_case.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace poolscope;

class WhatIfCommandTest : public test::CliCase
{
    Q_OBJECT

private slots:
    void initTestCase();
    void predicts();
    void runsItForReal();
    void writesBoth();
    void refuses_data();
    void refuses();

private:
    QString m_run;
};

void WhatIfCommandTest::initTestCase()
{
    makeFolder();
    m_run = path("run.pscope");
    QCOMPARE(call({"run", "-w", "sleep", "-n", "100", "-p", "ms=4", "-e", "threads", "-j", "2",
                   "-o", m_run})
                 .status,
             0);
}

void WhatIfCommandTest::predicts()
{
    const Ended ended = call({"whatif", m_run, "-j", "4", "--json"});
    QVERIFY2(ended.err.isEmpty(), ended.err);
    QCOMPARE(ended.status, 0);
    const QJsonObject answer = QJsonDocument::fromJson(ended.out).object();
    QCOMPARE(answer.value("workers").toInt(), 4);
    QCOMPARE(answer.value("order").toString(), QStringLiteral("as_submitted"));
    const double ratio =
        answer.value("recorded_s").toDouble() / answer.value("predicted_s").toDouble();
    QVERIFY2(ratio > 1.5 && ratio < 2.5, qPrintable(QString::number(ratio)));
    const Ended text = call({"whatif", m_run, "--order", "longest_first", "-c", "5"});
    QVERIFY2(text.out.startsWith("2 workers, chunks of 5, longest first\nIt would take "),
             text.out);
}

void WhatIfCommandTest::runsItForReal()
{
    const Ended ended = call({"whatif", m_run, "-j", "5", "--run"});
    QVERIFY2(ended.err.isEmpty(), ended.err);
    QCOMPARE(ended.status, 0);
    QVERIFY2(ended.out.contains("\nPredicted "), ended.out);
}

void WhatIfCommandTest::writesBoth()
{
    const QString picture = path("both.png");
    const QString file = path("both.pscope");
    const Ended ended = call({"whatif", m_run, "-j", "3", "-o", picture, "-o", file});
    QVERIFY2(ended.err.isEmpty(), ended.err);
    QCOMPARE(ended.status, 0);
    QVERIFY(QFileInfo(picture).size() > 1000);
    QCOMPARE(call({"explain", file}).status, 0);
}

void WhatIfCommandTest::refuses_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("nothing") << QStringList{} << QByteArray("whatif needs one run file");
    QTest::newRow("order") << QStringList{m_run, "--order", "any"}
                           << QByteArray("--order any: give ");
    QTest::newRow("workers") << QStringList{m_run, "-j", "0"} << QByteArray("workers");
    QTest::newRow("executor") << QStringList{m_run, "-e", "inline"}
                              << QByteArray("--executor inline: the run has no such executor.");
    QTest::newRow("order and run")
        << QStringList{m_run, "--order", "longest_first", "--run"} << QByteArray("--run: how long");
}

void WhatIfCommandTest::refuses()
{
    QFETCH(const QStringList, words);
    QFETCH(const QByteArray, message);
    const Ended ended = call(QStringList{"whatif"} + words);
    QCOMPARE(ended.status, 2);
    QVERIFY2(ended.err.contains(message), ended.err);
}

QTEST_GUILESS_MAIN(WhatIfCommandTest)
#include "tst_what_if_command.moc"
