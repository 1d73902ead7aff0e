// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/lane_image.h"
#include "ui/timeline/lane_layout.h"
#include "ui/timeline/task_card.h"
#include "ui/timeline/timeline_painter.h"
#include "ui/timeline/timeline_style.h"
#include "ui/timeline/timeline_view.h"

#include <optional>

namespace poolscope {

/// Everything that depends on the theme, made anew when it changes.
struct TimelineLook
{
    TimelineLook(const Theme& theme, const QFont& font)
        : style(theme, font)
        , painter(style)
        , image(style)
    {}

    TimelineStyle style;
    TimelinePainter painter;
    LaneImage image;
};

/// The view's insides: where things are, what the mouse does, what is painted over the lanes.
class TimelineView::Private
{
public:
    Private(TimelineView& view, ViewState& viewState);

    // Geometry, in the viewport's coordinates.
    [[nodiscard]] QRectF plotRect() const; ///< below the ruler
    [[nodiscard]] QRectF rulerRect() const;
    [[nodiscard]] QRectF rectOf(const LaneRow& row) const; ///< the plot's part of a row
    [[nodiscard]] TimeScale scale() const; ///< snapped to device pixels
    [[nodiscard]] double devicePixelRatio() const;
    [[nodiscard]] Nanos nowNs() const;
    void updateMetrics();
    void updateLayout();

    // Painting.
    void paint(QPainter& painter);
    void paintEmpty(QPainter& painter);
    void paintRows(QPainter& painter);
    void paintHovered(QPainter& painter);
    void paintPhases(QPainter& painter, const TaskRecord& record, const QRectF& lane);
    void paintSelection(QPainter& painter);
    void paintCursor(QPainter& painter);
    void paintPill(QPainter& painter, double center, double top, const QString& text,
                   const QColor& fill, const QColor& textColor);

    // Mouse and keys.
    enum class Drag { None, Pressed, Pan, Select };
    void beginDrag(QMouseEvent& event);
    void dragTo(QPointF position);
    void hoverAt(QPointF position);
    void endHover();
    void showCard(const LaneRow& row, Nanos timeNs, QPointF position);
    /// \return the death whose cross is at \p position on \p row, or nullptr.
    [[nodiscard]] const ControlEvent* deathAt(const LaneRow& row, QPointF position) const;
    void zoomToTask(QPointF position);
    void zoomAround(double factor);
    void scrollLanes(int dy);
    [[nodiscard]] QString toolTipAt(QPoint position) const;

    TimelineView& q;
    ViewState& state;
    Theme theme;
    std::unique_ptr<TimelineLook> look;
    TaskCard* card = nullptr; ///< child of the viewport
    LaneLayout layout;
    QString emptyText;
    int headerWidth = 200;
    int rulerHeight = 38;
    bool showsFocus = false;

    Drag drag = Drag::None;
    QPointF dragStart;
    TimeRange dragVisible;
    Nanos dragAnchorNs = 0;
};

} // namespace poolscope
