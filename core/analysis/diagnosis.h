// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/ledger.h"
#include "core/analysis/schedule.h"
#include "core/analysis/tail.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <string>
#include <vector>

namespace poolscope {

/// What may be worth doing, with the figure that proves it.
struct Advice
{
    enum class Kind : std::uint8_t {
        FewerTasksInTail, ///< share: of the makespan that the tail costs; task: the last one
        LongestFirst, ///< share: of the makespan that longest first saves; ns: the makespan then
        LargerChunk, ///< share: of lane time in hand-over; number: the chunk that makes it 5 %
        LargerTasks, ///< share: of lane time in hand-over; ns: mean run time of a task
        SubmitFaster, ///< share: of lane time without a submitted task
        ShortenSerialPart, ///< share: of lane time in which at most one worker had a task; ns: so much
        StartWorkersEarlier, ///< share: of lane time in start-up
        FixFailures, ///< share: of lane time in attempts that came to nothing
        WasPaused, ///< share: of lane time in pauses
        TasksWait, ///< share: of lane time in which tasks waited; number: workers that fill the processors
        LockContention, ///< share: likewise; ns: of that at what has the name
        FewerWorkers, ///< share: of lane time without a processor; number: usable processors
        OthersCompute, ///< share: likewise, but these tasks do not fill the processors
        MoreWorkers, ///< share: of lane time that was useful; number: processors that may be used
        NothingHoldsItBack, ///< share: of lane time that was useful
    };
    Kind kind = Kind::NothingHoldsItBack;
    double share = 0; ///< 0 to 1
    std::uint64_t number = 0;
    std::uint64_t task = 0;
    Nanos ns = 0;
    std::string what{}; ///< LockContention: the name of what most was waited for
};

/// What the makespan had been with another number of workers, all else alike and nothing contended.
struct WhatIf
{
    int workers = 1;
    Nanos makespanNs = 0;
};

/// Why an executor was not faster.
struct Diagnosis
{
    TimeRange makespan; ///< first submit to last end; empty when nothing ran: the rest is then zero
    int workers = 0; ///< most that there were at once
    Ledger ledger; ///< over the makespan
    Tail tail;
    ScheduleBounds bounds;
    Nanos handOverNs = 0; ///< mean of a chunk
    Nanos longestFirstNs = 0; ///< the makespan with the longest tasks first
    Nanos replayedNs = 0; ///< the makespan as the what-if computes it: how far to trust the others
    std::vector<WhatIf> whatIf; ///< by workers
    std::vector<Advice> advice; ///< the most costly first; at least one when something ran
};

/// Finds out. \p snapshot of a finished run. O(records · log records). Any thread.
[[nodiscard]] Diagnosis diagnose(const Snapshot& snapshot, int executor);

} // namespace poolscope
