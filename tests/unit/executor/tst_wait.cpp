// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/as_completed.h"
#include "core/executor/executor.h"
#include "core/executor/wait.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace poolscope;

namespace {

using Positions = std::vector<std::size_t>;

/// Tasks that end when told to.
struct Tasks
{
    explicit Tasks(int count)
    {
        for (int i = 0; i < count; ++i) {
            nodes.push_back(makeCallableNode([i] {
                if (i < 0) {
                    throw std::runtime_error("never");
                }
                return i;
            }));
            futures.emplace_back(nodes.back());
        }
    }
    void end(std::size_t task, TaskState state = TaskState::Done) const
    {
        if (nodes[task]->begin()) {
            nodes[task]->run();
            nodes[task]->end(state, 1);
        }
    }

    std::vector<IntrusivePtr<ResultNode<int>>> nodes;
    std::vector<Future<int>> futures;
};

Positions positions(CompletionStream<Future<int>>& stream)
{
    Positions all;
    for (const Future<int>& future : stream) {
        all.push_back(static_cast<std::size_t>(future.value()));
    }
    return all;
}

} // namespace

class TestWait : public QObject
{
    Q_OBJECT

private slots:
    void allWaitsForTheLast();
    void firstWaitsForOne();
    void firstErrorWaitsForAFailureOrAll();
    void timeoutTellsWhatIsPending();
    void nothingToWaitForIsMetAtOnce();
    void mayBeGivenOneFutureTwice();
    void waitsForFuturesOfSeveralExecutors();
    void manyThreadsMayWaitForTheSame();
    void asCompletedGivesEndedOnesFirstThenTheOrderOfEnds();
    void asCompletedEndsWithTheTime();
    void asCompletedMayBeLeftEarly();
    void asCompletedTakesFuturesOfSeveralExecutors();
    void asCompletedMissesNoEnd();
};

void TestWait::allWaitsForTheLast()
{
    const Tasks tasks(3);
    tasks.end(1);
    const std::jthread ender([&tasks] {
        tasks.end(2);
        tasks.end(0);
    });
    const WaitResult result = wait(tasks.futures);
    QVERIFY(result.isMet);
    QCOMPARE(result.ended, (Positions{0, 1, 2}));
    QVERIFY(result.pending.empty());
}

void TestWait::firstWaitsForOne()
{
    const Tasks tasks(3);
    const std::jthread ender([&tasks] { tasks.end(1); });
    const WaitResult result = wait(tasks.futures, WaitMode::First);
    QVERIFY(result.isMet);
    QCOMPARE(result.ended, (Positions{1}));
    QCOMPARE(result.pending, (Positions{0, 2}));
}

void TestWait::firstErrorWaitsForAFailureOrAll()
{
    const Tasks failing(3);
    failing.end(0);
    const std::jthread ender([&failing] { failing.end(2, TaskState::Failed); });
    const WaitResult result = wait(failing.futures, WaitMode::FirstError);
    QVERIFY(result.isMet);
    QCOMPARE(result.ended, (Positions{0, 2}));
    QCOMPARE(result.pending, (Positions{1}));

    const Tasks fine(2);
    fine.end(0);
    fine.end(1);
    QVERIFY(wait(fine.futures, WaitMode::FirstError).isMet);
    const Tasks cancelled(2);
    cancelled.futures[1].cancel();
    QCOMPARE(wait(cancelled.futures, WaitMode::FirstError).ended, (Positions{1}));
}

void TestWait::timeoutTellsWhatIsPending()
{
    const Tasks tasks(2);
    tasks.end(0);
    const WaitResult result = wait(tasks.futures, WaitMode::All, kNanosPerMilli);
    QVERIFY(!result.isMet);
    QCOMPARE(result.ended, (Positions{0}));
    QCOMPARE(result.pending, (Positions{1}));
    tasks.end(1); // tells nobody who is gone
    QVERIFY(wait(tasks.futures, WaitMode::All, 0).isMet);
}

void TestWait::nothingToWaitForIsMetAtOnce()
{
    for (const WaitMode mode : {WaitMode::First, WaitMode::FirstError, WaitMode::All}) {
        QVERIFY(wait(std::vector<Future<int>>{}, mode).isMet);
    }
}

void TestWait::mayBeGivenOneFutureTwice()
{
    const Tasks tasks(1);
    const std::vector<Future<int>> twice{tasks.futures[0], tasks.futures[0]};
    const std::jthread ender([&tasks] { tasks.end(0); });
    QVERIFY(wait(twice).isMet);
}

void TestWait::waitsForFuturesOfSeveralExecutors()
{
    const auto threads = findExecutorKind("threads")->create({}, {});
    const auto single = findExecutorKind("thread_per_task")->create({}, {});
    const std::array<AnyFuture, 2> futures{threads.value()->submit([] { return 1; }),
                                           single.value()->submit([] {})};
    QVERIFY(wait(futures).isMet);
    QCOMPARE(futures[0].state(), TaskState::Done);
    QCOMPARE(futures[1].state(), TaskState::Done);
}

void TestWait::manyThreadsMayWaitForTheSame()
{
    for (int round = 0; round < 50; ++round) {
        const Tasks tasks(4);
        std::vector<std::jthread> waiters;
        for (const WaitMode mode : {WaitMode::First, WaitMode::FirstError, WaitMode::All}) {
            waiters.emplace_back([&tasks, mode] { (void)wait(tasks.futures, mode); });
        }
        for (std::size_t task = 0; task < 4; ++task) {
            tasks.end(task);
        }
    }
}

void TestWait::asCompletedGivesEndedOnesFirstThenTheOrderOfEnds()
{
    const Tasks tasks(5);
    tasks.end(3);
    tasks.end(1);
    auto stream = asCompleted(tasks.futures);
    for (const std::size_t task : {4U, 0U, 2U}) {
        tasks.end(task);
    }
    QCOMPARE(positions(stream), (Positions{1, 3, 4, 0, 2}));
    QCOMPARE(stream.pending(), std::size_t{0});
}

void TestWait::asCompletedEndsWithTheTime()
{
    const Tasks tasks(2);
    tasks.end(1);
    auto stream = asCompleted(tasks.futures, kNanosPerMilli);
    QCOMPARE(positions(stream), (Positions{1}));
    QCOMPARE(stream.pending(), std::size_t{1});
}

void TestWait::asCompletedMayBeLeftEarly()
{
    const Tasks tasks(3);
    {
        auto stream = asCompleted(tasks.futures);
        tasks.end(0);
        QVERIFY(stream.next().has_value());
    }
    tasks.end(1);
    tasks.end(2); // tells nobody who is gone
}

void TestWait::asCompletedTakesFuturesOfSeveralExecutors()
{
    const auto threads = findExecutorKind("threads")->create({}, {});
    const auto inThis = findExecutorKind("inline")->create({}, {});
    std::vector<Future<int>> futures;
    for (int i = 0; i < 20; ++i) {
        futures.push_back((i % 2 == 0 ? threads : inThis).value()->submit([i] { return i; }));
    }
    auto stream = asCompleted(futures);
    Positions all = positions(stream);
    std::sort(all.begin(), all.end());
    for (std::size_t i = 0; i < all.size(); ++i) {
        QCOMPARE(all[i], i);
    }
    QCOMPARE(all.size(), futures.size());
}

void TestWait::asCompletedMissesNoEnd()
{
    for (int round = 0; round < 100; ++round) {
        const Tasks tasks(8);
        std::jthread ender([&tasks] {
            for (std::size_t task = 0; task < 8; ++task) {
                tasks.end(task);
            }
        });
        auto stream = asCompleted(tasks.futures);
        QCOMPARE(positions(stream).size(), std::size_t{8});
    }
}

QTEST_GUILESS_MAIN(TestWait)
#include "tst_wait.moc"
