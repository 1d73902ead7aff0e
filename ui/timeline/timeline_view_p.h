// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/lane_image.h"
#include "ui/timeline/lane_layout.h"
#include "ui/timeline/task_card.h"
#include "ui/timeline/timeline_painter.h"
#include "ui/timeline/timeline_style.h"
#include "ui/timeline/timeline_view.h"
#include "ui/timeline/view_glide.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace poolscope {

class ResizeCard;

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
    [[nodiscard]] QString description() const; ///< for who does not see it
    [[nodiscard]] QRectF rectOf(const LaneRow& row) const; ///< the plot's part of a row
    [[nodiscard]] TimeScale scale() const; ///< snapped to device pixels
    [[nodiscard]] double devicePixelRatio() const;
    [[nodiscard]] Nanos nowNs() const;
    void updateMetrics();
    void updateLayout();
    void updateOrder();
    [[nodiscard]] LaneMetrics metrics() const; ///< for the font

    // Painting.
    void paint(QPainter& painter);
    void paintEmpty(QPainter& painter);
    void paintRows(QPainter& painter);
    void paintTasks(QPainter& painter);
    void paintTask(QPainter& painter, const RecordRef& ref, const QColor& outline);
    void paintFlow(QPainter& painter, const TaskRecord& record, const LaneRow& row);
    void paintPhases(QPainter& painter, const TaskRecord& record, const QRectF& lane);
    void paintSelection(QPainter& painter);
    void paintCursor(QPainter& painter);
    void paintMarks(QPainter& painter);
    void paintDistance(QPainter& painter,
                       const std::function<void(double, const QColor&, Qt::PenStyle)>& line,
                       const std::function<void(double, const QString&, const QColor&)>& flag);
    void paintPill(QPainter& painter, double center, double top, const QString& text,
                   const QColor& fill, const QColor& textColor);

    // Mouse and keys.
    enum class Drag { None, Pressed, Pan, Select, LaneHeight };
    void beginDrag(QMouseEvent& event);
    void dragTo(QPointF position);
    void hoverAt(QPointF position);
    void hoverHeader(QPointF position);
    /// Selects the task at \p position, or none; opens or closes a group.
    void clickAt(QPointF position);
    void toggleCollapsed(int executor);
    /// \return the row at \p position, nullptr on the ruler and between rows.
    [[nodiscard]] const LaneRow* rowAt(QPointF position) const;
    /// \return the lane whose lower edge is at \p position in the headers, nullptr when there is none.
    [[nodiscard]] const LaneRow* edgeAt(QPointF position) const;
    /// \return the task at \p position on \p row (the nearest one where they are too small to be told apart).
    [[nodiscard]] std::optional<RecordRef> taskAt(const LaneRow& row, QPointF position) const;
    void endHover();
    void showCard(const LaneRow& row, Nanos timeNs, QPointF position);
    /// \return the death whose cross is at \p position on \p row, or nullptr.
    [[nodiscard]] const ControlEvent* deathAt(const LaneRow& row, QPointF position) const;
    void zoomToTask(const RecordRef& ref);
    void zoomToTaskAt(QPointF position);
    bool handleKey(int key, Qt::KeyboardModifiers modifiers);
    bool handleMoveKey(int key);
    bool handleTaskKey(int key);
    /// Selects the task \p by places further on its lane (0 and \p byLane ±1: on the next lane).
    void stepSelection(std::int64_t by, int byLane);
    void setLaneHeight(double height);
    void scaleLanes(double factor);
    void showRow(const LaneRow& row);
    void zoomAround(double factor);
    void scrollLanes(int dy);
    void showToolTip(QPoint position, QPoint globalPosition);
    /// \return the marks on the ruler at \p position.
    [[nodiscard]] std::vector<EventMark> marksAt(QPoint position) const;
    [[nodiscard]] QString toolTipAt(QPoint position) const;

    // Bookmarks and the moments A and B.
    bool handleMarkKey(int key, bool isShifted);
    [[nodiscard]] Nanos markTime() const; ///< under the mouse, or in the middle
    [[nodiscard]] std::optional<std::size_t> bookmarkNear(Nanos timeNs) const;
    void addBookmark();
    void editBookmark();
    void removeBookmark();
    void goToBookmark(int direction);
    void setDistanceMark(std::optional<Nanos> Marks::*mark);

    TimelineView& q;
    ViewState& state;
    ViewGlide glide;
    Theme theme;
    std::unique_ptr<TimelineLook> look;
    TaskCard* card = nullptr; ///< child of the viewport
    ResizeCard* resizeCard = nullptr; ///< likewise
    LaneLayout layout;
    struct Order
    {
        LaneOrder by = LaneOrder::Number;
        std::shared_ptr<const TraceMeta> meta;
        bool isLive = false;
        std::vector<int> lanes;
    };
    Order order;
    QString emptyText;
    int headerWidth = 200;
    int rulerHeight = 38;
    bool showsFocus = false;

    Drag drag = Drag::None;
    QPointF dragStart;
    TimeRange dragVisible;
    Nanos dragAnchorNs = 0;
    double dragHeight = 0; ///< of a lane, when the drag began
};

} // namespace poolscope
