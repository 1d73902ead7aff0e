// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/workload/command_case.h"
#include "tests/unit/workload/test_files.h"

#include <QDir>
#include <QTest>

#include <csignal>
#include <optional>
#include <thread>

using namespace poolscope;
using namespace poolscope::test;

namespace {

/// \return whether a process still runs: a zombie, whoever is to reap it, does not.
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

class CommandEndTest : public QObject
{
    Q_OBJECT

private slots:
    void timeLimitEndsTheGroup();
    void stoppedCommandObeysTheTimeLimit();
    void stopFlagEndsIt();
    void whoIgnoresTermIsKilled();
    void leftBehindInTheGroupIsKilled();
    void leftBehindElsewhereIsNotWaitedFor();
    void wantsTheTerminal();
    void diesWithTheThreadThatStartedIt();
    void nothingIsLeftOfMany();

private:
    TestFiles m_files;
};

void CommandEndTest::timeLimitEndsTheGroup()
{
    CommandLimits limits;
    limits.timeoutNs = 300 * kNanosPerMilli;
    const auto outcome = runNow(script("sleep 1000 & echo $!; wait"), limits);
    QVERIFY(outcome.value().cause == Cause::Timeout);
    QVERIFY(outcome.value().end.how == How::Signalled);
    QCOMPARE(outcome.value().end.status, SIGTERM);
    QVERIFY(!outcome.value().hasIgnoredTerm);
    if (!outcome.value().output.head().empty()) { // unless it took so long to begin
        const int sleeper = std::stoi(outcome.value().output.head());
        QTRY_VERIFY(!isRunning(sleeper));
    }
}

void CommandEndTest::stoppedCommandObeysTheTimeLimit()
{
    CommandLimits limits;
    limits.timeoutNs = 100 * kNanosPerMilli;
    const auto outcome = runNow(script("kill -STOP $$; exit 0"), limits);
    QVERIFY(outcome.value().cause == Cause::Timeout);
    QVERIFY(outcome.value().end.how == How::Signalled);
    QCOMPARE(outcome.value().end.status, SIGTERM);
}

void CommandEndTest::stopFlagEndsIt()
{
    StopFlag stop;
    const std::string ready = m_files.path("ready to stop");
    ChildSetup setup = script("trap 'echo bye; exit 5' TERM; touch \"$READY\"; sleep 1000 & wait");
    setup.environment = {"READY=" + ready};
    std::optional<Result<CommandOutcome>> outcome;
    std::thread worker([&] { outcome = runCommand(setup, {}, stop); });
    const bool isReady =
        QTest::qWaitFor([&] { return QFile::exists(QString::fromStdString(ready)); }, 60'000);
    stop.request();
    worker.join();
    QVERIFY(isReady);
    QVERIFY(outcome->value().cause == Cause::Stop);
    QCOMPARE(outcome->value().end.status, 5);
    QCOMPARE(outcome->value().output.head(), std::string("bye\n"));
}

void CommandEndTest::whoIgnoresTermIsKilled()
{
    StopFlag stop;
    const std::string ready = m_files.path("ready to ignore");
    ChildSetup setup =
        script("trap '' TERM; sleep 1000 & echo $!; touch \"$READY\"; wait; wait; exit 0");
    setup.environment = {"READY=" + ready};
    CommandLimits limits;
    limits.graceNs = 50 * kNanosPerMilli;
    std::optional<Result<CommandOutcome>> outcome;
    std::thread worker([&] { outcome = runCommand(setup, limits, stop); });
    const bool isReady =
        QTest::qWaitFor([&] { return QFile::exists(QString::fromStdString(ready)); }, 60'000);
    stop.request();
    worker.join();
    QVERIFY(isReady);
    QVERIFY(outcome->value().hasIgnoredTerm);
    QVERIFY(outcome->value().end.how == How::Signalled);
    QCOMPARE(outcome->value().end.status, SIGKILL);
    const int sleeper = std::stoi(outcome->value().output.head());
    QTRY_VERIFY(!isRunning(sleeper)); // it ignored SIGTERM too
}

void CommandEndTest::leftBehindInTheGroupIsKilled()
{
    const auto outcome = runNow(script("sleep 1000 & echo $!"));
    QVERIFY(outcome.value().end.how == How::Exited);
    QCOMPARE(outcome.value().end.status, 0);
    const int sleeper = std::stoi(outcome.value().output.head());
    QTRY_VERIFY(!isRunning(sleeper));
}

void CommandEndTest::leftBehindElsewhereIsNotWaitedFor()
{
    // It holds the pipes open.
    const std::string ready = m_files.path("left");
    ChildSetup setup = script("setsid sh -c 'echo $$ > \"$READY\"; exec sleep 1000' & "
                              "while [ ! -s \"$READY\" ]; do sleep 0.01; done; cat \"$READY\"");
    setup.environment = {"READY=" + ready};
    const auto outcome = runNow(setup);
    const int daemon = std::stoi(outcome.value().output.head());
    QVERIFY(isRunning(daemon));
    ::kill(daemon, SIGKILL);
}

void CommandEndTest::wantsTheTerminal()
{
    const auto outcome = runNow(script("kill -TTIN $$; exit 0"));
    QVERIFY(outcome.value().cause == Cause::Terminal);
    QCOMPARE(outcome.value().end.status, SIGTERM);
}

void CommandEndTest::diesWithTheThreadThatStartedIt()
{
    std::optional<Result<ChildProcess>> child;
    std::thread([&child] {
        child.emplace(ChildProcess::start(program({"sleep", "1000"})));
    }).join();
    QVERIFY(*child);
    const ChildEnd end = child->value().reap();
    QVERIFY(end.how == How::Signalled);
    QCOMPARE(end.status, SIGKILL);
}

void CommandEndTest::nothingIsLeftOfMany()
{
    const int before = openDescriptors();
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&wrong, thread] {
                for (int i = 0; i < 75; ++i) {
                    const std::string text = std::to_string(thread * 1000 + i);
                    const auto outcome = runNow(program({"echo", text}));
                    const bool isRight = outcome && outcome.value().end.status == 0 &&
                                         outcome.value().output.head() == text + '\n';
                    wrong += isRight ? 0 : 1;
                }
            });
        }
    }
    QCOMPARE(wrong.load(), 0);
    QCOMPARE(openDescriptors(), before);
    QCOMPARE(childrenOfThisProgram(), QByteArray());
}

QTEST_GUILESS_MAIN(CommandEndTest)
#include "tst_command_end.moc"
