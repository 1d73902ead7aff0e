// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The short way of calls into the thread pool: that it keeps every promise of the long one.
#include "core/executor/executor.h"
#include "core/trace/recorder.h"
#include "tests/unit/executor/test_kernels.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

using namespace poolscope;
using test::Gate;

namespace {

struct Pool
{
    explicit Pool(int workers, std::uint64_t capacity = 1'000'000)
    {
        ExecutorOptions options;
        options.workers = workers;
        options.queueCapacity = capacity;
        executor = findExecutorKind("threads")->create(options, {recorder, 0}).value();
    }

    /// \return attempts and unbegun ends that were recorded.
    [[nodiscard]] std::uint64_t recorded() const
    {
        std::uint64_t count = 0;
        for (const Lane* lane : recorder->lanes()) {
            count += lane->recordCount();
        }
        return count;
    }
    [[nodiscard]] std::uint64_t submitted() const { return recorder->submitted(0); }

    std::shared_ptr<Recorder> recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    std::unique_ptr<Executor> executor;
};

void post(Pool& pool, std::function<void()> call)
{
    QVERIFY(pool.executor->post([&call = *new std::function<void()>(std::move(call))] {
        call();
        delete &call;
    }));
}

/// \return the numbers of calls on the first worker's lane, in the order in which they ran.
std::vector<std::uint32_t> tasksOf(const Lane& lane)
{
    std::vector<std::uint32_t> tasks;
    for (std::uint64_t i = 0; i < lane.recordCount(); ++i) {
        tasks.push_back(lane.record(i).task);
    }
    return tasks;
}

} // namespace

class TstCallPath : public QObject
{
    Q_OBJECT

private slots:
    void callsOfOneThreadRunInOrder();
    void manyThreadsLoseNothing();
    void longCallHoldsUpNobody();
    void callsThatMeetDoNotWaitForever();
    void windowsThatWaitForEachOtherAreFound();
    void callWaitsForOneInItsOwnPool();
    void urgentTaskGoesFirst();
    void callWaitsBehindWhatCameBefore();
    void postWaitsForRoom();
    void waitingPostIsCancelled();
    void cancelEndsWhatWaits();
    void cancelPendingLeavesWhatRuns();
    void countsSayWhatWaits();
    void cancelDestroysClosures();
    void cancelStopsRunningCall();
    void shutdownRefusesCalls();
    void smallerPoolLeavesNothingBehind();
    void whatAClosureThrowsIsRecorded();
    void randomSteeringLosesNothing();
};

void TstCallPath::callsOfOneThreadRunInOrder()
{
    Pool pool(1);
    for (int i = 0; i < 20'000; ++i) {
        QVERIFY(pool.executor->post([] {}));
    }
    pool.executor->drain();
    const std::vector<std::uint32_t> tasks = tasksOf(*pool.recorder->lanes().front());
    QCOMPARE(tasks.size(), std::size_t{20'000});
    QVERIFY(std::is_sorted(tasks.begin(), tasks.end()));
}

void TstCallPath::manyThreadsLoseNothing()
{
    constexpr int kThreads = 5;
    constexpr int kCalls = 10'000;
    Pool pool(3);
    std::atomic<int> ran{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < kThreads; ++i) {
            threads.emplace_back([&pool, &ran] {
                for (int call = 0; call < kCalls; ++call) {
                    static_cast<void>(pool.executor->post([&ran] { ++ran; }));
                }
            });
        }
    }
    pool.executor->drain();
    QCOMPARE(ran.load(), kThreads * kCalls);
    QCOMPARE(pool.recorded(), std::uint64_t{kThreads * kCalls});
}

void TstCallPath::longCallHoldsUpNobody()
{
    Pool pool(2);
    Gate gate;
    std::atomic<int> ran{0};
    // Short ones first, so that a worker claims many at once: the long one is amid a batch.
    constexpr int kCalls = 10'000;
    for (int i = 0; i < kCalls; ++i) {
        if (i == kCalls / 2) {
            post(pool, [&gate] { gate.pass(); });
        } else {
            QVERIFY(pool.executor->post([&ran] { ++ran; }));
        }
    }
    QTRY_COMPARE_WITH_TIMEOUT(ran.load(), kCalls - 1, 60'000);
    gate.open();
    pool.executor->drain();
}

void TstCallPath::callsThatMeetDoNotWaitForever()
{
    Pool pool(2);
    std::atomic<int> met{0};
    for (int round = 0; round < 2'000; ++round) {
        auto arrived = std::make_shared<std::atomic<int>>(0);
        for (int side = 0; side < 2; ++side) {
            QVERIFY(pool.executor->post([arrived, &met] {
                ++*arrived;
                while (arrived->load() < 2) {
                    std::this_thread::yield();
                }
                ++met;
            }));
        }
    }
    QTRY_COMPARE_WITH_TIMEOUT(met.load(), 4'000, 60'000);
    pool.executor->drain();
}

void TstCallPath::windowsThatWaitForEachOtherAreFound()
{
    // Each call of a pair waits for the other one; short calls in between make workers claim many at once.
    Pool pool(2);
    std::atomic<int> met{0};
    constexpr int kPairs = 50;
    pool.executor->pause();
    for (int pair = 0; pair < kPairs; ++pair) {
        for (int i = 0; i < 500; ++i) {
            QVERIFY(pool.executor->post([] {}));
        }
        auto arrived = std::make_shared<std::atomic<int>>(0);
        for (int side = 0; side < 2; ++side) {
            QVERIFY(pool.executor->post([arrived, &met] {
                ++*arrived;
                arrived->notify_all();
                while (arrived->load() < 2) {
                    arrived->wait(1);
                }
                ++met;
            }));
        }
    }
    pool.executor->resume();
    pool.executor->drain();
    QCOMPARE(met.load(), 2 * kPairs);
    QCOMPARE(pool.recorded(), pool.submitted());
}

void TstCallPath::callWaitsForOneInItsOwnPool()
{
    // The one worker waits for a call behind its own: it runs it itself, and it counts once.
    Pool pool(1);
    std::atomic<int> ran{0};
    std::promise<Future<int>> promised;
    auto outer = pool.executor->submit([&promised, &ran] {
        ++ran;
        return promised.get_future().get().value() + 1;
    });
    promised.set_value(pool.executor->submit([&ran] { return ++ran; }));
    QCOMPARE(outer.value(), 3);
    pool.executor->drain();
    QCOMPARE(ran.load(), 2);
    QCOMPARE(pool.recorded(), std::uint64_t{2});
    QCOMPARE(pool.executor->counts().ended, std::uint64_t{2});
    QCOMPARE(pool.executor->counts().waiting, std::uint64_t{0});
    QCOMPARE(pool.executor->counts().handedOver, std::uint64_t{0});
}

void TstCallPath::urgentTaskGoesFirst()
{
    Pool pool(1);
    Gate gate;
    std::vector<int> order;
    post(pool, [&gate] { gate.pass(); });
    gate.waitForArrivals(1);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(pool.executor->post([&order, i] { order.push_back(i); }));
    }
    TaskOptions urgent;
    urgent.priority = 1;
    auto first = pool.executor->submit(urgent, [&order] { order.push_back(99); });
    TaskOptions patient;
    patient.priority = -1;
    auto last = pool.executor->submit(patient, [&order] { order.push_back(-1); });
    gate.open();
    pool.executor->drain();
    QCOMPARE(order, (std::vector<int>{99, 0, 1, 2, -1}));
}

void TstCallPath::callWaitsBehindWhatCameBefore()
{
    Pool pool(1);
    Gate gate;
    std::vector<int> order;
    post(pool, [&gate] { gate.pass(); });
    gate.waitForArrivals(1);
    QVERIFY(pool.executor->post([&order] { order.push_back(1); }));
    TaskOptions named;
    named.name = "goes the long way";
    auto second = pool.executor->submit(named, [&order] { order.push_back(2); });
    QVERIFY(pool.executor->post([&order] { order.push_back(3); }));
    gate.open();
    pool.executor->drain();
    QCOMPARE(order, (std::vector<int>{1, 2, 3}));
}

void TstCallPath::postWaitsForRoom()
{
    for (const std::uint64_t capacity : {1U, 4U, 100U}) {
        Pool pool(1, capacity);
        pool.executor->pause();
        const std::jthread submitter([&pool, capacity] {
            for (std::uint64_t i = 0; i < capacity + 3; ++i) {
                static_cast<void>(pool.executor->post([] {}));
            }
        });
        QTRY_COMPARE_WITH_TIMEOUT(pool.submitted(), capacity, 60'000);
        pool.executor->resume();
        QTRY_COMPARE_WITH_TIMEOUT(pool.submitted(), capacity + 3, 60'000);
        pool.executor->drain();
        QCOMPARE(pool.recorded(), capacity + 3);
    }
}

void TstCallPath::waitingPostIsCancelled()
{
    Pool pool(1, 2);
    pool.executor->pause();
    std::atomic<int> ran{0};
    std::atomic<bool> hasReturned{false};
    const std::jthread submitter([&] {
        for (int i = 0; i < 3; ++i) {
            static_cast<void>(pool.executor->post([&ran] { ++ran; }));
        }
        hasReturned = true;
    });
    QTRY_COMPARE_WITH_TIMEOUT(pool.submitted(), std::uint64_t{2}, 60'000);
    // The third may be on its way to wait, and then comes after the cancel: it is cancelled again.
    while (!hasReturned) {
        pool.executor->cancel();
    }
    pool.executor->cancel();
    pool.executor->resume();
    pool.executor->drain();
    QCOMPARE(ran.load(), 0);
    QCOMPARE(pool.recorded(), std::uint64_t{3});
}

void TstCallPath::cancelEndsWhatWaits()
{
    Pool pool(2);
    pool.executor->pause();
    std::vector<Future<int>> futures;
    for (int i = 0; i < 3'000; ++i) {
        QVERIFY(pool.executor->post([] {}));
        futures.push_back(pool.executor->submit([] { return 1; }));
    }
    pool.executor->cancel();
    for (const Future<int>& future : futures) {
        QCOMPARE(future.get().state, TaskState::Cancelled);
    }
    pool.executor->resume();
    pool.executor->drain();
    QCOMPARE(pool.recorded(), std::uint64_t{6'000});
    QCOMPARE(pool.executor->submit([] { return 7; }).value(), 7); // later ones run as usual
}

void TstCallPath::cancelPendingLeavesWhatRuns()
{
    Pool pool(1);
    Gate gate;
    auto running = pool.executor->submit([&gate] { gate.pass(); });
    gate.waitForArrivals(1);
    auto waiting = pool.executor->submit([] {});
    pool.executor->cancelPending();
    QCOMPARE(waiting.get().state, TaskState::Cancelled);
    gate.open();
    QCOMPARE(running.get().state, TaskState::Done);
}

void TstCallPath::countsSayWhatWaits()
{
    Pool pool(1);
    Gate gate;
    post(pool, [&gate] { gate.pass(); });
    gate.waitForArrivals(1);
    for (int i = 0; i < 10; ++i) {
        QVERIFY(pool.executor->post([] {}));
    }
    QCOMPARE(pool.executor->counts().waiting, std::uint64_t{10});
    QCOMPARE(pool.executor->counts().handedOver, std::uint64_t{1});
    gate.open();
    pool.executor->drain();
    QCOMPARE(pool.executor->counts().waiting, std::uint64_t{0});
    QCOMPARE(pool.executor->counts().handedOver, std::uint64_t{0});
    QCOMPARE(pool.executor->counts().ended, std::uint64_t{11});
}

void TstCallPath::cancelDestroysClosures()
{
    const auto token = std::make_shared<int>(1);
    Pool pool(1);
    pool.executor->pause();
    for (int i = 0; i < 100; ++i) {
        QVERIFY(pool.executor->post([token] {}));
    }
    QCOMPARE(token.use_count(), 101L);
    pool.executor->cancel();
    QCOMPARE(token.use_count(), 1L);
}

void TstCallPath::cancelStopsRunningCall()
{
    Pool pool(1);
    std::atomic<bool> hasBegun{false};
    auto future = pool.executor->submit([&hasBegun](const StopFlag& stop) {
        hasBegun = true;
        while (!stop.waitFor(kNanosPerSecond)) {
        }
    });
    QTRY_VERIFY_WITH_TIMEOUT(hasBegun.load(), 60'000);
    pool.executor->cancel();
    QVERIFY(future.waitFor(60 * kNanosPerSecond));
}

void TstCallPath::shutdownRefusesCalls()
{
    Pool pool(2);
    std::atomic<int> ran{0};
    std::atomic<int> taken{0};
    {
        const std::jthread submitter([&] {
            while (pool.executor->post([&ran] { ++ran; })) {
                ++taken;
            }
        });
        QTRY_VERIFY_WITH_TIMEOUT(taken > 1'000, 60'000);
        pool.executor->shutdown();
    }
    // What was taken has ended: it ran, or came too late for the last worker.
    QCOMPARE(pool.recorded(), static_cast<std::uint64_t>(taken.load()));
    QVERIFY(!pool.executor->post([] {}));
}

void TstCallPath::smallerPoolLeavesNothingBehind()
{
    Pool pool(4);
    std::atomic<int> ran{0};
    for (int i = 0; i < 200'000; ++i) {
        QVERIFY(pool.executor->post([&ran] { ++ran; }));
        if (i % 20'000 == 0) {
            pool.executor->resize(1 + (i / 20'000) % 4);
        }
    }
    pool.executor->resize(1);
    pool.executor->drain();
    QCOMPARE(ran.load(), 200'000);
}

void TstCallPath::whatAClosureThrowsIsRecorded()
{
    Pool pool(1);
    QVERIFY(pool.executor->post([] { throw std::runtime_error("no such luck"); }));
    pool.executor->drain();
    const Lane& lane = *pool.recorder->lanes().front();
    QCOMPARE(lane.record(0).state(), TaskState::Failed);
    QCOMPARE(lane.result(0).error, std::string("no such luck"));
}

void TstCallPath::randomSteeringLosesNothing()
{
    constexpr int kThreads = 3;
    constexpr int kCalls = 15'000;
    Pool pool(3, 500);
    std::atomic<int> destroyed{0};
    struct Token
    {
        explicit Token(std::atomic<int>& count)
            : counter(&count)
        {}
        Token(Token&& other) noexcept
            : counter(std::exchange(other.counter, nullptr))
        {}
        ~Token()
        {
            if (counter != nullptr) {
                ++*counter;
            }
        }
        std::atomic<int>* counter;
    };
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < kThreads; ++i) {
            threads.emplace_back([&pool, &destroyed] {
                for (int call = 0; call < kCalls; ++call) {
                    if (call % 5 == 0) {
                        static_cast<void>(
                            pool.executor->submit([token = Token(destroyed)] { return 1; }));
                    } else {
                        static_cast<void>(pool.executor->post([token = Token(destroyed)] {}));
                    }
                }
            });
        }
        std::minstd_rand random(7);
        while (pool.submitted() < kThreads * kCalls) {
            switch (random() % 4) {
            case 0:
                pool.executor->pause();
                break;
            case 1:
                pool.executor->resize(static_cast<int>(1 + random() % 4));
                break;
            case 2:
                pool.executor->cancel();
                break;
            default:
                break;
            }
            pool.executor->resume();
            std::this_thread::yield();
        }
    }
    pool.executor->drain();
    QCOMPARE(pool.submitted(), std::uint64_t{kThreads * kCalls});
    QCOMPARE(pool.recorded(), std::uint64_t{kThreads * kCalls});
    pool.executor.reset();
    QCOMPARE(destroyed.load(), kThreads * kCalls);
}

QTEST_GUILESS_MAIN(TstCallPath)
#include "tst_call_path.moc"
