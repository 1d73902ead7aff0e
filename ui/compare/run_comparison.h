// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/run_delta.h"
#include "core/trace/snapshot.h"

#include <QPointF>
#include <QString>

#include <vector>

namespace poolscope {

/// A run that is to be compared.
struct ComparedRun
{
    SnapshotPtr run;
    QString title; ///< what it is called on screen
    QString name; ///< the user's; runs of the same settings and name are one side. Empty: none
};

/// One side of a comparison.
struct ComparedSide
{
    QString title;
    std::vector<SnapshotPtr> runs; ///< by start
};

/// The share of tasks that took at most so long: x is the decimal logarithm of nanoseconds, y from 0 to 1,
/// both ascending.
using DurationCurve = std::vector<QPointF>;

/// The tasks of one executor of the first side, and of what it is compared with. Empty: a side has none.
struct ExecutorCurves
{
    QString title;
    std::vector<DurationCurve> runs; ///< one a side
    std::vector<DurationCurve> waits;
};

/// All that a comparison shows.
struct RunComparison
{
    std::vector<ComparedSide> sides;
    std::vector<RunDelta> deltas; ///< of each side but the first, against the first
    std::vector<ExecutorCurves> curves; ///< one an executor of the first side

    [[nodiscard]] const ExecutorMeta& executor(std::size_t side, int index) const
    {
        return sides[side].runs.front()->meta->executors[static_cast<std::size_t>(index)];
    }
    /// \return how the side's executor that matches the first's \p executor differs, or nullptr.
    [[nodiscard]] const ExecutorDelta* find(std::size_t side, int executor) const;
};

/// \p runs: two or more. O(n log n) of all tasks. Any thread.
[[nodiscard]] RunComparison compareAll(const std::vector<ComparedRun>& runs);

/// \return the table of differences as CSV, a line a figure of each side, times in nanoseconds, shares 0 to 1.
[[nodiscard]] QString comparisonCsv(const RunComparison& comparison);

} // namespace poolscope
