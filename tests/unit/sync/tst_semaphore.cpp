// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/semaphore.h"

#include <QTest>

#include <atomic>
#include <thread>
#include <vector>

using namespace poolscope;

class TestSemaphore : public QObject
{
    Q_OBJECT

private slots:
    void letsSoManyPassAtATime();
    void releaseOfSeveralWakesSeveral();
    void permitIsGivenBackWithItsScope();
    void acquireGivesUpInTimeAndLosesNothing();
    void acquireEndsWhenAskedToStop();
    void boundedOneIsNotReleasedTooOften();
    void plainOneMayGrow();
    void negativeCountIsRefused();
};

void TestSemaphore::letsSoManyPassAtATime()
{
    Semaphore semaphore(2);
    std::atomic<int> inside{0};
    std::atomic<int> most{0};
    std::atomic<int> passes{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int pass = 0; pass < 2'000; ++pass) {
                    const SemaphorePermit permit(semaphore);
                    const int now = ++inside;
                    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
                    }
                    ++passes;
                    std::this_thread::yield();
                    --inside;
                }
            });
        }
    }
    QCOMPARE(passes.load(), 8'000);
    QCOMPARE(most.load(), 2);
    QCOMPARE(semaphore.available(), 2);
}

void TestSemaphore::releaseOfSeveralWakesSeveral()
{
    Semaphore semaphore(0);
    std::atomic<int> ready{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 3; ++i) {
            threads.emplace_back([&] { ready += semaphore.acquire() == WaitEnd::Ready ? 1 : 0; });
        }
        semaphore.release(3);
    }
    QCOMPARE(ready.load(), 3);
    QCOMPARE(semaphore.available(), 0);
}

void TestSemaphore::permitIsGivenBackWithItsScope()
{
    Semaphore semaphore(1);
    {
        const SemaphorePermit permit(semaphore);
        QVERIFY(permit);
        const SemaphorePermit second(semaphore, {0, nullptr});
        QVERIFY(!second);
        QCOMPARE(second.end(), WaitEnd::TimedOut);
    }
    QCOMPARE(semaphore.available(), 1);
    QVERIFY(semaphore.tryAcquire());
    QVERIFY(!semaphore.tryAcquire());
}

/// Waits that are given up just when there is something to take: none of it may vanish.
void TestSemaphore::acquireGivesUpInTimeAndLosesNothing()
{
    Semaphore semaphore(0);
    std::atomic<int> taken{0};
    constexpr int kReleases = 2'000;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 3; ++i) {
            threads.emplace_back([&] {
                while (taken < kReleases) {
                    const Nanos shortNs = 20 * kNanosPerMicro;
                    taken += semaphore.acquire({shortNs, nullptr}) == WaitEnd::Ready ? 1 : 0;
                }
            });
        }
        for (int i = 0; i < kReleases; ++i) {
            semaphore.release();
            std::this_thread::yield();
        }
    }
    QCOMPARE(taken.load(), kReleases);
    QCOMPARE(semaphore.available(), 0);
}

void TestSemaphore::acquireEndsWhenAskedToStop()
{
    Semaphore semaphore(0);
    StopFlag stop;
    WaitEnd end = WaitEnd::Ready;
    {
        const std::jthread waiter([&] { end = semaphore.acquire({kNever, &stop}); });
        stop.request();
    }
    QCOMPARE(end, WaitEnd::Stopped);
}

void TestSemaphore::boundedOneIsNotReleasedTooOften()
{
    BoundedSemaphore semaphore(1, "slots");
    QVERIFY(semaphore.tryAcquire());
    semaphore.release();
    try {
        semaphore.release();
        QFAIL("released too often");
    } catch (const SyncError& error) {
        QVERIFY(QString(error.what()).contains("\"slots\""));
        QVERIFY(QString(error.what()).contains("1 of it are free"));
    }
    QCOMPARE(semaphore.available(), 1);
}

void TestSemaphore::plainOneMayGrow()
{
    Semaphore semaphore(1);
    semaphore.release(2);
    QCOMPARE(semaphore.available(), 3);
    QVERIFY_EXCEPTION_THROWN(semaphore.release(0), SyncError);
    QVERIFY_EXCEPTION_THROWN(semaphore.release(-1), SyncError);
}

void TestSemaphore::negativeCountIsRefused()
{
    QVERIFY_EXCEPTION_THROWN(Semaphore(-1), SyncError);
}

QTEST_GUILESS_MAIN(TestSemaphore)
#include "tst_semaphore.moc"
