// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"

#include <QString>
#include <QStringList>

#include <utility>
#include <vector>

namespace poolscope {

/// One entry of a figure's legend.
struct LegendEntry
{
    enum class Shape { Kind, Failed, TimedOut, Cancelled, Lost, Wait };
    Shape shape = Shape::Kind;
    int executor = 0; ///< Kind only
    std::uint8_t kind = 0; ///< Kind only
    QString text;
};

/// What a figure says in words. All of it comes from the run, so that the same run and range give the
/// same figure at any time and place. Pure; any thread.
struct FigureFacts
{
    QString title;
    QString subtitle;
    std::vector<LegendEntry> legend; ///< what occurs in the range only, by total time
    QStringList numberHeads;
    std::vector<QStringList> numbers; ///< one row an executor
    std::uint64_t merged = 0; ///< tasks in the range narrower than the width that was asked for
    QString provenance; ///< one line
    QString altText; ///< what is to be seen, in a few sentences, for those who cannot see it
    QString caption; ///< what bars, colours and marks mean, to go below the figure
    std::vector<std::pair<QString, QString>> metadata; ///< keys and texts for the file
};

/// \p title empty: the run's. \p mergedBelowNs: tasks shorter than this count as merged. O(records).
[[nodiscard]] FigureFacts figureFacts(const Snapshot& snapshot, TimeRange range,
                                      const QString& title, Nanos mergedBelowNs);

} // namespace poolscope
