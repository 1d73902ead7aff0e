// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/timer.h"

#include <QTest>

#include <atomic>
#include <stdexcept>

using namespace poolscope;

class TestTimer : public QObject
{
    Q_OBJECT

private slots:
    void callsAfterItsDelay();
    void cancelledOneCallsNothing();
    void goingCancelsIt();
    void startsOnce();
    void errorIsInItsFuture();
};

void TestTimer::callsAfterItsDelay()
{
    std::atomic<int> calls{0};
    Timer timer("timer", 2 * kNanosPerMilli, [&] { ++calls; });
    QCOMPARE(calls.load(), 0);
    const Nanos before = monotonicNow();
    QVERIFY(timer.start());
    QCOMPARE(timer.future().value(), true);
    QVERIFY(monotonicNow() - before >= 2 * kNanosPerMilli);
    QCOMPARE(calls.load(), 1);
}

void TestTimer::cancelledOneCallsNothing()
{
    std::atomic<int> calls{0};
    Timer timer("timer", 3600 * kNanosPerSecond, [&] { ++calls; });
    QVERIFY(timer.start());
    timer.cancel();
    QCOMPARE(timer.future().value(), false);
    QCOMPARE(calls.load(), 0);
}

void TestTimer::goingCancelsIt()
{
    std::atomic<int> calls{0};
    {
        Timer timer("timer", 3600 * kNanosPerSecond, [&] { ++calls; });
        QVERIFY(timer.start());
        const Timer neverStarted("timer", 0, [&] { ++calls; });
    }
    QCOMPARE(calls.load(), 0);
}

void TestTimer::startsOnce()
{
    Timer timer("timer", 0, [] {});
    QVERIFY(timer.start());
    QVERIFY(!timer.start());
    QCOMPARE(timer.future().value(), true);
}

void TestTimer::errorIsInItsFuture()
{
    setThreadHook([](const ThreadReport&) {});
    Timer timer("timer", 0, [] { throw std::runtime_error("no answer"); });
    QVERIFY(timer.start());
    QCOMPARE(timer.future().error(), std::string("no answer"));
    setThreadHook({});
}

QTEST_GUILESS_MAIN(TestTimer)
#include "tst_timer.moc"
