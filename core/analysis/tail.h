// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"

#include <cstdint>
#include <vector>

namespace poolscope {

/// A task that ended after the ideal finish.
struct TailTask
{
    std::uint64_t task = 0;
    int lane = -1; ///< index in Snapshot::lanes
    Nanos startNs = 0;
    Nanos endNs = 0;
    Nanos overrunNs = 0; ///< how far it reaches beyond the ideal finish
};

/// The end of a job, when some workers have nothing to do any more and others still run.
struct Tail
{
    Nanos beginNs = 0; ///< the first worker ran out of tasks
    Nanos endNs = 0; ///< the last task ended
    /// When the job had ended with the same work spread evenly over the workers of the tail.
    Nanos idealEndNs = 0;
    Nanos idleNs = 0; ///< lane-seconds without a task between begin and end
    int workers = 0; ///< that were there until the tail
    std::vector<TailTask>
        guilty; ///< what ended after idealEndNs, latest first, at most kMostGuilty

    static constexpr std::size_t kMostGuilty = 8;
    [[nodiscard]] Nanos costNs() const { return endNs - idealEndNs; }
};

/// Looks at the end of \p executor's job. All zero when nothing ran. O(lanes · log records + records in
/// the tail). Any thread.
[[nodiscard]] Tail tailOf(const Snapshot& snapshot, int executor);

} // namespace poolscope
