// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/cli/cli_case.h"

#include <QTest>

using namespace poolscope;

/// --assert: a run as a gate for CI.
class AssertionsTest : public test::CliCase
{
    Q_OBJECT

private slots:
    void initTestCase();
    void holds();
    void saysWhatDoesNotHold();
    void isAboutOneExecutorIfTold();
    void goesBeforeTasksThatFailed();
    void explainsARange();
    void looksAtRunFiles();
    void refusesWhatItDoesNotUnderstand_data();
    void refusesWhatItDoesNotUnderstand();

private:
    [[nodiscard]] Ended run(const QStringList& more) const
    {
        return call(
            QStringList{"run", "-w", "square", "-n", "40", "-e", "threads,processes", "-j", "2"} +
            more);
    }
};

void AssertionsTest::initTestCase()
{
    makeFolder();
}

void AssertionsTest::holds()
{
    const Ended ended = run({"--assert", "tasks == 40", "--assert", "failed == 0", "--assert",
                             "p95_run<1h", "--assert", "utilisation >= 0%", "--json"});
    QCOMPARE(ended.status, 0);
    QVERIFY2(ended.err.isEmpty(), ended.err);
    QVERIFY(ended.out.startsWith('{'));
}

void AssertionsTest::saysWhatDoesNotHold()
{
    const Ended ended = run({"--assert", "done > 39", "--assert", "done > 40"});
    QCOMPARE(ended.status, 3);
    QCOMPARE(ended.err.count('\n'), 2);
    QVERIFY2(ended.err.contains("'done > 40' does not hold on threads: it was 40."), ended.err);
    QVERIFY2(ended.err.contains("'done > 40' does not hold on processes: it was 40."), ended.err);
    QVERIFY2(!ended.out.isEmpty(), "the summary is printed all the same");
}

void AssertionsTest::isAboutOneExecutorIfTold()
{
    const Ended ended = run({"--assert", "processes: done != 40"});
    QCOMPARE(ended.status, 3);
    QCOMPARE(ended.err.count('\n'), 1);
    QVERIFY2(ended.err.contains("on processes: it was 40."), ended.err);
}

void AssertionsTest::goesBeforeTasksThatFailed()
{
    const QStringList failing{"run", "-e", "threads", "--items", "1..3"};
    const QStringList command{"--", "false"};
    QCOMPARE(call(failing + command).status, 1);
    QCOMPARE(call(failing + QStringList{"--assert", "failed == 3"} + command).status, 1);
    QCOMPARE(call(failing + QStringList{"--assert", "failed == 0"} + command).status, 3);
}

void AssertionsTest::explainsARange()
{
    const QString file = path("range.pscope");
    QCOMPARE(run({"-o", file}).status, 0);
    const Ended text = call({"explain", file, "--range", "0,0.0005"});
    QVERIFY2(text.err.isEmpty(), text.err);
    QCOMPARE(text.out.count("from 0 ns to 500 µs:"), 2);
    QVERIFY(call({"explain", file, "--range", "0,0.0005", "--json"}).out.contains("range_ledger"));
    for (const char* wrong : {"1", "a,b", "2,1", "100000,100001"}) {
        const Ended refused = call({"explain", file, "--range", wrong});
        QCOMPARE(refused.status, 2);
        QVERIFY2(refused.err.contains("give two moments of the run"), refused.err);
    }
}

void AssertionsTest::looksAtRunFiles()
{
    QCOMPARE(run({"-o", "run.pscope"}).status, 0);
    QCOMPARE(call({"explain", "run.pscope", "--assert", "threads: done == 40"}).status, 0);
    const Ended ended = call({"explain", "run.pscope", "--assert", "useful > 100 %"});
    QCOMPARE(ended.status, 3);
    QVERIFY2(ended.err.contains("does not hold on threads: it was "), ended.err);
    const Ended stranger = call({"explain", "run.pscope", "--assert", "inline: done == 40"});
    QCOMPARE(stranger.status, 3);
    QVERIFY2(stranger.err.contains("the run has no executor inline"), stranger.err);
}

void AssertionsTest::refusesWhatItDoesNotUnderstand_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("figure") << "p95 < 20ms" << QByteArray("there is no figure \"p95\"");
    QTest::newRow("value") << "p95_run < 20" << QByteArray("\"20\" is no time with its unit");
    QTest::newRow("executor") << "inline: done == 1"
                              << QByteArray("the run has no executor inline");
}

void AssertionsTest::refusesWhatItDoesNotUnderstand()
{
    QFETCH(const QString, text);
    QFETCH(const QByteArray, message);
    const Ended ended = run({"--assert", text});
    QCOMPARE(ended.status, 2);
    QVERIFY2(ended.err.contains(message), ended.err);
    QVERIFY(ended.out.isEmpty());
}

QTEST_GUILESS_MAIN(AssertionsTest)
#include "tst_assertions.moc"
