// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/bar_labels.h"
#include "ui/timeline/column_raster.h"
#include "ui/timeline/time_axis.h"
#include "ui/timeline/time_scale.h"
#include "ui/timeline/timeline_style.h"

#include <QRectF>

#include <optional>
#include <vector>

class QPainter;

namespace poolscope {

struct FinishLines;

/// A control event on the ruler.
struct EventMark
{
    const ControlEvent* event = nullptr;
    double x = 0;
};

/// \return where the cross of a death at \p x lies on a lane: beside it, so that the lost bar stays
/// visible.
[[nodiscard]] QRectF deathMark(double x, const QRectF& lane);

/// Paints the parts of a timeline onto any painter, at any size: the window's view and the figures use
/// the same code. Each part goes into the rectangle it is given. GUI thread.
class TimelinePainter
{
public:
    /// \p style must outlive the object.
    explicit TimelinePainter(const TimelineStyle& style);

    /// What is painted from now on; \p snapshot must outlive it. \p nowNs: the end of what is open.
    /// \p devicePx: one device pixel in the painter's units.
    void begin(const Snapshot& snapshot, const TimeScale& scale, Nanos nowNs, double devicePx);

    /// Takes \p axis for the grid in place of its own. After begin().
    void setAxis(const TimeAxis& axis);
    /// Leaves out bars of tasks that are done and shorter than \p leastNs, for who draws them otherwise.
    void setLeastBar(Nanos leastNs) { m_leastBarNs = leastNs; }

    [[nodiscard]] const TimeAxis& axis() const { return m_axis; }
    [[nodiscard]] const TimeScale& scale() const { return m_scale; }
    /// \return the events that have a mark on the ruler, inside the scale.
    [[nodiscard]] std::vector<EventMark> eventMarks() const;
    [[nodiscard]] QColor markColor(const ControlEvent& event) const;

    /// Ticks and their numbers; \p corner (left of it) says unit and offset.
    void paintRuler(QPainter& painter, const QRectF& rect, const QRectF& corner);
    /// \return where on \p rulerRect detail is gone (detailSince()); empty when that is not in sight.
    [[nodiscard]] QRectF goneRect(const QRectF& rulerRect) const;
    /// Hatches it, with a line where detail begins and, where there is room, words. After paintRuler().
    void paintGone(QPainter& painter, const QRectF& rulerRect);
    /// The marks of resizes, pauses, deaths and errors along the bottom of the ruler.
    void paintEventMarks(QPainter& painter, const QRectF& rulerRect);
    /// Title and facts of an executor; \p headerWidth: where the plot begins.
    /// \p isCollapsed turns the triangle before it; nothing: there is none (a figure).
    void paintGroup(QPainter& painter, const QRectF& rect, int executor, double headerWidth,
                    std::optional<bool> isCollapsed = std::nullopt);
    void paintLaneHeader(QPainter& painter, const QRectF& rect, const LaneView& lane);
    /// Name and busy share of all lanes of an executor together.
    void paintSummaryHeader(QPainter& painter, const QRectF& rect, int executor);
    /// All lanes of an executor as one: the height of a column is the share of workers that were busy.
    void paintSummary(QPainter& painter, const QRectF& rect, int executor);
    /// Name of a thread that runs no tasks, and how busy it was in the visible range.
    void paintInfrastructureHeader(QPainter& painter, const QRectF& rect,
                                   const InfrastructureView& view);
    /// When it was busy: the darker, the more of a column. O(stretches that are visible).
    void paintInfrastructure(QPainter& painter, const QRectF& rect, const InfrastructureView& view);
    /// Background where the lane had a worker, grid, and what ran on it.
    void paintLane(QPainter& painter, const LaneView& lane, const QRectF& rect);
    /// The bars part of paintLane(), for a lane whose background is painted.
    void paintLaneBars(QPainter& painter, const LaneView& lane, const QRectF& rect);
    /// Background and bars without their names, which paintLaneTexts() writes over them. Any thread, as long
    /// as nothing but this is called.
    void paintLaneWithoutTexts(QPainter& painter, const LaneView& lane, const QRectF& rect);
    void paintLaneTexts(QPainter& painter, const LaneView& lane, const QRectF& rect);
    void paintLaneBackground(QPainter& painter, const LaneView& lane, const QRectF& rect);
    /// What changes while time passes: the task that runs now.
    void paintRunning(QPainter& painter, const LaneView& lane, const QRectF& rect);
    /// Where workers began, ended and died.
    void paintLifeMarks(QPainter& painter, const LaneView& lane, const QRectF& rect);
    /// Resizes as lines and pauses as veils over the lanes of an executor.
    void paintEventLines(QPainter& painter, const QRectF& lanesRect, int executor);
    /// Where the job could have ended, over the lanes of its executor: lines with their names, and the
    /// shaded tail.
    void paintFinish(QPainter& painter, const QRectF& lanesRect, const FinishLines& finish);

    [[nodiscard]] ColumnRaster& columns() { return m_columns; }
    /// \return the end of what is open, as given to begin().
    [[nodiscard]] Nanos nowNs() const { return m_nowNs; }

private:
    template <class Paint>
    void withBars(QPainter& painter, const QRectF& rect, const Paint& paint);
    void paintColumns(QPainter& painter, const LaneView* lane, int executor, const QRectF& rect);
    void paintShare(QPainter& painter, const QRectF& rect, int executor, double share);
    [[nodiscard]] double paintMarkText(QPainter& painter, const EventMark& mark, double y,
                                       double free);
    [[nodiscard]] double snap(double x) const;

    const TimelineStyle& m_style;
    BarLabels m_labels;
    ColumnRaster m_columns;
    const Snapshot* m_snapshot = nullptr;
    TimeScale m_scale;
    TimeAxis m_axis;
    Nanos m_nowNs = 0;
    Nanos m_leastBarNs = 0;
    double m_px = 1;
};

} // namespace poolscope
