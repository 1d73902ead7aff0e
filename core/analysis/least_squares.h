// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

namespace poolscope {

using Vector3 = std::array<double, 3>;
using Matrix3 = std::array<Vector3, 3>;

/// Solves a x = b for symmetric positive definite \p a over the unknowns that \p isFree names; the others
/// are 0 in \p solution and \p inverse. \return false when \p a is singular.
[[nodiscard]] bool solveSymmetric(const Matrix3& a, const Vector3& b,
                                  const std::array<bool, 3>& isFree, Vector3& solution,
                                  Matrix3& inverse);

/// \return gradient' covariance gradient: the variance of a linear combination.
[[nodiscard]] double varianceOf(const Vector3& gradient, const Matrix3& covariance);

} // namespace poolscope
