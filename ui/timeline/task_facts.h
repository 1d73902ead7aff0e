// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"
#include "ui/timeline/view_state.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace poolscope {

/// What a task's thread did while the task ran.
enum class CostPart : std::uint8_t {
    OnProcessor,
    WaitingForOne, ///< it could have run
    Blocked, ///< asleep, or waiting for a lock, a file, another process
    OffProcessor, ///< one of the two, not known which
};

/// What a card beside the mouse says about one record.
struct TaskFacts
{
    struct Cost
    {
        CostPart part;
        QString text; ///< how much
        double share = 0; ///< of the run time, 0…1
    };

    QString title;
    TaskState state = TaskState::Done;
    std::vector<std::pair<QString, QString>> lines; ///< what and how much
    std::vector<Cost>
        costs; ///< parts of the run time as sums, in no order in time; none: not measured
    QString note; ///< result or error
};

/// \return "On a processor", …
[[nodiscard]] QString costPartName(CostPart part);

/// \return nothing when \p ref does not exist in \p snapshot.
[[nodiscard]] std::optional<TaskFacts> taskFacts(const Snapshot& snapshot, const RecordRef& ref);
/// \return of \p ref, which exists, where and as what it ran, and what it cost: without times and result.
[[nodiscard]] TaskFacts placeFacts(const Snapshot& snapshot, const RecordRef& ref);
/// \return what is known of the task that runs on \p lane. Precondition: one does.
[[nodiscard]] TaskFacts runningFacts(const Snapshot& snapshot, const LaneView& lane, Nanos nowNs);
/// \return what a stretch of a lane holds whose tasks are too small to be told apart; nothing when it
/// is empty.
[[nodiscard]] std::optional<TaskFacts> columnFacts(const Snapshot& snapshot, const LaneView& lane,
                                                   TimeRange range);
/// \return how a worker died, what it was doing, and what became of that. \p death: a WorkerDied event.
[[nodiscard]] TaskFacts deathFacts(const Snapshot& snapshot, const LaneView& lane,
                                   const ControlEvent& death);

} // namespace poolscope
