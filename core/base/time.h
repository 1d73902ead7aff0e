// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <ctime>

namespace poolscope {

/// Nanoseconds. Absolute times are CLOCK_MONOTONIC, which all processes of a machine share;
/// times inside a trace count from the trace's origin (see TraceOrigin in core/trace).
using Nanos = std::int64_t;

inline constexpr Nanos kNanosPerMicro = 1'000;
inline constexpr Nanos kNanosPerMilli = 1'000'000;
inline constexpr Nanos kNanosPerSecond = 1'000'000'000;

/// \return CLOCK_MONOTONIC in nanoseconds. Any thread, any process; about 25 ns.
inline Nanos monotonicNow() noexcept
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

/// \return \p nanos in seconds, for display and rates.
constexpr double toSeconds(Nanos nanos) noexcept
{
    return static_cast<double>(nanos) / static_cast<double>(kNanosPerSecond);
}

} // namespace poolscope
