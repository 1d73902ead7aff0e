// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/condition.h"

#include <QTest>

#include <deque>
#include <thread>
#include <vector>

using namespace poolscope;

class TestCondition : public QObject
{
    Q_OBJECT

private slots:
    void handsOverEachThing();
    void notifyOneWakesTheOldest();
    void notifyAllWakesAll();
    void waitHoldsTheLockAgainHoweverItEnds();
    void needsTheLock();
};

void TestCondition::handsOverEachThing()
{
    constexpr int kThings = 3'000;
    Lock lock;
    Condition hasThing(lock);
    Condition hasRoom(lock);
    std::deque<int> things;
    long sum = 0;
    {
        std::vector<std::jthread> threads;
        for (int taker = 0; taker < 3; ++taker) {
            threads.emplace_back([&] {
                for (int i = 0; i < kThings / 3; ++i) {
                    const LockHolder holder(lock);
                    hasThing.waitUntil([&] { return !things.empty(); });
                    sum += things.front();
                    things.pop_front();
                    hasRoom.notifyOne();
                }
            });
        }
        for (int thing = 1; thing <= kThings; ++thing) {
            const LockHolder holder(lock);
            hasRoom.waitUntil([&] { return things.size() < 4; });
            things.push_back(thing);
            hasThing.notifyOne();
        }
    }
    QCOMPARE(sum, static_cast<long>(kThings) * (kThings + 1) / 2);
    QVERIFY(things.empty());
}

void TestCondition::notifyOneWakesTheOldest()
{
    Lock lock;
    Condition condition(lock);
    std::vector<int> woken;
    int waiting = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&, i] {
            const LockHolder holder(lock);
            ++waiting;
            condition.wait();
            woken.push_back(i);
        });
        // The lock is free again only once it waits.
        QTRY_VERIFY((LockHolder(lock), waiting == i + 1));
    }
    for (int i = 0; i < 3; ++i) {
        {
            const LockHolder holder(lock);
            condition.notifyOne();
        }
        QTRY_COMPARE((LockHolder(lock), woken.size()), static_cast<std::size_t>(i + 1));
    }
    threads.clear();
    QCOMPARE(woken, (std::vector{0, 1, 2}));
}

void TestCondition::notifyAllWakesAll()
{
    Lock lock;
    Condition condition(lock);
    int waiting = 0;
    int woken = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                const LockHolder holder(lock);
                ++waiting;
                condition.wait();
                ++woken;
            });
        }
        QTRY_VERIFY((LockHolder(lock), waiting == 4));
        const LockHolder holder(lock);
        condition.notifyAll();
    }
    QCOMPARE(woken, 4);
}

void TestCondition::waitHoldsTheLockAgainHoweverItEnds()
{
    Lock lock;
    Condition condition(lock);
    const LockHolder holder(lock);
    QCOMPARE(condition.wait({kNanosPerMilli, nullptr}), WaitEnd::TimedOut);
    QVERIFY(lock.isMine());
    StopFlag stop;
    stop.request();
    QCOMPARE(condition.wait({kNever, &stop}), WaitEnd::Stopped);
    QVERIFY(lock.isMine());
    QCOMPARE(condition.waitUntil([] { return false; }, {kNanosPerMilli, nullptr}),
             WaitEnd::TimedOut);
    QCOMPARE(condition.waitUntil([] { return true; }, {0, nullptr}), WaitEnd::Ready);
    condition.notifyOne(); // to nobody: those who gave up are gone
    QCOMPARE(condition.wait({0, nullptr}), WaitEnd::TimedOut);
}

void TestCondition::needsTheLock()
{
    Lock lock("account");
    Condition condition(lock, "paid");
    QVERIFY_EXCEPTION_THROWN(condition.wait(), SyncError);
    QVERIFY_EXCEPTION_THROWN(condition.notifyAll(), SyncError);
    try {
        condition.notifyOne();
        QFAIL("notified without the lock");
    } catch (const SyncError& error) {
        QVERIFY(QString(error.what()).contains("\"paid\""));
        QVERIFY(QString(error.what()).contains("\"account\""));
    }
}

QTEST_GUILESS_MAIN(TestCondition)
#include "tst_condition.moc"
