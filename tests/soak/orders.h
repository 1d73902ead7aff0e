// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/soak/submitter.h"

#include <array>
#include <cstdint>

namespace poolscope::soak {

/// What may be ordered while tasks run.
enum class Order {
    Resize,
    Pause, ///< and resume after a while
    CancelFuture,
    CancelGroup,
    CancelBatch,
    CancelPending,
    CancelAll,
    KillAll,
    KillWorker, ///< SIGKILL from outside; worker processes only
    KillReaper, ///< likewise, of the parent of all workers
};

inline constexpr int kOrderCount = static_cast<int>(Order::KillReaper) + 1;
using OrderCounts = std::array<std::uint64_t, kOrderCount>;

[[nodiscard]] const char* toText(Order order) noexcept;

/// Whom orders are given to.
struct Ward
{
    Executor& executor;
    Submitter& submitter;
    const Recorder& recorder;
    int index = 0; ///< of the executor in the recorder
    bool hasProcesses = false; ///< its workers are the children of this program's one child
};

/// Gives random orders until \p deadlineNs (CLOCK_MONOTONIC), and leaves the executor running.
/// \return what was ordered.
OrderCounts giveOrders(const Ward& ward, std::uint64_t seed, Nanos deadlineNs);

} // namespace poolscope::soak
