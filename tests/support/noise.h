// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <random>

namespace poolscope {

/// What a shared machine does to measurements, as a factor on a time: noise around 1, a slow drift, and
/// now and then a run that something disturbed. Seeded, so the same each time.
class MachineNoise
{
public:
    struct Shape
    {
        double spread = 0.02; ///< standard deviation of a run
        double drift = 0.03; ///< standard deviation of the step that a round adds
        double outliers = 0.04; ///< share of runs that are disturbed
        double disturbance = 0.15; ///< mean extra time of those
    };

    MachineNoise(unsigned seed, const Shape& shape)
        : m_random(seed)
        , m_shape(shape)
    {}

    void nextRound() { m_drift += m_shape.drift * m_normal(m_random); }
    double nextFactor()
    {
        double log = m_drift + m_shape.spread * m_normal(m_random);
        if (m_share(m_random) < m_shape.outliers) {
            log += std::log1p(m_shape.disturbance * m_delay(m_random));
        }
        return std::exp(log);
    }

private:
    std::mt19937 m_random;
    Shape m_shape;
    std::normal_distribution<double> m_normal;
    std::uniform_real_distribution<double> m_share;
    std::exponential_distribution<double> m_delay;
    double m_drift = 0;
};

} // namespace poolscope
