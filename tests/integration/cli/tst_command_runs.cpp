// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

/// Commands as tasks, from the command line: real programs, files and signals.
class TestCommandRuns : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void doesWhatXargsDoes_data() { eachExecutor(); }
    void doesWhatXargsDoes();
    void badCommandsAreOneClearFailureEach_data() { eachExecutor(); }
    void badCommandsAreOneClearFailureEach();
    void summarySaysWhatWentWrong();
    void itemsComeFromEverySource();
    void wrongUsageEndsWithTwoAndSaysWhy_data();
    void wrongUsageEndsWithTwoAndSaysWhy();
    void twoExecutorsNeedTheUsersWord();
    void shellIsOnlyUsedWhenAsked();
    void outputsAreKept();
    void interruptEndsTheCommands_data() { eachExecutor(); }
    void interruptEndsTheCommands();
    void killedProgramTakesItsCommandsAlong_data() { eachExecutor(); }
    void killedProgramTakesItsCommandsAlong();
    void worksWithoutStandardStreams();
    void listAndHelpShowIt();

private:
    struct Ended
    {
        int status = -1;
        QByteArray out;
        QByteArray err;
        [[nodiscard]] QJsonObject run() const
        {
            return QJsonDocument::fromJson(out).object()["runs"].toArray()[0].toObject();
        }
    };
    static void eachExecutor();
    Ended call(const QStringList& words, const QByteArray& input = {}) const;
    QString path(const QString& name) const { return m_folder->filePath(name); }
    void writeFile(const QString& name, const QByteArray& bytes) const;
    QByteArray content(const QString& name) const;
    /// Starts commands that tell their process id, and \return those ids once all of them have.
    QList<int> startSleepers(QProcess& process, const QString& executor) const;

    QString m_program = qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR") + "/poolscope";
    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

bool isRunning(int id)
{
    QFile status(QStringLiteral("/proc/%1/stat").arg(id));
    if (!status.open(QFile::ReadOnly)) {
        return false;
    }
    const QByteArray text = status.readAll();
    return text.mid(text.lastIndexOf(')') + 2, 1) != "Z";
}

} // namespace

void TestCommandRuns::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    QVERIFY2(QFile::exists(m_program), qPrintable(m_program));
}

void TestCommandRuns::eachExecutor()
{
    QTest::addColumn<QString>("executor");
    QTest::newRow("threads") << "threads";
    QTest::newRow("processes") << "processes";
}

TestCommandRuns::Ended TestCommandRuns::call(const QStringList& words,
                                             const QByteArray& input) const
{
    QProcess process;
    process.setWorkingDirectory(m_folder->path());
    process.start(m_program, words);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(110'000)) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

void TestCommandRuns::writeFile(const QString& name, const QByteArray& bytes) const
{
    QFile file(path(name));
    QVERIFY(QDir().mkpath(QFileInfo(file).absolutePath()));
    QVERIFY(file.open(QFile::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

QByteArray TestCommandRuns::content(const QString& name) const
{
    QFile file(path(name));
    return file.open(QFile::ReadOnly) ? file.readAll()
                                      : QByteArray("cannot be read: ") + name.toUtf8();
}

void TestCommandRuns::doesWhatXargsDoes()
{
    QFETCH(const QString, executor);
    QByteArray names;
    for (int i = 0; i < 60; ++i) {
        const QString name = QStringLiteral("file %1's \"$x\" ü.txt").arg(i);
        const QByteArray bytes =
            QByteArray::number(i) + QByteArray(i * 1000, static_cast<char>('a' + i % 26));
        writeFile("ours/" + name, bytes);
        writeFile("theirs/" + name, bytes);
        names += name.toUtf8() + '\0';
    }
    QProcess xargs;
    xargs.setWorkingDirectory(path("theirs"));
    xargs.start("xargs", {"-0", "-n1", "-P2", "gzip", "-nk"});
    xargs.write(names);
    xargs.closeWriteChannel();
    QVERIFY(xargs.waitForFinished(60'000));

    const Ended ended =
        call({"run", "--executor", executor, "--workers", "2", "--param", "folder=ours", "--items",
              "*.txt", "--json", "--", "gzip", "-nk", "{}"});
    QVERIFY2(ended.status == 0, ended.err.constData());
    QCOMPARE(ended.run()["done"].toInt(), 60);
    const QStringList all = QDir(path("theirs")).entryList(QDir::Files);
    QCOMPARE(QDir(path("ours")).entryList(QDir::Files), all);
    QCOMPARE(all.size(), 120);
    for (const QString& name : all) {
        QVERIFY2(content("ours/" + name) == content("theirs/" + name), qPrintable(name));
    }
}

void TestCommandRuns::badCommandsAreOneClearFailureEach()
{
    QFETCH(const QString, executor);
    writeFile("not a program", "text");
    writeFile("list.txt", "true\n"
                          "exit 3\n"
                          "kill -SEGV $$\n"
                          "sleep 1000\n"
                          "head -c 20000000 /dev/zero; head -c 20000000 /dev/zero >&2\n"
                          "echo the reason >&2; false\n"
                          "sleep 1000 & exit 7\n");
    const Ended ended =
        call({"run", "--executor", executor, "--workers", "2", "--param", "timeout=4", "--items",
              "@list.txt", "--export", "out.csv", "--json", "--", "sh", "-c"});
    QCOMPARE(ended.status, 1);
    QCOMPARE(ended.run()["tasks"].toInt(), 7);
    QCOMPARE(ended.run()["done"].toInt(), 2);
    QCOMPARE(ended.run()["failed"].toInt(), 4);
    QCOMPARE(ended.run()["timed_out"].toInt(), 1);
    QCOMPARE(ended.run()["lost_attempts"].toInt(), 0);
    const QByteArray csv = content("out.csv");
    for (const char* said :
         {"sh -c 'exit 3': exit status 3", "killed by SIGSEGV (Segmentation fault)",
          "sh -c 'sleep 1000': timed out after 4.0 s, ended by SIGTERM (Terminated)",
          "exit status 1\nthe reason", "exit status 7"}) {
        QVERIFY2(csv.contains(said), said);
    }

    for (const char* program : {"no-such-program", "./not a program", "/"}) {
        const Ended missing = call({"run", "--executor", executor, "--workers", "1", "--items",
                                    "1..2", "--export", "out.csv", "--json", "--", program});
        QCOMPARE(missing.status, 1);
        QCOMPARE(missing.run()["failed"].toInt(), 2);
        QVERIFY2(content("out.csv").contains(program), program);
        QVERIFY2(content("out.csv").contains("cannot be started"), program);
    }
}

void TestCommandRuns::summarySaysWhatWentWrong()
{
    const QStringList command{"--", "sh", "-c", "echo no $0 >&2; [ $0 -gt 2 ]"};
    const Ended two = call(QStringList{"run", "--items", "1..9"} + command);
    QCOMPARE(two.status, 1);
    QVERIFY2(two.out.contains("    1 failed: sh -c"), two.out.constData());
    QVERIFY2(two.out.contains(": exit status 1\n      no 2\n"), two.out.constData());
    QVERIFY2(!two.out.contains("and more"), two.out.constData());
    const Ended many = call({"run", "--items", "1..9", "--", "false"});
    QCOMPARE(many.out.count(" failed: false "), 3);
    QVERIFY2(many.out.contains("and more"), many.out.constData());
}

void TestCommandRuns::itemsComeFromEverySource()
{
    writeFile("b.txt", "");
    writeFile("a.txt", "");
    writeFile("deep/below/c.dat", "");
    writeFile("list", "from the list\n");
    const Ended ended = call({"run",     "--items",         "word",    "--items",   "*.txt",
                              "--items", "@list",           "--items", "08..10",    "--items",
                              "-",       "--input",         "deep",    "--workers", "2",
                              "--param", "keep_output=out", "--",      "echo",      "{#}:{}"},
                             "typed 1\ntyped 2\n");
    QVERIFY2(ended.status == 0, ended.err.constData());
    const QStringList items{"word", "a.txt", "b.txt",   "from the list", "08",
                            "09",   "10",    "typed 1", "typed 2",       "deep/below/c.dat"};
    for (qsizetype i = 0; i < items.size(); ++i) {
        QCOMPARE(content(QStringLiteral("out/%1.out").arg(i + 1, 6, 10, QLatin1Char('0'))),
                 (QString::number(i + 1) + ':' + items[i] + '\n').toUtf8());
    }
    QCOMPARE(QDir(path("out")).entryList(QDir::Files).size(), 2 * items.size());
}

void TestCommandRuns::wrongUsageEndsWithTwoAndSaysWhy_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* name, const QStringList& words, const char* said) {
        QTest::newRow(name) << (QStringList{"run"} + words) << QByteArray(said);
    };
    row("no command", {"--items", "1..3", "--"}, "no command behind --");
    row("no dashes", {"--workload", "command", "--items", "1..3"}, "put one behind --");
    row("no items", {"--", "echo"}, "give --items or --input");
    row("expanded pattern", {"--items", "a.png", "b.png", "--", "echo"}, "--items '*.png'");
    row("other workload", {"--workload", "square", "--", "echo"}, "square runs no command");
    row("items of another workload", {"--workload", "square", "--items", "x"},
        "'items' is not a parameter");
    row("two commands", {"--param", "command=ls", "--items", "x", "--", "echo"}, "given twice");
    row("tasks", {"--tasks", "3", "--items", "x", "--", "echo"}, "'tasks' is not a parameter");
    row("shell", {"--param", "shell=fish", "--items", "x", "--", "echo"}, "one of none, sh, bash");
}

void TestCommandRuns::wrongUsageEndsWithTwoAndSaysWhy()
{
    QFETCH(const QStringList, words);
    QFETCH(const QByteArray, said);
    const Ended ended = call(words);
    QCOMPARE(ended.status, 2);
    QVERIFY2(ended.err.contains(said), ended.err.constData());
    QCOMPARE(ended.err.count('\n'), 1);
}

void TestCommandRuns::twoExecutorsNeedTheUsersWord()
{
    const QStringList words{"--items", "1..4", "--json", "--", "true"};
    const Ended alone = call(QStringList{"run"} + words);
    QCOMPARE(alone.status, 0);
    QCOMPARE(alone.run()["executor"].toString(), QStringLiteral("threads"));
    QCOMPARE(QJsonDocument::fromJson(alone.out).object()["runs"].toArray().size(), 1);

    const Ended both = call(QStringList{"run", "--executor", "both"} + words);
    QCOMPARE(both.status, 2);
    QVERIFY2(both.err.contains("\"repeat\""), both.err.constData());

    const Ended allowed =
        call(QStringList{"run", "--executor", "both", "--param", "repeat=any"} + words);
    QCOMPARE(allowed.status, 0);
    const QJsonArray runs = QJsonDocument::fromJson(allowed.out).object()["runs"].toArray();
    QCOMPARE(runs.size(), 2);
    QCOMPARE(runs[1].toObject()["done"].toInt(), 4);
}

void TestCommandRuns::shellIsOnlyUsedWhenAsked()
{
    const QStringList common{"--items", "x", "--workers", "1"};
    const auto with = [&common](const QStringList& more) {
        return QStringList{"run"} + common + more;
    };
    QCOMPARE(
        call(with({"--keep-output", "plain", "--", "echo", "$HOME", "a  b", ";", "ls"})).status, 0);
    QCOMPARE(content("plain/000001.out"), QByteArray("$HOME a  b ; ls x\n"));
    QCOMPARE(call(with({"--keep-output", "shell", "--param", "shell=sh", "--", "echo {} |",
                        "tr x y; echo $((1+1))"}))
                 .status,
             0);
    QCOMPARE(content("shell/000001.out"), QByteArray("y\n2\n"));
}

void TestCommandRuns::outputsAreKept()
{
    const QStringList words{"run",
                            "--items",
                            "1..2",
                            "--keep-output",
                            "out",
                            "--workers",
                            "2",
                            "--export",
                            "run.csv",
                            "--",
                            "sh",
                            "-c",
                            "head -c 1000000 /dev/zero; echo e$0 >&2"};
    QCOMPARE(call(words).status, 0);
    QCOMPARE(content("out/000001.out").size(), 1'000'000);
    QCOMPARE(content("out/000002.err"), QByteArray("e2\n"));
    QVERIFY(content("run.csv").contains("of 977 KiB output"));
    const Ended again = call(words);
    QCOMPARE(again.status, 1);
    QVERIFY2(again.err.contains("is not empty"), again.err.constData());
    QCOMPARE(content("out/000001.out").size(), 1'000'000);
}

QList<int> TestCommandRuns::startSleepers(QProcess& process, const QString& executor) const
{
    process.setWorkingDirectory(m_folder->path());
    process.start(m_program, {"run", "--executor", executor, "--workers", "2", "--items", "1..5",
                              "--json", "--", "sh", "-c",
                              "echo $$ > pid.$0.new; mv pid.$0.new pid.$0; exec sleep 1000"});
    QList<int> ids;
    const bool areThere = QTest::qWaitFor(
        [&] {
            ids.clear();
            for (int i = 1; i <= 5; ++i) { // which two run first is the executor's affair
                if (QFile::exists(path(QStringLiteral("pid.%1").arg(i)))) {
                    ids << content(QStringLiteral("pid.%1").arg(i)).trimmed().toInt();
                }
            }
            return ids.size() == 2;
        },
        60'000);
    return areThere ? ids : QList<int>{};
}

void TestCommandRuns::interruptEndsTheCommands()
{
    QFETCH(const QString, executor);
    QProcess process;
    const QList<int> sleepers = startSleepers(process, executor);
    QCOMPARE(sleepers.size(), 2);
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitCode(), 1);
    const Ended ended{process.exitCode(), process.readAllStandardOutput(), {}};
    QCOMPARE(ended.run()["cancelled"].toInt() + ended.run()["not_submitted"].toInt(), 5);
    for (const int sleeper : sleepers) {
        QVERIFY(!isRunning(sleeper));
    }
}

void TestCommandRuns::killedProgramTakesItsCommandsAlong()
{
    QFETCH(const QString, executor);
    QProcess process;
    const QList<int> sleepers = startSleepers(process, executor);
    QCOMPARE(sleepers.size(), 2);
    process.kill();
    QVERIFY(process.waitForFinished(60'000));
    for (const int sleeper : sleepers) {
        QTRY_VERIFY_WITH_TIMEOUT(!isRunning(sleeper), 30'000);
    }
}

void TestCommandRuns::worksWithoutStandardStreams()
{
    QProcess shell;
    shell.setWorkingDirectory(m_folder->path());
    shell.start(
        "sh",
        {"-c",
         "exec \"$0\" run --items 1..3 --export out.csv -- sh -c 'echo o$0; echo e$0 >&2; exit 1' "
         "<&- >&- 2>&-",
         m_program});
    QVERIFY(shell.waitForFinished(60'000));
    QCOMPARE(shell.exitCode(), 1);
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(
            content("out.csv").contains(QStringLiteral("exit status 1\ne%1\"").arg(i).toUtf8()));
    }
}

void TestCommandRuns::listAndHelpShowIt()
{
    const Ended list = call({"list"});
    QVERIFY(list.out.contains("  command  "));
    QVERIFY(list.out.contains("keep_output"));
    const Ended help = call({"run", "--help"});
    QVERIFY(help.out.contains("--items"));
    QVERIFY(help.out.contains("-- convert {} {.}.webp"));
}

QTEST_GUILESS_MAIN(TestCommandRuns)
#include "tst_command_runs.moc"
