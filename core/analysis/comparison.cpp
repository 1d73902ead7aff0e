// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/comparison.h"

#include "core/analysis/distributions.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace poolscope {

namespace {

constexpr std::array<std::string_view, 5> kTexts{"too_few_rounds", "no_difference", "undecided",
                                                 "first_faster", "second_faster"};

/// Logarithms of second over first: mean and its standard error.
struct LogRatios
{
    double mean = 0;
    double error = 0;
};

LogRatios logRatiosOf(std::span<const DuelRound> rounds)
{
    std::vector<double> logs;
    logs.reserve(rounds.size());
    for (const DuelRound& round : rounds) {
        assert(round.firstNs > 0 && round.secondNs > 0);
        logs.push_back(
            std::log(static_cast<double>(round.secondNs) / static_cast<double>(round.firstNs)));
    }
    const auto count = static_cast<double>(logs.size());
    LogRatios ratios;
    for (const double log : logs) {
        ratios.mean += log / count;
    }
    double squares = 0;
    for (const double log : logs) {
        squares += (log - ratios.mean) * (log - ratios.mean);
    }
    // Two runs are never equal to the last bit; when they are, the clock is too coarse to tell.
    constexpr double kFinest = 1e-9;
    ratios.error =
        logs.size() < 2 ? 0 : std::max(kFinest, std::sqrt(squares / (count - 1) / count));
    return ratios;
}

Verdict verdictOf(const Comparison& comparison, int pairs)
{
    if (comparison.probability * pairs < 1 - Comparison::kSure) {
        return comparison.ratio.value > 1 ? Verdict::FirstFaster : Verdict::SecondFaster;
    }
    return comparison.ratio.contains(1) ? Verdict::NoDifference : Verdict::Undecided;
}

} // namespace

std::string_view toText(Verdict verdict) noexcept
{
    return kTexts[static_cast<std::size_t>(verdict)];
}

Comparison compareRounds(std::span<const DuelRound> rounds, int pairs)
{
    assert(pairs >= 1);
    Comparison comparison;
    comparison.rounds = static_cast<int>(rounds.size());
    if (rounds.empty()) {
        return comparison;
    }
    const LogRatios logs = logRatiosOf(rounds);
    const double ratio = std::exp(logs.mean);
    comparison.ratio = {ratio, ratio, ratio};
    if (comparison.rounds < Comparison::kFewestRounds) {
        return comparison;
    }
    const double freedom = comparison.rounds - 1;
    const double reach = logs.error * studentQuantile(1 - (1 - kConfidence) / pairs, freedom);
    comparison.ratio = {ratio, std::exp(logs.mean - reach), std::exp(logs.mean + reach)};
    comparison.probability = probabilityBeyond(logs.mean / logs.error, freedom);
    comparison.detectable =
        std::expm1(logs.error * studentQuantile(1 - (1 - Comparison::kSure) / pairs, freedom));
    comparison.verdict = verdictOf(comparison, pairs);
    return comparison;
}

} // namespace poolscope
