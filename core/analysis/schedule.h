// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <span>
#include <vector>

namespace poolscope {

/// How the tasks of a job are dealt to workers that each take the next chunk when they are free.
struct SchedulePlan
{
    int workers = 1; ///< at least 1
    std::uint64_t chunk = 1; ///< tasks a worker takes at a time, at least 1
    Nanos handOverNs = 0; ///< what a worker waits for each chunk
    bool isLongestFirst = false; ///< else in the order given
};

/// \return the makespan of tasks of these \p durations under \p plan: Graham's list scheduling.
/// O(n log workers), longest first O(n log n).
[[nodiscard]] Nanos simulatedMakespan(std::span<const Nanos> durations, const SchedulePlan& plan);

/// \return simulatedMakespan() of each of \p plans, on two threads; what takes longest best comes first.
[[nodiscard]] std::vector<Nanos> simulatedMakespans(std::span<const Nanos> durations,
                                                    std::span<const SchedulePlan> plans);

/// What no schedule on \p workers workers can beat, and what no list schedule exceeds.
struct ScheduleBounds
{
    Nanos lowerNs = 0; ///< max(sum / workers, longest)
    Nanos upperNs = 0; ///< sum / workers + (1 - 1 / workers) · longest (Graham 1966)
};
[[nodiscard]] ScheduleBounds scheduleBounds(std::span<const Nanos> durations, int workers);

/// \return the time from the first submit to the last end of whatever reached a worker; empty when nothing
/// did. O(records).
[[nodiscard]] TimeRange makespanOf(const Snapshot& snapshot, int executor);

/// \return the part of makespanOf() whose attempts all have their records: what is said of each task speaks of it.
[[nodiscard]] TimeRange detailedMakespanOf(const Snapshot& snapshot, int executor);

/// \return the run times of an executor's tasks, each by its last attempt, by index of the task; those
/// that never ran, or whose records are gone, are left out. O(records).
[[nodiscard]] std::vector<Nanos> taskDurations(const Snapshot& snapshot, int executor);

} // namespace poolscope
