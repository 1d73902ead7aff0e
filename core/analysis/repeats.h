// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/estimate.h"

#include <span>
#include <vector>

namespace poolscope {

/// What was measured once: a positive figure of one level (a number of workers, a size of chunks) in one
/// round of runs.
struct Repeat
{
    int level = 0; ///< what was set; levels are told apart by it
    int round = 0; ///< runs of one round were made close to each other
    double value = 0; ///< above 0
};

/// The mean of one level.
struct LevelMean
{
    int level = 0;
    int count = 0;
    double log = 0; ///< logarithm of the geometric mean, what the rounds have in common taken out
};

/// Repeated measurements of several levels, with noise that is relative to the value.
///
/// Logarithms are the sum of a level's mean, what a round has in common (a machine that drifts, the
/// neighbour who compiles) and noise of equal spread; solved by least squares (two-way layout without
/// interaction, e.g. Scheffé 1959, ch. 4).
class Repeats
{
public:
    explicit Repeats(std::span<const Repeat> repeats);

    /// By level, ascending.
    [[nodiscard]] const std::vector<LevelMean>& levels() const { return m_levels; }
    /// \return the place of \p level in levels(), which has it.
    [[nodiscard]] std::size_t placeOf(int level) const;
    /// The values' logarithms, what the rounds have in common taken out, in the order given.
    [[nodiscard]] const std::vector<double>& adjustedLogs() const { return m_adjusted; }
    [[nodiscard]] int roundCount() const { return m_roundCount; }
    /// Degrees of freedom of spread(); 0: nothing was repeated, so nothing is known of the noise.
    [[nodiscard]] int freedom() const { return m_freedom; }
    /// Standard deviation of a logarithm around its level and round.
    [[nodiscard]] double spread() const { return m_spread; }

    /// \return the geometric mean of the level at \p place; an interval without width when freedom() is 0.
    [[nodiscard]] Estimate meanOf(std::size_t place) const;
    /// \return the ratio of the means of two levels; \p pairs: of that many such intervals all are to hold
    /// together.
    [[nodiscard]] Estimate ratioOf(std::size_t above, std::size_t below, int pairs = 1) const;

private:
    void separate(std::span<const Repeat> repeats);
    [[nodiscard]] Estimate expOf(double log, double error, int pairs) const;

    std::vector<LevelMean> m_levels;
    std::vector<double> m_adjusted;
    int m_roundCount = 0;
    int m_freedom = 0;
    double m_spread = 0;
};

} // namespace poolscope
