// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/distributions.h"

#include <cassert>
#include <cmath>

namespace poolscope {

namespace {

double logGamma(double x)
{
    int sign = 0; // std::lgamma would keep it in a global that threads share
    return ::lgamma_r(x, &sign);
}

/// The continued fraction of the incomplete beta function (DLMF 8.17.22), evaluated from the front
/// (Lentz 1976). Converges quickly for x < (a + 1) / (a + b + 2).
double betaFraction(double a, double b, double x)
{
    constexpr int kMostSteps = 500;
    constexpr double kTiny = 1e-300; // in the place of a zero
    constexpr double kClose = 1e-15;
    double value = 1;
    double numerator = 1;
    double denominator = 0;
    for (int step = 1; step <= kMostSteps; ++step) {
        const double m = step / 2; // NOLINT(bugprone-integer-division): whole steps are meant
        const double d = step == 1 ? -(a + b) * x / (a + 1)
                         : step % 2 == 0
                             ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                             : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        denominator = 1 + d * denominator;
        denominator = 1 / (std::abs(denominator) < kTiny ? kTiny : denominator);
        numerator = 1 + d / numerator;
        numerator = std::abs(numerator) < kTiny ? kTiny : numerator;
        value *= numerator * denominator;
        if (std::abs(numerator * denominator - 1) < kClose) {
            break;
        }
    }
    return 1 / value;
}

} // namespace

double incompleteBeta(double a, double b, double x)
{
    assert(a > 0 && b > 0);
    if (x <= 0) {
        return 0;
    }
    if (x >= 1) {
        return 1;
    }
    const double front = std::exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * std::log(x) +
                                  b * std::log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * betaFraction(a, b, x) / a
                                     : 1 - front * betaFraction(b, a, 1 - x) / b;
}

double probabilityBeyond(double t, double freedom)
{
    return incompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

double studentQuantile(double confidence, double freedom)
{
    assert(confidence > 0 && confidence < 1 && freedom > 0);
    const double beyond = 1 - confidence;
    double low = 0;
    double high = 1;
    while (probabilityBeyond(high, freedom) > beyond) {
        low = high;
        high *= 2;
    }
    constexpr int kHalvings = 60;
    for (int i = 0; i < kHalvings; ++i) {
        const double middle = (low + high) / 2;
        (probabilityBeyond(middle, freedom) > beyond ? low : high) = middle;
    }
    return (low + high) / 2;
}

double probabilityAbove(double f, double freedomAbove, double freedomBelow)
{
    return f <= 0 ? 1
                  : incompleteBeta(freedomBelow / 2, freedomAbove / 2,
                                   freedomBelow / (freedomBelow + freedomAbove * f));
}

} // namespace poolscope
