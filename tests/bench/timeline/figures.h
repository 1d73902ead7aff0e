// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace poolscope::bench {

/// One line of the table: what was measured, and what it is to be at most.
struct TimelineFigure
{
    std::string what;
    double value = 0;
    const char* unit = "ms";
    double gate = 0; ///< 0: there is none, the figure only tells
    double goal = 0;
    std::string note{};
};

/// Prints the table. \return whether all gates were met.
bool printTable(const std::vector<TimelineFigure>& figures);

} // namespace poolscope::bench
