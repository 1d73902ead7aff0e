// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// C++ callables as tasks, on every kind of executor that takes them.

#include "tests/conformance/executor_case.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

namespace {

int twice(int number)
{
    return 2 * number;
}

} // namespace

class TestExecutorCalls : public ExecutorCase
{
    Q_OBJECT

private slots:
    void init() { forget(); }

    void callGivesItsValue_data() { addCallRows(); }
    void callGivesItsValue();
    void argumentsMayBeMoveOnly_data() { addCallRows(); }
    void argumentsMayBeMoveOnly();
    void whatACallThrowsComesOut_data() { addCallRows(); }
    void whatACallThrowsComesOut();
    void everyCallRunsOnceAndIsRecorded_data() { addCallRows(); }
    void everyCallRunsOnceAndIsRecorded();
    void severalThreadsMaySubmitCalls_data() { addCallRows(); }
    void severalThreadsMaySubmitCalls();
    void cancelledCallNeverRuns_data() { addBackgroundCallRows(); }
    void cancelledCallNeverRuns();
    void runningCallIsAskedToStop_data() { addBackgroundCallRows(); }
    void runningCallIsAskedToStop();
    void cancelEndsCalls_data() { addBackgroundCallRows(); }
    void cancelEndsCalls();
    void callThatRunsTooLongTimesOut_data() { addCallRows(); }
    void callThatRunsTooLongTimesOut();
    void callsHonourPriority_data() { addBackgroundCallRows(); }
    void callsHonourPriority();
    void continuationRunsOnItsExecutor_data() { addCallRows(); }
    void continuationRunsOnItsExecutor();
    void callMaySubmitCalls_data() { addCallRows(); }
    void callMaySubmitCalls();
    void callAfterShutdownHasFailed_data() { addCallRows(); }
    void callAfterShutdownHasFailed();
    void continuationOfAnExecutorThatIsGoneFails();
    void processPoolRefusesCalls();
};

void TestExecutorCalls::callGivesItsValue()
{
    make();
    const std::string text = "text";
    const Future<int> number = m_executor->submit(twice, 21);
    const Future<std::size_t> length = m_executor->submit(&std::string::size, text);
    const Future<std::string> joined = m_executor->submit(
        [](const std::string& a, const char* b) { return a + b; }, text, " and more");
    const Future<void> nothing = m_executor->submit([] {});
    QCOMPARE(number.value(), 42);
    QCOMPARE(length.value(), std::size_t{4});
    QCOMPARE(joined.value(), std::string("text and more"));
    nothing.value();
    QCOMPARE(nothing.get().attempts, 1);
}

void TestExecutorCalls::argumentsMayBeMoveOnly()
{
    make();
    Future<std::unique_ptr<int>> future = m_executor->submit(
        [own = std::make_unique<int>(3)](std::unique_ptr<int> given) {
            *given += *own;
            return given;
        },
        std::make_unique<int>(4));
    QCOMPARE(*future.take(), 7);
}

void TestExecutorCalls::whatACallThrowsComesOut()
{
    make();
    const Future<int> future =
        m_executor->submit([]() -> int { throw std::invalid_argument("not that one"); });
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, future.value());
    QCOMPARE(future.get().state, TaskState::Failed);
    QCOMPARE(future.get().errorType, std::string("std::invalid_argument"));
    QCOMPARE(future.error(), std::string("not that one"));
    QCOMPARE(m_executor->submit(twice, 1).value(), 2); // the worker lives on
}

void TestExecutorCalls::everyCallRunsOnceAndIsRecorded()
{
    make();
    constexpr int kCalls = 2000;
    std::atomic<int> ran{0};
    for (int i = 0; i < kCalls; ++i) {
        QVERIFY(m_executor->post([&ran] { ++ran; }));
    }
    m_executor->drain();
    QCOMPARE(ran.load(), kCalls);
    QCOMPARE(m_recorder->submitted(0), std::uint64_t{kCalls});
    std::vector<int> records(kCalls);
    for (const Lane* lane : workerLanes(*m_recorder)) {
        for (std::uint64_t i = 0; i < lane->recordCount(); ++i) {
            QCOMPARE(lane->record(i).state(), TaskState::Done);
            ++records[lane->record(i).task];
        }
    }
    QCOMPARE(records, std::vector<int>(kCalls, 1));
}

void TestExecutorCalls::severalThreadsMaySubmitCalls()
{
    make();
    std::atomic<int> sum{0};
    {
        std::vector<std::jthread> submitters;
        for (int i = 0; i < 3; ++i) {
            submitters.emplace_back([this, &sum] {
                std::vector<Future<int>> futures;
                for (int call = 0; call < 200; ++call) {
                    futures.push_back(m_executor->submit(twice, call));
                }
                for (const Future<int>& future : futures) {
                    sum += future.value();
                }
            });
        }
    }
    QCOMPARE(sum.load(), 3 * 200 * 199);
}

void TestExecutorCalls::cancelledCallNeverRuns()
{
    make();
    m_executor->pause();
    std::atomic<int> ran{0};
    const auto count = [&ran] { ++ran; };
    const Future<void> first = m_executor->submit(count);
    const Future<void> second = m_executor->submit(count);
    QVERIFY(first.cancel());
    QCOMPARE(first.state(), TaskState::Cancelled);
    m_executor->resume();
    second.wait();
    m_executor->drain();
    QCOMPARE(ran.load(), 1);
    int cancelled = 0;
    for (const Lane* lane : m_recorder->lanes()) {
        for (std::uint64_t i = 0; i < lane->recordCount(); ++i) {
            cancelled += lane->record(i).state() == TaskState::Cancelled ? 1 : 0;
        }
    }
    QCOMPARE(cancelled, 1);
}

void TestExecutorCalls::runningCallIsAskedToStop()
{
    make();
    const Future<bool> future =
        m_executor->submit([](const StopFlag& stop) { return stop.waitFor(kNever); });
    QTRY_COMPARE(future.state(), TaskState::Running);
    QVERIFY(future.cancel());
    QCOMPARE(future.value(), true); // it ended by itself, with a value
}

void TestExecutorCalls::cancelEndsCalls()
{
    make();
    std::vector<Future<void>> futures;
    for (int i = 0; i < 30; ++i) {
        futures.push_back(m_executor->submit([](const StopFlag& stop) {
            stop.waitFor(kNever);
            throw std::runtime_error("stopped");
        }));
    }
    QTRY_COMPARE(runningNow(*m_recorder), m_workers);
    m_executor->cancel();
    m_executor->drain();
    for (const Future<void>& future : futures) {
        QCOMPARE(future.get().state, TaskState::Cancelled);
    }
}

void TestExecutorCalls::callThatRunsTooLongTimesOut()
{
    make();
    TaskOptions options;
    options.timeoutNs = 10 * kNanosPerMilli;
    const Future<bool> late =
        m_executor->submit(options, [](const StopFlag& stop) { return stop.waitFor(kNever); });
    options.timeoutNs = 3600 * kNanosPerSecond;
    const Future<int> inTime = m_executor->submit(options, twice, 4);
    QCOMPARE(late.get().state, TaskState::TimedOut);
    QVERIFY(!late.error().empty());
    QCOMPARE(inTime.value(), 8);
    options = {};
    options.deadlineNs = monotonicNow() - 1;
    QCOMPARE(m_executor->submit(options, twice, 1).get().state, TaskState::TimedOut);
}

void TestExecutorCalls::callsHonourPriority()
{
    make();
    m_executor->resize(1); // those who have to go take nothing any more, gone or not
    m_executor->pause();
    std::vector<int> order;
    for (const int priority : {0, 2, 1, 2, -1}) {
        TaskOptions options;
        options.priority = priority;
        (void)m_executor->submit(options, [&order, priority] { order.push_back(priority); });
    }
    m_executor->resume();
    m_executor->drain();
    QCOMPARE(order, (std::vector{2, 2, 1, 0, -1}));
}

void TestExecutorCalls::continuationRunsOnItsExecutor()
{
    make();
    const auto other = makeExecutor("threads", {});
    const Future<std::thread::id> where =
        m_executor->submit(twice, 4).then(*other, [](const Future<int>& future) {
            return future.value() == 8 ? std::this_thread::get_id() : std::thread::id();
        });
    const std::thread::id otherThread =
        other->submit([] { return std::this_thread::get_id(); }).value();
    QCOMPARE(where.value(), otherThread);
}

void TestExecutorCalls::callMaySubmitCalls()
{
    make();
    const Future<Future<int>> outer =
        m_executor->submit([this] { return m_executor->submit(twice, 8); });
    QCOMPARE(outer.value().value(), 16);
    m_executor->drain();
    // On each lane records are in order and do not overlap, nested or not.
    for (const Lane* lane : m_recorder->lanes()) {
        for (std::uint64_t i = 1; i < lane->recordCount(); ++i) {
            QVERIFY(lane->record(i).startNs >= lane->record(i - 1).endNs);
        }
    }
}

void TestExecutorCalls::callAfterShutdownHasFailed()
{
    make();
    m_executor->shutdown();
    const Future<int> future = m_executor->submit(twice, 1);
    QCOMPARE(future.state(), TaskState::Failed);
    QVERIFY(future.error().find("shut down") != std::string::npos);
    QVERIFY(!m_executor->post([] {}));
}

void TestExecutorCalls::continuationOfAnExecutorThatIsGoneFails()
{
    const auto executor = makeExecutor("threads", {});
    auto other = makeExecutor("threads", {});
    executor->pause();
    const Future<int> first = executor->submit(twice, 1);
    const Future<int> second =
        first.then(*other, [](const Future<int>& future) { return future.value(); });
    other.reset();
    executor->resume();
    QCOMPARE(second.get().state, TaskState::Failed);
    QVERIFY(second.error().find("gone") != std::string::npos);
}

void TestExecutorCalls::processPoolRefusesCalls()
{
    const auto pool = makeExecutor("processes", {});
    const Future<int> future = pool->submit(twice, 1);
    QCOMPARE(future.state(), TaskState::Failed);
    QVERIFY(future.error().find("worker process") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestExecutorCalls)
#include "tst_executor_calls.moc"
