// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/functions/function_files.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using poolscope::test::functionFile;

/// The command line with functions of one's own, as its users call it.
class TestFunctionCommands : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void listShowsFunctionsAndParameters_data();
    void listShowsFunctionsAndParameters();
    void functionRunsOnBothPools();
    void functionInitializesWorkers_data();
    void functionInitializesWorkers();
    void plannerDecidesHowManyTasks();
    void crashCostsOneTaskOfTheProcessPool();
    void brokenLibraryEndsWithTwoAndSaysWhy_data();
    void brokenLibraryEndsWithTwoAndSaysWhy();
    void brokenLibraryNobodyNamedIsOnlyToldOf();
    void runFileOpensWithoutItsFunction();

private:
    struct Ended
    {
        int status = -1;
        QByteArray out;
        QByteArray err;
    };
    Ended call(const QStringList& words) const;
    Ended run(const QStringList& words) const;
    [[nodiscard]] QString path(const QString& name) const { return m_folder->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_folder;
    QProcessEnvironment m_environment;
};

void TestFunctionCommands::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    m_environment = QProcessEnvironment::systemEnvironment();
    m_environment.insert("XDG_DATA_HOME", path("data"));
    m_environment.insert("XDG_CONFIG_HOME", path("config"));
    m_environment.remove("POOLSCOPE_FUNCTIONS");
}

TestFunctionCommands::Ended TestFunctionCommands::call(const QStringList& words) const
{
    QProcess process;
    process.setWorkingDirectory(m_folder->path());
    process.setProcessEnvironment(m_environment);
    process.start(qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR") + "/poolscope", words);
    if (!process.waitForFinished(110'000) || process.exitStatus() != QProcess::NormalExit) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

TestFunctionCommands::Ended TestFunctionCommands::run(const QStringList& words) const
{
    return call(QStringList{"run", "--functions", functionFile("good"), "--json"} + words);
}

void TestFunctionCommands::listShowsFunctionsAndParameters_data()
{
    QTest::addColumn<QString>("way");
    QTest::newRow("named first") << "first";
    QTest::newRow("named last") << "last";
    QTest::newRow("named with =") << "equals";
    QTest::newRow("environment") << "environment";
    QTest::newRow("user's folder") << "folder";
    QTest::newRow("the window's list") << "settings";
}

void TestFunctionCommands::listShowsFunctionsAndParameters()
{
    QFETCH(QString, way);
    const QString file = functionFile("good");
    QStringList words{"list"};
    if (way == "first") {
        words = QStringList{"--functions", file} + words;
    } else if (way == "last") {
        words += {"--functions", file};
    } else if (way == "equals") {
        words += "--functions=" + file;
    } else if (way == "environment") {
        m_environment.insert("POOLSCOPE_FUNCTIONS", ':' + file + ':');
    } else if (way == "settings") {
        QSettings(path("config/Poolscope/Poolscope.ini"), QSettings::IniFormat)
            .setValue("functions/files", QStringList{file});
    } else {
        QVERIFY(QDir().mkpath(path("data/poolscope/functions")));
        QVERIFY(QFile::link(file, path("data/poolscope/functions/mine.so")));
    }
    const Ended ended = call(words);
    QVERIFY2(ended.status == 0, ended.err.constData());
    QVERIFY(ended.err.isEmpty());
    for (const char* part : {"test.echo", "Gives back all", "good.so", "count",
                             "How many. [3 pieces", "1 to 10", "first, second", "square"}) {
        QVERIFY2(ended.out.contains(part), part);
    }
}

void TestFunctionCommands::functionInitializesWorkers_data()
{
    QTest::addColumn<QString>("executor");
    QTest::newRow("threads") << "threads";
    QTest::newRow("processes") << "processes";
}

void TestFunctionCommands::functionInitializesWorkers()
{
    QFETCH(QString, executor);
    const QStringList words{"--workload", "square",    "--tasks", "20",           "--executor",
                            executor,     "--workers", "2",       "--lazy-start", "--keep-alive",
                            "5",          "--export",  "out.csv", "--initializer"};
    QCOMPARE(run(words + QStringList{"test.nothing"}).status, 0);
    const Ended failed = run(words + QStringList{"test.fails"});
    QCOMPARE(failed.status, 1);
    QFile file(path("out.csv"));
    QVERIFY(file.open(QFile::ReadOnly | QFile::Text));
    const QByteArray rows = file.readAll();
    const QByteArray says = failed.out + failed.err + rows;
    QVERIFY2(says.contains("failed on purpose") && says.contains("initializer of worker"),
             says.constData());
}

void TestFunctionCommands::functionRunsOnBothPools()
{
    const Ended ended = run({"--workload", "test.twice", "--tasks", "500", "--executor", "both",
                             "--workers", "2", "--export", "out.csv"});
    QVERIFY2(ended.status == 0, ended.err.constData());
    QFile file(path("out.csv"));
    QVERIFY(file.open(QFile::ReadOnly | QFile::Text));
    QCOMPARE(file.readLine().split(',')[12], QByteArray("result"));
    QHash<QByteArray, int> right;
    while (!file.atEnd()) {
        const QList<QByteArray> row = file.readLine().trimmed().split(',');
        QCOMPARE(row[1], QByteArray("test.twice"));
        right[row[3]] += row[12].toInt() == 2 * row[0].toInt() ? 1 : 0;
    }
    QCOMPARE(right["threads"], 500);
    QCOMPARE(right["processes"], 500);
}

void TestFunctionCommands::plannerDecidesHowManyTasks()
{
    const Ended good = run({"--workload", "test.planned", "--param", "rows=21"});
    QVERIFY2(good.status == 0, good.err.constData());
    const QJsonArray runs = QJsonDocument::fromJson(good.out).object()["runs"].toArray();
    QCOMPARE(runs[0].toObject()["tasks"].toInt(), 42);
    const Ended bad = run({"--workload", "test.planned", "--param", "rows=13"});
    QCOMPARE(bad.status, 1);
    QVERIFY2(bad.err.contains("test.planned: 13 rows bring bad luck"), bad.err.constData());
}

void TestFunctionCommands::crashCostsOneTaskOfTheProcessPool()
{
    const Ended ended =
        run({"--workload", "test.crashes", "--tasks", "100", "--executor", "processes"});
    QCOMPARE(ended.status, 1);
    const QJsonObject pool =
        QJsonDocument::fromJson(ended.out).object()["runs"].toArray()[0].toObject();
    QCOMPARE(pool["done"].toInt(), 99);
    QCOMPARE(pool["lost"].toInt(), 1);
}

void TestFunctionCommands::brokenLibraryEndsWithTwoAndSaysWhy_data()
{
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("no_entry_point") << QByteArray("poolscope_functions()");
    QTest::newRow("other_version") << QByteArray("version");
    QTest::newRow("malformed") << QByteArray("\"size\"");
    QTest::newRow("missing_symbol") << QByteArray("undefined symbol");
    QTest::newRow("crash_on_open") << QByteArray("crashed");
    QTest::newRow("exit_on_open") << QByteArray("ended the process");
    QTest::newRow("nowhere") << QByteArray("No such file");
}

void TestFunctionCommands::brokenLibraryEndsWithTwoAndSaysWhy()
{
    QFETCH(QByteArray, says);
    const QString file = functionFile(QTest::currentDataTag());
    const Ended ended = call({"list", "--functions", file});
    QCOMPARE(ended.status, 2);
    QVERIFY(ended.out.isEmpty());
    QVERIFY2(ended.err.contains(says), ended.err.constData());
    QVERIFY2(ended.err.contains(file.toUtf8()), ended.err.constData());
    QCOMPARE(call({"list", "--functions"}).status, 2);
}

void TestFunctionCommands::brokenLibraryNobodyNamedIsOnlyToldOf()
{
    m_environment.insert("POOLSCOPE_FUNCTIONS", functionFile("crash_on_open") + ':' +
                                                    functionFile("malformed") + ':' +
                                                    functionFile("good"));
    const Ended ended = call({"run", "--workload", "test.twice", "--json"});
    QCOMPARE(ended.status, 0);
    QVERIFY2(ended.err.contains("crash_on_open.so"), ended.err.constData());
    QVERIFY2(ended.err.contains("malformed.so"), ended.err.constData());
    QVERIFY(!QJsonDocument::fromJson(ended.out).isNull());
}

void TestFunctionCommands::runFileOpensWithoutItsFunction()
{
    QCOMPARE(
        run({"--workload", "test.twice", "--export", "run.pscope", "--export", "first.csv"}).status,
        0);
    const Ended again = call({"export", "run.pscope", "-o", "again.csv", "-o", "again.png"});
    QVERIFY2(again.status == 0, again.err.constData());
    QFile first(path("first.csv"));
    QFile second(path("again.csv"));
    QVERIFY(first.open(QFile::ReadOnly) && second.open(QFile::ReadOnly));
    QCOMPARE(second.readAll(), first.readAll());
    const Ended unknown = call({"run", "--workload", "test.twice"});
    QCOMPARE(unknown.status, 2);
    QVERIFY2(unknown.err.contains("test.twice"), unknown.err.constData());
}

QTEST_GUILESS_MAIN(TestFunctionCommands)
#include "tst_function_commands.moc"
