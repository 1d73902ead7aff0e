// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Tasks that wait for tasks of their own executor.

#include "core/executor/current_worker.h"
#include "core/executor/pool.h"
#include "core/executor/wait.h"
#include "tests/conformance/executor_case.h"

#include <QTest>

#include <functional>
#include <latch>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

namespace {

int fibonacci(Executor& executor, int n)
{
    if (n < 2) {
        return n;
    }
    const Future<int> first = executor.submit(fibonacci, std::ref(executor), n - 1);
    const Future<int> second = executor.submit(fibonacci, std::ref(executor), n - 2);
    return first.value() + second.value();
}

} // namespace

class TestExecutorWaits : public ExecutorCase
{
    Q_OBJECT

private slots:
    void init() { forget(); }

    void taskWaitsForATaskOfItsOwnExecutor_data() { addCallRows(); }
    void taskWaitsForATaskOfItsOwnExecutor();
    void tasksWaitForTasksThatWait_data() { addCallRows(); }
    void tasksWaitForTasksThatWait();
    void taskWaitsForAWorkloadsTask_data() { addCallRows(); }
    void taskWaitsForAWorkloadsTask();
    void taskMapsOnItsOwnExecutor_data() { addCallRows(); }
    void taskMapsOnItsOwnExecutor();
    void taskWaitsForManyFutures_data() { addCallRows(); }
    void taskWaitsForManyFutures();
    void pausedExecutorStillHelpsItsOwnTasks_data();
    void pausedExecutorStillHelpsItsOwnTasks();
    void circleOfWaitsIsReported_data();
    void circleOfWaitsIsReported();
    void taskThatWaitsForItselfIsReported_data();
    void taskThatWaitsForItselfIsReported();
};

void TestExecutorWaits::taskWaitsForATaskOfItsOwnExecutor()
{
    make();
    std::vector<Future<int>> futures;
    for (int i = 0; i < 20; ++i) {
        futures.push_back(m_executor->submit(
            [this, i] { return m_executor->submit([i] { return i; }).value() + 1; }));
    }
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(futures[static_cast<std::size_t>(i)].value(), i + 1);
    }
    m_executor->drain();
    QCOMPARE(m_executor->counts().ended, 40U);
    std::uint64_t records = 0;
    for (const Lane* lane : m_recorder->lanes()) {
        records += lane->recordCount();
        for (std::uint64_t i = 1; i < lane->recordCount(); ++i) {
            QVERIFY(lane->record(i).startNs >= lane->record(i - 1).endNs);
        }
    }
    QCOMPARE(records, 40U);
}

void TestExecutorWaits::tasksWaitForTasksThatWait()
{
    make();
    const Future<int> future = m_executor->submit(fibonacci, std::ref(*m_executor), 9);
    QCOMPARE(future.value(), 34);
}

void TestExecutorWaits::taskWaitsForAWorkloadsTask()
{
    make();
    const auto job = squareJob(10);
    const Future<std::int64_t> future = m_executor->submit(
        [this, job] { return std::get<std::int64_t>(m_executor->submitTask(job, 7).value()); });
    QCOMPARE(future.value(), 49);
}

void TestExecutorWaits::taskMapsOnItsOwnExecutor()
{
    make();
    const Future<int> future = m_executor->submit([this] {
        std::vector<int> input(50);
        std::iota(input.begin(), input.end(), 0);
        const auto squares =
            Pool(*m_executor).map(input, [](int number) { return number * number; }).values();
        return std::accumulate(squares.begin(), squares.end(), 0);
    });
    QCOMPARE(future.value(), 40425);
}

void TestExecutorWaits::taskWaitsForManyFutures()
{
    make();
    const Future<std::size_t> future = m_executor->submit([this] {
        std::vector<Future<int>> futures;
        for (int i = 0; i < 10; ++i) {
            futures.push_back(m_executor->submit([i] { return i; }));
        }
        return wait(futures).ended.size();
    });
    QCOMPARE(future.value(), std::size_t{10});
}

void TestExecutorWaits::pausedExecutorStillHelpsItsOwnTasks_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("workers");
    QTest::newRow("threads") << QString("threads") << 2;
}

void TestExecutorWaits::pausedExecutorStillHelpsItsOwnTasks()
{
    make();
    const Future<int> future = m_executor->submit([this] {
        m_executor->pause();
        return m_executor->submit([] { return 3; }).value();
    });
    QCOMPARE(future.value(), 3);
}

void TestExecutorWaits::circleOfWaitsIsReported_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("workers");
    for (const char* kind : {"threads", "thread_per_task"}) {
        QTest::newRow(kind) << QString(kind) << 2; // as many as wait
    }
}

void TestExecutorWaits::circleOfWaitsIsReported()
{
    make();
    std::latch areBothKnown(1);
    std::optional<Future<int>> first;
    std::optional<Future<int>> second;
    first = m_executor->submit([&] {
        areBothKnown.wait();
        return second->value();
    });
    second = m_executor->submit([&] {
        areBothKnown.wait();
        return first->value();
    });
    QTRY_COMPARE(runningNow(*m_recorder), 2);
    areBothKnown.count_down();
    // Whoever came second found the circle; the other one gets its error as the value.
    QVERIFY_THROWS_EXCEPTION(DeadlockError, first->value());
    QVERIFY_THROWS_EXCEPTION(DeadlockError, second->value());
    QVERIFY2(first->error().find("circle of 2") != std::string::npos, first->error().c_str());
}

void TestExecutorWaits::taskThatWaitsForItselfIsReported_data()
{
    circleOfWaitsIsReported_data();
}

void TestExecutorWaits::taskThatWaitsForItselfIsReported()
{
    make();
    std::latch isKnown(1);
    std::optional<Future<void>> self;
    self = m_executor->submit([&] {
        isKnown.wait();
        self->wait();
    });
    isKnown.count_down();
    QVERIFY_THROWS_EXCEPTION(DeadlockError, self->value());
}

QTEST_GUILESS_MAIN(TestExecutorWaits)
#include "tst_executor_waits.moc"
