// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/cli/cli_case.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

/// Experiments of the command line with real runs.
class TestExperiments : public poolscope::test::CliCase
{
    Q_OBJECT

private slots:
    void init() { makeFolder(); }
    void duelNamesTheFasterSide();
    void sidesMayBeOfOneExecutor();
    void sweepRecommendsMoreWorkersForSleep();
    void chunksHaveTheirSplit();
    void wrongWordsAreTold_data();
    void wrongWordsAreTold();
    void failedTasksEndIt();
    void terminalSeesWhichRunGoesOn();
};

void TestExperiments::duelNamesTheFasterSide()
{
    const QStringList words{"duel",           "-w", "sleep", "-n",       "24", "-p", "ms=4", "-e",
                            "threads,inline", "-j", "4,1",   "--rounds", "5"};
    const Ended text = call(words);
    QVERIFY2(text.status == 0, text.err.constData());
    QVERIFY2(text.out.startsWith("threads "), text.out.constData());
    QVERIFY2(text.err.isEmpty(), text.err.constData()); // it is no terminal
    QVERIFY(text.out.contains("x faster than inline, 95 % ") && text.out.contains("5 rounds"));
    const Ended json = call(words + QStringList{"--json"});
    const QJsonObject report = QJsonDocument::fromJson(json.out).object();
    const QJsonObject pair = report["pairs"].toArray().first().toObject();
    QCOMPARE(pair["verdict"].toString(), QStringLiteral("first_faster"));
    QVERIFY(pair["ratio"].toObject()["low"].toDouble() > 1);
    QCOMPARE(report["sides"].toArray().size(), 2);
}

void TestExperiments::sweepRecommendsMoreWorkersForSleep()
{
    const Ended ended = call({"sweep", "-w", "sleep", "-n", "24", "-p", "ms=4", "--grid", "1,2,4,8",
                              "--rounds", "2", "--json"});
    QVERIFY2(ended.status == 0, ended.err.constData());
    const QJsonObject report = QJsonDocument::fromJson(ended.out).object();
    QCOMPARE(report["points"].toArray().size(), 4);
    QCOMPARE(report["can_tell"].toBool(), true);
    QVERIFY(report.contains("firm"));
    QVERIFY(report["recommended"].toInt() >= 4);
    QCOMPARE(report["fits"].toArray().size(), 2);
}

void TestExperiments::chunksHaveTheirSplit()
{
    const Ended ended = call({"chunks", "-w", "sleep", "-n", "16", "-p", "ms=3", "-e", "processes",
                              "-j", "2", "--rounds", "2", "--json"});
    QVERIFY2(ended.status == 0, ended.err.constData());
    const QJsonArray points = QJsonDocument::fromJson(ended.out).object()["points"].toArray();
    QCOMPARE(points.size(), 4); // 1, 2, 4, 8
    for (const auto& value : points) {
        const QJsonObject point = value.toObject();
        const double sum = point["work_s"].toDouble() + point["hand_over_s"].toDouble() +
                           point["imbalance_s"].toDouble() + point["other_s"].toDouble();
        QVERIFY(std::abs(sum - point["makespan_s"].toObject()["value"].toDouble()) < 1e-6);
    }
}

void TestExperiments::wrongWordsAreTold_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("one side") << QStringList{"duel", "-e", "threads"}
                              << QByteArray("two executors");
    QTest::newRow("rounds") << QStringList{"duel", "--rounds", "0"} << QByteArray("--rounds");
    QTest::newRow("grid") << QStringList{"sweep", "--grid", "1,x"} << QByteArray("--grid");
    QTest::newRow("one size") << QStringList{"sweep", "--grid", "3"} << QByteArray("two different");
    QTest::newRow("two pools") << QStringList{"chunks", "-e", "both"} << QByteArray("one executor");
    QTest::newRow("one side") << QStringList{"duel", "--sides", "threads:2"}
                              << QByteArray("two or more");
    QTest::newRow("unknown side") << QStringList{"duel", "--sides", "threads:2,fibres"}
                                  << QByteArray("Unknown executor 'fibres'");
    QTest::newRow("sides of a sweep")
        << QStringList{"sweep", "--sides", "threads,inline"} << QByteArray("only a duel");
    QTest::newRow("export") << QStringList{"sweep", "-o", "a.png"} << QByteArray("exports none");
}

void TestExperiments::sidesMayBeOfOneExecutor()
{
    const QStringList words{"duel", "-w", "sleep", "-n", "24", "-p", "ms=4", "--rounds", "5"};
    const Ended text = call(words + QStringList{"--sides", "threads:1,threads:6"});
    QVERIFY2(text.status == 0, text.err.constData());
    QVERIFY2(text.out.startsWith("threads:6 "), text.out.constData());
    const Ended twins = call(words + QStringList{"--sides", "threads:2,threads:2", "--json"});
    QVERIFY2(twins.status == 0, twins.err.constData());
    QVERIFY2(twins.out.contains("\"threads:2 #1\""), twins.out.constData());
    QVERIFY2(twins.out.contains("\"threads:2 #2\""), twins.out.constData());
}

void TestExperiments::wrongWordsAreTold()
{
    QFETCH(QStringList, words);
    QFETCH(QByteArray, said);
    const Ended ended = call(words);
    QCOMPARE(ended.status, 2);
    QVERIFY2(ended.err.contains(said), ended.err.constData());
    QVERIFY(ended.out.isEmpty());
}

void TestExperiments::failedTasksEndIt()
{
    const Ended ended =
        call({"duel", "--items", "1..3", "-e", "threads,inline", "--", "/bin/false"});
    QCOMPARE(ended.status, 1);
    QVERIFY2(ended.err.contains("0 of 3 tasks are done"), ended.err.constData());
}

void TestExperiments::terminalSeesWhichRunGoesOn()
{
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    QVERIFY(terminal >= 0 && ::grantpt(terminal) == 0 && ::unlockpt(terminal) == 0);
    QProcess process;
    process.setStandardErrorFile(QString::fromLocal8Bit(::ptsname(terminal)), QIODevice::Append);
    process.start(program(), {"sweep", "-w", "sleep", "-n", "4", "-p", "ms=1", "--grid", "1,2",
                              "--rounds", "2"});
    QVERIFY(process.waitForFinished(110'000));
    QByteArray seen(4096, '\0');
    seen.resize(std::max<ssize_t>(0, ::read(terminal, seen.data(), 4096)));
    ::close(terminal);
    QVERIFY2(seen.contains("\r\x1b[Krun 1 of 4: "), seen.constData());
    QVERIFY2(seen.contains("\r\x1b[Krun 4 of 4: "), seen.constData());
    QVERIFY2(seen.endsWith("\r\x1b[K"), seen.constData());
    QVERIFY(process.readAllStandardOutput().contains("worker"));
}

QTEST_GUILESS_MAIN(TestExperiments)
#include "tst_experiments.moc"
