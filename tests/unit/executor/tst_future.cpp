// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/future.h"
#include "core/executor/future_state.h"
#include "tests/unit/executor/test_kernels.h"

#include <QTest>

#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace poolscope;

namespace {

const Job kJob;

void endAsDone(FutureState& state, std::int64_t value)
{
    const Value result = value;
    const std::string noError;
    state.taskEnded({kJob, 0, TaskState::Done, 1, result, noError});
}

} // namespace

class TestFuture : public QObject
{
    Q_OBJECT

private slots:
    void isPendingUntilTheTaskEnds();
    void getWaitsForTheEnd();
    void getForGivesUpAfterItsTimeout();
    void keepsTheErrorOfATaskThatFailed();
    void continuationsRunOnceAndInOrder();
    void continuationOfAnEndedTaskRunsAtOnce();
    void allWaitersWakeUp();
    void stateOutlivesTheFutures();
};

void TestFuture::isPendingUntilTheTaskEnds()
{
    const auto state = FutureState::create();
    const Future future(state);
    QCOMPARE(future.state(), TaskState::Pending);
    endAsDone(*state, 7);
    QCOMPARE(future.state(), TaskState::Done);
    QCOMPARE(std::get<std::int64_t>(future.get().value), 7);
    QCOMPARE(future.get().attempts, 1);
    QVERIFY(future.get().error.empty());
}

void TestFuture::getWaitsForTheEnd()
{
    const auto state = FutureState::create();
    const Future future(state);
    const std::jthread ender([state] { endAsDone(*state, 11); });
    QCOMPARE(std::get<std::int64_t>(future.get().value), 11);
}

void TestFuture::getForGivesUpAfterItsTimeout()
{
    const auto state = FutureState::create();
    const Future future(state);
    const Nanos before = monotonicNow();
    QVERIFY(future.getFor(5 * kNanosPerMilli) == nullptr);
    QVERIFY(monotonicNow() - before >= 5 * kNanosPerMilli);
    QVERIFY(future.getFor(0) == nullptr);
    endAsDone(*state, 3);
    const TaskOutcome* outcome = future.getFor(0);
    QVERIFY(outcome != nullptr);
    QCOMPARE(outcome->state, TaskState::Done);
    QCOMPARE(outcome, &future.get());
}

void TestFuture::keepsTheErrorOfATaskThatFailed()
{
    const auto state = FutureState::create();
    const Future future(state);
    state->fail("no worker");
    QCOMPARE(future.get().state, TaskState::Failed);
    QCOMPARE(future.get().error, std::string("no worker"));
    QCOMPARE(future.get().attempts, 0);
}

void TestFuture::continuationsRunOnceAndInOrder()
{
    const auto state = FutureState::create();
    const Future future(state);
    std::vector<int> order;
    for (int i = 0; i < 3; ++i) {
        future.then([&order, i](const TaskOutcome& outcome) {
            if (outcome.state == TaskState::Done) {
                order.push_back(i);
            }
        });
    }
    QVERIFY(order.empty());
    endAsDone(*state, 1);
    QCOMPARE(order, (std::vector{0, 1, 2}));
}

void TestFuture::continuationOfAnEndedTaskRunsAtOnce()
{
    const auto state = FutureState::create();
    const Future future(state);
    endAsDone(*state, 5);
    std::int64_t seen = 0;
    future.then(
        [&seen](const TaskOutcome& outcome) { seen = std::get<std::int64_t>(outcome.value); });
    QCOMPARE(seen, 5);
}

void TestFuture::allWaitersWakeUp()
{
    const auto state = FutureState::create();
    const Future future(state);
    std::vector<std::int64_t> seen(8);
    {
        std::vector<std::jthread> waiters;
        for (std::int64_t& value : seen) {
            waiters.emplace_back(
                [future, &value] { value = std::get<std::int64_t>(future.get().value); });
        }
        endAsDone(*state, 9);
    }
    QCOMPARE(seen, std::vector<std::int64_t>(8, 9));
}

void TestFuture::stateOutlivesTheFutures()
{
    auto state = FutureState::create();
    const std::weak_ptr<FutureState> watch = state;
    bool isContinued = false;
    Future(state).then([&isContinued](const TaskOutcome&) { isContinued = true; });
    FutureState* listener = state.get();
    state.reset();
    QVERIFY(!watch.expired());
    endAsDone(*listener, 1);
    QVERIFY(isContinued);
    QVERIFY(watch.expired());
}

QTEST_GUILESS_MAIN(TestFuture)
#include "tst_future.moc"
