// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace poolscope {

/// How often durations of about a length occurred: eight bins a decade, from a nanosecond to 2.8 hours.
class DurationHistogram
{
public:
    static constexpr int kBinsPerDecade = 8;
    static constexpr std::size_t kBins = std::size_t{13} * kBinsPerDecade;

    /// Below 1 ns it counts in the first bin, beyond all bins in the last one. O(log bins).
    void add(Nanos duration) { ++m_counts[binOf(duration)]; }
    void add(const DurationHistogram& other);
    /// Counts \p durations more in \p bin.
    void add(std::size_t bin, std::uint64_t durations) { m_counts[bin] += durations; }
    [[nodiscard]] std::uint64_t count(std::size_t bin) const { return m_counts[bin]; }
    [[nodiscard]] std::uint64_t sum() const;
    /// \return the bins from the first that is not empty to behind the last one; both 0 when all are.
    [[nodiscard]] std::pair<std::size_t, std::size_t> usedBins() const;

    /// \return where a bin begins; that of kBins is where the last one ends.
    [[nodiscard]] static Nanos beginOf(std::size_t bin);
    [[nodiscard]] static std::size_t binOf(Nanos duration);

    friend bool operator==(const DurationHistogram&, const DurationHistogram&) = default;

private:
    std::array<std::uint64_t, kBins> m_counts{};
};

} // namespace poolscope
