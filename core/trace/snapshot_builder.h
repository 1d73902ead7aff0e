// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/detail_keeper.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace poolscope {

/// Follows a recorder and makes snapshots of it: counts each record once and brings the summaries up
/// to date, so that a snapshot costs by what is new. Used by one thread at a time.
class SnapshotBuilder
{
public:
    SnapshotBuilder(std::shared_ptr<Recorder> recorder, std::shared_ptr<const TraceMeta> meta);

    /// Takes in what was recorded since the last call. O(new records).
    void update();
    /// Lets the oldest records go when the trace has reached the cap that its meta names. After update().
    void letGo();
    /// \return a snapshot of the last update, without queue samples and moment.
    [[nodiscard]] Snapshot build() const;
    /// \return sums as of the last update, one an executor.
    [[nodiscard]] const std::vector<ExecutorTotals>& totals() const noexcept { return m_totals; }
    /// \return when the last thing ended or happened, as of the last update.
    [[nodiscard]] Nanos lastMomentNs() const;
    /// \return whether nothing was submitted and nothing happened since the last update.
    [[nodiscard]] bool isUpToDate() const;
    [[nodiscard]] Recorder& recorder() const noexcept { return *m_recorder; }
    [[nodiscard]] const std::shared_ptr<Recorder>& shareRecorder() const noexcept
    {
        return m_recorder;
    }

private:
    void adoptNewLanes();
    void updateLane(LaneView& view, Lane& lane);
    void count(ExecutorTotals& totals, const Lane& lane, std::uint64_t begin,
               std::uint64_t end) const;

    std::shared_ptr<Recorder> m_recorder;
    std::shared_ptr<const TraceMeta> m_meta;
    std::vector<Lane*> m_lanes; ///< as in Recorder::lanes()
    std::vector<LaneView> m_views; ///< in the same order
    std::vector<ExecutorTotals> m_totals;
    std::shared_ptr<const std::vector<ControlEvent>> m_events;
    DetailKeeper m_keeper;
};

} // namespace poolscope
