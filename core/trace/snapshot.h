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
#include <optional>
#include <vector>

namespace poolscope {

/// One lane as a snapshot sees it: its records from firstRecord to below recordCount, the summaries below summarisedCount.
struct LaneView
{
    const Lane* lane = nullptr;
    std::uint64_t firstRecord =
        0; ///< those before are gone: of them there are summaries, and letGo
    std::uint64_t recordCount = 0;
    std::uint64_t summarisedCount = 0;
    RunningNow running;
    std::shared_ptr<const std::vector<LaneLife>> lives;
    UsageList usage; ///< what its workers used; may be null or empty: not known
    int laneIndex = -1; ///< in Recorder::lanes(); what ControlEvent::lane means
    std::uint64_t firstBlocked = 0; ///< of the lane's blocked stretches, those before are gone
    std::shared_ptr<const LetGo> letGo; ///< null: nothing is gone

    [[nodiscard]] const LaneInfo& info() const { return lane->info(); }
    /// \return whether there is a record to be read.
    [[nodiscard]] bool hasRecords() const noexcept { return recordCount > firstRecord; }
    /// \return when the first attempt began and the last one ended, gone ones included; 0 when there was none.
    [[nodiscard]] Nanos firstStartNs() const;
    [[nodiscard]] Nanos lastEndNs() const;
    /// Takes over what \p of has let go.
    void showFrom(const Lane& of);
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
    std::shared_ptr<const Recorder> recorder; ///< keeps the lanes alive, with what is let go later
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
    /// \return how many of them are there.
    [[nodiscard]] std::uint64_t keptCount() const noexcept;
    /// \return the kind of task \p task, below kMaxTaskKinds.
    [[nodiscard]] std::uint8_t kindOf(std::uint64_t task) const { return meta->plan->kind(task); }
};

/// \return the moment from which on each attempt that ended later has its record; nothing when all have one. The others
/// are gone, since the trace had reached its memory cap: of them there are summaries and sums. \p executor: -1: of any.
[[nodiscard]] std::optional<Nanos> detailSince(const Snapshot& snapshot, int executor = -1);
/// \return the sums of the attempts whose records are gone. \p executor: -1: of all. Workers' lanes and the queue's.
[[nodiscard]] LetGo letGoOf(const Snapshot& snapshot, int executor = -1);

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
