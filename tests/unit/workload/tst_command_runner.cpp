// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/workload/command_case.h"
#include "tests/unit/workload/test_files.h"

#include <QDir>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

using namespace poolscope;
using namespace poolscope::test;

class CommandRunnerTest : public QObject
{
    Q_OBJECT

private slots:
    void tellsHowItEnded_data();
    void tellsHowItEnded();
    void whatCannotStartSaysWhy_data();
    void whatCannotStartSaysWhy();
    void inheritsOnlyTheStandardStreams();
    void signalsAreAsForANewProgram();
    void environmentIsAddedAndReplaced();
    void pathOfTheEnvironmentFindsTheProgram();
    void runsInItsFolder();
    void floodIsCutAndCounted();
    void bothStreamsAreReadAtOnce();
    void filesGetAllOutput();
    void existingOutputFileIsNotTouched();
    void closedStreamsAreNoEnd();
    void measuresTimeAndMemory();

private:
    TestFiles m_files;
};

void CommandRunnerTest::tellsHowItEnded_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("how");
    QTest::addColumn<int>("status");
    QTest::newRow("done") << QByteArray("exit 0") << int(How::Exited) << 0;
    QTest::newRow("failed") << QByteArray("exit 3") << int(How::Exited) << 3;
    QTest::newRow("crashed") << QByteArray("kill -SEGV $$") << int(How::Signalled) << SIGSEGV;
    QTest::newRow("killed") << QByteArray("kill -KILL $$") << int(How::Signalled) << SIGKILL;
    QTest::newRow("broken pipe") << QByteArray("kill -PIPE $$") << int(How::Signalled) << SIGPIPE;
}

void CommandRunnerTest::tellsHowItEnded()
{
    QFETCH(const QByteArray, text);
    const Result<CommandOutcome> outcome = runNow(script(text.constData()));
    QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
    QTEST(static_cast<int>(outcome.value().end.how), "how");
    QTEST(outcome.value().end.status, "status");
    QVERIFY(outcome.value().cause == Cause::Itself);
}

void CommandRunnerTest::whatCannotStartSaysWhy_data()
{
    m_files.write("plain.txt", "text");
    m_files.write("no_interpreter", "#!/nowhere/at/all\n");
    m_files.write("no_program", "just text\n");
    QFile(QString::fromStdString(m_files.path("no_interpreter")))
        .setPermissions(QFile::ReadOwner | QFile::ExeOwner);
    QFile(QString::fromStdString(m_files.path("no_program")))
        .setPermissions(QFile::ReadOwner | QFile::ExeOwner);

    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QByteArray>("said");
    const auto row = [this](const char* name, const QString& file, const char* said) {
        QTest::newRow(name) << QStringList{m_files.folder() + file} << QString()
                            << QByteArray(said);
    };
    QTest::newRow("not in PATH") << QStringList{"no-such-program"} << QString()
                                 << QByteArray("no program 'no-such-program' in PATH");
    QTest::newRow("empty name") << QStringList{""} << QString() << QByteArray("no program ''");
    row("no file", "/missing", "No such file");
    row("not executable", "/plain.txt", "may not be executed");
    row("folder", "", "may not be executed");
    row("no interpreter", "/no_interpreter", "interpreter");
    row("no program", "/no_program", "#!/bin/sh");
    QTest::newRow("below a file") << QStringList{m_files.folder() + "/plain.txt/x"} << QString()
                                  << QByteArray("Not a directory");
    QTest::newRow("no folder") << QStringList{"true"} << QString("/nowhere")
                               << QByteArray("the folder '/nowhere' cannot be entered");
    QTest::newRow("too long") << QStringList{"true", QString(200'000, 'x')} << QString()
                              << QByteArray("longer than the system allows");
}

void CommandRunnerTest::whatCannotStartSaysWhy()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QString, folder);
    QFETCH(const QByteArray, said);
    const int before = openDescriptors();
    ChildSetup setup;
    for (const QString& argument : arguments) {
        setup.arguments.push_back(argument.toStdString());
    }
    setup.folder = folder.toStdString();
    const Result<CommandOutcome> outcome = runNow(setup);
    QVERIFY(!outcome);
    const QByteArray message = QByteArray::fromStdString(outcome.error().message);
    QVERIFY2(message.startsWith("cannot be started: "), message.constData());
    QVERIFY2(message.contains(said), message.constData());
    QCOMPARE(openDescriptors(), before);
    QCOMPARE(childrenOfThisProgram(), QByteArray());
}

void CommandRunnerTest::inheritsOnlyTheStandardStreams()
{
    const int leaky = ::open("/dev/null", O_RDONLY); // not close-on-exec, as of a careless library
    QVERIFY(leaky > 2);
    const auto outcome =
        runNow(script("for fd in $(seq 0 100); do [ -e /proc/$$/fd/$fd ] && echo $fd; done; true"));
    ::close(leaky);
    QCOMPARE(outcome.value().output.head(), std::string("0\n1\n2\n"));
    const auto input = runNow(script("readlink /proc/$$/fd/0; cat"));
    QCOMPARE(input.value().output.head(), std::string("/dev/null\n"));
}

void CommandRunnerTest::signalsAreAsForANewProgram()
{
    sigset_t blocked;
    sigset_t before;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGUSR1);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
    const auto oldPipe = std::signal(SIGPIPE, SIG_IGN);
    const auto outcome = runNow(program({"cat", "/proc/self/status"}));
    std::signal(SIGPIPE, oldPipe);
    sigset_t after;
    ::pthread_sigmask(SIG_SETMASK, &before, &after);
    QVERIFY(::sigismember(&after, SIGUSR1) == 1); // ours is as it was

    const QByteArray text = QByteArray::fromStdString(outcome.value().output.head());
    QVERIFY2(text.contains("SigBlk:\t0000000000000000"), text.constData());
    QVERIFY2(text.contains("SigCgt:\t0000000000000000"), text.constData());
    const qsizetype ignored = text.indexOf("SigIgn:\t") + 8;
    const quint64 mask = text.mid(ignored, 16).toULongLong(nullptr, 16);
    QVERIFY((mask & (quint64{1} << (SIGPIPE - 1))) == 0);
}

void CommandRunnerTest::environmentIsAddedAndReplaced()
{
    qputenv("PS_TEST_OURS", "ours");
    qputenv("PS_TEST_BOTH", "ours");
    ChildSetup setup = script("echo $PS_TEST_OURS $PS_TEST_BOTH $PS_TEST_NEW");
    setup.environment = {"PS_TEST_BOTH=theirs", "PS_TEST_NEW=a b=c"};
    QCOMPARE(runNow(setup).value().output.head(), std::string("ours theirs a b=c\n"));
}

void CommandRunnerTest::pathOfTheEnvironmentFindsTheProgram()
{
    m_files.write("bin/ps-own-program", "#!/bin/sh\necho found\n");
    QFile(QString::fromStdString(m_files.path("bin/ps-own-program")))
        .setPermissions(QFile::ReadOwner | QFile::ExeOwner);
    ChildSetup setup = program({"ps-own-program"});
    QVERIFY(!runNow(setup));
    setup.environment = {"PATH=/nowhere:" + m_files.path("bin") + ":/usr/bin:/bin"};
    const auto outcome = runNow(setup);
    QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
    QCOMPARE(outcome.value().output.head(), std::string("found\n"));
}

void CommandRunnerTest::runsInItsFolder()
{
    m_files.makeFolder("inside");
    ChildSetup setup = program({"pwd", "-P"});
    setup.folder = m_files.path("inside");
    const std::string folder =
        QFileInfo(QString::fromStdString(setup.folder)).canonicalFilePath().toStdString();
    QCOMPARE(runNow(setup).value().output.head(), folder + '\n');
}

void CommandRunnerTest::floodIsCutAndCounted()
{
    CommandLimits limits;
    limits.keptBytes = 10;
    const auto outcome =
        runNow(script("echo begins; head -c 50000000 /dev/zero; echo ends"), limits);
    QVERIFY(outcome.value().end.how == How::Exited);
    QCOMPARE(outcome.value().output.size(), std::uint64_t{50'000'012});
    QCOMPARE(outcome.value().output.head(), std::string("begins\n\0\0\0", 10));
    QVERIFY(outcome.value().output.tail().ends_with(std::string("\0ends\n", 6)));
    QVERIFY(outcome.value().output.tail().size() <= 4096);
}

void CommandRunnerTest::bothStreamsAreReadAtOnce()
{
    // Each alone would fill its pipe and wait for ever.
    const auto outcome = runNow(script("head -c 1000000 /dev/zero >&2; head -c 1000000 /dev/zero; "
                                       "head -c 1000000 /dev/zero >&2; echo last >&2"));
    QCOMPARE(outcome.value().output.size(), std::uint64_t{1'000'000});
    QCOMPARE(outcome.value().error.size(), std::uint64_t{2'000'005});
    QVERIFY(outcome.value().error.tail().ends_with("last\n"));
}

void CommandRunnerTest::filesGetAllOutput()
{
    CommandLimits limits;
    limits.keptBytes = 4;
    limits.outputFile = m_files.path("all.out");
    limits.errorFile = m_files.path("all.err");
    const auto outcome =
        runNow(script("echo begin; head -c 100000 /dev/zero; echo oops >&2"), limits);
    QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
    QCOMPARE(outcome.value().output.head(), std::string("begi"));
    QCOMPARE(outcome.value().output.size(), std::uint64_t{100'006});
    QCOMPARE(outcome.value().error.tail(), std::string("oops\n"));
    QCOMPARE(QFileInfo(QString::fromStdString(limits.outputFile)).size(), 100'006);
}

void CommandRunnerTest::existingOutputFileIsNotTouched()
{
    m_files.write("older.out", "precious");
    CommandLimits limits;
    limits.outputFile = m_files.path("older.out");
    limits.errorFile = m_files.path("older.err");
    const auto outcome = runNow(script("echo new"), limits);
    QVERIFY(!outcome);
    QVERIFY(outcome.error().message.find("older.out") != std::string::npos);
    QFile file(QString::fromStdString(limits.outputFile));
    QVERIFY(file.open(QFile::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("precious"));
}

void CommandRunnerTest::closedStreamsAreNoEnd()
{
    const auto outcome = runNow(script("exec >&- 2>&-; sleep 0.1; exit 4"));
    QVERIFY(outcome.value().end.how == How::Exited);
    QCOMPARE(outcome.value().end.status, 4);
}

void CommandRunnerTest::measuresTimeAndMemory()
{
    // Reads 300 MiB into memory at once: more than this test ever has.
    const auto outcome = runNow(
        program({"dd", "if=/dev/zero", "of=/dev/null", "bs=300M", "count=1", "status=none"}));
    const ChildEnd& end = outcome.value().end;
    QCOMPARE(end.status, 0);
    QVERIFY(end.userNs + end.systemNs > 0);
    QVERIFY(end.isPeakOwn);
    QVERIFY(end.peakBytes > std::uint64_t{300} << 20U);
    QVERIFY(end.peakBytes < std::uint64_t{400} << 20U);
    const auto small = runNow(program({"true"}));
    QVERIFY(!small.value().end.isPeakOwn); // smaller than this program
}

QTEST_GUILESS_MAIN(CommandRunnerTest)
#include "tst_command_runner.moc"
