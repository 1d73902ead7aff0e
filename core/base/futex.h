// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <atomic>
#include <cstdint>
#include <limits>

namespace poolscope {

/// A time that does not come.
inline constexpr Nanos kNever = std::numeric_limits<Nanos>::max();

/// \return \p timeout from now, kNever when that is beyond all times.
[[nodiscard]] inline Nanos deadlineAfter(Nanos timeout) noexcept
{
    const Nanos now = monotonicNow();
    return timeout > kNever - now ? kNever : now + timeout;
}

/// Sleeps while \p word is \p expected, until somebody wakes it or until \p untilNs (CLOCK_MONOTONIC,
/// kNever: no limit). May return early for no reason: callers look at the word again. Between threads
/// of one process only.
void futexWait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
               Nanos untilNs) noexcept;
/// The same, and also while \p shared is \p expectedShared, which other processes may wake. On kernels
/// before 5.16 a change of \p shared is seen up to 10 ms late.
void futexWaitEither(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                     const std::atomic<std::uint32_t>& shared, std::uint32_t expectedShared,
                     Nanos untilNs) noexcept;
/// Wakes everybody who sleeps on \p word.
void futexWakeAll(std::atomic<std::uint32_t>& word) noexcept;
/// Wakes \p count of them.
void futexWake(std::atomic<std::uint32_t>& word, int count) noexcept;

/// futexWait() and futexWakeAll() for a word in memory that several processes share.
void sharedFutexWait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                     Nanos untilNs) noexcept;
void sharedFutexWakeAll(std::atomic<std::uint32_t>& word) noexcept;

} // namespace poolscope
