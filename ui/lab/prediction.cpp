// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/prediction.h"

#include <algorithm>
#include <cmath>

namespace poolscope {

void Prediction::setLevels(const std::vector<int>& levels)
{
    m_levels = levels;
    std::erase_if(m_values, [&levels](const auto& value) {
        return !std::ranges::binary_search(levels, value.first);
    });
    if (!levels.empty()) {
        m_values[levels.front()] = levels.front();
    }
}

void Prediction::clear()
{
    m_values.clear();
    if (!m_levels.empty()) {
        m_values[m_levels.front()] = m_levels.front();
    }
}

void Prediction::set(int workers, double speedUp)
{
    constexpr double kLeast = 0.01;
    if (std::ranges::binary_search(m_levels, workers) && workers != m_levels.front()) {
        m_values[workers] = std::max(kLeast, speedUp);
    }
}

double Prediction::at(int workers) const
{
    const auto after = m_values.lower_bound(workers);
    if (after == m_values.end()) {
        return m_values.empty() ? workers : m_values.rbegin()->second;
    }
    if (after->first == workers || after == m_values.begin()) {
        return after->second;
    }
    const auto before = std::prev(after);
    const double share = static_cast<double>(workers - before->first) /
                         static_cast<double>(after->first - before->first);
    return std::lerp(before->second, after->second, share);
}

std::optional<PredictionError> errorOf(const Prediction& prediction,
                                       const std::vector<PoolSizePoint>& points)
{
    PredictionError error;
    int count = 0;
    double largest = -1;
    for (const PoolSizePoint& point : points) {
        const auto found = prediction.values().find(point.workers);
        if (found == prediction.values().end() || point.workers == points.front().workers ||
            point.speedUp.value <= 0) {
            continue;
        }
        const double off = std::abs(found->second / point.speedUp.value - 1);
        ++count;
        error.mean += off;
        if (off > largest) {
            largest = off;
            error.worst = point.workers;
            error.predicted = found->second;
            error.measured = point.speedUp.value;
        }
    }
    if (count == 0) {
        return std::nullopt;
    }
    error.mean /= count;
    return error;
}

} // namespace poolscope
