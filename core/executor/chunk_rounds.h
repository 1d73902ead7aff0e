// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/executor/executor.h"
#include "core/executor/map_options.h"
#include "core/task/item_chunks.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace poolscope {

/// How a chunk ended that was one task.
struct ChunkEnd
{
    ItemSpan items;
    TaskState state = TaskState::Pending;
    std::string error; ///< why it is not done
    Value value; ///< of a job's chunk
};

/// Cuts items into chunks, submits each chunk as one task and waits for all. It goes in rounds: small ones that grow
/// for automatic chunks, whose size follows what the items before have taken; up to 64 chunks a worker otherwise. One thread at a time, but for taskEnded().
class ChunkRounds final : public CompletionListener
{
public:
    /// Makes the job whose tasks are these chunks.
    using MakeJob =
        std::function<std::shared_ptr<const Job>(std::shared_ptr<const ItemChunks> chunks)>;

    /// \p plan: of the items; null: nothing is known of them. \p items: how many.
    ChunkRounds(Executor& executor, const MapOptions& options, std::shared_ptr<const JobPlan> plan,
                std::uint64_t items);
    /// Ends what has not begun, asks the rest to stop and waits for it.
    ~ChunkRounds() override;

    /// Submits everything and waits until it has ended, the first error ends it all if that is wanted, or the time
    /// is over; what was submitted has ended then.
    void run(const MakeJob& makeJob) PS_EXCLUDES(m_mutex);
    /// \return how each submitted chunk ended, in the order of the items. After run().
    [[nodiscard]] std::vector<ChunkEnd> takeEnds() PS_EXCLUDES(m_mutex);
    [[nodiscard]] bool hasTimedOut() const noexcept { return m_hasTimedOut; }

    void taskEnded(const TaskEnd& end) noexcept override PS_EXCLUDES(m_mutex);

private:
    [[nodiscard]] std::vector<std::uint64_t> nextBounds();
    void submit(const MakeJob& makeJob, std::vector<std::uint64_t> bounds) PS_EXCLUDES(m_mutex);
    void measure();
    [[nodiscard]] bool waitUntilLeft(std::uint64_t most) PS_EXCLUDES(m_mutex);
    void cancel() PS_EXCLUDES(m_mutex);

    Executor& m_executor;
    const MapOptions m_options;
    const std::shared_ptr<const JobPlan> m_plan;
    const std::uint64_t m_items;
    const std::uint64_t m_workers;
    const Nanos m_untilNs;
    const std::shared_ptr<const TaskOptions> m_taskOptions;
    const ChunkPlanner m_planner; ///< of all but automatic ones
    std::uint64_t m_planned = 0; ///< items
    std::uint64_t m_roundChunks = 0; ///< of the last automatic round; 0: there was none
    std::uint64_t m_chunkItems = 0; ///< of each of these
    Nanos m_measuredNs = 0; ///< when m_itemNs was measured last
    double m_itemNs = 0; ///< what an item takes a worker
    bool m_hasTimedOut = false;

    Mutex m_mutex;
    ConditionVariable m_changed;
    std::vector<ChunkEnd> m_ends PS_GUARDED_BY(m_mutex); ///< by task
    std::uint64_t m_endedItems PS_GUARDED_BY(m_mutex) = 0; ///< since the last look
    std::uint64_t m_left PS_GUARDED_BY(m_mutex) = 0; ///< chunks that have not ended
    std::uint64_t m_awaitedLeft PS_GUARDED_BY(m_mutex) = 0; ///< with how many left to wake run()
    bool m_hasExpired PS_GUARDED_BY(m_mutex) = false; ///< a chunk ended as timed out
    bool m_hasFailed PS_GUARDED_BY(m_mutex) = false;
};

} // namespace poolscope
