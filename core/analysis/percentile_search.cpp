// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/percentile_search.h"

#include "core/analysis/run_summary.h"

#include <algorithm>

namespace poolscope {

void PercentileSearch::beginCollecting()
{
    m_wanted.assign(kBuckets, -1);
    if (m_total == 0) {
        return;
    }
    for (const std::uint64_t percent : {50U, 95U, 99U}) {
        const std::uint64_t rank = (m_total * percent + 99) / 100; // from 1
        std::uint64_t before = 0;
        std::size_t bucket = 0;
        while (before + m_counts[bucket] < rank) {
            before += m_counts[bucket++];
        }
        if (m_wanted[bucket] < 0) {
            m_wanted[bucket] = static_cast<std::int8_t>(m_kept.size());
            m_kept.emplace_back();
            m_kept.back().reserve(m_counts[bucket]);
        }
        m_ranks.push_back({static_cast<std::size_t>(m_wanted[bucket]), rank - 1 - before});
    }
}

Percentiles PercentileSearch::result()
{
    Percentiles found;
    if (m_total == 0) {
        return found;
    }
    const auto percentile = [this](const Rank& rank) {
        std::vector<Nanos>& kept = m_kept[rank.place];
        const auto place = kept.begin() + static_cast<std::ptrdiff_t>(rank.index);
        std::nth_element(kept.begin(), place, kept.end());
        return *place;
    };
    found.p50Ns = percentile(m_ranks[0]);
    found.p95Ns = percentile(m_ranks[1]);
    found.p99Ns = percentile(m_ranks[2]);
    found.maxNs = m_maxNs;
    found.meanNs = m_sum / static_cast<double>(m_total);
    return found;
}

} // namespace poolscope
