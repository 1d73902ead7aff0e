// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/duration_histogram.h"

#include <algorithm>
#include <bit>
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
    if (duration < all.front()) {
        return 0;
    }
    // A doubling has less than three bins, so a few steps from where its first value lies suffice.
    static const std::array<std::uint8_t, 64> firstBins = [] {
        std::array<std::uint8_t, 64> made{};
        for (std::size_t width = 1; width < made.size(); ++width) {
            const Nanos* const behind =
                std::upper_bound(borders().begin(), borders().end() - 1, Nanos{1} << (width - 1));
            made[width] = static_cast<std::uint8_t>(behind - borders().begin() - 1);
        }
        return made;
    }();
    std::size_t bin = firstBins[std::bit_width(static_cast<std::uint64_t>(duration))];
    while (bin + 1 < kBins && all[bin + 1] <= duration) {
        ++bin;
    }
    return bin;
}

void DurationHistogram::add(const DurationHistogram& other)
{
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        m_counts[i] += other.m_counts[i];
    }
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
