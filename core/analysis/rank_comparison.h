// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <span>

namespace poolscope {

/// Whether durations of two runs differ by more than chance would make them: the rank-sum test with the
/// normal approximation, ties accounted for (Mann & Whitney 1947, Ann. Math. Stat. 18). It takes the tasks
/// of a run for independent of each other, so it says nothing of how much whole runs vary.
struct RankComparison
{
    double superiority = 0.5; ///< share of pairs in which the second is longer, ties half
    double z = 0; ///< above 0: the second tends to be longer
    double p = 1; ///< two-sided

    /// \return whether there is a difference beyond chance at the 5 % level.
    [[nodiscard]] bool isDifferent() const { return p < 0.05; }
};

/// Below eight durations on either side, where the approximation does not hold, p stays 1.
/// O(n log n). Any thread.
[[nodiscard]] RankComparison compareRanks(std::span<const Nanos> first,
                                          std::span<const Nanos> second);

} // namespace poolscope
