// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/task_state.h"

#include <array>
#include <cassert>
#include <cstddef>

namespace poolscope {

std::string_view toText(TaskState state) noexcept
{
    constexpr std::array<std::string_view, kTaskStateCount> kWords{
        "pending", "dispatched", "running", "done", "failed", "cancelled", "timed_out", "lost"};
    const auto index = static_cast<std::size_t>(state);
    assert(index < kWords.size());
    return kWords[index];
}

} // namespace poolscope
