// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <cstdint>

namespace poolscope {

/// The same moment on the processor's counter and on CLOCK_MONOTONIC.
struct TscPair
{
    std::uint64_t ticks = 0;
    Nanos ns = 0;
};

/// A straight line from counter ticks to CLOCK_MONOTONIC that holds for a short while.
struct TscLine
{
    /// Between two calibrations: a clock that is slewed by 50 ppm meanwhile is off by half a
    /// microsecond.
    static constexpr Nanos kLifetime = 10 * kNanosPerMilli;

    std::uint64_t baseTicks = 0;
    Nanos baseNs = 0;
    std::uint64_t nanosPerTick = 0; ///< in units of 2^-32
    std::uint64_t endTicks = 0; ///< not to be read from here on

    /// \p ticks: from baseTicks on, at most about a minute.
    [[nodiscard]] Nanos at(std::uint64_t ticks) const noexcept
    {
        return baseNs + static_cast<Nanos>(((ticks - baseTicks) * nanosPerTick) >> 32U);
    }
};

/// \return the line that follows \p old at the moment \p now, by the speed of the counter since
/// \p before (which must lie a while back). Where \p old has come to be ahead of the clock, the new line
/// goes on from there, more slowly, and meets the clock at its own end: no step back.
[[nodiscard]] TscLine nextLine(const TscLine& old, const TscPair& before,
                               const TscPair& now) noexcept;

} // namespace poolscope
