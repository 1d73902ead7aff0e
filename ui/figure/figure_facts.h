// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figure/figure_legend.h"
#include "ui/figure/figure_options.h"

#include <QString>

#include <utility>
#include <vector>

namespace poolscope {

/// The figures of one executor, as names and values in order.
struct FigureNumbers
{
    QString name;
    std::vector<std::pair<QString, QString>> values;
};

/// What a figure says in words. All of it comes from the run, so that the same run and options give the
/// same figure at any time and place. Pure; any thread.
struct FigureFacts
{
    QString title;
    QString subtitle; ///< what ran on what, in a sentence
    FigureLegend legend;
    std::vector<FigureNumbers> numbers; ///< one an executor with lanes
    QString footnote; ///< what was merged or left out; empty: nothing
    QString provenance; ///< one line
    QString altText; ///< what is to be seen, in a few sentences, for those who cannot see it
    QString caption; ///< what bars, colours and marks mean, to go below the figure
    std::vector<std::pair<QString, QString>> metadata; ///< keys and texts for the file
};

/// \p snapshot with the chosen lanes only, \p run with all of them. O(records in the range).
[[nodiscard]] FigureFacts figureFacts(const Snapshot& snapshot, const Snapshot& run,
                                      const FigureOptions& options, TimeRange range,
                                      MergeRule rule);

/// \return the range that \p options choose, not empty.
[[nodiscard]] TimeRange rangeOf(const Snapshot& snapshot, const FigureOptions& options);

} // namespace poolscope
