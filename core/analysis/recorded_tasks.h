// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace poolscope {

/// A task as it ran in its last attempt.
struct RecordedTask
{
    Nanos runNs = -1; ///< below 0: it never ran
    Nanos submitNs = 0; ///< from the first submit
};

/// What a replay needs to know of an executor's run.
struct RecordedTasks
{
    TimeRange makespan;
    std::vector<RecordedTask> tasks; ///< those that ran, by index, which is the order of submitting
    std::vector<std::uint32_t> indices; ///< of the tasks in the job; empty: all of it ran
    Nanos startUpNs = 0; ///< of a worker
    Nanos handOverNs = 0; ///< of a chunk

    /// \return the index in the job of the task at \p place.
    [[nodiscard]] std::uint64_t index(std::size_t place) const
    {
        return indices.empty() ? place : indices[place];
    }
    [[nodiscard]] std::vector<Nanos> durations() const;
};

/// O(records), on two threads. \return no tasks when none ran.
[[nodiscard]] RecordedTasks readRecordedTasks(const Snapshot& snapshot, int executor);

} // namespace poolscope
