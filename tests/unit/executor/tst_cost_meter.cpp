// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/cost_meter.h"

#include <QTest>

#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace poolscope;

namespace {

Nanos threadCpuNow()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

/// Computes until the thread has had \p nanos of processor time.
void burn(Nanos nanos)
{
    const Nanos end = threadCpuNow() + nanos;
    while (threadCpuNow() < end) {
    }
}

/// Computes for at least \p nanos without a call into the kernel.
void compute(Nanos nanos)
{
    const Nanos end = monotonicNow() + nanos;
    while (monotonicNow() < end) {
    }
}

/// What the kernel says that the calling thread has had.
struct Account
{
    Nanos cpuNs = 0;
    Nanos runQueueNs = 0;

    static Account now()
    {
        std::ifstream in("/proc/thread-self/schedstat");
        Nanos staleCpuNs = 0;
        Nanos runQueueNs = 0;
        in >> staleCpuNs >> runQueueNs;
        return {threadCpuNow(), runQueueNs};
    }
    Account operator-(const Account& other) const
    {
        return {cpuNs - other.cpuNs, runQueueNs - other.runQueueNs};
    }
};

/// Ties the calling thread to the processor that it is on, as long as it lives.
void stayOnOneCore(int core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(core), &set);
    ::sched_setaffinity(0, sizeof set, &set);
}

/// Two threads that compute on the processor of the caller, and so make every task there wait for it.
class Rivals
{
public:
    Rivals()
    {
        for (int i = 0; i < 2; ++i) {
            m_threads.emplace_back([this] {
                stayOnOneCore(m_core);
                while (!m_isOver) {
                }
            });
        }
    }
    ~Rivals() { m_isOver = true; }
    [[nodiscard]] int core() const { return m_core; }

private:
    const int m_core = ::sched_getcpu();
    std::atomic<bool> m_isOver{false};
    std::vector<std::jthread> m_threads;
};

/// Makes \p bytes of new memory resident, one page fault for each page.
void touch(std::size_t bytes)
{
    void* memory =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    QVERIFY(memory != MAP_FAILED);
    ::madvise(memory, bytes, MADV_NOHUGEPAGE);
    auto* bytesOf = static_cast<volatile char*>(memory);
    for (std::size_t at = 0; at < bytes; at += 4096) {
        bytesOf[at] = 1;
    }
    ::munmap(memory, bytes);
}

} // namespace

class TestCostMeter : public QObject
{
    Q_OBJECT

private slots:
    void computingIsProcessorTime()
    {
        CostMeter meter;
        meter.begin(monotonicNow());
        const Nanos before = threadCpuNow();
        burn(20 * kNanosPerMilli);
        const TaskCost cost = meter.end(monotonicNow());
        const Nanos most = threadCpuNow() - before;
        QVERIFY(cost.wasMeasured());
        QVERIFY2(cost.cpuNs >= 20e6F, qPrintable(QString::number(cost.cpuNs)));
        QVERIFY(static_cast<double>(cost.cpuNs) <= static_cast<double>(most) + 1e6);
        QVERIFY(cost.startCore != TaskCost::kNoCore);
    }

    void waitingIsBlockedTime()
    {
        CostMeter meter;
        const Nanos startNs = monotonicNow();
        meter.begin(startNs);
        ::usleep(20'000);
        const Nanos endNs = monotonicNow();
        const TaskCost cost = meter.end(endNs);
        QVERIFY(cost.voluntarySwitches >= 1);
        // Asleep for 20 ms, whatever else the machine had to do meanwhile.
        QVERIFY2(cost.blockedNs(endNs - startNs) >= 19e6,
                 qPrintable(QString::number(cost.cpuNs) + " " + QString::number(cost.runQueueNs)));
    }

    void noTaskWaitsLongerThanItLasts()
    {
        if (const std::string gap = CostMeter().gap(); !gap.empty()) {
            QSKIP(gap.c_str());
        }
        const Rivals rivals;
        constexpr int kTasks = 600;
        int impossible = 0;
        int waited = 0;
        std::jthread([&] {
            stayOnOneCore(rivals.core());
            CostMeter meter;
            Nanos startNs = monotonicNow();
            meter.begin(startNs);
            for (int task = 0; task < kTasks; ++task) {
                compute(300 * kNanosPerMicro);
                const Nanos endNs = monotonicNow();
                const TaskCost cost = meter.end(endNs);
                const double knownNs = double{cost.cpuNs} + double{cost.runQueueNs};
                impossible += knownNs > static_cast<double>(endNs - startNs) + 100e3 ? 1 : 0;
                waited += cost.runQueueNs > 100e3F ? 1 : 0;
                startNs = endNs;
            }
        }).join();
        QVERIFY(waited > 0);
        // Between two instructions of the meter the thread may still be made to wait.
        QVERIFY2(impossible <= waited / 10,
                 qPrintable(QString("%1, %2 waited").arg(impossible).arg(waited)));
    }

    void costsOfTasksAddUpToTheKernelsAccount()
    {
        auto rivals = std::make_unique<Rivals>();
        Account measured;
        Account inner; // what the kernel says between the first and the last look of the meter
        Account outer; // and around them: a switch may fall between two looks
        std::uint64_t switches = 0;
        std::string gap;
        std::jthread([&] {
            stayOnOneCore(rivals->core());
            CostMeter meter;
            gap = meter.gap();
            const Account beforeFirst = Account::now();
            meter.begin(monotonicNow());
            const Account afterFirst = Account::now();
            constexpr int kTasks = 400;
            for (int task = 0; task < kTasks; ++task) {
                if (task + 1 == kTasks) {
                    inner = Account::now() - afterFirst;
                }
                burn(100 * kNanosPerMicro);
                const TaskCost cost = meter.end(monotonicNow());
                measured.cpuNs += static_cast<Nanos>(cost.cpuNs);
                measured.runQueueNs += static_cast<Nanos>(cost.runQueueNs);
                switches += cost.involuntarySwitches;
            }
            outer = Account::now() - beforeFirst;
        }).join();
        rivals.reset();
        QVERIFY(switches > 0);
        QVERIFY(inner.cpuNs <= measured.cpuNs && measured.cpuNs <= outer.cpuNs);
        if (!gap.empty()) {
            QSKIP(gap.c_str());
        }
        QVERIFY(measured.runQueueNs > 0);
        // A delay of more than 16 ms is rounded to a float.
        const Nanos rounding = outer.runQueueNs / 1'000'000;
        QVERIFY(inner.runQueueNs <= measured.runQueueNs + rounding);
        QVERIFY(measured.runQueueNs <= outer.runQueueNs + rounding);
    }

    void pageFaultsAreCounted()
    {
        CostMeter meter;
        meter.begin(monotonicNow());
        constexpr std::size_t kPages = 300;
        touch(kPages * 4096);
        const TaskCost cost = meter.end(monotonicNow());
        QVERIFY(cost.minorFaults >= kPages);
        QCOMPARE(cost.peakMemoryKiB, 0U); // nobody asked
        const TaskCost next = meter.end(monotonicNow());
        QVERIFY(next.minorFaults < kPages);
    }

    void peakMemoryGrowsWithTheProcess()
    {
        CostMeter meter(CostMeter::Memory::OfProcess);
        meter.begin(monotonicNow());
        const TaskCost small = meter.end(monotonicNow());
        QVERIFY(small.peakMemoryKiB > 0);
        touch(std::size_t{64} << 20);
        const TaskCost large = meter.end(monotonicNow());
        QVERIFY2(
            large.peakMemoryKiB > small.peakMemoryKiB + 32 * 1024U,
            qPrintable(QString("%1 then %2").arg(small.peakMemoryKiB).arg(large.peakMemoryKiB)));
        const TaskCost later = meter.end(monotonicNow());
        QVERIFY(later.peakMemoryKiB >= large.peakMemoryKiB); // a peak never falls
    }

    void timeBetweenTasksBelongsToNone()
    {
        CostMeter meter;
        meter.begin(monotonicNow());
        TaskCost first = meter.end(monotonicNow());
        burn(20 * kNanosPerMilli);
        ::usleep(2000);
        meter.begin(monotonicNow());
        const TaskCost second = meter.end(monotonicNow());
        QVERIFY2(first.cpuNs + second.cpuNs < 10e6F, qPrintable(QString::number(second.cpuNs)));
        QCOMPARE(second.voluntarySwitches, 0U);
    }

    void timeBetweenTasksWithoutASwitchBelongsToNone()
    {
        CostMeter meter;
        meter.begin(monotonicNow());
        [[maybe_unused]] const TaskCost first = meter.end(monotonicNow());
        burn(kNanosPerMilli);
        meter.begin(monotonicNow());
        const TaskCost second = meter.end(monotonicNow());
        QVERIFY2(second.cpuNs < 500e3F, qPrintable(QString::number(second.cpuNs)));
    }
};

QTEST_GUILESS_MAIN(TestCostMeter)
#include "tst_cost_meter.moc"
