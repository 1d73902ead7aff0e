// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/rank_comparison.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace poolscope {

RankComparison compareRanks(std::span<const Nanos> first, std::span<const Nanos> second)
{
    constexpr std::size_t kFewest = 8;
    RankComparison result;
    if (first.empty() || second.empty()) {
        return result;
    }
    std::vector<std::pair<Nanos, bool>> all; // whether it is of the second
    all.reserve(first.size() + second.size());
    for (const Nanos duration : first) {
        all.emplace_back(duration, false);
    }
    for (const Nanos duration : second) {
        all.emplace_back(duration, true);
    }
    std::ranges::sort(all);

    double rankSum = 0; // of the second
    double ties = 0; // sum of t^3 - t
    for (std::size_t begin = 0; begin < all.size();) {
        std::size_t end = begin;
        double ofSecond = 0;
        for (; end < all.size() && all[end].first == all[begin].first; ++end) {
            ofSecond += all[end].second ? 1 : 0;
        }
        const auto tied = static_cast<double>(end - begin);
        rankSum += ofSecond * (static_cast<double>(begin) + (tied + 1) / 2);
        ties += tied * tied * tied - tied;
        begin = end;
    }
    const auto n1 = static_cast<double>(first.size());
    const auto n2 = static_cast<double>(second.size());
    const double n = n1 + n2;
    const double u = rankSum - n2 * (n2 + 1) / 2;
    result.superiority = u / (n1 * n2);
    const double variance = n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)));
    if (std::min(first.size(), second.size()) >= kFewest && variance > 0) {
        result.z = (u - n1 * n2 / 2) / std::sqrt(variance);
        result.p = std::erfc(std::abs(result.z) / std::sqrt(2.0));
    }
    return result;
}

} // namespace poolscope
