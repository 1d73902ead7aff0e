// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/cli/cli_case.h"

#include <QCryptographicHash>
#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

/// What the options of a run do, and what is reported of it: real files, real processes.
class TestCommandLineRuns : public poolscope::test::CliCase
{
    Q_OBJECT

private slots:
    void init() { makeFolder(); }
    void hashesEqualSha256_data();
    void hashesEqualSha256();
    void vanishedFileIsOneFailedTask();
    void jsonHasThePromisedFields();
    void tasksEndWithTheirTimeLimit();
    void failedTasksAreTriedAgain();
    void interpreterLockLetsOneTaskComputeAtATime();
    void costsAreReportedWhenAskedFor();
    void reachedMemoryCapIsSaid();
    void infrastructureIsReportedWhenAskedFor();
    void timedResizeShowsInTheRunFile();
};

void TestCommandLineRuns::hashesEqualSha256_data()
{
    QTest::addColumn<QString>("executor");
    for (const char* executor : {"threads", "processes", "inline", "thread_per_task"}) {
        QTest::newRow(executor) << executor;
    }
}

void TestCommandLineRuns::hashesEqualSha256()
{
    QFETCH(QString, executor);
    QHash<QString, QString> expected;
    for (int i = 0; i < 60; ++i) {
        const QByteArray bytes(i * 5000, static_cast<char>('a' + i % 26));
        const QString name =
            QStringLiteral("in/%1/file%2.%3").arg(i % 4).arg(i).arg(i % 3 ? "txt" : "dat");
        writeFile(name, bytes);
        expected[path(name)] = QString::fromLatin1(
            QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
    }
    QVERIFY(QFile::link(path("in"), path("in/1/loop"))); // a link to a folder is not followed

    const Ended ended =
        call({"run",     "--workload", "hash_files", "--input",  path("in"), "--executor",
              executor,  "--workers",  "3",          "--chunk",  "4",        "--export",
              "out.csv", "--export",   "out.json",   "--export", "out.png",  "--export",
              "out.pdf", "--export",   "out.svg",    "--json"});
    QVERIFY2(ended.status == 0, ended.err.constData());

    QHash<QString, QString> digests;
    const QList<QStringList> rows = readCsv("out.csv");
    QCOMPARE(rows.first().join(','),
             QStringLiteral("task,workload,name,executor,worker,pid,tid,attempts,state,submit_ns,"
                            "start_ns,end_ns,result,error"));
    for (const QStringList& row : rows.mid(1)) {
        QCOMPARE(row[3], executor);
        QCOMPARE(row[8], QStringLiteral("done"));
        digests[row[2]] = row[12];
    }
    QCOMPARE(digests, expected);
    QVERIFY(!QImage(path("out.png")).isNull());
    QVERIFY(QFileInfo(path("out.pdf")).size() > 5'000);
    QVERIFY(QFileInfo(path("out.svg")).size() > 5'000);
    QFile json(path("out.json"));
    QVERIFY(json.open(QFile::ReadOnly));
    QVERIFY(QJsonDocument::fromJson(json.readAll()).object().contains("traceEvents"));
}

void TestCommandLineRuns::vanishedFileIsOneFailedTask()
{
    writeFile("in/a.txt", "a");
    writeFile("list.txt", (path("in/a.txt") + '\n' + path("in/gone.txt") + '\n').toUtf8());
    const Ended ended =
        call({"run", "--workload", "hash_files", "--param", "list=" + path("list.txt"),
              "--executor", "both", "--json", "--export", "out.csv"});
    QCOMPARE(ended.status, 1);
    const QJsonArray runs = QJsonDocument::fromJson(ended.out).object()["runs"].toArray();
    QCOMPARE(runs.size(), 2);
    for (const auto& run : runs) {
        QCOMPARE(run.toObject()["done"].toInt(), 1);
        QCOMPARE(run.toObject()["failed"].toInt(), 1);
    }
    int reasons = 0;
    for (const QStringList& row : readCsv("out.csv").mid(1)) {
        if (row[8] == "failed") {
            QVERIFY2(row[13].contains("gone.txt"), qPrintable(row[13]));
            QVERIFY2(row[13].contains("No such file"), qPrintable(row[13]));
            ++reasons;
        }
    }
    QCOMPARE(reasons, 2);
}

void TestCommandLineRuns::jsonHasThePromisedFields()
{
    const Ended ended = call({"run", "--workload", "square", "--tasks", "2000", "--executor",
                              "both", "--workers", "2,1", "--chunk", "16", "--json"});
    QVERIFY2(ended.status == 0, ended.err.constData());
    QVERIFY(ended.err.isEmpty()); // no progress when piped
    const QJsonObject report = QJsonDocument::fromJson(ended.out).object();
    QVERIFY(report["machine"].toObject().contains("cpu"));
    const QJsonArray runs = report["runs"].toArray();
    QCOMPARE(runs.size(), 2);
    for (const auto& each : runs) {
        const QJsonObject run = each.toObject();
        for (const char* field :
             {"executor", "workers", "tasks", "done", "failed", "cancelled", "timed_out",
              "lost_attempts", "makespan_s", "tasks_per_s", "run_ms", "wait_ms", "utilisation"}) {
            QVERIFY2(run.contains(QLatin1String(field)), field);
        }
        QCOMPARE(run["done"].toInt(), 2000);
        for (const char* field : {"p50", "p95", "p99"}) {
            QVERIFY(run["run_ms"].toObject().contains(QLatin1String(field)));
            QVERIFY(run["wait_ms"].toObject().contains(QLatin1String(field)));
        }
    }
    QCOMPARE(runs[0].toObject()["workers"].toInt(), 2);
    QCOMPARE(runs[1].toObject()["workers"].toInt(), 1);
}

void TestCommandLineRuns::tasksEndWithTheirTimeLimit()
{
    const Ended ended = call({"run", "--workload", "sleep", "--tasks", "6", "--param", "ms=600000",
                              "--executor", "threads,processes,inline,thread_per_task", "--workers",
                              "3", "--timeout", "0.05", "--json"});
    QCOMPARE(ended.status, 1);
    const QJsonArray runs = QJsonDocument::fromJson(ended.out).object()["runs"].toArray();
    QCOMPARE(runs.size(), 4);
    for (const auto& each : runs) {
        QCOMPARE(each.toObject()["timed_out"].toInt(), 6);
    }
}

void TestCommandLineRuns::failedTasksAreTriedAgain()
{
    writeFile("in/a.txt", "a");
    writeFile("list.txt", (path("in/a.txt") + '\n' + path("in/gone.txt") + '\n').toUtf8());
    const Ended ended = call({"run", "--workload", "hash_files", "--param",
                              "list=" + path("list.txt"), "--executor", "both", "--retry-failed",
                              "--max-attempts", "3", "--export", "out.csv"});
    QCOMPARE(ended.status, 1);
    QStringList attempts;
    for (const QStringList& row : readCsv("out.csv").mid(1)) {
        attempts << row[8] + ' ' + row[7];
    }
    attempts.sort();
    QCOMPARE(attempts, (QStringList{"done 1", "done 1", "failed 3", "failed 3"}));
}

void TestCommandLineRuns::interpreterLockLetsOneTaskComputeAtATime()
{
    // Tasks of some milliseconds: all but the first wait for the lock.
    const QStringList words{"run",       "--workload", "mixed",      "--tasks", "40",
                            "--workers", "3",          "--executor", "threads"};
    const Ended ended = call(words + QStringList{"--interpreter-lock"});
    QCOMPARE(ended.status, 0);
    QVERIFY2(ended.out.contains("one interpreter"), qPrintable(ended.out));
    QVERIFY2(ended.out.contains("blocked on interpreter lock: "), qPrintable(ended.out));
    const Ended free = call(words + QStringList{"--json"});
    QVERIFY2(!free.out.contains("interpreter"), qPrintable(free.out));
    const Ended locked = call(words + QStringList{"--interpreter-lock", "--json"});
    QVERIFY2(locked.out.contains("\"blocked_on\""), qPrintable(locked.out));
}

void TestCommandLineRuns::infrastructureIsReportedWhenAskedFor()
{
    const QStringList words{"run",       "--workload", "sleep",      "--tasks",  "40",
                            "--workers", "2",          "--executor", "processes"};
    const Ended asked =
        call(words + QStringList{"--infrastructure", "--json", "-o", "busy.pscope"});
    QVERIFY2(asked.status == 0, asked.err.constData());
    const QJsonArray lanes =
        QJsonDocument::fromJson(asked.out).object()["infrastructure"].toArray();
    QCOMPARE(lanes.size(), 2);
    for (const auto& lane : lanes) {
        QVERIFY(lane.toObject()["stretches"].toInt() > 0);
        QVERIFY(lane.toObject()["busy_s"].toDouble() > 0);
    }
    QCOMPARE(call({"export", "busy.pscope", "-o", "busy.json"}).status, 0);
    QFile trace(path("busy.json"));
    QVERIFY(trace.open(QFile::ReadOnly));
    QVERIFY(trace.readAll().contains("Process I/O (Process pool)"));
    const Ended text = call(words + QStringList{"--infrastructure"});
    QVERIFY2(text.out.contains("Process I/O of Process pool: busy "), text.out.constData());
    const Ended quiet = call(words + QStringList{"--json"});
    QVERIFY(!quiet.out.contains("infrastructure"));
}

void TestCommandLineRuns::reachedMemoryCapIsSaid()
{
    const QStringList words{"run",     "--workload",   "square",  "--tasks",
                            "1000000", "--executor",   "threads", "--workers",
                            "2",       "--memory-cap", "8M"};
    const Ended json =
        call(words + QStringList{"--json", "-o", "capped.pscope", "-o", "capped.csv"});
    QVERIFY2(json.status == 0, json.err.constData());
    const QJsonObject report = QJsonDocument::fromJson(json.out).object();
    QCOMPARE(report["recording"].toObject()["memory_cap_bytes"].toInteger(), 8LL << 20);
    const QJsonObject run = report["runs"].toArray()[0].toObject();
    QCOMPARE(run["done"].toInt(), 1'000'000);
    QVERIFY(run["detail_since_s"].toDouble() > 0);
    const QJsonObject detail = report["detail"].toObject();
    const int kept = detail["attempts_kept"].toInt();
    QVERIFY(kept > 0 && kept < 400'000);
    QCOMPARE(detail["attempts_gone"].toInt() + kept, 1'000'000);
    QCOMPARE(readCsv("capped.csv").size(), kept + 1);

    // The file says the same.
    const Ended explained = call({"explain", "capped.pscope", "--json"});
    QVERIFY2(explained.status == 0, explained.err.constData());
    QVERIFY(explained.out.contains("detail_since_s"));
    const Ended text = call({"explain", "capped.pscope"});
    QVERIFY2(text.out.contains("have no detail any more"), text.out.constData());
    const Ended again = call({"export", "capped.pscope", "-o", "again.csv"});
    QVERIFY2(again.status == 0, again.err.constData());
    QCOMPARE(readCsv("again.csv"), readCsv("capped.csv"));

    const Ended plain = call(words);
    QVERIFY2(plain.out.contains("reached its memory cap of 8"), plain.out.constData());
    for (const QString& wrong :
         {QStringLiteral("7"), QStringLiteral("5X"), QStringLiteral("120%"), QString()}) {
        const Ended refused = call({"run", "--memory-cap", wrong});
        QCOMPARE(refused.status, 2);
        QVERIFY2(refused.err.contains("--memory-cap " + wrong.toUtf8()) &&
                     refused.err.contains("25%"),
                 refused.err.constData());
    }
}

void TestCommandLineRuns::costsAreReportedWhenAskedFor()
{
    const QStringList words{"run",       "--workload", "sleep",      "--tasks", "40",
                            "--workers", "2",          "--executor", "both"};
    const Ended measured = call(words + QStringList{"--costs", "totals", "--json", "-o",
                                                    "costs.csv", "-o", "costs.pscope"});
    QVERIFY2(measured.status == 0, measured.err.constData());
    const QJsonObject report = QJsonDocument::fromJson(measured.out).object();
    QCOMPARE(report["recording"].toObject()["costs"].toString(), QString("totals"));
    QVERIFY(report["recording"].toObject()["cost_ns"].toDouble() > 0);
    for (const auto& each : report["runs"].toArray()) {
        const QJsonObject costs = each.toObject()["costs"].toObject();
        QCOMPARE(costs["measured_attempts"].toInt(), 40);
        QVERIFY(costs["voluntary_switches"].toInt() >= 40); // each slept
        QVERIFY(costs["cpu_share"].toDouble() < 0.5);
    }
    const QList<QStringList> rows = readCsv("costs.csv");
    QCOMPARE(rows[0].last(), QString("end_core"));
    QVERIFY(rows[1][rows[0].indexOf("cpu_ns")].toInt() > 0);
    const Ended again = call({"export", "costs.pscope", "-o", "again.csv"});
    QVERIFY2(again.status == 0, again.err.constData());
    QCOMPARE(readCsv("again.csv"), rows);

    const Ended plain = call(words + QStringList{"-o", "plain.csv"});
    QVERIFY(plain.out.contains("Recording took about"));
    QVERIFY(plain.out.contains("level off"));
    QCOMPARE(readCsv("plain.csv")[0].last(), QString("error"));
}

void TestCommandLineRuns::timedResizeShowsInTheRunFile()
{
    const Ended ended =
        call({"run", "--workload", "sleep", "--tasks", "200", "--param", "ms=5", "--executor",
              "threads", "--workers", "1", "--resize", "50ms:4", "--export", "out.csv"});
    QVERIFY2(ended.status == 0, ended.err.constData());
    QSet<QString> workers;
    for (const QStringList& row : readCsv("out.csv").mid(1)) {
        workers.insert(row[4]);
    }
    QCOMPARE(workers.size(), 4);
}

QTEST_GUILESS_MAIN(TestCommandLineRuns)
#include "tst_command_line_runs.moc"
