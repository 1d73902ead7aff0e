// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"
#include "ui/timeline/view_state.h"

#include <QString>

#include <optional>
#include <span>

namespace poolscope {

/// \return "Thread 0", "Process 3" or "Never started".
[[nodiscard]] QString laneName(const LaneInfo& info);
/// \return "pid 4312" or "tid 4312" of the worker at \p timeNs; empty when there is none.
[[nodiscard]] QString laneIds(const LaneView& lane, Nanos timeNs);
/// \return both, e.g. "Process 3, pid 4312".
[[nodiscard]] QString workerText(const LaneView& lane, Nanos timeNs);
/// \return the lane's lives, by time.
[[nodiscard]] std::span<const LaneLife> livesOf(const LaneView& lane);
/// \return busy time over the time the lane had a worker, inside \p range and before \p nowNs; nothing
/// when it had none. O(log records).
[[nodiscard]] std::optional<double> busyShare(const Snapshot& snapshot, const LaneView& lane,
                                              TimeRange range, Nanos nowNs);

/// \return the executor's title, e.g. "Thread pool".
[[nodiscard]] QString groupTitle(const Snapshot& snapshot, int executor);
/// \return e.g. "4 workers · 1,200 of 10,000 tasks · 3 failed".
[[nodiscard]] QString groupFacts(const Snapshot& snapshot, int executor);

/// \return the task's item without its folders, or "<workload id> <index>".
[[nodiscard]] QString shortTaskName(const TraceMeta& meta, std::uint64_t task);
/// \return "Done", "Failed", …
[[nodiscard]] QString stateName(TaskState state);
/// \return one sentence on a control event, e.g. "Thread pool: 4 → 8 workers at 1.25 s".
[[nodiscard]] QString eventText(const Snapshot& snapshot, const ControlEvent& event);

/// \return the lane's name, worker and busy share in \p range, a line each.
[[nodiscard]] QString laneToolTip(const Snapshot& snapshot, const LaneView& lane, TimeRange range,
                                  Nanos nowNs);
/// \return what a thread that runs no tasks is for, its id, and how busy it was in the whole run.
[[nodiscard]] QString infrastructureToolTip(const Snapshot& snapshot,
                                            const InfrastructureView& view);
/// \return a moment, as exact as a pixel of \p nsPerPx can tell, e.g. "716.152 ms".
[[nodiscard]] QString timeText(Nanos timeNs, double nsPerPx);

} // namespace poolscope
