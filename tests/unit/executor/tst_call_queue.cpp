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
    void init();
    void shortCallsAreClaimedSeveralAtATime();
    void windowThatDoesNotMoveIsShared();
    void rescuerTakesOneCall();
    void leftWindowComesFirst();
    void cancelEmptiesWindows();
    void eachCallIsHadOnce();

private:
    std::unique_ptr<CallQueue> m_queue;
    std::vector<std::uint64_t> m_begun; ///< by worker 0, which then holds a window
};

void TstCallQueue::init()
{
    m_queue = std::make_unique<CallQueue>();
    publish(*m_queue, kCalls);
    m_begun = takeUntilWindow(*m_queue, 0);
    if (!m_queue->hasWindow(0)) {
        QSKIP("several calls are claimed at a time where they take less than 1.5 us, which a "
              "sanitizer may leave none");
    }
}

void TstCallQueue::shortCallsAreClaimedSeveralAtATime()
{
    CallQueue& queue = *m_queue;
    QCOMPARE(queue.waiting(), kCalls - m_begun.size());
    const std::vector<std::uint64_t> rest = takeAll(queue, 0);
    QCOMPARE(rest.front(), std::uint64_t{m_begun.size()}); // in the order in which they came
    QVERIFY(std::is_sorted(rest.begin(), rest.end()));
    QCOMPARE(m_begun.size() + rest.size(), std::size_t{kCalls});
    QVERIFY(queue.allEnded());
}

void TstCallQueue::windowThatDoesNotMoveIsShared()
{
    CallQueue& queue = *m_queue;
    // The second worker gets all, the claimed ones too, since the first does not go on.
    const std::vector<std::uint64_t> others = takeAll(queue, 1);
    QVERIFY(!queue.hasWindow(0));
    QCOMPARE(m_begun.size() + others.size(), std::size_t{kCalls});
    QVERIFY(!queue.allEnded()); // the first one's last call runs
    queue.flush(0);
    QVERIFY(queue.allEnded());
}

void TstCallQueue::rescuerTakesOneCall()
{
    CallQueue& queue = *m_queue;
    const std::uint64_t before = queue.waiting();
    TaskSlot* slot = queue.nextOfOthers(1);
    QVERIFY(slot != nullptr);
    QCOMPARE(slot->task, std::uint64_t{m_begun.size()});
    QCOMPARE(queue.waiting(), before - 1);
    QVERIFY(!queue.hasWindow(1));
}

void TstCallQueue::leftWindowComesFirst()
{
    CallQueue& queue = *m_queue;
    queue.flush(0);
    queue.abandonWindow(0);
    TaskSlot* slot = queue.next(1, 1);
    QVERIFY(slot != nullptr);
    QCOMPARE(slot->task, std::uint64_t{m_begun.size()});
    QCOMPARE(takeAll(queue, 1).size(), kCalls - m_begun.size() - 1);
    QVERIFY(queue.allEnded());
}

void TstCallQueue::cancelEmptiesWindows()
{
    CallQueue& queue = *m_queue;
    const std::vector<CallQueue::Taken> cancelled = queue.cancelAll();
    QCOMPARE(cancelled.size(), kCalls - m_begun.size());
    std::set<std::uint64_t> numbers;
    for (const CallQueue::Taken& taken : cancelled) {
        numbers.insert(queue.slot(taken).task);
        queue.release(taken);
    }
    QCOMPARE(numbers.size(), cancelled.size());
    QVERIFY(queue.next(0, 1) == nullptr);
    QVERIFY(queue.allEnded());
}

/// A worker that goes on all the time, one that takes from its window just as often, some that stop now and then, so
/// that the others take half of their windows, and somebody who cancels.
void TstCallQueue::eachCallIsHadOnce()
{
    constexpr int kWorkers = 4;
    constexpr int kRescuer = kWorkers;
    constexpr std::uint64_t kManyCalls = 1'000'000;
    CallQueue queue;
    const auto had = std::make_unique<std::array<std::atomic<std::uint8_t>, kManyCalls>>();
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
                        if (worker > 0 && ++calls % 1000 == 0) {
                            // Long enough for a window that does not move.
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
                if (TaskSlot* slot = queue.nextOfOthers(kRescuer)) {
                    take(*slot);
                }
            }
            queue.flush(kRescuer);
        });
        threads.emplace_back([&] {
            constexpr std::uint64_t kStep = kManyCalls / 20;
            for (std::uint64_t next = kStep; taken < kManyCalls; next += kStep) {
                while (taken < std::min(next, kManyCalls)) {
                    std::this_thread::yield();
                }
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
