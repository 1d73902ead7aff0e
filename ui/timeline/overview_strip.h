// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/column_raster.h"
#include "ui/timeline/time_scale.h"
#include "ui/timeline/view_state.h"

#include <QElapsedTimer>
#include <QImage>
#include <QWidget>

#include <memory>
#include <optional>

namespace poolscope {

/// The whole run, an executor below the other, with the visible range as a window in it, and what is marked
/// in it: resizes, pauses, deaths, errors, bookmarks, the selection. Dragging the window moves it, dragging
/// its edges resizes it, a drag beside it (or anywhere while all is visible) draws a new one, a double click
/// shows the whole run, the wheel zooms. Arrows move, plus and minus zoom, F shows all. GUI thread.
class OverviewStrip : public QWidget
{
    Q_OBJECT

public:
    /// \p state must outlive the strip.
    explicit OverviewStrip(ViewState& state, QWidget* parent = nullptr);
    ~OverviewStrip() override;

    void setTheme(const Theme& theme);
    /// Where the timeline's plot lies, in this widget's pixels.
    void setPlotGeometry(int left, int width);
    [[nodiscard]] QSize sizeHint() const override;
    /// \return the window's place, in this widget's pixels.
    [[nodiscard]] QRectF windowRect() const;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    enum class Drag { None, Move, Begin, End, Draw };
    struct Picture;

    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] TimeScale scale() const;
    [[nodiscard]] Drag dragAt(QPointF position) const;
    void drag(QPointF position);
    void showCursorFor(QPointF position);
    void renderPicture();
    void paintHeader(QPainter& painter) const;
    void paintWindow(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;

    ViewState& m_state;
    std::unique_ptr<Picture> m_picture; ///< kept between frames
    int m_left = 160;
    int m_width = 0;
    Drag m_drag = Drag::None;
    double m_dragX = 0;
    TimeRange m_dragVisible;
};

} // namespace poolscope
