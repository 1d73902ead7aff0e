// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/duration_histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace poolscope {

namespace {

using Borders = std::array<Nanos, DurationHistogram::kBins + 1>;

/// Below 10 ns some bins hold no whole nanosecond and stay empty.
const Borders& borders()
{
    static const Borders all = [] {
        Borders made{};
        for (std::size_t i = 0; i < made.size(); ++i) {
            made[i] = std::llround(
                std::pow(10.0, static_cast<double>(i) / DurationHistogram::kBinsPerDecade));
        }
        return made;
    }();
    return all;
}

} // namespace

Nanos DurationHistogram::beginOf(std::size_t bin)
{
    return borders()[bin];
}

std::size_t DurationHistogram::binOf(Nanos duration)
{
    const Borders& all = borders();
    const Nanos* const behind = std::upper_bound(all.begin(), all.end() - 1, duration);
    return behind == all.begin() ? 0 : static_cast<std::size_t>(behind - all.begin()) - 1;
}

std::uint64_t DurationHistogram::sum() const
{
    return std::accumulate(m_counts.begin(), m_counts.end(), std::uint64_t{0});
}

std::pair<std::size_t, std::size_t> DurationHistogram::usedBins() const
{
    std::size_t begin = 0;
    std::size_t end = kBins;
    while (begin < kBins && m_counts[begin] == 0) {
        ++begin;
    }
    while (end > begin && m_counts[end - 1] == 0) {
        --end;
    }
    return begin == end ? std::pair<std::size_t, std::size_t>{0, 0} : std::pair{begin, end};
}

} // namespace poolscope
