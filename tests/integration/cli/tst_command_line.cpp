// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/cli/cli_case.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <csignal>

/// The program without a window, as its users call it: real files, real processes, real signals.
class TestCommandLine : public poolscope::test::CliCase
{
    Q_OBJECT

private slots:
    void init() { makeFolder(); }
    void helpVersionAndListEndWell_data();
    void helpVersionAndListEndWell();
    void timesMayHaveAUnit();
    void wrongUsageEndsWithTwoAndSaysWhy_data();
    void wrongUsageEndsWithTwoAndSaysWhy();
    void runFileOpensAgainAndPaintsTheSamePicture();
    void pictureOptionsAreObeyed();
    void viewMakesTheSameFigureAgain();
    void wrongPictureOptionsAreExplained_data();
    void wrongPictureOptionsAreExplained();
    void explainAccountsForAllLaneTime();
    void explainRefusesWhatIsNoRun();
    void interruptLeavesAValidExport_data();
    void interruptLeavesAValidExport();
    void noDisplayRunsTheDefaultScenario();
    void damagedRunFileIsAClearError();
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

void TestCommandLine::helpVersionAndListEndWell_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("help") << QStringList{"--help"} << QByteArray("poolscope run");
    QTest::newRow("version") << QStringList{"--version"} << QByteArray("poolscope ");
    QTest::newRow("run help") << QStringList{"run", "--help"} << QByteArray("--workload");
    QTest::newRow("run usage") << QStringList{"run", "--help"}
                               << QByteArray("Usage: poolscope run [options]");
    QTest::newRow("explain usage") << QStringList{"explain", "--help"}
                                   << QByteArray("Usage: poolscope explain [options] run.pscope");
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

void TestCommandLine::timesMayHaveAUnit()
{
    for (const char* gap : {"30ms", "0.03", "30000us"}) {
        const Ended ended = call({"run", "--workload", "square", "--tasks", "4", "--executor",
                                  "inline", "--submit-gap", gap, "--json"});
        QCOMPARE(ended.status, 0);
        const QJsonObject executor =
            QJsonDocument::fromJson(ended.out)["runs"].toArray().first().toObject();
        const double seconds = executor["makespan_s"].toDouble();
        QVERIFY2(seconds >= 0.09, qPrintable(QString::number(seconds)));
    }
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
    row("run --timeout 3days", "3days");
    row("run --submit-gap 0ms", "0ms");
    row("run --keep-alive 0", "--keep-alive 0");
    row("run --initializer nobody", "nobody");
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

void TestCommandLine::pictureOptionsAreObeyed()
{
    QVERIFY(call({"run", "--workload", "mixed", "--tasks", "60", "--param", "median_ms=0.2",
                  "--executor", "both", "--workers", "2", "--export", "run.pscope"})
                .status == 0);
    const Ended ended =
        call({"export", "run.pscope", "--size", "slide", "-o", "slide.png", "--bars", "bars.csv",
              "--caption", "caption.txt", "--lanes", "threads:1", "--title", "One lane"});
    QVERIFY2(ended.status == 0, ended.err.constData());
    QCOMPARE(QImage(path("slide.png")).size(), QSize(1920, 1080));
    QFile bars(path("bars.csv"));
    QVERIFY(bars.open(QFile::ReadOnly));
    QVERIFY(bars.readLine().startsWith("executor,lane,worker,tasks,"));
    while (!bars.atEnd()) {
        const QByteArray row = bars.readLine();
        QVERIFY2(row.startsWith("threads,thread,1,"), row.constData());
    }
    QFile caption(path("caption.txt"));
    QVERIFY(caption.open(QFile::ReadOnly));
    QVERIFY(caption.readAll().startsWith("One lane. "));
    QVERIFY(
        call({"export", "run.pscope", "--width", "1000px", "--dpi", "96", "-o", "px.png"}).status ==
        0);
    QCOMPARE(QImage(path("px.png")).width(), 1000);
}

void TestCommandLine::viewMakesTheSameFigureAgain()
{
    QVERIFY(call({"run", "--workload", "mixed", "--tasks", "60", "--param", "median_ms=0.2",
                  "--export", "run.pscope"})
                .status == 0);
    const Ended first =
        call({"export",      "run.pscope",  "--size",       "column",   "--from",  "1",
              "--to",        "5.5",         "--panel",      "b",        "--theme", "greyscale",
              "--parts",     "here,legend", "--text",       "paths",    "-o",      "a.svg",
              "--colour-by", "run_time",    "--collapse",   "threads",  "-o",      "a.pdf",
              "-o",          "a.png",       "--write-view", "fig1.json"});
    QVERIFY2(first.status == 0, first.err.constData());
    const Ended again = call({"export", "run.pscope", "--view", "fig1.json", "-o", "b.svg", "-o",
                              "b.pdf", "-o", "b.png"});
    QVERIFY2(again.status == 0, again.err.constData());
    const auto bytes = [this](const QString& name) {
        QFile file(path(name));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    };
    for (const char* suffix : {"svg", "pdf", "png"}) {
        const QByteArray one = bytes(QStringLiteral("a.%1").arg(suffix));
        QVERIFY(!one.isEmpty());
        QVERIFY2(bytes(QStringLiteral("b.%1").arg(suffix)) == one, suffix);
    }
    // The run's file is named in the figure; other options than the view's can be given beside it.
    QVERIFY(bytes(QStringLiteral("a.svg")).contains("RunFileSHA256"));
    QVERIFY(call({"export", "run.pscope", "--view", "fig1.json", "--width", "140mm", "-o", "c.png"})
                .status == 0);
    QCOMPARE(QImage(path("c.png")).width(), 1654);
}

void TestCommandLine::wrongPictureOptionsAreExplained_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const QStringList& options, const char* said) {
        QTest::newRow(qPrintable(options.join(u' '))) << options << QByteArray(said);
    };
    row({"--width", "wide"}, "90mm");
    row({"--width", "10mm"}, "from 40 to 2000");
    row({"--height", "20"}, "0 (as the lanes need)");
    row({"--dpi", "3"}, "from 50 to 1200");
    row({"--size", "huge"}, "two_columns");
    row({"--font-size", "5"}, "from 8 to 72");
    row({"--lanes", "processes:0"}, "it has threads");
    row({"--lanes", "threads:"}, "threads:0-3");
    row({"--parts", "lamp"}, "legend");
    row({"--colour-by", "mood"}, "queue_wait");
    row({"--collapse", "processes"}, "it has threads");
    row({"--theme", "blue"}, "greyscale");
    row({"--text", "ink"}, "paths");
    row({"--from", "9", "--to", "3"}, "range is empty");
    row({"--from", "early"}, "milliseconds");
    row({"--view", "none.json"}, "none.json");
    row({"--most-names", "few"}, "whole number");
}

void TestCommandLine::wrongPictureOptionsAreExplained()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, said);
    QVERIFY(call({"run", "--workload", "square", "--executor", "threads", "--workers", "2",
                  "--export", "run.pscope"})
                .status == 0);
    const Ended ended = call(QStringList{"export", "run.pscope", "-o", "wrong.png"} + options);
    QVERIFY(ended.status != 0);
    QVERIFY2(ended.err.contains(said), ended.err.constData());
    QCOMPARE(ended.err.count('\n'), 1);
    QVERIFY(!QFile::exists(path("wrong.png")));
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
    process.setWorkingDirectory(folder());
    process.start(program(), {"run", "--workload", "sleep", "--tasks", "3000", "--param", "ms=20",
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
