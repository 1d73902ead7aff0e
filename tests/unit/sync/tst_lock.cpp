// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/lock.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace poolscope;

class TestLock : public QObject
{
    Q_OBJECT

private slots:
    void oneThreadHoldsItAtATime();
    void waitGivesUpInTime();
    void holderCannotLockItAgain();
    void onlyItsHolderUnlocksIt();
};

void TestLock::oneThreadHoldsItAtATime()
{
    Lock lock;
    int count = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int turn = 0; turn < 5'000; ++turn) {
                    const LockHolder holder(lock);
                    ++count;
                }
            });
        }
    }
    QCOMPARE(count, 20'000);
    QVERIFY(!lock.isMine());
}

void TestLock::waitGivesUpInTime()
{
    Lock lock;
    const LockHolder holder(lock);
    QVERIFY(holder);
    QVERIFY(lock.isMine());
    WaitEnd end = WaitEnd::Ready;
    std::jthread([&] { end = LockHolder(lock, {kNanosPerMilli, nullptr}).end(); }).join();
    QCOMPARE(end, WaitEnd::TimedOut);
    StopFlag stop;
    stop.request();
    std::jthread([&] { end = lock.lock({kNever, &stop}); }).join();
    QCOMPARE(end, WaitEnd::Stopped);
}

void TestLock::holderCannotLockItAgain()
{
    Lock lock("account");
    const LockHolder holder(lock);
    try {
        lock.lock();
        QFAIL("locked twice");
    } catch (const SyncError& error) {
        QVERIFY(QString(error.what()).contains("\"account\""));
    }
    QVERIFY(lock.isMine());
}

void TestLock::onlyItsHolderUnlocksIt()
{
    Lock lock;
    QVERIFY_EXCEPTION_THROWN(lock.unlock(), SyncError);
    const LockHolder holder(lock);
    bool isRefused = false;
    std::jthread([&] {
        try {
            lock.unlock();
        } catch (const SyncError&) {
            isRefused = true;
        }
    }).join();
    QVERIFY(isRefused);
    QVERIFY(lock.isMine());
}

QTEST_GUILESS_MAIN(TestLock)
#include "tst_lock.moc"
