// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/futex.h"

#include "core/base/declared_wait.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <ctime>

namespace poolscope {

namespace {

// futex_waitv(2), of Linux 5.16: not in the headers of every distribution.
constexpr long kWaitSeveral = 449;
constexpr std::uint32_t kFutex32 = 2;

struct WaitEntry
{
    std::uint64_t value;
    std::uint64_t address;
    std::uint32_t flags;
    std::uint32_t reserved;
};

/// \p flags: FUTEX_PRIVATE_FLAG or 0.
void waitOn(const std::atomic<std::uint32_t>& word, std::uint32_t expected, Nanos untilNs,
            int flags) noexcept
{
    timespec until{};
    until.tv_sec = untilNs / kNanosPerSecond;
    until.tv_nsec = untilNs % kNanosPerSecond;
    // The bitset form takes an absolute CLOCK_MONOTONIC time.
    ::syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | flags, expected,
              untilNs == kNever ? nullptr : &until, nullptr, FUTEX_BITSET_MATCH_ANY);
}

std::uint64_t addressOf(const std::atomic<std::uint32_t>& word) noexcept
{
    return reinterpret_cast<std::uintptr_t>(&word);
}

} // namespace

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));

void futexWait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
               Nanos untilNs) noexcept
{
    const DeclaredWait wait;
    waitOn(word, expected, untilNs, FUTEX_PRIVATE_FLAG);
}

void futexWaitEither(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                     const std::atomic<std::uint32_t>& shared, std::uint32_t expectedShared,
                     Nanos untilNs) noexcept
{
    const DeclaredWait wait;
    const std::array<WaitEntry, 2> entries{
        WaitEntry{expected, addressOf(word), kFutex32 | FUTEX_PRIVATE_FLAG, 0},
        WaitEntry{expectedShared, addressOf(shared), kFutex32, 0}};
    timespec until{};
    until.tv_sec = untilNs / kNanosPerSecond;
    until.tv_nsec = untilNs % kNanosPerSecond;
    const long result = ::syscall(kWaitSeveral, entries.data(), entries.size(), 0,
                                  untilNs == kNever ? nullptr : &until, CLOCK_MONOTONIC);
    const bool isUnknown = result < 0 && (errno == ENOSYS || errno == EPERM);
    if (isUnknown && shared.load(std::memory_order_relaxed) == expectedShared) {
        constexpr Nanos kLookEveryNs = 10 * kNanosPerMilli;
        futexWait(word, expected, std::min(untilNs, deadlineAfter(kLookEveryNs)));
    }
}

void futexWakeAll(std::atomic<std::uint32_t>& word) noexcept
{
    futexWake(word, INT_MAX);
}

void futexWake(std::atomic<std::uint32_t>& word, int count) noexcept
{
    ::syscall(SYS_futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count, nullptr, nullptr, 0);
}

void sharedFutexWait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                     Nanos untilNs) noexcept
{
    waitOn(word, expected, untilNs, 0);
}

void sharedFutexWakeAll(std::atomic<std::uint32_t>& word) noexcept
{
    ::syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

} // namespace poolscope
