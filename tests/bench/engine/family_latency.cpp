// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/engine/families.h"
#include "tests/bench/engine/peers/asio.h"
#include "tests/bench/engine/peers/ours.h"
#include "tests/bench/engine/peers/qt.h"
#include "tests/bench/engine/peers/standard.h"
#include "tests/bench/engine/peers/tbb.h"
#include "tests/bench/engine/peers/textbook.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

namespace poolscope::bench {

namespace {

/// Carries one task's start back to the thread that submitted it and sleeps on the futex meanwhile.
/// Not std::atomic::wait, which spins before it sleeps: a submitter that spins keeps the worker that
/// it woke off its processor.
class alignas(128) Ping // alone on its lines, see SharedCount
{
public:
    void arm() { m_word.store(0, std::memory_order_relaxed); }
    void answer()
    {
        m_startNs.store(monotonicNow(), std::memory_order_relaxed);
        m_word.store(1, std::memory_order_release);
        ::syscall(SYS_futex, &m_word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
    }
    /// \return when the task began.
    Nanos await()
    {
        while (m_word.load(std::memory_order_acquire) == 0) {
            ::syscall(SYS_futex, &m_word, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
        }
        return m_startNs.load(std::memory_order_relaxed);
    }

private:
    std::atomic<std::uint32_t> m_word{0};
    std::atomic<Nanos> m_startNs{0};
};

struct Pace
{
    int samples = 0;
    std::chrono::microseconds gap{0}; ///< the submitter sleeps before each submit
};

enum Figure : std::size_t { P50, P99, CpuPerTask };

/// One task after the other, each when the one before has answered.
template <class Pool>
std::vector<double> pings(int workers, const Pace& pace)
{
    Ping ping;
    Pool pool(workers);
    std::vector<double> delays;
    const Nanos cpuBefore = cpuNow();
    for (int i = 0; i < pace.samples; ++i) {
        if (pace.gap.count() > 0) {
            std::this_thread::sleep_for(pace.gap);
        }
        ping.arm();
        const Nanos submitted = monotonicNow();
        pool.post([&ping] { ping.answer(); });
        delays.push_back(static_cast<double>(ping.await() - submitted));
    }
    const auto cpu = static_cast<double>(cpuNow() - cpuBefore);
    pool.wait();
    return {quantile(delays, 0.5), quantile(delays, 0.99), cpu / pace.samples};
}

template <class Pool>
Contender pinger(int workers, const Pace& pace)
{
    return {Pool::kName, [=] { return pings<Pool>(workers, pace); }};
}

/// Ours first. std::async gets a quarter of the samples: it starts a thread each.
std::vector<Contender> pingers(int workers, const Pace& pace)
{
    return {
        pinger<OurPool>(workers, pace),
        pinger<TextbookPool>(workers, pace),
#ifdef PS_BENCH_HAS_ASIO
        pinger<AsioPool>(workers, pace),
#endif
#ifdef PS_BENCH_HAS_TBB
        pinger<TbbEnqueue>(workers, pace),
#endif
#ifdef PS_BENCH_HAS_QT
        pinger<QtPool>(workers, pace),
#endif
        pinger<AsyncPool>(workers, {pace.samples / 4, pace.gap}),
    };
}

constexpr Pace kIdle{250, std::chrono::milliseconds(1)};

/// \return how often the threads of this process but the calling one went to sleep so far.
std::uint64_t sleepsOfOthers()
{
    std::uint64_t sleeps = 0;
    const auto self = std::to_string(::gettid());
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream status(thread.path() / "status");
        std::string word;
        while (thread.path().filename() != self && status >> word) {
            if (word == "voluntary_ctxt_switches:" && status >> word) {
                sleeps += std::stoull(word);
            }
        }
    }
    return sleeps;
}

/// \return {wake-ups a second of our pool that has nothing to do, its trace being collected}.
std::vector<double> idleWakeUps(int workers)
{
    OurPool pool(workers);
    std::atomic<int> ran{0};
    pool.post([&ran] { ran = 1; });
    pool.wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(200)); // lets all come to rest
    const std::uint64_t before = sleepsOfOthers();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    return {static_cast<double>(sleepsOfOthers() - before)};
}

} // namespace

Row idleLatency(const Settings& settings)
{
    Row row{"T7", "submit to start, pool idle for 1 ms: median", {}, {}, {}, {}};
    const std::vector<Series> all = alternate(pingers(settings.workers, kIdle), settings.runs);
    describe(row, all, timeText, P50);
    row.checks.push_back({"median of best peer",
                          pairedRatio(all[0], bestPeer(all, Direction::AtMost, P50), P50), "x",
                          Direction::AtMost, 1.1, 0.9});
    row.checks.push_back({"p99 of best peer",
                          pairedRatio(all[0], bestPeer(all, Direction::AtMost, P99), P99),
                          "x",
                          Direction::AtMost,
                          1.3,
                          {}});
    return row;
}

Row hotLatency(const Settings& settings)
{
    Row row{"T8", "submit to start, back to back: median", {}, {}, {}, {}};
    const std::vector<Series> all =
        alternate(pingers(settings.workers, {4'000, {}}), settings.runs);
    describe(row, all, timeText, P50);
    row.checks.push_back({"of best peer",
                          pairedRatio(all[0], bestPeer(all, Direction::AtMost, P50), P50),
                          "x",
                          Direction::AtMost,
                          0.7,
                          {}});
    row.checks.push_back(
        {"", all[0].median(P50) / kNanosPerMicro, "us", Direction::AtMost, 0.25, 0.15});
    return row;
}

Row idleCost(const Settings& settings)
{
    Row row{"T9", "CPU a task at one task a millisecond", {}, {}, {}, {}};
    const std::vector<Series> all = alternate(pingers(settings.workers, kIdle), settings.runs);
    describe(row, all, timeText, CpuPerTask);
    row.checks.push_back(
        {"of textbook", pairedRatio(all[0], all[1], CpuPerTask), "x", Direction::AtMost, 1.25, 1});
    const std::vector<Series> idle =
        alternate({{"idle", [&settings] { return idleWakeUps(settings.workers); }}}, 1);
    row.checks.push_back({"wake-ups when idle", idle[0].median(), "/s", Direction::AtMost, {}, 0});
    return row;
}

} // namespace poolscope::bench
