// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/processes/process_case.h"

#include <QFile>
#include <QTest>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>

using namespace poolscope;
using namespace poolscope::test;

/// Whatever ends – a worker, its program, the reaper – takes down with it what it has started, also
/// what has made itself a daemon.
class TestProcessTrees : public QObject
{
    Q_OBJECT

private slots:
    void killedProgramLeavesNothing();
    void killedReaperTakesTheWorkersAlong();
    void lostReaperIsReplaced();
    void lostReaperIsOneFailureHoweverManyWorkersHadNotBegun();
    void deadWorkerLeavesNothing_data();
    void deadWorkerLeavesNothing();
    void daemonsLiveAsLongAsTheirWorker();
    void deadDaemonsDoNotPileUp();
};

namespace {

/// Starts pool_holder. \return its process id and those that it prints, empty when that fails.
std::vector<pid_t> startHolder()
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return {};
    }
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string program = testProgram("pool_holder");
    std::string worker = testProgram("fault_worker");
    std::string reaper = reaperProgram();
    std::array<char*, 4> arguments{program.data(), worker.data(), reaper.data(), nullptr};
    pid_t holder = 0;
    const int failure =
        ::posix_spawn(&holder, program.c_str(), &actions, nullptr, arguments.data(), ::environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    std::vector<pid_t> processes{holder};
    FILE* output = ::fdopen(ends[0], "r");
    int printed = 0;
    while (failure == 0 && processes.size() < 5 && std::fscanf(output, "%d", &printed) == 1) {
        processes.push_back(printed);
    }
    std::fclose(output);
    return processes.size() == 5 ? processes : std::vector<pid_t>{};
}

bool areAllAlive(const std::vector<pid_t>& processes)
{
    return std::all_of(processes.begin(), processes.end(), isAlive);
}

bool isAnyAlive(const std::vector<pid_t>& processes)
{
    return std::any_of(processes.begin(), processes.end(), isAlive);
}

pid_t parentOf(pid_t process)
{
    QFile file(QString("/proc/%1/stat").arg(process));
    if (!file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    const QByteArray text = file.readAll();
    return text.mid(text.lastIndexOf(')') + 4).split(' ').value(0).toInt();
}

/// \return the process that a task of \p pool has started.
pid_t startedBy(Executor& pool, const std::string& item)
{
    EndLog log(1);
    if (!pool.submit({faultJob({item}), 0, 1}, &log) || !log.waitForTotal(1)) {
        return 0;
    }
    const Value value = log.ends()[0].value;
    const auto* process = std::get_if<std::int64_t>(&value);
    return process != nullptr ? static_cast<pid_t>(*process) : 0;
}

} // namespace

void TestProcessTrees::killedProgramLeavesNothing()
{
    const std::vector<pid_t> processes = startHolder();
    QVERIFY(!processes.empty());
    QVERIFY(areAllAlive(processes));
    const pid_t reaper = parentOf(processes[1]);
    QCOMPARE(parentOf(processes[2]), reaper);
    QCOMPARE(parentOf(reaper), processes[0]);
    QCOMPARE(::kill(processes[0], SIGKILL), 0);
    QCOMPARE(::waitpid(processes[0], nullptr, 0), processes[0]);
    QTRY_VERIFY_WITH_TIMEOUT(!isAnyAlive(processes) && !isAlive(reaper), 60'000);
}

void TestProcessTrees::killedReaperTakesTheWorkersAlong()
{
    const std::vector<pid_t> processes = startHolder();
    QVERIFY(!processes.empty());
    // With the program stopped only the kernel can do it.
    QCOMPARE(::kill(processes[0], SIGSTOP), 0);
    QCOMPARE(::kill(parentOf(processes[1]), SIGKILL), 0);
    QTRY_VERIFY_WITH_TIMEOUT(!isAnyAlive({processes[1], processes[2]}), 60'000);
    QCOMPARE(::kill(processes[0], SIGKILL), 0);
    QCOMPARE(::waitpid(processes[0], nullptr, 0), processes[0]);
    ::kill(processes[3], SIGKILL); // nobody was left to do it
    ::kill(processes[4], SIGKILL);
}

void TestProcessTrees::lostReaperIsReplaced()
{
    constexpr std::uint64_t kTasks = 400;
    EndLog log(kTasks);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(processOptions(2, 4), recorder);
    QVERIFY(pool->submit({sleepJob(kTasks, 5), 0, kTasks}, &log));
    for (std::uint64_t i = 1; i <= 3; ++i) {
        QVERIFY(log.waitForTotal(i * 50));
        const int deaths = eventCount(*recorder, ControlKind::WorkerDied);
        std::vector<pid_t> workers;
        QTRY_VERIFY_WITH_TIMEOUT(!(workers = livingWorkers(*recorder)).empty(), 60'000);
        const pid_t reaper = parentOf(workers[0]);
        QVERIFY(reaper > 1);
        QCOMPARE(::kill(reaper, SIGKILL), 0);
        QTRY_VERIFY_WITH_TIMEOUT(eventCount(*recorder, ControlKind::WorkerDied) > deaths, 60'000);
    }
    pool->drain();
    QCOMPARE(log.countOf(TaskState::Done), kTasks);
    QCOMPARE(faultInTrace(*recorder, log), QString());
    for (const std::string& text : eventTexts(*recorder, ControlKind::WorkerDied)) {
        QVERIFY2(text.find("poolscope-reaper") != std::string::npos, text.c_str());
    }
    pool->shutdown();
    QCOMPARE(childCount(), 0);
}

/// A pool gives up when its workers end one after the other before they do anything; the end of their parent
/// says nothing about them.
void TestProcessTrees::lostReaperIsOneFailureHoweverManyWorkersHadNotBegun()
{
    constexpr int kWorkers = 8;
    constexpr std::uint64_t kTasks = 64;
    EndLog log(kTasks);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(processOptions(kWorkers), recorder);
    EndLog warmUp(1);
    QVERIFY(pool->submit({squareJob(1), 0, 1}, &warmUp));
    pool->drain();
    QTRY_COMPARE_WITH_TIMEOUT(std::ssize(livingWorkers(*recorder)), std::ptrdiff_t{kWorkers},
                              60'000);
    const pid_t reaper = parentOf(livingWorkers(*recorder)[0]);
    for (const pid_t worker : livingWorkers(*recorder)) {
        QCOMPARE(::kill(worker, SIGSTOP), 0); // so that it begins nothing
    }
    QVERIFY(pool->submit({squareJob(kTasks), 0, kTasks}, &log));
    QTRY_VERIFY_WITH_TIMEOUT(pool->counts().handedOver >= kWorkers, 60'000);
    QCOMPARE(::kill(reaper, SIGKILL), 0);
    pool->drain();
    QCOMPARE(faultInSquares(log), QString());
}

void TestProcessTrees::deadWorkerLeavesNothing_data()
{
    QTest::addColumn<QString>("item");
    QTest::addColumn<QString>("end");
    for (const char* item : {"child", "daemon"}) {
        for (const char* end : {"abort", "exit 3", "kill", "retire", "shutdown"}) {
            QTest::addRow("%s, %s", item, end) << item << end;
        }
    }
}

void TestProcessTrees::deadWorkerLeavesNothing()
{
    QFETCH(QString, item);
    QFETCH(QString, end);
    ExecutorOptions options = faultOptions(1);
    options.maxAttempts = 1;
    EndLog log(1);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    if (end == "retire") { // the worker of the highest number will have to go
        QVERIFY(pool->submit({faultJob({"hang"}), 0, 1}, &log));
        QTRY_COMPARE_WITH_TIMEOUT(runningNow(*recorder), 1, 60'000);
        pool->resize(2);
    }
    const pid_t started = startedBy(*pool, item.toStdString());
    QVERIFY(isAlive(started));
    QCOMPARE(parentOf(started), livingWorkers(*recorder).back());
    if (end == "retire") {
        pool->resize(1);
    } else if (end == "kill") {
        QTRY_COMPARE_WITH_TIMEOUT(runningNow(*recorder), 0, 60'000); // shown a moment longer
        QVERIFY(pool->submit({faultJob({"hang"}), 0, 1}, &log));
        QTRY_COMPARE_WITH_TIMEOUT(runningNow(*recorder), 1, 60'000);
        pool->kill();
    } else if (end == "shutdown") {
        pool->shutdown();
        QVERIFY2(!isAlive(started), "shutdown() must not return before it is gone");
    } else {
        QVERIFY(pool->submit({faultJob({end.toStdString()}), 0, 1}, &log));
    }
    QTRY_VERIFY_WITH_TIMEOUT(!isAlive(started), 60'000);
    pool->kill();
}

void TestProcessTrees::daemonsLiveAsLongAsTheirWorker()
{
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(2), recorder);
    const pid_t daemon = startedBy(*pool, "daemon");
    QTRY_COMPARE_WITH_TIMEOUT(openLives(*recorder), 2, 60'000);
    const std::vector<pid_t> workers = livingWorkers(*recorder);
    const pid_t other = workers[0] == parentOf(daemon) ? workers[1] : workers[0];
    QCOMPARE(::kill(other, SIGKILL), 0);
    QTRY_COMPARE_WITH_TIMEOUT(eventCount(*recorder, ControlKind::WorkerDied), 1, 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(openLives(*recorder), 2, 60'000);
    QVERIFY2(isAlive(daemon), "it belongs to the other worker");
}

void TestProcessTrees::deadDaemonsDoNotPileUp()
{
    const auto pool = makeProcessPool(faultOptions(1));
    const pid_t daemon = startedBy(*pool, "daemon");
    QVERIFY(isAlive(daemon));
    QCOMPARE(::kill(daemon, SIGKILL), 0);
    QTRY_VERIFY_WITH_TIMEOUT(
        (startedBy(*pool, "quick"), !QFile::exists(QString("/proc/%1").arg(daemon))), 60'000);
}

QTEST_GUILESS_MAIN(TestProcessTrees)
#include "tst_process_trees.moc"
