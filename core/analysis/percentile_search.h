// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace poolscope {

struct Percentiles;

/// Finds exact percentiles of durations that are read twice instead of copied: the first time counts how
/// many there are of about each size, the second one keeps those that are about the size of a
/// percentile. Of ten million that is some thousand, where copies would take 80 MB and most of the time.
///
/// count() all, then beginCollecting(), then collect() the same again, then result(). One thread.
class PercentileSearch
{
public:
    void count(Nanos duration)
    {
        ++m_counts[bucketOf(duration)];
        ++m_total;
        m_sum += static_cast<double>(duration);
        m_maxNs = duration > m_maxNs || m_total == 1 ? duration : m_maxNs;
    }
    void beginCollecting();
    void collect(Nanos duration)
    {
        const std::int8_t place = m_wanted[bucketOf(duration)];
        if (place >= 0) {
            m_kept[static_cast<std::size_t>(place)].push_back(duration);
        }
    }
    /// \return the percentiles, as percentilesOf() gives them.
    [[nodiscard]] Percentiles result();

private:
    static constexpr unsigned kExactBits = 8; ///< durations below 2^8 have a bucket each
    static constexpr std::size_t kSteps = 1U << kExactBits; ///< buckets for each doubling
    static constexpr std::size_t kBuckets = kSteps * (64 - kExactBits) + 1;

    /// Larger durations never have a smaller bucket; negative ones have the first.
    static std::size_t bucketOf(Nanos duration) noexcept
    {
        if (duration < 0) {
            return 0;
        }
        const auto value = static_cast<std::uint64_t>(duration);
        if (value < kSteps) {
            return static_cast<std::size_t>(value) + 1;
        }
        const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1U - kExactBits;
        return 1 + kSteps * (shift + 1U) + ((value >> shift) - kSteps);
    }

    /// Where a percentile is.
    struct Rank
    {
        std::size_t place = 0; ///< of its bucket in m_kept
        std::uint64_t index = 0; ///< in there, when sorted
    };

    std::vector<std::uint64_t> m_counts = std::vector<std::uint64_t>(kBuckets, 0);
    std::vector<std::int8_t> m_wanted; ///< place in m_kept of each bucket; -1: none
    std::vector<std::vector<Nanos>> m_kept;
    std::vector<Rank> m_ranks; ///< p50, p95, p99
    std::uint64_t m_total = 0;
    double m_sum = 0;
    Nanos m_maxNs = 0;
};

} // namespace poolscope
