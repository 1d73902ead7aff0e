// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"

#include <QString>

#include <cstdint>
#include <span>
#include <vector>

namespace poolscope {

/// What the colour of a task says.
enum class ColorMode : std::uint8_t {
    Kind, ///< the workload's kinds of task; the executor when there is one kind only
    Name, ///< the item; colours repeat
    Executor,
    Worker, ///< colours repeat
    Outcome,
    RunTime, ///< by powers of ten
    QueueWait, ///< likewise
};
inline constexpr int kColorModeCount = 7;

/// How many colours there are at most: each mode sorts tasks into classes below this number.
inline constexpr int kColorClasses = 8;

/// How tasks are coloured, and which of them are faint because others are looked for.
struct TaskColoring
{
    ColorMode mode = ColorMode::Kind;
    std::uint8_t hidden = 0; ///< a bit a class

    [[nodiscard]] bool isHidden(int colorClass) const
    {
        return ((hidden >> static_cast<unsigned>(colorClass)) & 1U) != 0;
    }
    friend bool operator==(const TaskColoring&, const TaskColoring&) = default;
};

/// \return \p mode, or what it stands for in this run: a job of one kind is coloured by executor.
[[nodiscard]] ColorMode effectiveMode(ColorMode mode, const Snapshot& snapshot);

/// \return the class of an ended attempt, below kColorClasses. \p mode is an effective one.
[[nodiscard]] int colorClass(ColorMode mode, const Snapshot& snapshot, const LaneInfo& lane,
                             const TaskRecord& record);
/// \return the class of an end when colours say the outcome.
[[nodiscard]] int outcomeClass(TaskState state);
/// \return the class of the task that runs on \p lane and has done so for \p runNs.
[[nodiscard]] int runningColorClass(ColorMode mode, const Snapshot& snapshot, const LaneView& lane,
                                    Nanos runNs);

/// Which classes the parts of columns stand for: busyNs[i] for class first + i; the parts from count on are zero.
struct ColumnClasses
{
    int first = 0;
    int count = kColorClasses;
};

/// Sorts the busy time of neighbouring columns of \p lane into classes. Columns know sums only: their run time
/// and queue wait are the mean of what ends in them, an outcome other than Done takes a fixed part.
/// \p mode is an effective one.
ColumnClasses sortIntoClasses(ColorMode mode, const Snapshot& snapshot, const LaneInfo& lane,
                              std::span<ColumnCell> cells);

/// One entry of a legend.
struct ColorEntry
{
    int colorClass = 0;
    QString name;
    double share = -1; ///< of the busy time in a range, 0…1; below 0: not known

    friend bool operator==(const ColorEntry&, const ColorEntry&) = default;
};

/// \return the title of a mode, e.g. "Kind of task".
[[nodiscard]] QString colorModeTitle(ColorMode mode);
/// \return the classes that \p snapshot has in \p mode (any), in their order. Shares are of the busy time in
/// \p range, where sums tell them. O(lanes · log records).
[[nodiscard]] std::vector<ColorEntry> colorEntries(ColorMode mode, const Snapshot& snapshot,
                                                   TimeRange range);

} // namespace poolscope
