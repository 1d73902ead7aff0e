// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"
#include "ui/common/theme.h"
#include "ui/timeline/task_coloring.h"

#include <QFont>
#include <QRectF>

#include <array>

namespace poolscope {

/// The colours one kind of task needs, worked out once.
struct BarColors
{
    QColor fill; ///< of a bar
    QColor muted; ///< of a density column, so that a full lane does not shout
    QColor edge; ///< outline where the fill alone is too close to the lane
    QColor hollow; ///< inside of a cancelled bar
    QColor label; ///< black or white, whichever reads better
    bool needsEdge = false;
};

/// Colours and fonts of a timeline, made from a theme. Lengths are the painter's units.
struct TimelineStyle
{
    TimelineStyle(const Theme& theme, const QFont& base);

    /// \return the colours of a kind of task; a job of one kind is coloured by executor.
    [[nodiscard]] const BarColors& colors(const Snapshot& snapshot, int executor,
                                          std::uint8_t kind) const;
    /// \return the colours of an ended attempt as coloring says.
    [[nodiscard]] const BarColors& colorsOf(const Snapshot& snapshot, const LaneInfo& lane,
                                            const TaskRecord& record) const;
    /// \return likewise of the task that runs on \p lane, for \p runNs so far.
    [[nodiscard]] const BarColors& runningColors(const Snapshot& snapshot, const LaneView& lane,
                                                 Nanos runNs) const;
    /// \return the colours of a class, faint when it is hidden. \p mode is an effective one.
    [[nodiscard]] const BarColors& classColors(ColorMode mode, int colorClass) const;
    /// \return likewise, but never faint: for legends.
    [[nodiscard]] const BarColors& fullColors(ColorMode mode, int colorClass) const;
    /// \return the lane's background.
    [[nodiscard]] const QColor& lane(const LaneInfo& info) const;
    /// \return the colour of the wait strip over a lane for a mean wait given as log2(1 + ns).
    [[nodiscard]] QColor waitOver(const QColor& lane, double waitLog2) const;

    Theme theme;
    TaskColoring coloring;
    QFont font;
    QFont smallFont;
    QFont boldFont;
    QColor frame; ///< where bars are cut from each other and from marks
    std::array<BarColors, 8> kinds;
    std::array<BarColors, 8> executors;
    std::array<BarColors, 8> outcomes; ///< in the order of their classes
    std::array<BarColors, 8> durations; ///< from short to long
    BarColors faint; ///< of what is not looked for
};

/// The parts of a lane's rectangle.
struct LaneParts
{
    QRectF bars;
    QRectF wait; ///< strip below the bars
};

/// \p devicePx: the size of one device pixel in the painter's units; parts lie on whole ones.
[[nodiscard]] LaneParts laneParts(const QRectF& lane, double devicePx);

/// \return the width of gaps and edges: one unit on a screen, half a point on paper, where pixels are fine.
[[nodiscard]] double fineLine(double devicePx);

/// log2(1 + ns) of the shortest queue wait that shows: 1 µs.
inline constexpr double kLeastWaitLog2 = 9.97;

/// \return how strongly a queue wait shows, 0…1: the logarithm from 1 µs (0.06) to 10 s (1), 0 below.
[[nodiscard]] double waitTone(double waitLog2);

/// \return \p top over \p bottom with \p opacity 0…1.
[[nodiscard]] QColor blended(const QColor& top, const QColor& bottom, double opacity);

/// \return whether a task in one of these states did not end well (cancelled is neutral).
constexpr bool isFailure(TaskState state) noexcept
{
    return state == TaskState::Failed || state == TaskState::TimedOut || state == TaskState::Lost;
}

inline constexpr std::uint8_t kFailureBits = static_cast<std::uint8_t>(
    stateBit(TaskState::Failed) | stateBit(TaskState::TimedOut) | stateBit(TaskState::Lost));

} // namespace poolscope
