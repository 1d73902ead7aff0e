// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/future.h"

#include <cstddef>
#include <ranges>
#include <span>
#include <vector>

namespace poolscope {

/// What wait() waits for.
enum class WaitMode {
    First, ///< one has ended
    FirstError, ///< one has ended and is not done, or all have ended
    All, ///< all have ended
};

/// Which had ended when wait() returned: positions in what it was given, each in one of the two.
struct WaitResult
{
    std::vector<std::size_t> ended;
    std::vector<std::size_t> pending;
    bool isMet = false; ///< what was waited for; false: the time was over
};

/// Waits for tasks of any executors. Costs O(1) for each that ends, whatever their number, and takes no
/// lock of several futures at once. \p timeout from now. Any thread; see AnyFuture.
[[nodiscard]] WaitResult waitForNodes(std::span<const TaskNodePtr> nodes, WaitMode mode,
                                      Nanos timeout);

/// The same for futures: std::vector<Future<int>>, an array of AnyFuture, …
template <std::ranges::input_range Futures>
requires std::derived_from<std::ranges::range_value_t<Futures>, AnyFuture>
[[nodiscard]] WaitResult wait(const Futures& futures, WaitMode mode = WaitMode::All,
                              Nanos timeout = kNever)
{
    std::vector<TaskNodePtr> nodes;
    for (const AnyFuture& future : futures) {
        nodes.push_back(future.node());
    }
    return waitForNodes(nodes, mode, timeout);
}

} // namespace poolscope
