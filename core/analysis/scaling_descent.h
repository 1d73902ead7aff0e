// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/least_squares.h"
#include "core/analysis/repeats.h"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace poolscope {

/// Places of a scaling law's parameters.
enum ScalingParameter : std::size_t { LogLambda, Sigma, Kappa };
using FreeParameters = std::array<bool, 3>; ///< which ones are not held

/// \return ln X(N) of the universal scalability law, and its derivatives by the parameters.
[[nodiscard]] double logThroughput(const Vector3& parameters, double workers);
[[nodiscard]] Vector3 logThroughputGradient(const Vector3& parameters, double workers);

/// Least squares by Gauss and Newton's method with halved steps, on the logarithms of throughput.
class ScalingDescent
{
public:
    /// Both must outlive it.
    ScalingDescent(const Repeats& repeats, std::span<const Repeat> runs);

    /// Improves \p parameters in those that are free. \return false when they cannot be told apart.
    bool run(const FreeParameters& isFree, Vector3& parameters);
    /// \return the sum of squared residuals, infinity where the law has no value.
    [[nodiscard]] double squares(const Vector3& parameters) const;
    /// Inverse of J'J where run() ended.
    [[nodiscard]] const Matrix3& inverse() const { return m_inverse; }

private:
    bool findStep(const Vector3& parameters, const FreeParameters& isFree, Vector3& step);

    std::span<const Repeat> m_runs;
    const std::vector<double>& m_logs;
    Matrix3 m_inverse{};
};

} // namespace poolscope
