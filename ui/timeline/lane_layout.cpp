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

double infrastructureRoom(const Snapshot& snapshot, const LaneMetrics& metrics)
{
    return metrics.infrastructureHeight > 0 ? static_cast<double>(snapshot.infrastructure.size()) *
                                                  (metrics.infrastructureHeight + metrics.laneGap)
                                            : 0;
}

} // namespace

bool isShown(const LaneView& lane)
{
    return lane.info().kind != LaneKind::Queue || lane.recordCount > 0;
}

LaneLayout::LaneLayout(const Snapshot& snapshot, const LaneMetrics& metrics, double availableHeight,
                       const LaneArrangement& arrangement, std::span<const int> order)
{
    const int groups = static_cast<int>(snapshot.meta->executors.size());
    const auto laneAt = [&](std::size_t place) {
        return place < order.size() ? order[place] : static_cast<int>(place);
    };
    const auto isPlaced = [&](const LaneView& lane) {
        return isShown(lane) && !arrangement.isCollapsed(lane.info().executor);
    };
    auto lanes = static_cast<std::size_t>(
        std::count_if(snapshot.lanes.begin(), snapshot.lanes.end(), isPlaced));
    for (int executor = 0; executor < groups; ++executor) {
        lanes += arrangement.isCollapsed(executor) ? 1U : 0U;
    }
    const double laneHeight =
        arrangement.laneHeight > 0
            ? std::clamp(std::round(arrangement.laneHeight), LaneArrangement::kLeastHeight,
                         LaneArrangement::kGreatestHeight)
            : laneHeightFor(availableHeight - infrastructureRoom(snapshot, metrics),
                            static_cast<std::size_t>(groups), lanes, metrics);

    double y = 0;
    const auto add = [&](LaneRow::Kind kind, int executor, int lane, double height) {
        m_rows.push_back({executor, lane, y, height, kind});
        y += height;
    };
    for (int executor = 0; executor < groups; ++executor) {
        add(LaneRow::Kind::Title, executor, -1, metrics.groupHeight);
        if (arrangement.isCollapsed(executor)) {
            add(LaneRow::Kind::Summary, executor, -1, laneHeight);
            y += metrics.laneGap;
        }
        for (std::size_t place = 0; place < snapshot.lanes.size(); ++place) {
            const int index = laneAt(place);
            const LaneView& lane = snapshot.lanes[static_cast<std::size_t>(index)];
            if (lane.info().executor == executor && isPlaced(lane)) {
                add(LaneRow::Kind::Lane, executor, index, laneHeight);
                y += metrics.laneGap;
            }
        }
        for (std::size_t i = 0; i < snapshot.infrastructure.size(); ++i) {
            // What belongs to no executor stands below the last one.
            const int owner = snapshot.infrastructure[i].lane->info().executor;
            const bool isHere = owner == executor || (owner < 0 && executor == groups - 1);
            if (isHere && metrics.infrastructureHeight > 0 && !arrangement.isCollapsed(executor)) {
                add(LaneRow::Kind::Infrastructure, executor, static_cast<int>(i),
                    metrics.infrastructureHeight);
                y += metrics.laneGap;
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
        return row.isLane() && row.lane == lane;
    });
    return found == m_rows.end() ? nullptr : &*found;
}

} // namespace poolscope
