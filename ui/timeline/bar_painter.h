// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "ui/timeline/plain_fill.h"
#include "ui/timeline/time_scale.h"
#include "ui/timeline/timeline_style.h"

class QPainter;

namespace poolscope {

class BarLabels;

/// Draws the tasks of a lane one by one, with what they waited for and how they ended. How a task
/// ended is a shape as well as a colour: failed and timed out are hatched, one upwards, the other downwards
/// with a broad end; cancelled is hollow with level lines; a lost attempt is torn off behind upright ones.
/// What is too small for that keeps a mark at its top.
class BarPainter
{
public:
    /// All must outlive the object, and transform and clip of \p painter stay as they are. \p devicePx: one device pixel in the painter's units.
    BarPainter(QPainter& painter, const TimelineStyle& style, BarLabels& labels, double devicePx)
        : m_painter(painter)
        , m_style(style)
        , m_labels(labels)
        , m_px(devicePx)
        , m_line(fineLine(devicePx))
        , m_fill(painter)
    {}

    /// Leaves out tasks that are done and shorter than \p leastNs.
    void setLeastBar(Nanos leastNs) { m_leastNs = leastNs; }
    /// \p rect: the lane, as wide as \p scale. O(records that are visible). Without \p hasTexts the labels
    /// are not touched: paintTexts() writes the names later, for who paints the bars on another thread.
    void paintLane(const Snapshot& snapshot, const LaneView& lane, const TimeScale& scale,
                   const QRectF& rect, bool hasTexts = true);
    void paintTexts(const Snapshot& snapshot, const LaneView& lane, const TimeScale& scale,
                    const QRectF& rect);
    /// The task that runs at this moment, up to \p nowNs.
    void paintRunning(const Snapshot& snapshot, const LaneView& lane, const TimeScale& scale,
                      const QRectF& rect, Nanos nowNs);

    /// A bar that did not end well, without its name.
    void paintOutcome(const QRectF& rect, const BarColors& colors, TaskState state);

private:
    struct Bar;
    template <class Paint>
    void forEachBar(const Snapshot& snapshot, const LaneView& lane, const TimeScale& scale,
                    const QRectF& rect, const Paint& paint);
    void paintBar(const Bar& bar);
    void paintLabel(const Bar& bar);
    void paintWait(const Bar& bar, const QRectF& strip, Nanos waitNs);
    void paintGhost(double from, double to, const QRectF& bars);
    void paintTravel(double from, double to, const QRectF& bars);
    enum class Hatch { Up, Down, Level, Upright };
    void paintHatch(const QRectF& rect, const QColor& color, double width, double distance,
                    Hatch hatch = Hatch::Up);
    void paintTornEnd(const QRectF& rect);
    void paintFrame(const QRectF& rect, const QColor& color, double width);
    [[nodiscard]] double snap(double x) const;

    QPainter& m_painter;
    const TimelineStyle& m_style;
    BarLabels& m_labels;
    double m_px;
    double m_line;
    PlainFill m_fill;
    Nanos m_leastNs = 0;
};

/// Draws what \p state looks like, for a legend. \p devicePx: one device pixel in the painter's units; 0: as
/// the painter's device has it.
void paintOutcomeSample(QPainter& painter, const TimelineStyle& style, const QRectF& rect,
                        TaskState state, double devicePx = 0);
/// Likewise in \p colors.
void paintOutcomeSample(QPainter& painter, const TimelineStyle& style, const QRectF& rect,
                        TaskState state, double devicePx, const BarColors& colors);

/// \return whether the lane's visible tasks are few enough to be drawn one by one. O(log records).
[[nodiscard]] bool drawsBars(const LaneView& lane, const TimeScale& scale, double devicePx);

/// \return the index of the lane's record at \p timeNs, the nearest one within \p reachNs of it (failures
/// before others), or recordCount. Reads a few hundred records at most.
[[nodiscard]] std::uint64_t recordNear(const LaneView& lane, Nanos timeNs, Nanos reachNs);

} // namespace poolscope
