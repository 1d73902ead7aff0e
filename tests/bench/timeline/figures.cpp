// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/timeline/figures.h"

#include <cstdio>

namespace poolscope::bench {

bool printTable(const std::vector<TimelineFigure>& figures)
{
    bool isMet = true;
    std::printf("%-52s %12s %9s %9s\n", "figure", "measured", "gate", "goal");
    for (const TimelineFigure& figure : figures) {
        const bool isMissed = figure.gate > 0 && figure.value > figure.gate;
        isMet = isMet && !isMissed;
        std::printf("%-52s %9.3f %-3s", figure.what.c_str(), figure.value, figure.unit);
        if (figure.gate > 0) {
            std::printf(" %8g %9g  %s", figure.gate, figure.goal,
                        isMissed ? "MISSED" : (figure.value <= figure.goal ? "goal" : "gate"));
        }
        std::printf("%s%s\n", figure.note.empty() ? "" : "  ", figure.note.c_str());
    }
    return isMet;
}

} // namespace poolscope::bench
