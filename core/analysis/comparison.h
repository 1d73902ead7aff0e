// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/estimate.h"
#include "core/base/time.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace poolscope {

/// One round of a duel: how long each side took, one right after the other.
struct DuelRound
{
    Nanos firstNs = 0; ///< above 0
    Nanos secondNs = 0; ///< above 0
};

/// What the rounds of a duel allow to say.
enum class Verdict : std::uint8_t {
    TooFewRounds, ///< fewer than Comparison::kFewestRounds
    NoDifference, ///< none beyond noise
    Undecided, ///< outside the 95 % interval, but not sure enough: more rounds decide
    FirstFaster,
    SecondFaster,
};

/// \return the stable word in files and on the command line, e.g. "no_difference".
[[nodiscard]] std::string_view toText(Verdict verdict) noexcept;

/// Whether the first side of a duel is faster than the second.
///
/// Student's interval on the logarithms of the rounds' ratios, which is the interval of the geometric
/// mean ratio. Pairs take out what drifts slower than a round, the order that alternates takes out what
/// drifts within one. Outliers widen the interval instead of moving the verdict: with them the method
/// errs to the side of "no difference". The interval has 95 %, the verdict asks for 99 % (both t tests),
/// so that of a hundred duels between equals one names a winner.
struct Comparison
{
    int rounds = 0;
    Estimate ratio{1, 1, 1}; ///< the second's time over the first's: above 1 the first is faster
    double detectable = 0; ///< a difference of this share had been seen (0.04: of 4 %); 0: unknown
    double probability = 1; ///< of ratios at least as far from 1, if there were no difference
    Verdict verdict = Verdict::TooFewRounds;

    static constexpr int kFewestRounds = 3;
    static constexpr double kSure = 0.99; ///< confidence of the verdict

    [[nodiscard]] bool isDecided() const
    {
        return verdict == Verdict::FirstFaster || verdict == Verdict::SecondFaster;
    }
    /// How many times as fast the faster side is, at least 1.
    [[nodiscard]] Estimate speedUp() const
    {
        return ratio.value >= 1 ? ratio : Estimate{1 / ratio.value, 1 / ratio.high, 1 / ratio.low};
    }
};

/// \p pairs: how many pairs of sides are compared in the same duel; interval and verdict are then for all
/// of them together (Bonferroni). Any thread.
[[nodiscard]] Comparison compareRounds(std::span<const DuelRound> rounds, int pairs = 1);

} // namespace poolscope
