// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace poolscope {

/// How times lie on the x axis. Pixels are the painter's units (points in a figure). Nothing is
/// clamped: times outside lie outside.
struct TimeScale
{
    Nanos beginNs = 0; ///< at left
    double nsPerPx = 1; ///< above 0
    double left = 0;
    double width = 1;
};

/// \p range not empty, \p width above 0.
inline TimeScale scaleFor(TimeRange range, double left, double width)
{
    return {range.beginNs, static_cast<double>(range.duration()) / width, left, width};
}

inline double toX(const TimeScale& scale, Nanos timeNs)
{
    return scale.left + static_cast<double>(timeNs - scale.beginNs) / scale.nsPerPx;
}

inline Nanos toTime(const TimeScale& scale, double x)
{
    return scale.beginNs + std::llround((x - scale.left) * scale.nsPerPx);
}

/// \return what the scale shows, never empty.
inline TimeRange visibleRange(const TimeScale& scale)
{
    const Nanos end = toTime(scale, scale.left + scale.width);
    return {scale.beginNs, std::max(end, scale.beginNs + 1)};
}

/// \return the number of the column that begins at the scale's left edge once it is snapped.
inline std::int64_t firstColumn(const TimeScale& scale, double columnNs)
{
    return std::llround(static_cast<double>(scale.beginNs) / columnNs);
}

/// \return the scale moved by at most half a column, so that columns of \p columnNs (the time of one
/// device pixel) always divide time at the same places: panning moves the picture without changing it.
inline TimeScale snapped(TimeScale scale, double columnNs)
{
    scale.beginNs = std::llround(static_cast<double>(firstColumn(scale, columnNs)) * columnNs);
    return scale;
}

} // namespace poolscope
