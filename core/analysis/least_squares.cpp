// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/least_squares.h"

#include <cmath>
#include <cstddef>
#include <utility>

namespace poolscope {

namespace {

/// Gauss-Jordan on the rows and columns that are free, scaled so that pivots are near 1: the unknowns'
/// sizes differ by many orders.
bool invert(Matrix3 a, const std::array<bool, 3>& isFree, Matrix3& inverse)
{
    constexpr double kSmallestPivot = 1e-12;
    Vector3 scale{1, 1, 1};
    for (std::size_t i = 0; i < 3; ++i) {
        if (isFree[i] && !(a[i][i] > 0)) {
            return false;
        }
        scale[i] = isFree[i] ? 1 / std::sqrt(a[i][i]) : 0;
    }
    inverse = {};
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            a[i][j] *= scale[i] * scale[j];
        }
        inverse[i][i] = isFree[i] ? 1 : 0;
    }
    for (std::size_t p = 0; p < 3; ++p) {
        if (!isFree[p]) {
            continue;
        }
        const double pivot = a[p][p];
        if (!(pivot > kSmallestPivot)) {
            return false;
        }
        for (std::size_t j = 0; j < 3; ++j) {
            a[p][j] /= pivot;
            inverse[p][j] /= pivot;
        }
        for (std::size_t i = 0; i < 3; ++i) {
            const double factor = i == p ? 0 : a[i][p];
            for (std::size_t j = 0; j < 3; ++j) {
                a[i][j] -= factor * a[p][j];
                inverse[i][j] -= factor * inverse[p][j];
            }
        }
    }
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            inverse[i][j] *= scale[i] * scale[j];
        }
    }
    return true;
}

} // namespace

bool solveSymmetric(const Matrix3& a, const Vector3& b, const std::array<bool, 3>& isFree,
                    Vector3& solution, Matrix3& inverse)
{
    if (!invert(a, isFree, inverse)) {
        return false;
    }
    for (std::size_t i = 0; i < 3; ++i) {
        solution[i] = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            solution[i] += inverse[i][j] * b[j];
        }
    }
    return true;
}

double varianceOf(const Vector3& gradient, const Matrix3& covariance)
{
    double sum = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            sum += gradient[i] * covariance[i][j] * gradient[j];
        }
    }
    return sum;
}

} // namespace poolscope
