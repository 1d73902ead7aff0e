// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/executor/executor.h"

#include <cstdint>
#include <string>

namespace poolscope {

class WorkerSlot;

/// Decides when a worker process has done its part and is replaced by a fresh one: after so many tasks,
/// above so much memory, or at such an age (ExecutorOptions). Only one that has done something is
/// replaced, and none is while it runs a task. I/O thread only.
class WorkerRecycling
{
public:
    explicit WorkerRecycling(const ExecutorOptions& options);

    /// \return how many more tasks \p slot may be given.
    [[nodiscard]] std::uint64_t roomFor(const WorkerSlot& slot) const noexcept;
    /// Looks whether the worker is to be replaced and if so says why in slot.retireReason, for good.
    void look(WorkerSlot& slot) const;
    /// \return when to look again, if nothing happens before (CLOCK_MONOTONIC), or WorkerSlot::kNever.
    [[nodiscard]] Nanos nextLook(const WorkerSlot& slot) const noexcept;

private:
    [[nodiscard]] std::string reasonFor(WorkerSlot& slot) const;

    const std::uint64_t m_mostTasks; ///< these three: 0: no limit
    const std::uint64_t m_mostBytes;
    const Nanos m_mostNs;
};

} // namespace poolscope
