// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/workload.h"

#include <cstdint>
#include <string>
#include <utility>

namespace poolscope {

// What several workloads need.

/// \return the parameter for the number of tasks; every workload that lets it be chosen calls it
/// "tasks", since the command line's --tasks sets it. Up to \p most, which must be exact as a double.
inline ParamSpec tasksParam(std::string help, std::int64_t usual, std::int64_t most)
{
    return {.id = "tasks",
            .label = "Tasks",
            .help = std::move(help),
            .kind = ParamKind::Integer,
            .defaultValue = usual,
            .minimum = 1,
            .maximum = static_cast<double>(most)};
}

/// \return the plan of "tasks" tasks of one kind that differ by their index only.
inline JobPlan planByCount(const ParamSet& params, std::string kind)
{
    JobPlan plan;
    plan.taskCount = static_cast<std::uint64_t>(params.integer("tasks"));
    plan.kinds = {std::move(kind)};
    return plan;
}

/// What a kernel gives back when it saw that it shall stop.
inline Error cancelledError()
{
    return Error{"cancelled"};
}

/// The finaliser of SplitMix64: a bijection that scatters neighbours.
constexpr std::uint64_t mixBits(std::uint64_t x) noexcept
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

/// \return random bits that depend on these three only: number \p draw of task \p index.
constexpr std::uint64_t randomBits(std::uint64_t seed, std::uint64_t index,
                                   std::uint64_t draw = 0) noexcept
{
    constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15U;
    return mixBits(mixBits(mixBits(seed + kGolden) + index + kGolden) + draw + kGolden);
}

/// \return \p bits as a number in [0, 1).
constexpr double toUnit(std::uint64_t bits) noexcept
{
    return static_cast<double>(bits >> 11) * 0x1p-53;
}

} // namespace poolscope
