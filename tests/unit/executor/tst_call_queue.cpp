// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Windows of claimed calls: whoever takes from them, each call is had once.
#include "core/executor/call_queue.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <thread>
#include <vector>

using namespace poolscope;

namespace {

constexpr std::uint64_t kCalls = 20'000;
/// Several calls are claimed at a time where they take less than 1.5 us, which a sanitizer may leave none.
constexpr const char* kTooSlow = "calls take too long here for a window";

/// Publishes the calls [0, count), from one thread.
void publish(CallQueue& queue, std::uint64_t count)
{
    CallQueue::Producer* producer = queue.ofThisThread();
    queue.grant(*producer, count);
    for (std::uint64_t i = 0; i < count; ++i) {
        TaskSlot* slot = producer->ring.nextSlot();
        QVERIFY(slot != nullptr);
        slot->task = i;
        slot->kind = nullptr;
        slot->node = nullptr;
        producer->ring.publish();
    }
}

/// Takes calls for one worker until it holds some that it has claimed and not begun. \return what it took.
std::vector<std::uint64_t> takeUntilWindow(CallQueue& queue, int worker)
{
    std::vector<std::uint64_t> taken;
    while (!queue.hasWindow(worker)) {
        TaskSlot* slot = queue.next(worker, 1);
        if (slot == nullptr) {
            break;
        }
        taken.push_back(slot->task);
    }
    return taken;
}

std::vector<std::uint64_t> takeAll(CallQueue& queue, int worker)
{
    std::vector<std::uint64_t> taken;
    while (TaskSlot* slot = queue.next(worker, 1)) {
        taken.push_back(slot->task);
    }
    queue.flush(worker);
    return taken;
}

} // namespace

class TstCallQueue : public QObject
{
    Q_OBJECT

private slots:
    void shortCallsAreClaimedSeveralAtATime();
    void windowThatDoesNotMoveIsShared();
    void rescuerTakesOneCall();
    void leftWindowComesFirst();
    void cancelEmptiesWindows();
    void eachCallIsHadOnce();
};

void TstCallQueue::shortCallsAreClaimedSeveralAtATime()
{
    CallQueue queue;
    publish(queue, kCalls);
    const std::vector<std::uint64_t> begun = takeUntilWindow(queue, 0);
    if (!queue.hasWindow(0)) {
        QSKIP(kTooSlow);
    }
    QCOMPARE(queue.waiting(), kCalls - begun.size());
    const std::vector<std::uint64_t> rest = takeAll(queue, 0);
    QCOMPARE(rest.front(), std::uint64_t{begun.size()}); // in the order in which they came
    QVERIFY(std::is_sorted(rest.begin(), rest.end()));
    QCOMPARE(begun.size() + rest.size(), std::size_t{kCalls});
    QVERIFY(queue.allEnded());
}

void TstCallQueue::windowThatDoesNotMoveIsShared()
{
    CallQueue queue;
    publish(queue, kCalls);
    std::vector<std::uint64_t> had = takeUntilWindow(queue, 0);
    if (!queue.hasWindow(0)) {
        QSKIP(kTooSlow);
    }
    // The second worker gets all, the claimed ones too, since the first does not go on.
    const std::vector<std::uint64_t> others = takeAll(queue, 1);
    QVERIFY(!queue.hasWindow(0));
    QCOMPARE(had.size() + others.size(), std::size_t{kCalls});
    QVERIFY(!queue.allEnded()); // the first one's last call runs
    queue.flush(0);
    QVERIFY(queue.allEnded());
}

void TstCallQueue::rescuerTakesOneCall()
{
    CallQueue queue;
    publish(queue, kCalls);
    const std::vector<std::uint64_t> had = takeUntilWindow(queue, 0);
    if (!queue.hasWindow(0)) {
        QSKIP(kTooSlow);
    }
    const std::uint64_t before = queue.waiting();
    TaskSlot* slot = queue.nextOfOthers(1);
    QVERIFY(slot != nullptr);
    QCOMPARE(slot->task, std::uint64_t{had.size()});
    QCOMPARE(queue.waiting(), before - 1);
    QVERIFY(!queue.hasWindow(1));
}

void TstCallQueue::leftWindowComesFirst()
{
    CallQueue queue;
    publish(queue, kCalls);
    const std::vector<std::uint64_t> had = takeUntilWindow(queue, 0);
    if (!queue.hasWindow(0)) {
        QSKIP(kTooSlow);
    }
    queue.flush(0);
    queue.abandonWindow(0);
    TaskSlot* slot = queue.next(1, 1);
    QVERIFY(slot != nullptr);
    QCOMPARE(slot->task, std::uint64_t{had.size()});
    QCOMPARE(takeAll(queue, 1).size(), kCalls - had.size() - 1);
    QVERIFY(queue.allEnded());
}

void TstCallQueue::cancelEmptiesWindows()
{
    CallQueue queue;
    publish(queue, kCalls);
    const std::vector<std::uint64_t> had = takeUntilWindow(queue, 0);
    if (!queue.hasWindow(0)) {
        QSKIP(kTooSlow);
    }
    const std::vector<CallQueue::Taken> cancelled = queue.cancelAll();
    QCOMPARE(cancelled.size(), kCalls - had.size());
    std::set<std::uint64_t> numbers;
    for (const CallQueue::Taken& taken : cancelled) {
        numbers.insert(queue.slot(taken).task);
        queue.release(taken);
    }
    QCOMPARE(numbers.size(), cancelled.size());
    QVERIFY(queue.next(0, 1) == nullptr);
    QVERIFY(queue.allEnded());
}

/// Workers that stop now and then, so that the others take from their windows, and somebody who cancels.
void TstCallQueue::eachCallIsHadOnce()
{
    constexpr int kWorkers = 4;
    constexpr std::uint64_t kManyCalls = 200'000;
    CallQueue queue;
    const auto had = std::make_unique<std::array<std::atomic<int>, kManyCalls>>();
    std::atomic<std::uint64_t> taken{0};
    const auto take = [&](const TaskSlot& slot) {
        ++(*had)[slot.task];
        ++taken;
    };
    {
        std::vector<std::jthread> threads;
        for (int worker = 0; worker < kWorkers; ++worker) {
            threads.emplace_back([&, worker] {
                std::uint64_t calls = 0;
                while (taken < kManyCalls) {
                    if (TaskSlot* slot = queue.next(worker, kWorkers)) {
                        take(*slot);
                        if (++calls % 1000 == 0) {
                            std::this_thread::sleep_for(std::chrono::microseconds(200));
                        }
                    } else {
                        queue.flush(worker);
                        std::this_thread::yield();
                    }
                }
                queue.flush(worker);
            });
        }
        threads.emplace_back([&] {
            while (taken < kManyCalls) {
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
                for (const CallQueue::Taken& cancelled : queue.cancelAll()) {
                    take(queue.slot(cancelled));
                    queue.release(cancelled);
                }
            }
        });
        publish(queue, kManyCalls);
    }
    QCOMPARE(taken.load(), kManyCalls);
    QVERIFY(std::all_of(had->begin(), had->end(), [](const auto& count) { return count == 1; }));
    QVERIFY(queue.allEnded());
}

QTEST_GUILESS_MAIN(TstCallQueue)
#include "tst_call_queue.moc"
