// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace poolscope {

/// What a worker's time went into.
enum class LaneTime : std::uint8_t {
    Useful, ///< ran tasks that ended as done; where costs were measured, only while they computed
    Blocked, ///< of these, while a task waited for something: a lock, a disk, a server. Needs costs
    Preempted, ///< of these, while a task could have run but had no processor. Needs costs
    Wasted, ///< ran attempts that failed, timed out, were cancelled or lost
    StartUp, ///< from the worker's start to its first task, while there was one
    Starved, ///< the task it ran next had not been submitted yet, or none ever came
    Serial, ///< of that, while no worker ran a task or only one did: that part of the job is not parallel
    HandOver, ///< a task was there and still on its way, or a result was
    Paused, ///< nothing was handed out because of a pause
    Tail, ///< after its last task: there was no other one for it
};

inline constexpr int kLaneTimeCount = static_cast<int>(LaneTime::Tail) + 1;

/// \return the stable word in files and on the command line, e.g. "hand_over".
[[nodiscard]] std::string_view toText(LaneTime use) noexcept;

/// The account of an executor's lane-seconds: each nanosecond of each worker's life is in exactly one
/// of the uses, so they add up to totalNs with nothing left over.
struct Ledger
{
    std::array<Nanos, kLaneTimeCount> ns{}; ///< by LaneTime
    Nanos totalNs = 0; ///< sum over lanes of the time they had a worker, in the range
    int lanes = 0; ///< that had a worker in the range
    Nanos rangeNs = 0; ///< length of the range
    Nanos mostUsefulNs = 0; ///< Useful of the lane that has most of it

    [[nodiscard]] Nanos of(LaneTime use) const { return ns[static_cast<std::size_t>(use)]; }
    [[nodiscard]] double share(LaneTime use) const
    {
        return totalNs > 0 ? static_cast<double>(of(use)) / static_cast<double>(totalNs) : 0;
    }
    /// Mean over largest useful time of a lane: 1 is perfect balance. (Load balance of the POP
    /// metrics, pop-coe.eu.)
    [[nodiscard]] double loadBalance() const
    {
        return mostUsefulNs > 0 ? static_cast<double>(of(LaneTime::Useful)) / lanes /
                                      static_cast<double>(mostUsefulNs)
                                : 0;
    }
    /// Largest useful time of a lane over the range: what even perfect balance would leave of hand-over,
    /// waiting and the rest. (Communication efficiency of the POP metrics.)
    [[nodiscard]] double communicationEfficiency() const
    {
        return rangeNs > 0 ? static_cast<double>(mostUsefulNs) / static_cast<double>(rangeNs) : 0;
    }
    /// Mean useful time of a lane over the range: the product of the two. (Parallel efficiency of the POP
    /// metrics.)
    [[nodiscard]] double parallelEfficiency() const
    {
        return loadBalance() * communicationEfficiency();
    }
};

/// Accounts for what the workers of \p executor did in \p range (not empty). O(records in the range).
/// Any thread.
[[nodiscard]] Ledger ledgerOf(const Snapshot& snapshot, int executor, TimeRange range);

} // namespace poolscope
