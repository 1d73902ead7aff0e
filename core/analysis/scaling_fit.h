// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/estimate.h"
#include "core/analysis/repeats.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace poolscope {

enum class ScalingLaw : std::uint8_t {
    Amdahl, ///< X(N) = lambda N / (1 + sigma (N - 1)), sigma the serial fraction (Amdahl 1967)
    Usl, ///< X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)) (Gunther, "Guerrilla Capacity
    ///< Planning", 2007: contention and coherency)
};

/// What the runs allow to say of a law.
enum class FitEvidence : std::uint8_t {
    Enough,
    TooFewSizes, ///< of different numbers of workers there are no more than parameters
    NotRepeated, ///< nothing was run twice, so the noise is not known
    TooNoisy, ///< sigma can be almost anything
    OtherShape, ///< the means are further from the curve than noise explains: the law does not hold here
};

/// \return the stable words in files and on the command line, e.g. "amdahl", "too_noisy".
[[nodiscard]] std::string_view toText(ScalingLaw law) noexcept;
[[nodiscard]] std::string_view toText(FitEvidence evidence) noexcept;

/// A law fitted to throughputs by least squares on their logarithms (noise is relative to the value), the
/// rounds' drift taken out. Intervals are those of nonlinear least squares with Student's t (Seber and
/// Wild, "Nonlinear Regression", 1989, ch. 5), cut off at 0 where the law ends. With TooFewSizes and
/// NotRepeated only law and evidence say something.
struct ScalingFit
{
    ScalingLaw law = ScalingLaw::Amdahl;
    FitEvidence evidence = FitEvidence::TooFewSizes;
    Estimate lambda; ///< throughput of one worker
    Estimate sigma; ///< share that only one worker at a time can do; 0 without contention
    Estimate kappa; ///< cost of each pair of workers that must agree; Amdahl: 0
    /// Sigma's interval lies below 0: more workers did more than their share (caches, for example). The
    /// curve is drawn with sigma 0.
    bool isSuperlinear = false;
    double spread = 0; ///< standard deviation of a run around the curve, relative (0.02: 2 %)
    double misfit =
        1; ///< how likely means this far from the curve are if the law holds (lack-of-fit F test)
    std::vector<double> residuals; ///< of the runs as given: logarithm of measured over fitted
    int fewestWorkers = 0; ///< what was measured, where the curve is more than a guess
    int mostWorkers = 0;

    /// \return whether there is a curve to draw.
    [[nodiscard]] bool hasCurve() const
    {
        return evidence != FitEvidence::TooFewSizes && evidence != FitEvidence::NotRepeated;
    }
    /// \return throughput with \p workers (at least 1, need not be whole), and its band. Precondition:
    /// hasCurve().
    [[nodiscard]] Estimate throughputAt(double workers) const;
    /// \return the same over one worker's throughput.
    [[nodiscard]] Estimate speedUpAt(double workers) const;
    /// \return the number of workers that the law has its most throughput at, sqrt((1 - sigma) / kappa),
    /// with Fieller's interval (1954); its end is infinity while no end can be told. No value: kappa is 0
    /// or the law is Amdahl's, more workers never hurt. Precondition: hasCurve().
    [[nodiscard]] std::optional<Estimate> knee() const;

    /// Of ln lambda, sigma, kappa; zero where a parameter was held.
    std::array<std::array<double, 3>, 3> covariance{};
    /// The same of the fit that holds nothing at 0.
    std::array<std::array<double, 3>, 3> freeCovariance{};
    std::array<double, 3> freeParameters{};
    double quantile = 0; ///< Student's, for kConfidence
};

/// Fits \p law to \p runs: level is the number of workers, value the throughput (any unit). Any thread.
[[nodiscard]] ScalingFit fitScaling(std::span<const Repeat> runs, ScalingLaw law);

} // namespace poolscope
