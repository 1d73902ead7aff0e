// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"
#include "ui/timeline/lane_arrangement.h"

#include <optional>
#include <span>
#include <vector>

namespace poolscope {

/// A row of the timeline: the title of an executor, a lane below it, or one for all of them together
/// while they are collapsed; below them the threads that run no tasks, when they were recorded.
struct LaneRow
{
    enum class Kind : std::uint8_t { Title, Lane, Summary, Infrastructure };

    int executor = 0;
    int lane =
        -1; ///< index in Snapshot::lanes (of Infrastructure in Snapshot::infrastructure), else -1
    double top = 0; ///< from the content's top
    double height = 0;
    Kind kind = Kind::Lane;

    [[nodiscard]] bool isGroup() const { return kind == Kind::Title; }
    [[nodiscard]] bool isLane() const { return kind == Kind::Lane; }
    [[nodiscard]] double bottom() const { return top + height; }
    friend bool operator==(const LaneRow&, const LaneRow&) = default;
};

/// Sizes in the painter's units.
struct LaneMetrics
{
    double groupHeight = 26;
    double minLaneHeight = 16;
    double maxLaneHeight = 46;
    double laneGap = 3;
    double groupGap = 6; ///< below the lanes of an executor
    double infrastructureHeight = 0; ///< of threads that run no tasks, 0: they are not shown

    friend bool operator==(const LaneMetrics&, const LaneMetrics&) = default;
};

/// Where the rows lie. Lanes share \p availableHeight evenly between the metrics' bounds, unless the
/// arrangement gives their height; what does not fit is reached by scrolling. \p order: as orderedLanes();
/// empty: as they are.
class LaneLayout
{
public:
    LaneLayout() = default;
    LaneLayout(const Snapshot& snapshot, const LaneMetrics& metrics, double availableHeight,
               const LaneArrangement& arrangement = {}, std::span<const int> order = {});

    [[nodiscard]] const std::vector<LaneRow>& rows() const { return m_rows; }
    [[nodiscard]] double contentHeight() const { return m_contentHeight; }
    /// \return the row at \p y from the content's top; nothing between rows.
    [[nodiscard]] const LaneRow* rowAt(double y) const;
    /// \return the row of \p lane, or nullptr when it is not shown.
    [[nodiscard]] const LaneRow* rowOf(int lane) const;

    friend bool operator==(const LaneLayout&, const LaneLayout&) = default;

private:
    std::vector<LaneRow> m_rows;
    double m_contentHeight = 0;
};

/// \return whether the lane gets a row: workers always, the queue's lane when it holds something.
[[nodiscard]] bool isShown(const LaneView& lane);

} // namespace poolscope
