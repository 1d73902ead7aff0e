// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/executor.h"
#include "core/executor/workload_node.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace poolscope;

namespace {

/// Runs the task of \p node here, as a worker would.
void runHere(const TaskNodePtr& node)
{
    if (node->begin()) {
        node->end(node->run(), 1);
    }
}

/// A call and its future.
struct Call
{
    IntrusivePtr<ResultNode<int>> node;
    Future<int> future;
};

template <class Function>
Call makeCall(Function function)
{
    auto node = makeCallableNode(std::move(function));
    return {node, Future<int>(node)};
}

} // namespace

class TestFuture : public QObject
{
    Q_OBJECT

private slots:
    void isPendingUntilTheTaskEnds();
    void getWaitsForTheEnd();
    void getForGivesUpAfterItsTimeout();
    void valueThrowsWhatTheTaskThrew();
    void valueOfATaskThatDidNotRunThrowsAFailure();
    void whateverIsThrownIsNamed();
    void cancelledBeforeItBeginsNeverRuns();
    void runningTaskIsAskedToStop();
    void endedTaskCannotBeCancelled();
    void continuationsRunOnceAndInOrder();
    void continuationOfAnEndedTaskRunsAtOnce();
    void continuationGivesAFutureOfItsOwn();
    void continuationsOfManyThreadsAllRun();
    void allWaitersWakeUp();
    void workIsFreedWithTheEndAndTheRestWithTheFutures();
    void workloadTaskOutlivesItsFutures();
};

void TestFuture::isPendingUntilTheTaskEnds()
{
    const Call call = makeCall([] { return 7; });
    QCOMPARE(call.future.state(), TaskState::Pending);
    call.node->moveTo(TaskState::Dispatched);
    QCOMPARE(call.future.state(), TaskState::Dispatched);
    QVERIFY(call.node->begin());
    QCOMPARE(call.future.state(), TaskState::Running);
    const TaskState state = call.node->run();
    QCOMPARE(call.future.state(), TaskState::Running);
    call.node->end(state, 2);
    QCOMPARE(call.future.state(), TaskState::Done);
    QCOMPARE(call.future.value(), 7);
    QCOMPARE(call.future.get().attempts, 2);
    QVERIFY(call.future.error().empty());
    call.node->moveTo(TaskState::Pending); // told late
    QCOMPARE(call.future.state(), TaskState::Done);
}

void TestFuture::getWaitsForTheEnd()
{
    const Call call = makeCall([] { return 11; });
    const std::jthread ender([node = call.node] { runHere(node); });
    QCOMPARE(call.future.get().state, TaskState::Done);
    QCOMPARE(call.future.value(), 11);
}

void TestFuture::getForGivesUpAfterItsTimeout()
{
    const Call call = makeCall([] { return 3; });
    const Nanos before = monotonicNow();
    QVERIFY(!call.future.getFor(5 * kNanosPerMilli));
    QVERIFY(monotonicNow() - before >= 5 * kNanosPerMilli);
    QVERIFY(!call.future.getFor(0));
    runHere(call.node);
    QVERIFY(call.future.getFor(0).has_value());
    QVERIFY(call.future.getFor(kNever)->isDone());
}

void TestFuture::valueThrowsWhatTheTaskThrew()
{
    const Call call = makeCall([]() -> int { throw std::out_of_range("too far"); });
    runHere(call.node);
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, call.future.value());
    QCOMPARE(call.future.get().state, TaskState::Failed);
    QCOMPARE(call.future.error(), std::string("too far"));
    QCOMPARE(call.future.get().errorType, std::string("std::out_of_range"));
}

void TestFuture::valueOfATaskThatDidNotRunThrowsAFailure()
{
    const Call call = makeCall([] { return 1; });
    QVERIFY(call.future.cancel());
    try {
        (void)call.future.value();
        QFAIL("nothing was thrown");
    } catch (const TaskFailure& failure) {
        QCOMPARE(failure.state(), TaskState::Cancelled);
        QCOMPARE(std::string(failure.what()), call.future.error());
    }
}

void TestFuture::whateverIsThrownIsNamed()
{
    const Call call = makeCall([]() -> int { throw 5; }); // NOLINT: anything may be thrown
    runHere(call.node);
    QCOMPARE(call.future.get().state, TaskState::Failed);
    QCOMPARE(call.future.get().errorType, std::string("int"));
    QVERIFY(!call.future.error().empty());
    QVERIFY_THROWS_EXCEPTION(int, call.future.value());
}

void TestFuture::cancelledBeforeItBeginsNeverRuns()
{
    bool hasRun = false;
    const Call call = makeCall([&hasRun] {
        hasRun = true;
        return 1;
    });
    QVERIFY(call.future.cancel());
    QCOMPARE(call.future.state(), TaskState::Cancelled);
    QVERIFY(!call.node->begin());
    QVERIFY(!hasRun);
    QCOMPARE(call.future.get().attempts, 0);
    QVERIFY(!call.future.cancel());
}

void TestFuture::runningTaskIsAskedToStop()
{
    const Call call = makeCall([](const StopFlag& stop) {
        stop.waitFor(kNever);
        if (stop.isRequested()) {
            throw std::runtime_error("was asked to stop");
        }
        return 1;
    });
    const std::jthread worker([node = call.node] { runHere(node); });
    while (call.future.state() != TaskState::Running) {
        std::this_thread::yield();
    }
    QVERIFY(call.future.cancel());
    QCOMPARE(call.future.get().state, TaskState::Cancelled);
    QCOMPARE(call.future.get().attempts, 1);
}

void TestFuture::endedTaskCannotBeCancelled()
{
    const Call call = makeCall([] { return 1; });
    runHere(call.node);
    QVERIFY(!call.future.cancel());
    QVERIFY(!call.future.cancel(CancelMode::Kill));
    QCOMPARE(call.future.value(), 1);
}

void TestFuture::continuationsRunOnceAndInOrder()
{
    const Call call = makeCall([] { return 1; });
    std::vector<int> order;
    for (int i = 0; i < 3; ++i) {
        call.future.then([&order, i](const Future<int>& future) {
            if (future.value() == 1) {
                order.push_back(i);
            }
        });
    }
    QVERIFY(order.empty());
    runHere(call.node);
    QCOMPARE(order, (std::vector{0, 1, 2}));
}

void TestFuture::continuationOfAnEndedTaskRunsAtOnce()
{
    const Call call = makeCall([] { return 5; });
    runHere(call.node);
    int seen = 0;
    call.future.then([&seen](const Future<int>& future) { seen = future.value(); });
    QCOMPARE(seen, 5);
}

void TestFuture::continuationGivesAFutureOfItsOwn()
{
    const Call call = makeCall([] { return 5; });
    const Future<std::string> text =
        call.future.then([](const Future<int>& future) { return std::to_string(future.value()); });
    const Future<void> failed = text.then([](const Future<std::string>& future) {
        if (future.value() == "5") {
            throw std::runtime_error("five");
        }
    });
    QCOMPARE(text.state(), TaskState::Pending);
    runHere(call.node);
    QCOMPARE(text.value(), std::string("5"));
    QCOMPARE(failed.get().state, TaskState::Failed);
    QCOMPARE(failed.error(), std::string("five"));
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, failed.value());
}

void TestFuture::continuationsOfManyThreadsAllRun()
{
    for (int round = 0; round < 200; ++round) {
        const Call call = makeCall([] { return 1; });
        std::atomic<int> ran{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 3; ++i) {
                threads.emplace_back([&] {
                    call.future.then([&ran](const Future<int>& future) { ran += future.value(); });
                });
            }
            runHere(call.node);
        }
        QCOMPARE(ran.load(), 3);
    }
}

void TestFuture::allWaitersWakeUp()
{
    const Call call = makeCall([] { return 9; });
    std::vector<int> seen(8);
    {
        std::vector<std::jthread> waiters;
        for (int& value : seen) {
            waiters.emplace_back([future = call.future, &value] { value = future.value(); });
        }
        runHere(call.node);
    }
    QCOMPARE(seen, std::vector<int>(8, 9));
}

void TestFuture::workIsFreedWithTheEndAndTheRestWithTheFutures()
{
    const auto work = std::make_shared<int>(1);
    const auto result = std::make_shared<int>(2);
    using Shared = std::shared_ptr<int>;
    {
        auto node = makeCallableNode([work, result]() -> Shared { return result; });
        const Future<Shared> future(node);
        const Future<Shared> copy = future; // NOLINT: shares the task
        QCOMPARE(work.use_count(), 2L);
        runHere(node);
        QCOMPARE(work.use_count(), 1L);
        QCOMPARE(result.use_count(), 2L);
    }
    QCOMPARE(result.use_count(), 1L);
}

void TestFuture::workloadTaskOutlivesItsFutures()
{
    bool isContinued = false;
    CompletionListener* listener = nullptr;
    {
        auto node = WorkloadNode::create(nullptr);
        listener = node.get();
        const Future<Value> future(std::move(node));
        future.then([&isContinued](const Future<Value>& ended) {
            isContinued = std::get<std::int64_t>(ended.value()) == 7;
        });
    }
    const Job job;
    const Value value = std::int64_t{7};
    listener->taskEnded({job, 0, TaskState::Done, 1, value, {}});
    QVERIFY(isContinued);
}

QTEST_GUILESS_MAIN(TestFuture)
#include "tst_future.moc"
