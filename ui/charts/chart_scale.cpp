// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chart_scale.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace poolscope {

namespace {

Nanos niceStepNotBelow(Nanos value)
{
    Nanos decade = 1;
    while (decade <= value / 10) {
        decade *= 10;
    }
    for (const Nanos factor : {1, 2, 5}) {
        if (decade * factor >= value) {
            return decade * factor;
        }
    }
    return decade * 10;
}

Nanos floorTo(Nanos value, Nanos step)
{
    const Nanos rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

} // namespace

double niceUpperBound(double value)
{
    if (!std::isfinite(value) || value <= 0) {
        return 1;
    }
    const double decade = std::pow(10.0, std::floor(std::log10(value)));
    // A hair of tolerance, or 0.2 would become 0.5 by rounding.
    const double scaled = value / decade - 1e-9;
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (scaled <= factor) {
            return factor * decade;
        }
    }
    return 10 * decade;
}

double niceMemoryBound(double kib)
{
    double bound = 1;
    while (std::isfinite(kib) && bound < kib) {
        bound *= 2;
    }
    return bound;
}

int ChartBins::binAt(Nanos timeNs) const noexcept
{
    return range.contains(timeNs) ? static_cast<int>((timeNs - range.beginNs) / widthNs) : -1;
}

ChartBins chartBins(TimeRange visible, int maxBins)
{
    assert(!visible.isEmpty() && maxBins >= 1);
    ChartBins bins;
    bins.widthNs =
        niceStepNotBelow(std::max<Nanos>(1, (visible.duration() + maxBins - 1) / maxBins));
    bins.range.beginNs = floorTo(visible.beginNs, bins.widthNs);
    bins.range.endNs = floorTo(visible.endNs + bins.widthNs - 1, bins.widthNs);
    bins.count = static_cast<int>(bins.range.duration() / bins.widthNs);
    return bins;
}

BinSpan filledBins(const ChartBins& bins, Nanos nowNs)
{
    const auto clampToBin = [&](Nanos timeNs) {
        return static_cast<int>(
            std::clamp<Nanos>((timeNs - bins.range.beginNs) / bins.widthNs, 0, bins.count));
    };
    const int first = clampToBin(0);
    return {first, std::max(first, clampToBin(nowNs))};
}

} // namespace poolscope
