// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"

namespace poolscope {

/// \return the smallest of … 0.1, 0.2, 0.5, 1, 2, 5, 10 … that is not below \p value; 1 when there is
/// nothing to show (zero, negative, not finite).
[[nodiscard]] double niceUpperBound(double value);

/// \return as niceUpperBound() for \p kib KiB, in whole binary units: 64 KiB, 128 KiB, …; 1 for nothing.
[[nodiscard]] double niceMemoryBound(double kib);

/// Equal bins of time whose borders stay where they are while the visible range moves, so that a
/// graph that follows a run slides instead of flickering.
struct ChartBins
{
    TimeRange range; ///< whole bins that cover the visible range
    Nanos widthNs = 1; ///< 1, 2 or 5 times a power of ten
    int count = 0;

    [[nodiscard]] Nanos beginOf(int bin) const noexcept { return range.beginNs + bin * widthNs; }
    [[nodiscard]] Nanos endOf(int bin) const noexcept { return beginOf(bin + 1); }
    [[nodiscard]] Nanos centreOf(int bin) const noexcept { return beginOf(bin) + widthNs / 2; }
    /// \return the bin of \p timeNs, or -1.
    [[nodiscard]] int binAt(Nanos timeNs) const noexcept;

    friend bool operator==(const ChartBins&, const ChartBins&) = default;
};

/// \p visible not empty. \return at most \p maxBins + 2 bins (\p maxBins at least 1).
[[nodiscard]] ChartBins chartBins(TimeRange visible, int maxBins);

/// The bins that hold something to draw: not before the run, not beyond \p nowNs; the bin in which
/// \p nowNs lies is left out, since it is not full yet.
struct BinSpan
{
    int first = 0;
    int last = 0; ///< one past the end
};
[[nodiscard]] BinSpan filledBins(const ChartBins& bins, Nanos nowNs);

} // namespace poolscope
