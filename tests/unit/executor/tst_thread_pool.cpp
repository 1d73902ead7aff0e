// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/thread_pool.h"
#include "tests/conformance/end_log.h"
#include "tests/unit/executor/test_kernels.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace poolscope;
using test::EndLog;
using test::Gate;
using test::makeJob;

namespace {

Gate gate;
Gate secondGate;

Result<Value> passGate(const TaskContext& context)
{
    gate.pass();
    return Value{static_cast<std::int64_t>(context.index)};
}

/// The first ten tasks meet one gate, all others the second.
Result<Value> passOneOfTwoGates(const TaskContext& context)
{
    (context.index < 10 ? gate : secondGate).pass();
    return Value{static_cast<std::int64_t>(context.index)};
}

Result<Value> passGateUnlessStopped(const TaskContext& context)
{
    gate.pass();
    if (context.stop.isRequested()) {
        return Error{"was asked to stop"};
    }
    return Value{static_cast<std::int64_t>(context.index)};
}

Result<Value> throwIt(const TaskContext& context)
{
    if (context.index == 0) {
        throw std::runtime_error("a reason");
    }
    throw 1; // NOLINT: a kernel may throw anything
}

Result<Value> identity(const TaskContext& context)
{
    return Value{static_cast<std::int64_t>(context.index)};
}

std::shared_ptr<Recorder> makeRecorder()
{
    return std::make_shared<Recorder>(monotonicNow(), 1);
}

ExecutorOptions options(int workers, int chunk)
{
    ExecutorOptions result;
    result.workers = workers;
    result.chunk = chunk;
    return result;
}

/// What would fail here fails the test at the first use of the pool.
std::unique_ptr<Executor> makePool(const ExecutorOptions& with,
                                   const std::shared_ptr<Recorder>& recorder)
{
    auto pool = createThreadPool(with, {recorder, 0});
    return pool ? std::move(pool).value() : nullptr;
}

std::vector<std::uint32_t> tasksOn(const Lane& lane)
{
    std::vector<std::uint32_t> tasks;
    for (std::uint64_t i = 0; i < lane.recordCount(); ++i) {
        tasks.push_back(lane.record(i).task);
    }
    return tasks;
}

std::vector<std::uint32_t> numbers(std::uint32_t first, std::uint32_t last)
{
    std::vector<std::uint32_t> result;
    for (std::uint32_t number = first; number <= last; ++number) {
        result.push_back(number);
    }
    return result;
}

int openLives(const Recorder& recorder)
{
    int open = 0;
    for (const Lane* lane : recorder.lanes()) {
        const auto lives = lane->lives();
        open += !lives->empty() && lives->back().closedNs < 0 ? 1 : 0;
    }
    return open;
}

QStringList threadNames()
{
    QStringList names;
    for (const QString& id : QDir("/proc/self/task").entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file("/proc/self/task/" + id + "/comm");
        if (file.open(QFile::ReadOnly)) {
            names += QString::fromUtf8(file.readAll()).trimmed();
        }
    }
    return names;
}

} // namespace

class TestThreadPool : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void runsWithoutARecorder();
    void whatAKernelThrowsBecomesTheError();
    void resizeDownWaitsForNoTask();
    void workerThatComesBackInTimeKeepsItsLife();
    void hundredsOfResizesLeaveNoThread();
    void pauseLeavesTheRestOfAChunkWaiting();
    void cancelAsksWhatRunsAndEndsTheRest();
    void cancelDoesNotConcernLaterTasks();
    void shutdownWaitsForASubmitterThatBlocks();
    void threadsHaveNames();
};

void TestThreadPool::init()
{
    gate.reset();
    secondGate.reset();
}

void TestThreadPool::runsWithoutARecorder()
{
    const auto job = makeJob(identity, 1000);
    EndLog log(1000);
    const auto pool = makePool(options(2, 7), nullptr);
    QVERIFY(pool->submit({job, 0, 1000}, &log));
    pool->drain();
    QCOMPARE(log.notEndedOnce(), 0U);
    QCOMPARE(log.countOf(TaskState::Done), 1000U);
}

void TestThreadPool::whatAKernelThrowsBecomesTheError()
{
    const auto job = makeJob(throwIt, 2);
    const auto pool = makePool(options(1, 1), nullptr);
    const Future<Value> first = pool->submitTask(job, 0);
    const Future<Value> second = pool->submitTask(job, 1);
    QCOMPARE(first.get().state, TaskState::Failed);
    QCOMPARE(first.get().error, std::string("std::runtime_error: a reason"));
    QCOMPARE(second.get().state, TaskState::Failed);
    QCOMPARE(second.get().error, std::string("an exception of type int"));
}

void TestThreadPool::resizeDownWaitsForNoTask()
{
    const auto recorder = makeRecorder();
    const auto job = makeJob(passOneOfTwoGates, 40);
    EndLog log(40);
    const auto pool = makePool(options(2, 10), recorder);
    QVERIFY(pool->submit({job, 0, 40}, &log));
    gate.waitForArrivals(1);
    secondGate.waitForArrivals(1);
    pool->resize(1); // both tasks are at a gate: if this waited for one, it would never return
    QCOMPARE(pool->targetWorkers(), 1);

    const Lane& stays = *recorder->lanes()[0];
    const Lane& leaves = *recorder->lanes()[1];
    const bool leavesFromFirst = leaves.running().task == 0;
    (leavesFromFirst ? gate : secondGate).open();
    QTRY_COMPARE(openLives(*recorder), 1);
    gate.open();
    secondGate.open();
    pool->drain();
    QCOMPARE(log.notEndedOnce(), 0U);

    // It ended the task it ran; what it had not begun came before all that waited.
    QCOMPARE(tasksOn(leaves), std::vector<std::uint32_t>{leavesFromFirst ? 0U : 10U});
    auto expected = leavesFromFirst ? numbers(10, 19) : numbers(0, 9);
    for (const auto& more : {leavesFromFirst ? numbers(1, 9) : numbers(11, 19), numbers(20, 39)}) {
        expected.insert(expected.end(), more.begin(), more.end());
    }
    QCOMPARE(tasksOn(stays), expected);
}

void TestThreadPool::workerThatComesBackInTimeKeepsItsLife()
{
    const auto recorder = makeRecorder();
    const auto job = makeJob(passGate, 2);
    const auto pool = makePool(options(2, 1), recorder);
    QVERIFY(pool->submit({job, 0, 2}, nullptr));
    gate.waitForArrivals(2);
    pool->resize(1);
    pool->resize(2);
    gate.open();
    pool->drain();
    pool->shutdown();
    QCOMPARE(recorder->lanes().size(), 2U);
    QCOMPARE(recorder->lanes()[1]->lives()->size(), 1U);
    QVERIFY(recorder->lanes()[1]->lives()->back().closedNs >= 0);
}

void TestThreadPool::hundredsOfResizesLeaveNoThread()
{
    const auto before = threadNames().size();
    const auto recorder = makeRecorder();
    const auto job = makeJob(identity, 100'000);
    EndLog log(100'000);
    {
        const auto pool = makePool(options(1, 3), recorder);
        QVERIFY(pool->submit({job, 0, 50'000}, &log));
        for (int i = 0; i < 400; ++i) {
            pool->resize(i % 2 == 0 ? 8 : 1 + i % 5);
        }
        QVERIFY(pool->submit({job, 50'000, 50'000}, &log));
        pool->resize(1);
        pool->drain();
        QTRY_COMPARE(openLives(*recorder), 1);
        QCOMPARE(log.notEndedOnce(), 0U);
        QCOMPARE(log.countOf(TaskState::Done), 100'000U);
        QVERIFY(recorder->lanes().size() <= 8);
    }
    QCOMPARE(openLives(*recorder), 0);
    QTRY_COMPARE(threadNames().size(),
                 before); // the kernel may list a joined thread a moment longer
}

void TestThreadPool::pauseLeavesTheRestOfAChunkWaiting()
{
    const auto recorder = makeRecorder();
    const auto job = makeJob(passGate, 10);
    EndLog log(10);
    const auto pool = makePool(options(1, 10), recorder);
    QVERIFY(pool->submit({job, 0, 10}, &log));
    gate.waitForArrivals(1);
    pool->pause();
    gate.open();
    QVERIFY(log.waitForTotal(1));
    // A worker that has nothing left at hand is idle, and it was given nothing.
    QTRY_COMPARE(recorder->lanes()[0]->running().startNs, Nanos{-1});
    QCOMPARE(log.total(), 1U);
    pool->resume();
    pool->drain();
    QCOMPARE(log.notEndedOnce(), 0U);
    QCOMPARE(tasksOn(*recorder->lanes()[0]), numbers(0, 9));
}

void TestThreadPool::cancelAsksWhatRunsAndEndsTheRest()
{
    const auto recorder = makeRecorder();
    const auto job = makeJob(passGateUnlessStopped, 10);
    EndLog log(10);
    const auto pool = makePool(options(1, 4), recorder);
    QVERIFY(pool->submit({job, 0, 10}, &log));
    gate.waitForArrivals(1);
    pool->cancel();
    QCOMPARE(log.total(), 6U); // what waited has ended before cancel() returns
    gate.open();
    pool->drain();
    QCOMPARE(log.notEndedOnce(), 0U);
    QCOMPARE(log.countOf(TaskState::Cancelled), 10U);
    const std::vector<test::SeenEnd> ends = log.ends();
    QCOMPARE(ends[0].attempts, 1);
    QCOMPARE(ends[0].error, std::string("was asked to stop"));
    for (std::size_t task = 1; task < ends.size(); ++task) {
        QCOMPARE(ends[task].attempts, 0);
        QVERIFY(!ends[task].error.empty());
    }
    QCOMPARE(gate.arrivals(), 1);
    QCOMPARE(recorder->lanes().back()->info().kind, LaneKind::Queue);
    QCOMPARE(recorder->lanes().back()->recordCount(), 9U);
    QVERIFY(recorder->lanes().back()->lives()->empty());
}

void TestThreadPool::cancelDoesNotConcernLaterTasks()
{
    const auto job = makeJob(passGateUnlessStopped, 20);
    EndLog log(20);
    const auto pool = makePool(options(1, 4), nullptr);
    QVERIFY(pool->submit({job, 0, 10}, &log));
    gate.waitForArrivals(1);
    pool->cancel();
    QVERIFY(pool->submit({job, 10, 10}, &log));
    gate.open();
    pool->drain();
    QCOMPARE(log.countOf(TaskState::Cancelled), 10U);
    QCOMPARE(log.countOf(TaskState::Done), 10U);
    QCOMPARE(log.ends()[10].state, TaskState::Done);
}

void TestThreadPool::shutdownWaitsForASubmitterThatBlocks()
{
    const auto recorder = makeRecorder();
    const auto job = makeJob(passGate, 50);
    EndLog log(50);
    ExecutorOptions small = options(1, 1);
    small.queueCapacity = 4;
    const auto pool = makePool(small, recorder);
    bool isTaken = false;
    std::jthread submitter([&] { isTaken = pool->submit({job, 0, 50}, &log).isOk(); });
    gate.waitForArrivals(1);
    std::jthread ender([&pool] { pool->shutdown(); });
    QTRY_VERIFY(!pool->submit({job, 0, 0}, nullptr)); // an empty range asks without queueing
    gate.open();
    submitter.join();
    ender.join();
    QVERIFY(isTaken);
    QCOMPARE(log.notEndedOnce(), 0U);
    QCOMPARE(log.countOf(TaskState::Done), 50U);
}

void TestThreadPool::threadsHaveNames()
{
    const auto job = makeJob(passGate, 2);
    const auto pool = makePool(options(2, 1), nullptr);
    QVERIFY(pool->submit({job, 0, 2}, nullptr));
    gate.waitForArrivals(2); // a worker names itself before it takes anything
    const QStringList names = threadNames();
    gate.open();
    QVERIFY(names.contains("ps-thr-0"));
    QVERIFY(names.contains("ps-thr-1"));
}

QTEST_GUILESS_MAIN(TestThreadPool)
#include "tst_thread_pool.moc"
