// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace poolscope {

/// In which order the tasks would be handed over.
enum class WhatIfOrder : std::uint8_t {
    AsSubmitted,
    LongestFirst,
    ShortestFirst,
};

inline constexpr int kWhatIfOrderCount = static_cast<int>(WhatIfOrder::ShortestFirst) + 1;

/// Why a prediction may be far off.
enum class WhatIfDoubt : std::uint8_t {
    RunIsNotExplained, ///< not even the recorded run comes out as it was
    ProcessorsAreFew, ///< more workers would compute than there are processors
    WasContended, ///< more workers computed in the recorded run than there are processors
    WorkersChanged, ///< the recorded run changed its size
    TasksArrive, ///< tasks were submitted while the run went on: another order could not know them
    TasksFailed, ///< attempts came to nothing; only last attempts are replayed
};

/// \return the stable words in files and on the command line, e.g. "longest_first".
[[nodiscard]] std::string_view toText(WhatIfOrder order) noexcept;
[[nodiscard]] std::string_view toText(WhatIfDoubt doubt) noexcept;
[[nodiscard]] std::optional<WhatIfOrder> whatIfOrderOf(std::string_view text) noexcept;

/// How an executor's job would be run instead.
struct WhatIfPlan
{
    int workers = 1; ///< at least 1
    std::uint64_t chunk = 1; ///< at least 1
    WhatIfOrder order = WhatIfOrder::AsSubmitted;

    friend bool operator==(const WhatIfPlan&, const WhatIfPlan&) = default;
};

/// A task where the replay puts it. Times from the first submit.
struct WhatIfBar
{
    int worker = 0;
    std::uint64_t task = 0;
    Nanos startNs = 0;
    Nanos endNs = 0;
};

/// What would come of it.
struct WhatIfAnswer
{
    WhatIfPlan plan;
    Nanos makespanNs = 0; ///< predicted
    Nanos recordedNs = 0; ///< of the run as it was
    Nanos replayedNs = 0; ///< of the run as it was, by the same replay: how far to trust it
    std::vector<WhatIfDoubt>
        doubts; ///< empty: within 5 % in the median, as tests/bench/answers measures
    std::vector<WhatIfBar> bars; ///< by start

    /// \return how far the replay misses the recorded run, of its makespan.
    [[nodiscard]] double replayError() const
    {
        return recordedNs > 0
                   ? static_cast<double>(replayedNs) / static_cast<double>(recordedNs) - 1
                   : 0;
    }
};

/// \return how the executor ran: workers at the start, chunk, order.
[[nodiscard]] WhatIfPlan recordedPlan(const Snapshot& snapshot, int executor);

/// Replays the recorded run times under \p plan: workers take the next chunk when they are free (Graham's list
/// scheduling), start up and wait for each chunk as long as in the recorded run on average, and no task
/// begins before it was submitted. Nothing is contended: tasks take as long as they took.
/// \p snapshot: of a finished run. O(records · log records). Any thread.
/// Error: no task of the executor ended; the plan has no worker or no chunk.
[[nodiscard]] Result<WhatIfAnswer> whatIf(const Snapshot& snapshot, int executor,
                                          const WhatIfPlan& plan);

/// \return where whatIf() puts the tasks, each worker's by time. Errors as whatIf().
[[nodiscard]] Result<std::vector<WhatIfBar>> whatIfBars(const Snapshot& snapshot, int executor,
                                                        const WhatIfPlan& plan);

/// \return the predicted run as a trace of one executor, to be looked at as any other. Errors as whatIf().
[[nodiscard]] Result<SnapshotPtr> predictedRun(const Snapshot& snapshot, int executor,
                                               const WhatIfPlan& plan);

} // namespace poolscope
