// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/scaling_descent.h"

#include <cmath>
#include <limits>

namespace poolscope {

namespace {

double slowdown(const Vector3& p, double n)
{
    return 1 + p[Sigma] * (n - 1) + p[Kappa] * n * (n - 1);
}

Vector3 moved(const Vector3& p, const Vector3& step, double share)
{
    return {p[0] + share * step[0], p[1] + share * step[1], p[2] + share * step[2]};
}

} // namespace

double logThroughput(const Vector3& parameters, double workers)
{
    return parameters[LogLambda] + std::log(workers) - std::log(slowdown(parameters, workers));
}

Vector3 logThroughputGradient(const Vector3& parameters, double workers)
{
    const double d = slowdown(parameters, workers);
    return {1, -(workers - 1) / d, -workers * (workers - 1) / d};
}

ScalingDescent::ScalingDescent(const Repeats& repeats, std::span<const Repeat> runs)
    : m_runs(runs)
    , m_logs(repeats.adjustedLogs())
{}

bool ScalingDescent::run(const FreeParameters& isFree, Vector3& parameters)
{
    constexpr int kMostSteps = 200;
    constexpr double kClose = 1e-12;
    constexpr double kSmallestShare = 1e-9;
    Vector3 step{};
    for (int i = 0; i < kMostSteps; ++i) {
        if (!findStep(parameters, isFree, step)) {
            return false;
        }
        const double before = squares(parameters);
        double share = 1;
        while (!(squares(moved(parameters, step, share)) <= before) && share > kSmallestShare) {
            share /= 2;
        }
        const Vector3 next = moved(parameters, step, share);
        const double gain = before - squares(next);
        if (!(gain >= 0)) {
            break;
        }
        parameters = next;
        if (gain <= kClose * before) {
            break;
        }
    }
    return findStep(parameters, isFree, step);
}

double ScalingDescent::squares(const Vector3& parameters) const
{
    double sum = 0;
    for (std::size_t i = 0; i < m_runs.size(); ++i) {
        if (!(slowdown(parameters, m_runs[i].level) > 0)) {
            return std::numeric_limits<double>::infinity();
        }
        const double rest = m_logs[i] - logThroughput(parameters, m_runs[i].level);
        sum += rest * rest;
    }
    return sum;
}

bool ScalingDescent::findStep(const Vector3& parameters, const FreeParameters& isFree,
                              Vector3& step)
{
    Matrix3 a{};
    Vector3 b{};
    for (std::size_t i = 0; i < m_runs.size(); ++i) {
        const Vector3 g = logThroughputGradient(parameters, m_runs[i].level);
        const double rest = m_logs[i] - logThroughput(parameters, m_runs[i].level);
        for (std::size_t r = 0; r < 3; ++r) {
            for (std::size_t c = 0; c < 3; ++c) {
                a[r][c] += g[r] * g[c];
            }
            b[r] += g[r] * rest;
        }
    }
    return solveSymmetric(a, b, isFree, step, m_inverse);
}

} // namespace poolscope
