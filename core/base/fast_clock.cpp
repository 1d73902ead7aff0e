// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/fast_clock.h"

#include "core/base/mutex.h"
#include "core/base/tsc_line.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <x86intrin.h>
#endif

#include <atomic>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>

namespace poolscope {

namespace {

#if defined(__x86_64__)

std::uint64_t readCounter() noexcept
{
    return __rdtsc();
}

bool counterRunsSteadily() noexcept
{
    constexpr unsigned kPowerLeaf = 0x80000007;
    constexpr unsigned kInvariantBit = 1U << 8U;
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    return __get_cpuid(kPowerLeaf, &eax, &ebx, &ecx, &edx) != 0 && (edx & kInvariantBit) != 0;
}

#else

std::uint64_t readCounter() noexcept
{
    return 0;
}

bool counterRunsSteadily() noexcept
{
    return false;
}

#endif

bool kernelTrustsCounter()
{
    std::ifstream file("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    std::string name;
    return file >> name && name == "tsc";
}

/// The counter is read first: the line is never behind the clock, so that changing over from the clock
/// to the line is no step back. The narrowest of a few tries, since any may be interrupted.
TscPair readPair() noexcept
{
    TscPair best;
    std::uint64_t narrowest = ~std::uint64_t{0};
    for (int i = 0; i < 3; ++i) {
        const std::uint64_t before = readCounter();
        const Nanos ns = monotonicNow();
        const std::uint64_t width = readCounter() - before;
        if (width < narrowest) {
            narrowest = width;
            best = {before, ns};
        }
    }
    return best;
}

/// Makes the line that all threads read.
class Calibration
{
public:
    /// \return the time by the line, if it holds for \p ticks.
    bool read(std::uint64_t ticks, Nanos& ns) const noexcept
    {
        // A line is read as it was written when no writer came in between: the count is even and the
        // same before and after. Acquire keeps the loads between the two; pairs with publish().
        const std::uint32_t count = m_writes.load(std::memory_order_acquire);
        const TscLine line{m_baseTicks.load(std::memory_order_acquire),
                           m_baseNs.load(std::memory_order_acquire),
                           m_nanosPerTick.load(std::memory_order_acquire),
                           m_endTicks.load(std::memory_order_acquire)};
        if ((count & 1U) != 0 || m_writes.load(std::memory_order_relaxed) != count) {
            return false;
        }
        ns = line.at(ticks);
        // Unsigned: a counter read just before the base counts as beyond the end.
        return ticks - line.baseTicks < line.endTicks - line.baseTicks;
    }

    /// What read() could not tell.
    Nanos readSlowly() noexcept PS_EXCLUDES(m_mutex)
    {
        const Nanos early = monotonicNow();
        if (!m_usesCounter || early < m_firstLineNs.load(std::memory_order_relaxed)) {
            return early;
        }
        const MutexLock lock(m_mutex);
        Nanos ns = 0;
        if (read(readCounter(), ns)) {
            return ns; // another thread has just made a line
        }
        const TscPair now = readPair();
        if (m_last.ns == 0) {
            m_last = now;
            m_firstLineNs.store(now.ns + kLearningNs, std::memory_order_relaxed);
            return monotonicNow();
        }
        if (now.ns - m_last.ns < kLearningNs) {
            return monotonicNow(); // another thread has just begun
        }
        m_line = nextLine(m_line, m_last, now);
        m_last = now;
        publish(m_line);
        return m_line.at(readCounter());
    }

    [[nodiscard]] bool usesCounter() const noexcept { return m_usesCounter; }
    /// \return when the first line can be made, 0 before anybody read the clock.
    [[nodiscard]] Nanos firstLineNs() const noexcept
    {
        return m_firstLineNs.load(std::memory_order_relaxed);
    }

private:
    void publish(const TscLine& line) noexcept
    {
        // Each store releases the odd count to whoever sees the new value; pairs with read().
        m_writes.fetch_add(1, std::memory_order_acq_rel);
        m_baseTicks.store(line.baseTicks, std::memory_order_release);
        m_baseNs.store(line.baseNs, std::memory_order_release);
        m_nanosPerTick.store(line.nanosPerTick, std::memory_order_release);
        m_endTicks.store(line.endTicks, std::memory_order_release);
        m_writes.fetch_add(1, std::memory_order_release);
    }

    /// So long the counter has to be watched at first before its speed is known.
    static constexpr Nanos kLearningNs = TscLine::kLifetime / 2;

    const bool m_usesCounter = counterRunsSteadily() && kernelTrustsCounter();
    std::atomic<Nanos> m_firstLineNs{0}; ///< no line before; 0: not begun
    alignas(64) std::atomic<std::uint32_t> m_writes{0};
    std::atomic<std::uint64_t> m_baseTicks{0};
    std::atomic<Nanos> m_baseNs{0};
    std::atomic<std::uint64_t> m_nanosPerTick{0};
    std::atomic<std::uint64_t> m_endTicks{0};
    alignas(64) Mutex m_mutex;
    TscLine m_line PS_GUARDED_BY(m_mutex);
    TscPair m_last PS_GUARDED_BY(m_mutex);
};

/// One a process, as the counter is one: null before the first reading.
constinit std::atomic<const Calibration*> theCalibration{nullptr};

/// Makes it at the first call.
Calibration& calibration() noexcept
{
    static Calibration only;
    theCalibration.store(&only, std::memory_order_release); // pairs with fastNow()
    return only;
}

} // namespace

Nanos fastNow() noexcept
{
    const Calibration* const shared = theCalibration.load(std::memory_order_acquire);
    Nanos ns = 0;
    return shared != nullptr && shared->read(readCounter(), ns) ? ns : calibration().readSlowly();
}

void awaitFastClock() noexcept
{
    static_cast<void>(fastNow());
    const Nanos leftNs = calibration().firstLineNs() - monotonicNow();
    if (leftNs > 0) {
        std::this_thread::sleep_for(std::chrono::nanoseconds(leftNs));
    }
}

bool fastClockUsesCounter() noexcept
{
    return calibration().usesCounter();
}

} // namespace poolscope
