// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/task/task_state.h"

#include <cstdint>

namespace poolscope {

/// One attempt of one task on one lane: the only thing that is written per task. Times count from
/// the trace's origin. On a lane records are ordered by start and do not overlap.
struct TaskRecord
{
    Nanos submitNs = 0; ///< when the executor took the task
    Nanos startNs = 0; ///< when the worker began it (for tasks that never ran: == endNs)
    Nanos endNs = 0;
    float sentLeadNs =
        0; ///< handed to the worker this long before the start (exact below 16 ms, else to 6e-8)
    float returnLagNs = 0; ///< the result reached the executor this long after the end
    std::uint32_t task = 0; ///< index in the job
    std::uint16_t core = kNoCore; ///< processor at the end
    std::uint8_t attempt = 1; ///< from 1, 0 when it never began; 255 stands for 255 and more
    std::uint8_t stateAndFlags = 0;

    static constexpr std::uint16_t kNoCore = 0xffff;
    static constexpr std::uint8_t kRetriedFlag = 0x80;

    [[nodiscard]] TaskState state() const noexcept
    {
        return static_cast<TaskState>(stateAndFlags & 0x7f);
    }
    /// The attempt was lost and the task was tried again: this is not the task's end.
    [[nodiscard]] bool wasRetried() const noexcept { return (stateAndFlags & kRetriedFlag) != 0; }
    void setState(TaskState state, bool isRetried = false) noexcept
    {
        stateAndFlags = static_cast<std::uint8_t>(static_cast<std::uint8_t>(state) |
                                                  (isRetried ? kRetriedFlag : 0));
    }
    [[nodiscard]] Nanos runNs() const noexcept { return endNs - startNs; }
    [[nodiscard]] Nanos waitNs() const noexcept { return startNs - submitNs; }
};

static_assert(sizeof(TaskRecord) == 40, "memory a task is a promise");

} // namespace poolscope
