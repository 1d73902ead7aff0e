// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/event.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace poolscope;

class TestEvent : public QObject
{
    Q_OBJECT

private slots:
    void letsEverybodyGoWhoWaits();
    void staysSetUntilItIsCleared();
    void waitGivesUpInTime();
    void waitEndsWhenAskedToStop();
    void whatIsThereIsTakenThoughTimeAndStopAreUp();
};

void TestEvent::letsEverybodyGoWhoWaits()
{
    Event event;
    std::atomic<int> ready{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] { ready += event.wait() == WaitEnd::Ready ? 1 : 0; });
        }
        QCOMPARE(ready.load(), 0);
        event.set();
    }
    QCOMPARE(ready.load(), 4);
}

void TestEvent::staysSetUntilItIsCleared()
{
    Event event;
    QVERIFY(!event.isSet());
    event.set();
    QVERIFY(event.isSet());
    QCOMPARE(event.wait(), WaitEnd::Ready);
    QCOMPARE(event.wait(), WaitEnd::Ready);
    event.clear();
    QCOMPARE(event.wait({0, nullptr}), WaitEnd::TimedOut);
}

void TestEvent::waitGivesUpInTime()
{
    Event event;
    const Nanos before = monotonicNow();
    QCOMPARE(event.wait({5 * kNanosPerMilli, nullptr}), WaitEnd::TimedOut);
    QVERIFY(monotonicNow() - before >= 5 * kNanosPerMilli);
}

void TestEvent::waitEndsWhenAskedToStop()
{
    Event event;
    StopFlag stop;
    std::atomic<bool> waits{false};
    WaitEnd end = WaitEnd::Ready;
    {
        const std::jthread waiter([&] {
            waits = true;
            waits.notify_all();
            end = event.wait({kNever, &stop});
        });
        waits.wait(false);
        stop.request();
    }
    QCOMPARE(end, WaitEnd::Stopped);
    QCOMPARE(event.wait({kNever, &stop}), WaitEnd::Stopped);
}

void TestEvent::whatIsThereIsTakenThoughTimeAndStopAreUp()
{
    Event event;
    event.set();
    StopFlag stop;
    stop.request();
    QCOMPARE(event.wait({0, &stop}), WaitEnd::Ready);
}

QTEST_GUILESS_MAIN(TestEvent)
#include "tst_event.moc"
