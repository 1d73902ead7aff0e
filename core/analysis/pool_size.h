// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/estimate.h"
#include "core/analysis/repeats.h"

#include <span>
#include <vector>

namespace poolscope {

/// One measured number of workers.
struct PoolSizePoint
{
    int workers = 1;
    int runs = 0;
    Estimate throughput;
    Estimate speedUp; ///< over PoolSizeAdvice::baseWorkers, times these
    Estimate efficiency; ///< speedUp / workers
};

/// How many workers to take, from measured throughputs alone: no law has to hold.
struct PoolSizeAdvice
{
    bool canTell = false; ///< at least two sizes, each run at least twice
    int baseWorkers = 0; ///< the fewest that were measured, what speed-ups count from
    int best = 0; ///< the number of workers with the highest mean throughput
    /// The fewest workers that reach kEnough of the best four times out of five: noise costs workers, not
    /// throughput.
    int recommended = 0;
    Estimate shareOfBest; ///< throughput of the recommended over that of the best
    int most = 0; ///< the most that were measured
    Estimate mostOverRecommended; ///< throughput there over that of the recommended
    std::vector<PoolSizePoint> points; ///< by workers

    static constexpr double kEnough = 0.95;

    /// canTell, and the runs are alike enough to believe it.
    [[nodiscard]] bool isFirm() const;
    /// More workers than recommended cost throughput, beyond noise.
    [[nodiscard]] bool doesMoreHurt() const { return mostOverRecommended.high < 1; }
};

/// \p runs: level is the number of workers, value the throughput. Any thread.
[[nodiscard]] PoolSizeAdvice advisePoolSize(std::span<const Repeat> runs);

} // namespace poolscope
