// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/executor/executor.h"
#include "core/executor/worker_slot.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace poolscope {

/// Decides which worker processes are started for tasks that wait, and which leave because none came for a
/// while (ExecutorOptions::isLazy, keepAliveNs). I/O thread only.
class WorkerDemand
{
public:
    using Slots = std::vector<std::unique_ptr<WorkerSlot>>;

    explicit WorkerDemand(const ExecutorOptions& options);

    /// \return whether there is anything to decide: else every worker is started, and stays.
    [[nodiscard]] bool isOn() const noexcept { return m_isLazy || m_keepAliveNs > 0; }
    /// \p wanted workers are wanted from now on. They are started at once, unless the pool is lazy.
    void setWanted(const Slots& slots, int wanted);
    /// \return how many of the workers that come on demand have to be started. \p waitingChunks: in the queue.
    [[nodiscard]] std::uint64_t starts(const Slots& slots, std::uint64_t waitingChunks) const;
    /// Says in slot.retireReason who is to leave because it had nothing to do for so long. \p hasWaiting:
    /// whether tasks wait, paused or not; then nobody is.
    void dismissIdle(const Slots& slots, bool hasWaiting);
    /// \return when to call that again, if nothing happens before (CLOCK_MONOTONIC), or WorkerSlot::kNever.
    [[nodiscard]] Nanos nextLook() const noexcept { return m_nextLookNs; }

private:
    [[nodiscard]] static bool isIdle(const WorkerSlot& slot) noexcept;
    [[nodiscard]] int stayingWorkers(const Slots& slots) const;

    const bool m_isLazy;
    const Nanos m_keepAliveNs; ///< 0: for ever
    const int m_minWorkers;
    int m_wanted = 0;
    Nanos m_nextLookNs = WorkerSlot::kNever;
};

} // namespace poolscope
