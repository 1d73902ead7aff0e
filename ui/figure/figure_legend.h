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
        Kind,
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
};

struct FigureLegend
{
    std::vector<LegendEntry> entries; ///< names, then ends, each by total time; then marks
    std::vector<std::uint8_t> greyKinds; ///< kinds that are part of Other
};

/// \return what occurs in the crop only. At most \p mostNames names (at least 1) have an entry.
[[nodiscard]] FigureLegend legendOf(const Snapshot& snapshot, const FigureCensus& census,
                                    int mostNames);

} // namespace poolscope
