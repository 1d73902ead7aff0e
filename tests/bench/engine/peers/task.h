// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/engine/measure.h"

#include <atomic>
#include <cstdint>

namespace poolscope::bench {

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
