// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/fast_clock.h"
#include "core/base/tsc_line.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>
#include <vector>

using namespace poolscope;

namespace {

constexpr std::uint64_t kTicksPerMicro = 2600;

/// \return the pair of a counter of 2.6 GHz that began at \p ticks, \p us later.
TscPair pairAfter(std::uint64_t ticks, Nanos us, Nanos aheadNs = 0)
{
    return {ticks + static_cast<std::uint64_t>(us) * kTicksPerMicro, us * 1000 + aheadNs};
}

/// What two threads say of one clock.
struct Reading
{
    bool isWithinMicrosecond = true;
    bool stepsBack = false;
};

/// Reads the clock between two readings of the kernel's until \p endNs: however long the thread is held
/// up between them, the clock must lie there.
Reading readUntil(Nanos endNs)
{
    Reading reading;
    Nanos last = 0;
    for (Nanos before = monotonicNow(); before < endNs; before = monotonicNow()) {
        const Nanos now = fastNow();
        const Nanos after = monotonicNow();
        const bool isNear = now > before - kNanosPerMicro && now < after + kNanosPerMicro;
        reading.isWithinMicrosecond = reading.isWithinMicrosecond && isNear;
        reading.stepsBack = reading.stepsBack || now < last;
        last = now;
    }
    return reading;
}

/// Two threads that each stamp after having seen the other's stamp, until \p endNs.
/// \return how far the later stamp lay before the one it followed, at worst.
Nanos furthestStepBack(Nanos endNs)
{
    std::atomic<Nanos> stamp{fastNow()};
    std::array<Nanos, 2> worst{};
    {
        std::vector<std::jthread> threads;
        for (Nanos& step : worst) {
            threads.emplace_back([&stamp, &step, endNs] {
                while (monotonicNow() < endNs) {
                    const Nanos seen = stamp.load();
                    const Nanos now = fastNow();
                    step = std::max(step, seen - now);
                    stamp = now;
                }
            });
        }
    }
    return std::ranges::max(worst);
}

} // namespace

class TstFastClock : public QObject
{
    Q_OBJECT

private slots:
    void lineMeetsClock();
    void lineAheadGoesOnMoreSlowly();
    void lineFarAheadNeverStandsStill();
    void lineBehindGoesToClock();
    void lineThatNobodyReadForLongGoesToClock();
    void clockIsThereOnceAwaited();
    void clockFollowsKernel();
    void clockFollowsKernelAfterRest();
    void laterReadingOfOtherThreadIsNotEarlier();
};

void TstFastClock::lineMeetsClock()
{
    const TscLine line = nextLine({}, pairAfter(77, 1'000), pairAfter(77, 11'000));
    QCOMPARE(line.at(pairAfter(77, 11'000).ticks), Nanos{11'000'000});
    const Nanos end = line.at(line.endTicks);
    QVERIFY2(std::abs(end - 21'000'000) <= 2, qPrintable(QString::number(end)));
}

void TstFastClock::lineAheadGoesOnMoreSlowly()
{
    const TscLine old = nextLine({}, pairAfter(0, 0, -400), pairAfter(0, 10'000));
    // The clock went on more slowly than the line foresaw: 400 ns in 10 ms.
    const TscPair now{old.endTicks, old.at(old.endTicks) - 400};
    const TscLine line = nextLine(old, {old.baseTicks, old.baseNs}, now);
    QCOMPARE(line.at(now.ticks), old.at(old.endTicks));
    const Nanos end = line.at(line.endTicks);
    QVERIFY2(std::abs(end - (now.ns + TscLine::kLifetime)) <= 2,
             qPrintable(QString::number(end - now.ns)));
}

void TstFastClock::lineFarAheadNeverStandsStill()
{
    const TscLine old = nextLine({}, pairAfter(0, 0), pairAfter(0, 10'000));
    const TscPair before{old.baseTicks, old.baseNs};
    const TscPair now{old.endTicks, before.ns + kNanosPerMicro}; // a clock that all but stopped
    const TscLine line = nextLine(old, before, now);
    QVERIFY(line.at(line.endTicks) > line.at(line.baseTicks));
    QCOMPARE(line.at(line.baseTicks), old.at(old.endTicks));
}

void TstFastClock::lineBehindGoesToClock()
{
    const TscLine old = nextLine({}, pairAfter(0, 0), pairAfter(0, 10'000));
    const TscPair now{old.endTicks, old.at(old.endTicks) + 700};
    const TscLine line = nextLine(old, {old.baseTicks, old.baseNs}, now);
    QCOMPARE(line.at(now.ticks), now.ns);
}

void TstFastClock::lineThatNobodyReadForLongGoesToClock()
{
    const TscLine old = nextLine({}, pairAfter(0, 0), pairAfter(0, 10'000));
    const TscPair now = pairAfter(0, 3'600'000'000, -5'000'000); // an hour, slewed by 5 ms
    const TscLine line = nextLine(old, {old.baseTicks, old.baseNs}, now);
    QCOMPARE(line.at(now.ticks), now.ns);
}

/// The first to read the clock in this process: it has to wait for it.
void TstFastClock::clockIsThereOnceAwaited()
{
    const Nanos begin = monotonicNow();
    awaitFastClock();
    const Nanos before = monotonicNow();
    QVERIFY(!fastClockUsesCounter() || before - begin >= TscLine::kLifetime / 2);
    const Nanos now = fastNow();
    QVERIFY(now > before - kNanosPerMicro && now < monotonicNow() + kNanosPerMicro);
}

void TstFastClock::clockFollowsKernel()
{
    // Long enough for a few lines; several threads, since any of them may have to make the next one.
    const Nanos end = monotonicNow() + 60 * kNanosPerMilli;
    std::vector<Reading> readings(3);
    {
        std::vector<std::jthread> threads;
        for (Reading& reading : readings) {
            threads.emplace_back([&reading, end] { reading = readUntil(end); });
        }
    }
    for (const Reading& reading : readings) {
        QVERIFY(reading.isWithinMicrosecond);
        QVERIFY(!reading.stepsBack);
    }
}

void TstFastClock::clockFollowsKernelAfterRest()
{
    for (int i = 0; i < 5; ++i) {
        const Nanos before = fastNow();
        std::this_thread::sleep_for(std::chrono::nanoseconds(2 * TscLine::kLifetime));
        const Reading reading = readUntil(monotonicNow() + 100 * kNanosPerMicro);
        QVERIFY(reading.isWithinMicrosecond);
        QVERIFY(fastNow() >= before + 2 * TscLine::kLifetime - kNanosPerMicro);
    }
}

void TstFastClock::laterReadingOfOtherThreadIsNotEarlier()
{
    // The processor may read its counter a little before the load that stands in front of it, and each
    // thread's line may be off by a microsecond. A line that was made while the host of a virtual machine
    // held the processor up may be off by more; the next one is not, so one quiet try is enough.
    constexpr int kTries = 20;
    Nanos worst = 0;
    for (int i = 0; i < kTries; ++i) {
        worst = furthestStepBack(monotonicNow() + 2 * TscLine::kLifetime);
        if (worst <= 2 * kNanosPerMicro) {
            return;
        }
    }
    QFAIL(qPrintable(QString::number(worst)));
}

QTEST_GUILESS_MAIN(TstFastClock)
#include "tst_fast_clock.moc"
