// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/scaling_fit.h"

#include "core/analysis/distributions.h"
#include "core/analysis/least_squares.h"
#include "core/analysis/scaling_descent.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace poolscope {

namespace {

constexpr std::array<std::string_view, 2> kLawTexts{"amdahl", "usl"};
constexpr std::array<std::string_view, 5> kEvidenceTexts{"enough", "too_few_sizes", "not_repeated",
                                                         "too_noisy", "other_shape"};
constexpr double kWidestSigma = 0.5; ///< interval beyond which sigma says nothing
constexpr double kMisfit = 0.01; ///< below this probability the law does not hold

Matrix3 scaled(Matrix3 matrix, double factor)
{
    for (Vector3& row : matrix) {
        for (double& value : row) {
            value *= factor;
        }
    }
    return matrix;
}

/// Where to begin: as if it scaled perfectly from the smallest number of workers on.
Vector3 beginningOf(const Repeats& repeats)
{
    const LevelMean& first = repeats.levels().front();
    return {first.log - std::log(first.level), 0, 0};
}

/// Fits with nothing held, then holds at 0 what came out below it.
bool fitWithin(ScalingDescent& descent, const FreeParameters& isFree, ScalingFit& fit, Vector3& p,
               Matrix3& inverse)
{
    if (!descent.run(isFree, p)) {
        return false;
    }
    fit.freeParameters = p;
    fit.freeCovariance = descent.inverse();
    inverse = descent.inverse();
    FreeParameters within = isFree;
    Vector3 best = p;
    // With kappa held sigma may come out below 0, and the other way round.
    for (int i = 0; i < 2; ++i) {
        const std::size_t lowest = best[Sigma] < best[Kappa] ? Sigma : Kappa;
        const std::size_t held = within[lowest] ? lowest : lowest == Sigma ? Kappa : Sigma;
        if (!within[held] || best[held] >= 0) {
            break;
        }
        within[held] = false;
        best[held] = 0;
        if (!descent.run(within, best)) {
            return false;
        }
        inverse = descent.inverse();
    }
    p = best;
    return true;
}

Estimate cutOff(double value, double centre, double error, double quantile)
{
    return {value, std::max(0.0, centre - quantile * error),
            std::max(0.0, centre + quantile * error)};
}

double misfitOf(double squares, int freedom, const Repeats& repeats)
{
    const double pure = repeats.spread() * repeats.spread() * repeats.freedom();
    const int extra = freedom - repeats.freedom();
    if (extra < 1 || repeats.freedom() < 1 || pure <= 0) {
        return 1;
    }
    return probabilityAbove(std::max(0.0, squares - pure) / extra / (pure / repeats.freedom()),
                            extra, repeats.freedom());
}

FitEvidence evidenceOf(const ScalingFit& fit)
{
    if (fit.misfit < kMisfit) {
        return FitEvidence::OtherShape;
    }
    const double error = std::sqrt(fit.freeCovariance[Sigma][Sigma]);
    return 2 * fit.quantile * error > kWidestSigma ? FitEvidence::TooNoisy : FitEvidence::Enough;
}

} // namespace

std::string_view toText(ScalingLaw law) noexcept
{
    return kLawTexts[static_cast<std::size_t>(law)];
}

std::string_view toText(FitEvidence evidence) noexcept
{
    return kEvidenceTexts[static_cast<std::size_t>(evidence)];
}

ScalingFit fitScaling(std::span<const Repeat> runs, ScalingLaw law)
{
    ScalingFit fit;
    fit.law = law;
    const Repeats repeats(runs);
    const FreeParameters isFree{true, true, law == ScalingLaw::Usl};
    const int parameters = law == ScalingLaw::Usl ? 3 : 2;
    if (static_cast<int>(repeats.levels().size()) <= parameters) {
        return fit;
    }
    fit.fewestWorkers = repeats.levels().front().level;
    fit.mostWorkers = repeats.levels().back().level;
    const int freedom = static_cast<int>(runs.size()) - parameters - (repeats.roundCount() - 1);
    if (repeats.freedom() < 1) {
        fit.evidence = FitEvidence::NotRepeated;
        return fit;
    }
    ScalingDescent descent(repeats, runs);
    Vector3 p = beginningOf(repeats);
    Matrix3 inverse{};
    if (!fitWithin(descent, isFree, fit, p, inverse)) {
        return fit;
    }
    const double squares = descent.squares(p);
    const double variance = descent.squares(fit.freeParameters) / freedom;
    fit.quantile = studentQuantile(kConfidence, freedom);
    fit.spread = std::sqrt(variance);
    fit.covariance = scaled(inverse, variance);
    fit.freeCovariance = scaled(fit.freeCovariance, variance);
    const double lambdaReach = fit.quantile * std::sqrt(fit.freeCovariance[LogLambda][LogLambda]);
    fit.lambda = {std::exp(p[LogLambda]), std::exp(fit.freeParameters[LogLambda] - lambdaReach),
                  std::exp(fit.freeParameters[LogLambda] + lambdaReach)};
    const double sigmaError = std::sqrt(fit.freeCovariance[Sigma][Sigma]);
    fit.sigma = cutOff(p[Sigma], fit.freeParameters[Sigma], sigmaError, fit.quantile);
    fit.isSuperlinear = fit.freeParameters[Sigma] + fit.quantile * sigmaError < 0;
    fit.kappa = cutOff(p[Kappa], fit.freeParameters[Kappa],
                       std::sqrt(fit.freeCovariance[Kappa][Kappa]), fit.quantile);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        fit.residuals.push_back(repeats.adjustedLogs()[i] - logThroughput(p, runs[i].level));
    }
    fit.misfit = misfitOf(squares, freedom, repeats);
    fit.evidence = evidenceOf(fit);
    return fit;
}

Estimate ScalingFit::throughputAt(double workers) const
{
    const Vector3 p{std::log(lambda.value), sigma.value, kappa.value};
    const double log = logThroughput(p, workers);
    const double reach =
        quantile * std::sqrt(varianceOf(logThroughputGradient(p, workers), covariance));
    return {std::exp(log), std::exp(log - reach), std::exp(log + reach)};
}

Estimate ScalingFit::speedUpAt(double workers) const
{
    const Vector3 p{0, sigma.value, kappa.value};
    Vector3 gradient = logThroughputGradient(p, workers);
    gradient[LogLambda] = 0;
    const double log = logThroughput(p, workers);
    const double reach = quantile * std::sqrt(varianceOf(gradient, covariance));
    return {std::exp(log), std::exp(log - reach), std::exp(log + reach)};
}

std::optional<Estimate> ScalingFit::knee() const
{
    if (kappa.value <= 0 || sigma.value >= 1) {
        return std::nullopt;
    }
    // The knee n solves kappa n^2 + sigma - 1 = 0. For a given n the left side is linear in the
    // parameters, so its interval is plain; the knees that it leaves possible are the interval.
    const auto side = [this](double n, double direction) {
        const double error = std::sqrt(varianceOf({0, 1, n * n}, freeCovariance));
        return freeParameters[Kappa] * n * n + freeParameters[Sigma] - 1 +
               direction * quantile * error;
    };
    const auto firstAbove = [&side](double direction) {
        constexpr double kFarthest = 1e6;
        if (side(kFarthest, direction) < 0) {
            return std::numeric_limits<double>::infinity();
        }
        double low = 1;
        double high = kFarthest;
        constexpr int kHalvings = 100;
        for (int i = 0; i < kHalvings; ++i) {
            const double middle = std::sqrt(low * high);
            (side(middle, direction) < 0 ? low : high) = middle;
        }
        return high;
    };
    return Estimate{std::sqrt((1 - sigma.value) / kappa.value), firstAbove(1), firstAbove(-1)};
}

} // namespace poolscope
