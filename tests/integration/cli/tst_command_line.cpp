// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <csignal>

/// The program without a window, as its users call it: real files, real processes, real signals.
class TestCommandLine : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void helpVersionAndListEndWell_data();
    void helpVersionAndListEndWell();
    void wrongUsageEndsWithTwoAndSaysWhy_data();
    void wrongUsageEndsWithTwoAndSaysWhy();
    void hashesEqualSha256_data();
    void hashesEqualSha256();
    void vanishedFileIsOneFailedTask();
    void jsonHasThePromisedFields();
    void tasksEndWithTheirTimeLimit();
    void failedTasksAreTriedAgain();
    void costsAreReportedWhenAskedFor();
    void timedResizeShowsInTheRunFile();
    void runFileOpensAgainAndPaintsTheSamePicture();
    void explainAccountsForAllLaneTime();
    void explainRefusesWhatIsNoRun();
    void interruptLeavesAValidExport_data();
    void interruptLeavesAValidExport();
    void noDisplayRunsTheDefaultScenario();
    void damagedRunFileIsAClearError();

private:
    struct Ended
    {
        int status = -1;
        QByteArray out;
        QByteArray err;
    };
    Ended
    call(const QStringList& words,
         const QProcessEnvironment& environment = QProcessEnvironment::systemEnvironment()) const;
    QString path(const QString& name) const { return m_folder->filePath(name); }
    void writeFile(const QString& name, const QByteArray& bytes) const;
    QList<QStringList> readCsv(const QString& name) const;

    QString m_program = qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR") + "/poolscope";
    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

/// \return the processes that the threads of \p process have started.
QList<pid_t> childrenOf(pid_t process)
{
    QList<pid_t> found;
    QDirIterator threads(QStringLiteral("/proc/%1/task").arg(process),
                         QDir::Dirs | QDir::NoDotAndDotDot);
    while (threads.hasNext()) {
        QFile children(threads.next() + "/children");
        if (children.open(QFile::ReadOnly)) {
            for (const QByteArray& child : children.readAll().simplified().split(' ')) {
                found.append(child.toInt());
            }
        }
    }
    found.removeAll(0); // of an empty list
    return found;
}

} // namespace

void TestCommandLine::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    QVERIFY2(QFile::exists(m_program), qPrintable(m_program));
}

TestCommandLine::Ended TestCommandLine::call(const QStringList& words,
                                             const QProcessEnvironment& environment) const
{
    QProcess process;
    process.setWorkingDirectory(m_folder->path());
    process.setProcessEnvironment(environment);
    process.start(m_program, words);
    if (!process.waitForFinished(110'000)) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

void TestCommandLine::writeFile(const QString& name, const QByteArray& bytes) const
{
    QFile file(path(name));
    QVERIFY(QDir().mkpath(QFileInfo(file).absolutePath()));
    QVERIFY(file.open(QFile::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

/// For files whose fields hold no commas or quotes.
QList<QStringList> TestCommandLine::readCsv(const QString& name) const
{
    QFile file(path(name));
    QList<QStringList> rows;
    if (file.open(QFile::ReadOnly | QFile::Text)) {
        while (!file.atEnd()) {
            rows << QString::fromUtf8(file.readLine()).trimmed().split(',');
        }
    }
    return rows;
}

void TestCommandLine::helpVersionAndListEndWell_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("help") << QStringList{"--help"} << QByteArray("poolscope run");
    QTest::newRow("version") << QStringList{"--version"} << QByteArray("poolscope ");
    QTest::newRow("run help") << QStringList{"run", "--help"} << QByteArray("--workload");
    QTest::newRow("export help") << QStringList{"export", "--help"} << QByteArray("--dpi");
    QTest::newRow("list") << QStringList{"list"} << QByteArray("hash_files");
}

void TestCommandLine::helpVersionAndListEndWell()
{
    QFETCH(QStringList, words);
    QFETCH(QByteArray, said);
    const Ended ended = call(words);
    QCOMPARE(ended.status, 0);
    QVERIFY2(ended.out.contains(said), ended.out.constData());
}

void TestCommandLine::wrongUsageEndsWithTwoAndSaysWhy_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("named");
    const auto row = [](const char* words, const char* named) {
        QTest::newRow(words) << QString::fromUtf8(words).split(' ') << QByteArray(named);
    };
    row("jump", "jump");
    row("run --workload juggle", "juggle");
    row("run --executor fibers", "fibers");
    row("run --workers 0", "--workers 0");
    row("run --workers 1,2,3", "1,2,3");
    row("run --tasks many", "many");
    row("run --param colour=red", "colour");
    row("run --param tasks", "tasks");
    row("run --resize soon:3", "soon:3");
    row("run --resize 1s:threads:0", "0");
    row("run --export out.gif", "out.gif");
    row("run --export /nowhere/out.png", "/nowhere");
    row("run --chunk -1", "-1");
    row("run --timeout 0", "--timeout 0");
    row("run --timeout soon", "soon");
    row("run stray", "stray");
    row("run --unknown", "unknown");
    row("export", "run file");
    row("export missing.pscope", "--output");
    row("list all", "all");
}

void TestCommandLine::wrongUsageEndsWithTwoAndSaysWhy()
{
    QFETCH(QStringList, words);
    QFETCH(QByteArray, named);
    const Ended ended = call(words);
    QCOMPARE(ended.status, 2);
    QVERIFY2(ended.err.contains(named), ended.err.constData());
    QCOMPARE(ended.err.count('\n'), 1);
}

void TestCommandLine::hashesEqualSha256_data()
{
    QTest::addColumn<QString>("executor");
    for (const char* executor : {"threads", "processes", "inline", "thread_per_task"}) {
        QTest::newRow(executor) << executor;
    }
}

void TestCommandLine::hashesEqualSha256()
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

void TestCommandLine::vanishedFileIsOneFailedTask()
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

void TestCommandLine::jsonHasThePromisedFields()
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

void TestCommandLine::tasksEndWithTheirTimeLimit()
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

void TestCommandLine::failedTasksAreTriedAgain()
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

void TestCommandLine::costsAreReportedWhenAskedFor()
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

void TestCommandLine::timedResizeShowsInTheRunFile()
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

void TestCommandLine::runFileOpensAgainAndPaintsTheSamePicture()
{
    const Ended run = call({"run", "--workload", "mixed", "--tasks", "300", "--param",
                            "median_ms=0.2", "--export", "run.pscope", "--export", "direct.png",
                            "--export", "direct.csv", "--export", "direct.json"});
    QVERIFY2(run.status == 0, run.err.constData());
    const Ended again = call({"export", "run.pscope", "-o", "again.png", "-o", "again.csv", "-o",
                              "again.json", "-o", "again.pscope"});
    QVERIFY2(again.status == 0, again.err.constData());
    const QImage direct(path("direct.png"));
    QCOMPARE(direct.width(), 2244); // 190 mm at 300 dpi
    QCOMPARE(QImage(path("again.png")), direct);
    for (const char* suffix : {"csv", "json"}) {
        QFile first(path(QStringLiteral("direct.%1").arg(suffix)));
        QFile second(path(QStringLiteral("again.%1").arg(suffix)));
        QVERIFY(first.open(QFile::ReadOnly) && second.open(QFile::ReadOnly));
        QCOMPARE(second.readAll(), first.readAll());
    }
}

void TestCommandLine::explainAccountsForAllLaneTime()
{
    QCOMPARE(call({"run", "--workload", "mixed", "--tasks", "200", "--param", "median_ms=0.2",
                   "--executor", "both", "--workers", "2", "--export", "run.pscope"})
                 .status,
             0);
    const Ended ended = call({"explain", "run.pscope", "--json"});
    QVERIFY2(ended.status == 0, ended.err.constData());
    const QJsonArray runs = QJsonDocument::fromJson(ended.out).object()["runs"].toArray();
    QCOMPARE(runs.size(), 2);
    for (const QJsonValue& run : runs) {
        const QJsonObject ledger = run["ledger"].toObject();
        double sum = 0;
        for (const char* use :
             {"useful", "wasted", "start_up", "starved", "hand_over", "paused", "tail"}) {
            sum += ledger[QLatin1String(use) + "_s"].toDouble();
        }
        QVERIFY(sum > 0);
        QVERIFY(std::abs(sum - ledger["total_s"].toDouble()) < 1e-8);
        QVERIFY(run["makespan_s"].toDouble() >= run["lower_bound_s"].toDouble());
        QVERIFY(!run["advice"].toArray().isEmpty());
    }
    const Ended text = call({"explain", "run.pscope"});
    QCOMPARE(text.status, 0);
    QVERIFY(text.out.contains("useful"));
}

void TestCommandLine::explainRefusesWhatIsNoRun()
{
    QCOMPARE(call({"explain"}).status, 2);
    const Ended ended = call({"explain", "/etc/hostname"});
    QCOMPARE(ended.status, 1);
    QVERIFY(ended.err.contains("/etc/hostname"));
}

void TestCommandLine::interruptLeavesAValidExport_data()
{
    QTest::addColumn<QString>("executor");
    QTest::addColumn<int>("interrupts");
    QTest::newRow("threads, once") << "threads" << 1;
    QTest::newRow("processes, once") << "processes" << 1;
    QTest::newRow("processes, twice") << "processes" << 2;
}

void TestCommandLine::interruptLeavesAValidExport()
{
    QFETCH(QString, executor);
    QFETCH(int, interrupts);
    QProcess process;
    process.setWorkingDirectory(m_folder->path());
    process.start(m_program, {"run", "--workload", "sleep", "--tasks", "3000", "--param", "ms=20",
                              "--executor", executor, "--workers", "2", "--json", "--export",
                              "out.pscope", "--export", "out.csv"});
    QVERIFY(process.waitForStarted());
    const auto pid = static_cast<pid_t>(process.processId());
    // The run goes on when a worker thread or process is there.
    const QString worked =
        executor == "threads" ? QStringLiteral("/proc/%1/task").arg(pid) : QString();
    const auto isWorking = [&] {
        if (!worked.isEmpty()) {
            return QDir(worked).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size() > 4;
        }
        const QList<pid_t> helpers = childrenOf(pid); // the workers' parent among them
        return std::any_of(helpers.begin(), helpers.end(),
                           [](pid_t helper) { return !childrenOf(helper).isEmpty(); });
    };
    QTRY_VERIFY_WITH_TIMEOUT(isWorking(), 30'000);
    for (int i = 0; i < interrupts; ++i) {
        QCOMPARE(::kill(pid, SIGINT), 0);
    }
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 1);
    const QJsonObject run = QJsonDocument::fromJson(process.readAllStandardOutput())
                                .object()["runs"]
                                .toArray()[0]
                                .toObject();
    QCOMPARE(run["done"].toInt() + run["cancelled"].toInt() + run["not_submitted"].toInt(), 3000);
    // On a slow machine the interrupt comes before the first task was submitted.
    QVERIFY(run["cancelled"].toInt() + run["not_submitted"].toInt() > 0);
    QCOMPARE(readCsv("out.csv").size() - 1, run["done"].toInt() + run["cancelled"].toInt());
    QCOMPARE(call({"export", "out.pscope", "-o", "again.csv"}).status, 0);
    QCOMPARE(readCsv("again.csv"), readCsv("out.csv"));
}

void TestCommandLine::noDisplayRunsTheDefaultScenario()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
        environment.remove(QString::fromLatin1(name));
    }
    const Ended ended = call({}, environment);
    QVERIFY2(ended.status == 0, ended.err.constData());
    QVERIFY(ended.err.contains("No display"));
    QVERIFY(ended.out.contains("Thread pool"));
    QVERIFY(ended.out.contains("Process pool"));
    QVERIFY(!QImage(path("poolscope-timeline.png")).isNull());
}

void TestCommandLine::damagedRunFileIsAClearError()
{
    writeFile("bad.pscope", "this is not a run file");
    const Ended ended = call({"export", "bad.pscope", "-o", "out.csv"});
    QCOMPARE(ended.status, 1);
    QVERIFY2(ended.err.contains("bad.pscope"), ended.err.constData());
    QVERIFY(!QFile::exists(path("out.csv")));
}

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"
