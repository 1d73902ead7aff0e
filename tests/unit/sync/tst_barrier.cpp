// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/barrier.h"

#include <QTest>

#include <atomic>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace poolscope;

class TestBarrier : public QObject
{
    Q_OBJECT

private slots:
    void partiesMeetAgainAndAgain();
    void actionRunsOnceBeforeAllGoOn();
    void whoGivesUpBreaksItForAll();
    void stoppedPartyBreaksIt();
    void failingActionBreaksIt();
    void abortAndReset();
    void needsAParty();
};

void TestBarrier::partiesMeetAgainAndAgain()
{
    constexpr int kParties = 3;
    constexpr int kRounds = 500;
    Barrier barrier(kParties);
    std::atomic<int> arrived{0};
    std::atomic<int> faults{0};
    std::atomic<int> placeSum{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < kParties; ++i) {
            threads.emplace_back([&] {
                for (int round = 1; round <= kRounds; ++round) {
                    ++arrived;
                    const Result<int> place = barrier.wait();
                    placeSum += place ? place.value() : 100;
                    faults += arrived < round * kParties ? 1 : 0;
                }
            });
        }
    }
    QCOMPARE(faults.load(), 0);
    QCOMPARE(placeSum.load(), kRounds * (0 + 1 + 2));
    QCOMPARE(barrier.waiting(), 0);
}

void TestBarrier::actionRunsOnceBeforeAllGoOn()
{
    std::atomic<int> runs{0};
    Barrier barrier(2, "barrier", [&] { ++runs; });
    int seen = 0;
    {
        const std::jthread other([&] { static_cast<void>(barrier.wait()); });
        QVERIFY(barrier.wait());
        seen = runs;
    }
    QCOMPARE(seen, 1);
    QCOMPARE(runs.load(), 1);
}

void TestBarrier::whoGivesUpBreaksItForAll()
{
    Barrier barrier(3, "meeting");
    std::string others;
    {
        const std::jthread other([&] {
            const Result<int> place = barrier.wait();
            others = place ? "" : place.error().message;
        });
        QTRY_COMPARE(barrier.waiting(), 1);
        const Result<int> place = barrier.wait({kNanosPerMilli, nullptr});
        QVERIFY(!place);
        QVERIFY(QString::fromStdString(place.error().message).contains("waited too long"));
    }
    QVERIFY(QString::fromStdString(others).contains("\"meeting\" is broken"));
    QVERIFY(barrier.isBroken());
    QVERIFY(!barrier.wait());
}

void TestBarrier::stoppedPartyBreaksIt()
{
    Barrier barrier(2);
    StopFlag stop;
    stop.request();
    const Result<int> place = barrier.wait({kNever, &stop});
    QVERIFY(!place);
    QVERIFY(QString::fromStdString(place.error().message).contains("asked to stop"));
    QVERIFY(barrier.isBroken());
}

void TestBarrier::failingActionBreaksIt()
{
    Barrier barrier(2, "barrier", [] { throw std::runtime_error("no room"); });
    int thrown = 0;
    int broken = 0;
    {
        std::vector<std::jthread> threads;
        std::atomic_ref<int> thrownCount(thrown);
        std::atomic_ref<int> brokenCount(broken);
        for (int i = 0; i < 2; ++i) {
            threads.emplace_back([&, thrownCount, brokenCount] {
                try {
                    brokenCount += barrier.wait() ? 0 : 1;
                } catch (const std::runtime_error&) {
                    ++thrownCount;
                }
            });
        }
    }
    QCOMPARE(thrown, 1);
    QCOMPARE(broken, 1);
    QVERIFY(barrier.isBroken());
}

void TestBarrier::abortAndReset()
{
    Barrier barrier(2);
    std::string why;
    const auto waitThere = [&] {
        const Result<int> place = barrier.wait();
        why = place ? "" : place.error().message;
    };
    {
        const std::jthread other(waitThere);
        QTRY_COMPARE(barrier.waiting(), 1);
        barrier.abort("no more work");
    }
    QVERIFY(QString::fromStdString(why).contains("no more work"));
    QVERIFY(barrier.isBroken());
    barrier.reset();
    QVERIFY(!barrier.isBroken());
    {
        const std::jthread other(waitThere);
        QTRY_COMPARE(barrier.waiting(), 1);
        barrier.reset();
    }
    QVERIFY(QString::fromStdString(why).contains("reset"));
    {
        const std::jthread other(waitThere);
        QVERIFY(barrier.wait());
    }
    QCOMPARE(why, std::string());
}

void TestBarrier::needsAParty()
{
    QVERIFY_EXCEPTION_THROWN(Barrier(0), SyncError);
    Barrier alone(1);
    QCOMPARE(alone.wait().value(), 0);
}

QTEST_GUILESS_MAIN(TestBarrier)
#include "tst_barrier.moc"
