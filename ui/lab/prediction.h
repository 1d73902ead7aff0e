// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/pool_size.h"

#include <map>
#include <optional>
#include <vector>

namespace poolscope {

/// The speed-up that somebody expects of each number of workers, before it is measured. GUI thread.
class Prediction
{
public:
    /// The numbers of workers, ascending; what is expected of others is forgotten. The first has its own
    /// number as speed-up, since speed-ups count from there.
    void setLevels(const std::vector<int>& levels);
    [[nodiscard]] const std::vector<int>& levels() const { return m_levels; }
    void clear();

    /// \p workers is one of levels(); for the first of them nothing changes. \p speedUp is kept above 0.
    void set(int workers, double speedUp);
    /// \return what was set, and the first level.
    [[nodiscard]] const std::map<int, double>& values() const { return m_values; }
    [[nodiscard]] bool isEmpty() const { return m_values.size() < 2; }
    /// \return what is expected of \p workers: what was set, or on the line between what was set beside
    /// it, or as much as the nearest.
    [[nodiscard]] double at(int workers) const;

private:
    std::vector<int> m_levels;
    std::map<int, double> m_values;
};

/// How far a prediction was off.
struct PredictionError
{
    double mean = 0; ///< of |predicted / measured - 1| over the levels that were set and measured
    int worst = 0; ///< the number of workers where that was largest
    double predicted = 0; ///< there
    double measured = 0; ///< there
};

/// \return no value: nothing was predicted that was measured.
[[nodiscard]] std::optional<PredictionError> errorOf(const Prediction& prediction,
                                                     const std::vector<PoolSizePoint>& points);

} // namespace poolscope
