// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lane_layout.h"

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

double laneHeightFor(double available, std::size_t groups, std::size_t lanes,
                     const LaneMetrics& metrics)
{
    if (lanes == 0) {
        return metrics.maxLaneHeight;
    }
    const double taken = static_cast<double>(groups) * (metrics.groupHeight + metrics.groupGap) +
                         static_cast<double>(lanes) * metrics.laneGap;
    const double each = std::floor((available - taken) / static_cast<double>(lanes));
    return std::clamp(each, metrics.minLaneHeight, metrics.maxLaneHeight);
}

} // namespace

bool isShown(const LaneView& lane)
{
    return lane.info().kind != LaneKind::Queue || lane.recordCount > 0;
}

LaneLayout::LaneLayout(const Snapshot& snapshot, const LaneMetrics& metrics, double availableHeight)
{
    const std::size_t groups = snapshot.meta->executors.size();
    const auto lanes = static_cast<std::size_t>(
        std::count_if(snapshot.lanes.begin(), snapshot.lanes.end(), isShown));
    const double laneHeight = laneHeightFor(availableHeight, groups, lanes, metrics);

    double y = 0;
    for (int executor = 0; executor < static_cast<int>(groups); ++executor) {
        m_rows.push_back({executor, -1, y, metrics.groupHeight});
        y += metrics.groupHeight;
        for (std::size_t i = 0; i < snapshot.lanes.size(); ++i) {
            const LaneView& lane = snapshot.lanes[i];
            if (lane.info().executor == executor && isShown(lane)) {
                m_rows.push_back({executor, static_cast<int>(i), y, laneHeight});
                y += laneHeight + metrics.laneGap;
            }
        }
        y += metrics.groupGap;
    }
    m_contentHeight = y;
}

const LaneRow* LaneLayout::rowAt(double y) const
{
    const auto after =
        std::upper_bound(m_rows.begin(), m_rows.end(), y,
                         [](double value, const LaneRow& row) { return value < row.top; });
    if (after == m_rows.begin()) {
        return nullptr;
    }
    const LaneRow& row = *std::prev(after);
    return y < row.bottom() ? &row : nullptr;
}

const LaneRow* LaneLayout::rowOf(int lane) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [lane](const LaneRow& row) {
        return !row.isGroup() && row.lane == lane;
    });
    return found == m_rows.end() ? nullptr : &*found;
}

} // namespace poolscope
