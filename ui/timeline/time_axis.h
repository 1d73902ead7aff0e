// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"

#include <QString>

#include <vector>

namespace poolscope {

/// The ticks of a time axis: one unit for the whole axis, steps of 1, 2 or 5 (2.5 where 5 would leave
/// fewer than four).
struct TimeAxis
{
    Nanos unitNs = 1; ///< 1 ns, 1 µs, 1 ms or 1 s
    Nanos stepNs = 1; ///< between major ticks
    Nanos minorNs = 1; ///< between minor ticks; divides stepNs, or equals it when there are none
    Nanos offsetNs = 0; ///< what the labels leave out, so that they stay short
    std::vector<Nanos> majors; ///< inside the range, ascending
};

/// \return the axis for \p range (not empty) with at most \p maxMajors (2 to 8) major ticks; with 8
/// never fewer than 4. Steps depend on the range's length only, so panning keeps them.
[[nodiscard]] TimeAxis timeAxis(TimeRange range, int maxMajors = 8);

/// \return "ns", "µs", "ms" or "s".
[[nodiscard]] QString unitText(const TimeAxis& axis);
/// \return the number at a tick, without unit and offset.
[[nodiscard]] QString tickText(const TimeAxis& axis, Nanos timeNs);

} // namespace poolscope
