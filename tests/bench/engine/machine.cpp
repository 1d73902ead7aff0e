// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/engine/machine.h"

#include "core/base/fast_clock.h"
#include "core/base/futex.h"
#include "core/base/machine_facts.h"
#include "tests/bench/engine/measure.h"
#include "tests/bench/engine/table.h"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

namespace poolscope::bench {

namespace {

struct alignas(128) Word
{
    std::atomic<std::uint32_t> value{0};
};

/// \return nanoseconds a round, the median of seven trials of \p all.
double timeOf(int rounds, const std::function<void(int rounds)>& all)
{
    std::vector<double> trials;
    for (int trial = 0; trial < 7; ++trial) {
        const Nanos before = monotonicNow();
        all(rounds);
        trials.push_back(static_cast<double>(monotonicNow() - before) / rounds);
    }
    return median(std::move(trials));
}

double clockNs()
{
    awaitFastClock();
    return timeOf(200'000, [](int rounds) {
        for (int i = 0; i < rounds; ++i) {
            static_cast<void>(fastNow());
        }
    });
}

void addTo(Word& word, int rounds)
{
    for (int i = 0; i < rounds; ++i) {
        word.value.fetch_add(1, std::memory_order_relaxed);
    }
}

double lockedNs()
{
    Word word;
    return timeOf(200'000, [&word](int rounds) { addTo(word, rounds); });
}

double contendedNs()
{
    Word word;
    return timeOf(500'000, [&word](int rounds) {
        const std::jthread other([&word, rounds] { addTo(word, rounds); });
        addTo(word, rounds);
    });
}

/// Two threads answer each other: \p await waits until the word has that value.
template <class Tell, class Await>
double pingPongNs(int rounds, const Tell& tell, const Await& await)
{
    return timeOf(rounds, [&](int count) {
        Word ping;
        Word pong;
        const auto end = static_cast<std::uint32_t>(count);
        const std::jthread other([&] {
            for (std::uint32_t i = 1; i <= end; ++i) {
                await(ping, i);
                tell(pong, i);
            }
        });
        for (std::uint32_t i = 1; i <= end; ++i) {
            tell(ping, i);
            await(pong, i);
        }
    });
}

double lineNs()
{
    return pingPongNs(
        50'000,
        [](Word& word, std::uint32_t value) { word.value.store(value, std::memory_order_release); },
        [](const Word& word, std::uint32_t value) {
            while (word.value.load(std::memory_order_acquire) != value) {
            }
        });
}

double wakeNs()
{
    return pingPongNs(
        1'000,
        [](Word& word, std::uint32_t value) {
            word.value.store(value, std::memory_order_release);
            futexWake(word.value, 1);
        },
        [](const Word& word, std::uint32_t value) {
            while (word.value.load(std::memory_order_acquire) != value) {
                futexWait(word.value, value - 1, kNever);
            }
        });
}

double systemCallNs()
{
    return timeOf(100'000, [](int rounds) {
        for (int i = 0; i < rounds; ++i) {
            ::syscall(SYS_getppid);
        }
    });
}

/// Of small ones, that were never written before.
double freshPageNs()
{
    constexpr std::size_t kPage = 4096;
    return timeOf(2'000, [](int rounds) {
        const std::size_t bytes = kPage * static_cast<std::size_t>(rounds);
        void* const memory =
            ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) {
            return;
        }
        ::madvise(memory, bytes, MADV_NOHUGEPAGE);
        for (std::size_t at = 0; at < bytes; at += kPage) {
            static_cast<volatile char*>(memory)[at] = 1;
        }
        ::munmap(memory, bytes);
    });
}

double processNs()
{
    return timeOf(100, [](int rounds) {
        std::string name = "true";
        const std::array<char*, 2> arguments{name.data(), nullptr};
        for (int i = 0; i < rounds; ++i) {
            pid_t child = -1;
            if (::posix_spawn(&child, "/bin/true", nullptr, nullptr, arguments.data(), environ) ==
                0) {
                ::waitpid(child, nullptr, 0);
            }
        }
    });
}

} // namespace

std::string describeMachine()
{
    const MachineFacts facts = readMachineFacts();
    std::string text = facts.cpuModel + ", " + std::to_string(facts.usableCpus) + " processors, " +
                       facts.kernel + ", " + facts.clock + ". A look at the clock takes " +
                       timeText(clockNs()) + ", a locked operation " + timeText(lockedNs());
    if (facts.usableCpus > 1) { // else two that wait for each other take a time slice each
        text += " (" + timeText(contendedNs()) +
                " when two threads contend for it), a cache line to another processor and back " +
                timeText(lineNs());
    }
    return text + ", a system call " + timeText(systemCallNs()) +
           ", a thread that wakes another one and is woken up by it " + timeText(wakeNs()) +
           ", a fresh page " + timeText(freshPageNs()) + ", /bin/true from start to end " +
           timeText(processNs()) + ".";
}

} // namespace poolscope::bench
