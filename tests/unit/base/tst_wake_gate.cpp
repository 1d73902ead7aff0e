// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/wake_gate.h"

#include <QTest>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>
#include <vector>

using namespace poolscope;

namespace {

constexpr auto kSoon = std::chrono::seconds(30);

/// Tickets to be taken by threads that sleep at the gate while there are none.
struct Counter
{
    WakeGate gate;
    std::atomic<int> waiting{0};
    std::atomic<int> taken{0};
    std::atomic<bool> hasEnded{false};

    bool take()
    {
        int count = waiting.load();
        while (count > 0 && !waiting.compare_exchange_weak(count, count - 1)) {
        }
        return count > 0;
    }
    /// A worker that sleeps at once, so that every ticket may find all of them asleep.
    void work()
    {
        for (;;) {
            if (take()) {
                if (waiting.load() > 0) {
                    gate.notifyOne(); // whoever comes back wakes the next
                }
                ++taken;
                continue;
            }
            const WakeGate::Ticket ticket = gate.prepareWait();
            if (waiting.load() > 0) {
                gate.cancelWait();
            } else if (hasEnded.load()) {
                gate.cancelWait();
                return;
            } else {
                gate.wait(ticket);
            }
        }
    }
    void give()
    {
        ++waiting;
        gate.notifyOne();
    }
};

bool reaches(const std::atomic<int>& value, int target)
{
    const auto deadline = std::chrono::steady_clock::now() + kSoon;
    while (value.load() < target && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
    }
    return value.load() == target;
}

} // namespace

class TstWakeGate : public QObject
{
    Q_OBJECT

private slots:
    void notifyBetweenPrepareAndWaitIsNotLost();
    void waitEndsWithItsTime();
    void notifyAllWakesEverybody();
    void sleepersAreCounted();
    void noWakeUpIsLost_data();
    void noWakeUpIsLost();
};

void TstWakeGate::notifyBetweenPrepareAndWaitIsNotLost()
{
    WakeGate gate;
    const WakeGate::Ticket ticket = gate.prepareWait();
    gate.notifyOne();
    QVERIFY(gate.waitFor(ticket, 3'600 * kNanosPerSecond));
}

void TstWakeGate::waitEndsWithItsTime()
{
    WakeGate gate;
    const Nanos before = monotonicNow();
    QVERIFY(!gate.waitFor(gate.prepareWait(), 2 * kNanosPerMilli));
    QVERIFY(monotonicNow() - before >= 2 * kNanosPerMilli);
    QCOMPARE(gate.sleepers(), 0U);
}

void TstWakeGate::notifyAllWakesEverybody()
{
    WakeGate gate;
    std::atomic<int> back{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&gate, &back] {
            gate.wait(gate.prepareWait());
            ++back;
        });
    }
    while (gate.sleepers() < 3) {
        std::this_thread::yield();
    }
    gate.notifyAll();
    QVERIFY(reaches(back, 3));
}

void TstWakeGate::sleepersAreCounted()
{
    WakeGate gate;
    QCOMPARE(gate.sleepers(), 0U);
    static_cast<void>(gate.prepareWait());
    QCOMPARE(gate.sleepers(), 1U);
    gate.cancelWait();
    QCOMPARE(gate.sleepers(), 0U);
}

void TstWakeGate::noWakeUpIsLost_data()
{
    QTest::addColumn<int>("workers");
    QTest::addColumn<int>("givers");
    QTest::newRow("one to one") << 1 << 1;
    QTest::newRow("one to three") << 3 << 1;
    QTest::newRow("two to two") << 2 << 2;
}

void TstWakeGate::noWakeUpIsLost()
{
    QFETCH(int, workers);
    QFETCH(int, givers);
    constexpr int kRounds = 4'000;
    Counter counter;
    std::vector<std::jthread> workerThreads;
    for (int i = 0; i < workers; ++i) {
        workerThreads.emplace_back([&counter] { counter.work(); });
    }
    {
        std::vector<std::jthread> giverThreads;
        for (int giver = 0; giver < givers; ++giver) {
            giverThreads.emplace_back([&counter, giver] {
                // Gaps of all lengths around the time that falling asleep takes.
                std::minstd_rand random(static_cast<unsigned>(giver) + 1);
                for (int i = 0; i < kRounds; ++i) {
                    counter.give();
                    for (auto pause = random() % 600; pause > 0; --pause) {
                        std::atomic_signal_fence(std::memory_order_seq_cst);
                    }
                    if (random() % 8 == 0) {
                        std::this_thread::yield();
                    }
                }
            });
        }
    }
    QVERIFY(reaches(counter.taken, givers * kRounds));
    counter.hasEnded = true;
    counter.gate.notifyAll();
}

QTEST_GUILESS_MAIN(TstWakeGate)
#include "tst_wake_gate.moc"
