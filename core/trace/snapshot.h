// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/trace/bookmark.h"
#include "core/trace/recorder.h"
#include "core/trace/trace_meta.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace poolscope {

/// One lane as a snapshot sees it: its records below recordCount, the summaries below summarisedCount.
struct LaneView
{
    const Lane* lane = nullptr;
    std::uint64_t recordCount = 0;
    std::uint64_t summarisedCount = 0;
    RunningNow running;
    std::shared_ptr<const std::vector<LaneLife>> lives;
    UsageList usage; ///< what its workers used; may be null or empty: not known
    int laneIndex = -1; ///< in Recorder::lanes(); what ControlEvent::lane means

    [[nodiscard]] const LaneInfo& info() const { return lane->info(); }
    /// \return whether a worker of that executor (index in TraceMeta::executors) lives on it.
    [[nodiscard]] bool isWorkerOf(int executor) const
    {
        return info().executor == executor && info().kind != LaneKind::Queue;
    }
    /// \return the life in which time \p timeNs falls (the last one that opened before), or nullptr.
    [[nodiscard]] const LaneLife* lifeAt(Nanos timeNs) const;
};

/// Sums over one executor. A task counts once, by its last attempt.
struct ExecutorTotals
{
    std::uint64_t submitted = 0;
    std::uint64_t total = 0; ///< tasks of the job
    std::array<std::uint64_t, kTaskStateCount> ended{}; ///< by TaskState
    std::uint64_t lostAttempts = 0;
    std::uint32_t running = 0;
    std::uint32_t workers = 0; ///< open lanes
    Nanos firstSubmitNs = -1; ///< -1: none ended yet
    Nanos lastEndNs = 0;

    [[nodiscard]] std::uint64_t endedCount() const noexcept;
    [[nodiscard]] std::uint64_t count(TaskState state) const noexcept
    {
        return ended[static_cast<std::size_t>(state)];
    }
    [[nodiscard]] std::uint64_t queued() const noexcept
    {
        const std::uint64_t begun = endedCount() + running;
        return submitted > begun ? submitted - begun : 0;
    }
};

/// What happened up to one moment. Immutable, cheap to copy, readable by any thread as long as it is
/// held; it keeps the recorder's lanes alive.
struct Snapshot
{
    std::shared_ptr<const TraceMeta> meta;
    std::shared_ptr<const Recorder> recorder; ///< keeps the lanes alive
    std::vector<LaneView> lanes; ///< by executor, then kind (workers before Queue), then index
    std::vector<InfrastructureView>
        infrastructure; ///< threads that run no tasks; empty unless recorded
    std::vector<ExecutorTotals> totals; ///< one an executor
    std::shared_ptr<const std::vector<ControlEvent>> controlEvents;
    std::vector<Bookmark> bookmarks; ///< of a run that was read: those it was saved with, by time
    std::vector<std::shared_ptr<const std::vector<QueueSample>>>
        queueSamples; ///< one list an executor, by time
    Nanos nowNs =
        0; ///< the moment, from the origin; for a finished run the end of the last thing that happened
    Nanos wholeNs = 0; ///< the end of the run of which this is an earlier moment (replay.h), else 0
    std::uint64_t droppedEvents = 0; ///< what could not be recorded
    bool isLive = false; ///< the run goes on

    /// \return whether another moment of the run is likely to follow soon: it goes on, or is replayed.
    [[nodiscard]] bool isMoving() const noexcept { return isLive || wholeNs > 0; }
    [[nodiscard]] std::uint64_t recordCount() const noexcept;
    /// \return the kind of task \p task, below kMaxTaskKinds.
    [[nodiscard]] std::uint8_t kindOf(std::uint64_t task) const { return meta->plan->kind(task); }
};

/// A record by its place: index in Snapshot::lanes and index on that lane.
struct RecordRef
{
    int lane = -1;
    std::uint64_t record = 0;

    friend bool operator==(const RecordRef&, const RecordRef&) = default;
};

/// \return the record, or nullptr when it does not exist.
[[nodiscard]] const TaskRecord* findRecord(const Snapshot& snapshot, const RecordRef& ref);

using SnapshotPtr = std::shared_ptr<const Snapshot>;

} // namespace poolscope
