// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/estimate.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <span>
#include <vector>

namespace poolscope {

/// What one run with a size of chunks took, split by what its workers did: each part is lane-seconds over
/// the number of lanes, so the parts add up to the makespan as far as the lanes lived all along.
struct ChunkRun
{
    int chunk = 1;
    int round = 0;
    double makespanNs = 0; ///< above 0
    double workNs = 0; ///< tasks ran
    double handOverNs = 0; ///< tasks and results on their way
    double imbalanceNs = 0; ///< nothing left to do while others still worked
    double otherNs = 0; ///< start-up, pauses, waiting for tasks to be submitted
};

/// \return the figures of the first executor's run; a makespan of 0 when nothing ran. O(records).
[[nodiscard]] ChunkRun chunkRunOf(const Snapshot& snapshot, int round);

/// One size of chunks.
struct ChunkPoint
{
    int chunk = 1;
    int runs = 0;
    Estimate makespanNs; ///< geometric mean
    Estimate overBest; ///< makespan over that of the best size
    double workNs = 0; ///< these four: the means of the runs, scaled to add up to makespanNs.value
    double handOverNs = 0;
    double imbalanceNs = 0;
    double otherNs = 0;
    bool isInFlat = false; ///< see ChunkCurve
};

/// How the size of chunks moves the makespan: small ones cost hand-over, large ones imbalance.
struct ChunkCurve
{
    bool canTell = false; ///< at least two sizes, each run at least twice
    std::vector<ChunkPoint> points; ///< by chunk
    int best = 0; ///< the size with the smallest mean makespan
    /// The flat optimum: sizes around the best that cannot be told from it. (Student's intervals of all sizes against the best together, by Bonferroni: a cautious form of
    /// Hsu's comparison with the best, 1984.)
    int flatFrom = 0;
    int flatTo = 0;
    int recommended = 0; ///< in the middle of the flat optimum, furthest from both slopes

    /// canTell, and the runs are alike enough to believe it.
    [[nodiscard]] bool isFirm() const;
    /// \return the point of \p chunk, or nullptr.
    [[nodiscard]] const ChunkPoint* find(int chunk) const;
    /// \return whether size \p chunk is beyond noise slower than the best.
    [[nodiscard]] bool isSlower(int chunk) const;
};

[[nodiscard]] ChunkCurve chunkCurveOf(std::span<const ChunkRun> runs);

/// \return the size that multiprocessing.Pool.map() of Python takes when none is given: four chunks a
/// worker, rounded up. 0 without tasks.
[[nodiscard]] std::uint64_t poolMapDefaultChunk(std::uint64_t tasks, int workers);
/// The size that concurrent.futures.ProcessPoolExecutor.map() takes.
inline constexpr std::uint64_t kExecutorMapDefaultChunk = 1;

/// \return 1, 2, 4, … up to what gives each worker one chunk, and that itself; at most 2^30.
[[nodiscard]] std::vector<int> chunkGrid(std::uint64_t tasks, int workers);

} // namespace poolscope
