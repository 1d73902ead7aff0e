// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workload/common.h"

#include <algorithm>
#include <cmath>

namespace poolscope {

/// Rounds of mixBits() that take about a millisecond on a processor of 3 to 4 GHz. An approximation
/// on purpose: a task is a fixed amount of work, not of time, so that a slower machine, a busy one
/// or a preempted worker shows.
inline constexpr double kRoundsPerMilli = 200'000;
inline constexpr std::uint64_t kRoundsPerLook = 200'000;

/// Computes for about \p millis, looking at the stop flag about every millisecond and saying how far it is.
/// \return \p bits after the rounds. Error: cancelled.
inline Result<std::uint64_t> burn(const TaskContext& context, double millis, std::uint64_t bits)
{
    auto left = static_cast<std::uint64_t>(std::llround(millis * kRoundsPerMilli));
    const auto all = static_cast<double>(left);
    while (left > 0) {
        const std::uint64_t rounds = std::min(left, kRoundsPerLook);
        for (std::uint64_t round = 0; round < rounds; ++round) {
            bits = mixBits(bits + 1); // each waits for the one before
        }
        left -= rounds;
        if (context.stop.isRequested()) {
            return cancelledError();
        }
        context.progress(1 - static_cast<double>(left) / all);
    }
    return bits;
}

/// \return a burn() of the task's own as its value.
inline Result<Value> burnForValue(const TaskContext& context, double millis)
{
    const auto bits = burn(context, millis, randomBits(context.seed, context.index, 2));
    if (!bits) {
        return bits.error();
    }
    return Value{static_cast<std::int64_t>(bits.value())};
}

/// \return a parameter of milliseconds from 0 up to ten minutes.
inline ParamSpec millisParam(std::string id, std::string label, std::string help, double usual)
{
    return {.id = std::move(id),
            .label = std::move(label),
            .help = std::move(help),
            .kind = ParamKind::Real,
            .defaultValue = usual,
            .minimum = 0,
            .maximum = 600'000,
            .unit = "ms"};
}

} // namespace poolscope
