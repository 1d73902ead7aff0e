// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/hit_marks.h"

#include <cmath>

namespace poolscope {

std::vector<double> hitMarks(const TaskHits& hits, const TimeScale& scale)
{
    std::vector<double> marks;
    const TimeRange range = visibleRange(scale);
    std::size_t next = firstStartingAt(*hits.snapshot, hits.records, range.beginNs);
    while (next < hits.size()) {
        const Nanos startNs = findRecord(*hits.snapshot, hits.records[next])->startNs;
        if (startNs >= range.endNs) {
            break;
        }
        const double x = std::floor(toX(scale, startNs) - scale.left);
        marks.push_back(scale.left + x);
        next = std::max(next + 1, firstStartingAt(*hits.snapshot, hits.records,
                                                  toTime(scale, scale.left + x + 1)));
    }
    return marks;
}

} // namespace poolscope
