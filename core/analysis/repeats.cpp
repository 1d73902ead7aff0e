// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/repeats.h"

#include "core/analysis/distributions.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>

namespace poolscope {

namespace {

/// Mean of \p values by the key that \p keyOf tells of each repeat.
template <class KeyOf>
std::map<int, double> meansBy(std::span<const Repeat> repeats, const std::vector<double>& values,
                              const KeyOf& keyOf)
{
    std::map<int, double> sums;
    std::map<int, int> counts;
    for (std::size_t i = 0; i < repeats.size(); ++i) {
        sums[keyOf(repeats[i])] += values[i];
        ++counts[keyOf(repeats[i])];
    }
    for (auto& [key, sum] : sums) {
        sum /= counts[key];
    }
    return sums;
}

int levelOf(const Repeat& repeat)
{
    return repeat.level;
}
int roundOf(const Repeat& repeat)
{
    return repeat.round;
}

} // namespace

Repeats::Repeats(std::span<const Repeat> repeats)
{
    m_adjusted.reserve(repeats.size());
    std::map<int, int> counts;
    for (const Repeat& repeat : repeats) {
        assert(repeat.value > 0);
        m_adjusted.push_back(std::log(repeat.value));
        ++counts[repeat.level];
    }
    for (const auto& [level, count] : counts) {
        m_levels.push_back({level, count, 0});
    }
    if (!repeats.empty()) {
        separate(repeats);
    }
}

void Repeats::separate(std::span<const Repeat> repeats)
{
    // Alternating projections: exact after one pass when each round has each level, and with some runs
    // missing it comes closer by a constant factor a pass.
    constexpr int kPasses = 50;
    std::map<int, double> levelMeans;
    for (int pass = 0; pass < kPasses; ++pass) {
        levelMeans = meansBy(repeats, m_adjusted, levelOf);
        std::vector<double> rest = m_adjusted;
        for (std::size_t i = 0; i < repeats.size(); ++i) {
            rest[i] -= levelMeans[repeats[i].level];
        }
        const std::map<int, double> roundMeans = meansBy(repeats, rest, roundOf);
        m_roundCount = static_cast<int>(roundMeans.size());
        for (std::size_t i = 0; i < repeats.size(); ++i) {
            m_adjusted[i] -= roundMeans.at(repeats[i].round);
        }
    }
    levelMeans = meansBy(repeats, m_adjusted, levelOf);
    double squares = 0;
    for (std::size_t i = 0; i < repeats.size(); ++i) {
        const double rest = m_adjusted[i] - levelMeans[repeats[i].level];
        squares += rest * rest;
    }
    for (LevelMean& level : m_levels) {
        level.log = levelMeans[level.level];
    }
    m_freedom = std::max(0, static_cast<int>(repeats.size()) - static_cast<int>(m_levels.size()) -
                                (m_roundCount - 1));
    m_spread = m_freedom > 0 ? std::sqrt(squares / m_freedom) : 0;
}

std::size_t Repeats::placeOf(int level) const
{
    const auto found = std::ranges::find(m_levels, level, &LevelMean::level);
    assert(found != m_levels.end());
    return static_cast<std::size_t>(found - m_levels.begin());
}

Estimate Repeats::expOf(double log, double error, int pairs) const
{
    const double reach =
        m_freedom > 0 ? error * studentQuantile(1 - (1 - kConfidence) / pairs, m_freedom) : 0;
    return {std::exp(log), std::exp(log - reach), std::exp(log + reach)};
}

Estimate Repeats::meanOf(std::size_t place) const
{
    const LevelMean& level = m_levels[place];
    return expOf(level.log, m_spread / std::sqrt(level.count), 1);
}

Estimate Repeats::ratioOf(std::size_t above, std::size_t below, int pairs) const
{
    const LevelMean& one = m_levels[above];
    const LevelMean& other = m_levels[below];
    const double error =
        above == below ? 0 : m_spread * std::sqrt(1.0 / one.count + 1.0 / other.count);
    return expOf(one.log - other.log, error, pairs);
}

} // namespace poolscope
