// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/engine/measure.h"

#include <atomic>
#include <cstdint>

namespace poolscope::bench {

/// What the tasks of a throughput row count in, alone on its pair of cache lines: beside what the submitting
/// thread reads, as it lies on some stacks, it would slow that thread down in one run and not in the next.
struct alignas(128) SharedCount
{
    std::atomic<std::uint64_t> value{0};
};

/// The task of the throughput rows: some work, then one count in a place that all tasks share.
/// 16 bytes, so that nobody has to allocate for it who keeps small closures in place.
struct CountingTask
{
    std::atomic<std::uint64_t>* count;
    std::uint32_t steps; ///< of multiply(), 0: an empty task

    void operator()() const noexcept
    {
        const std::uint64_t lowBit = steps > 0 ? multiply(steps, steps) & 1U : 1U;
        count->fetch_add(lowBit, std::memory_order_relaxed);
    }
};

static_assert(sizeof(CountingTask) == 16);

} // namespace poolscope::bench
