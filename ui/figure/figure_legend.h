// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figure/figure_census.h"

#include <QString>

#include <vector>

namespace poolscope {

/// One entry of a figure's legend.
struct LegendEntry
{
    enum class Shape {
        Kind, ///< a class of colour: kinds of task, or whatever colours say
        Several, ///< many colours, which repeat
        Other, ///< the names that got no entry of their own, in grey
        Failed,
        TimedOut,
        Cancelled,
        Lost,
        Running,
        Died, ///< a worker
        Merged,
        Wait,
    };
    Shape shape = Shape::Kind;
    int executor = 0; ///< Kind only
    std::uint8_t kind = 0; ///< Kind only
    QString text; ///< what it is, with its share of the time
    int colorClass = 0; ///< Kind only
};

struct FigureLegend
{
    std::vector<LegendEntry> entries; ///< names, then ends, each by total time; then marks
    std::vector<std::uint8_t> greyKinds; ///< kinds that are part of Other
};

/// \return what occurs in the crop only. At most \p mostNames names (at least 1) have an entry. \p mode: what colours
/// say, the effective one with which the census was taken.
[[nodiscard]] FigureLegend legendOf(const Snapshot& snapshot, const FigureCensus& census,
                                    int mostNames, ColorMode mode);

} // namespace poolscope
