// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace poolscope {

/// The life of a task. From Done on it has ended, and its state never changes again.
enum class TaskState : std::uint8_t {
    Pending, ///< submitted, waiting in the executor's queue
    Dispatched, ///< handed to a worker, not yet begun
    Running, ///< said by the worker itself
    Done,
    Failed,
    Cancelled,
    TimedOut,
    Lost, ///< its worker died under it
};

inline constexpr int kTaskStateCount = 8;

constexpr bool hasEnded(TaskState state) noexcept
{
    return state >= TaskState::Done;
}

/// \return the state's word in files and on the command line, e.g. "done", "timed_out".
[[nodiscard]] std::string_view toText(TaskState state) noexcept;

} // namespace poolscope
