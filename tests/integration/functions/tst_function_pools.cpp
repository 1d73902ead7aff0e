// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/catalogue.h"
#include "tests/conformance/executor_case.h"
#include "tests/support/functions/function_files.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <utility>

using namespace poolscope;
using namespace poolscope::test;

/// Functions of a loaded library run on every executor, and what goes wrong in one stays there.
class TestFunctionPools : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void resultsAreRight_data() { addExecutorRows(); }
    void resultsAreRight();
    void parametersTravel_data() { addExecutorRows(); }
    void parametersTravel();
    void failuresKeepTheirReason_data() { addExecutorRows(); }
    void failuresKeepTheirReason();
    void cancelStopsAFunction_data() { addBackgroundRows(); }
    void cancelStopsAFunction();
    void crashCostsOneTaskOfAProcessPool();
    void libraryBuiltAgainBreaksTheProcessPool();

private:
    static std::shared_ptr<const Job> job(const char* id, std::int64_t tasks);
    static ExecutorOptions options();
};

void TestFunctionPools::initTestCase()
{
    Catalogue all;
    const Result<void> added = all.addLibrary(functionFile("good").toStdString());
    QVERIFY2(added, added ? "" : added.error().message.c_str());
    setCatalogue(std::move(all));
}

std::shared_ptr<const Job> TestFunctionPools::job(const char* id, std::int64_t tasks)
{
    ParamSet params;
    params.set("tasks", tasks);
    auto planned = planJob(*findWorkload(id), params, 11);
    if (!planned) {
        qFatal("%s", planned.error().message.c_str());
    }
    return std::move(planned).value();
}

ExecutorOptions TestFunctionPools::options()
{
    ExecutorOptions options;
    options.chunk = 4;
    return options;
}

void TestFunctionPools::resultsAreRight()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    constexpr std::uint64_t kTasks = 1'000;
    EndLog log(kTasks);
    ExecutorOptions wanted = options();
    wanted.workers = workers;
    const auto executor = makeExecutor(kind, wanted);
    QVERIFY(executor->submit({job("test.twice", kTasks), 0, kTasks}, &log));
    executor->drain();
    QCOMPARE(log.countOf(TaskState::Done), kTasks);
    const std::vector<SeenEnd> ends = log.ends();
    for (std::size_t task = 0; task < ends.size(); ++task) {
        QVERIFY(ends[task].value == Value{static_cast<std::int64_t>(task * 2)});
    }
}

void TestFunctionPools::parametersTravel()
{
    QFETCH(QString, kind);
    EndLog log(3);
    const auto executor = makeExecutor(kind, options());
    QVERIFY(executor->submit({job("test.echo", 3), 0, 3}, &log));
    executor->drain();
    QVERIFY(log.ends()[2].value == Value{std::string("3 0.500000 nobody  second 2 11")});
}

void TestFunctionPools::failuresKeepTheirReason()
{
    QFETCH(QString, kind);
    const auto executor = makeExecutor(kind, options());
    for (const auto& [id, says] : {std::pair{"test.fails", "failed on purpose"},
                                   {"test.throws", "thrown on purpose"},
                                   {"test.asks_wrongly", "\"nobody\""}}) {
        EndLog log(2);
        QVERIFY(executor->submit({job(id, 2), 0, 2}, &log));
        executor->drain();
        QCOMPARE(log.countOf(TaskState::Failed), std::uint64_t{2});
        QVERIFY2(log.ends()[1].error.find(says) != std::string::npos, log.ends()[1].error.c_str());
    }
}

void TestFunctionPools::cancelStopsAFunction()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    EndLog log(20);
    ExecutorOptions wanted = options();
    wanted.workers = workers;
    wanted.chunk = 1;
    const auto recorder = makeRecorder();
    const auto executor = makeExecutor(kind, wanted, recorder);
    QVERIFY(executor->submit({job("test.until_stopped", 20), 0, 20}, &log));
    QTRY_VERIFY_WITH_TIMEOUT(runningNow(*recorder) > 0, 60'000);
    executor->cancel();
    executor->drain();
    QCOMPARE(log.countOf(TaskState::Cancelled), std::uint64_t{20});
}

void TestFunctionPools::crashCostsOneTaskOfAProcessPool()
{
    constexpr std::uint64_t kTasks = 200;
    EndLog log(kTasks);
    ExecutorOptions wanted = options();
    wanted.workers = 2;
    wanted.maxAttempts = 2;
    const auto recorder = makeRecorder();
    const auto pool = makeExecutor("processes", wanted, recorder);
    QVERIFY(pool->submit({job("test.crashes", kTasks), 0, kTasks}, &log));
    pool->drain();
    QCOMPARE(log.countOf(TaskState::Done), kTasks - 1);
    const SeenEnd fatal = log.ends()[7];
    QCOMPARE(fatal.state, TaskState::Lost);
    QCOMPARE(fatal.attempts, 2);
    QVERIFY2(fatal.error.find("SIGABRT") != std::string::npos, fatal.error.c_str());
    QCOMPARE(faultInTrace(*recorder, log), QString());
}

void TestFunctionPools::libraryBuiltAgainBreaksTheProcessPool()
{
    const QTemporaryDir folder;
    const QString copy = folder.filePath("copy.so");
    QVERIFY(QFile::copy(functionFile("good"), copy));
    Catalogue before;
    QVERIFY(before.addLibrary(copy.toStdString()));
    const Catalogue others = catalogue();
    setCatalogue(before);
    QVERIFY(QFile::remove(copy));
    QVERIFY(QFile::copy(functionFile("good"), copy));

    EndLog log(10);
    const auto pool = makeExecutor("processes", options());
    const Result<void> submitted = pool->submit({job("test.twice", 10), 0, 10}, &log);
    pool->drain();
    const std::string reason = submitted ? log.ends()[0].error : submitted.error().message;
    QVERIFY2(reason.find("library of functions was built again") != std::string::npos,
             reason.c_str());
    setCatalogue(others);
}

QTEST_GUILESS_MAIN(TestFunctionPools)
#include "tst_function_pools.moc"
