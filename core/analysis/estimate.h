// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace poolscope {

/// The share of cases in which an interval of this program is to hold the truth.
inline constexpr double kConfidence = 0.95;

/// A figure that was estimated, and the interval that holds the true one with kConfidence.
struct Estimate
{
    double value = 0;
    double low = 0;
    double high = 0;

    /// Narrow enough to base advice on: the ends are less than half apart.
    [[nodiscard]] bool isFirm() const
    {
        constexpr double kFirm = 1.5;
        return low > 0 && high < kFirm * low;
    }
    [[nodiscard]] bool contains(double truth) const { return low <= truth && truth <= high; }
};

} // namespace poolscope
