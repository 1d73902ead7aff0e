// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"
#include "ui/timeline/view_state.h"

#include <QAbstractScrollArea>

#include <memory>
#include <vector>

namespace poolscope {

class FrameClock;

/// The timeline: ruler, lane headers and bars of ViewState's snapshot and range. Wheel zooms at the
/// cursor (Ctrl+wheel or wheel over the headers scrolls lanes, Shift+wheel pans), drag pans, Shift+drag
/// (or a drag along the ruler) selects a range, a double click zooms to a task. A, D and arrows move,
/// W, S, + and − zoom, F fits, Home and End go to the ends (End follows a live run). A click selects a
/// task, comma and period go to the one before and after it, brackets to the lane above and below, Enter zooms
/// to it. C and a click on a title collapse an executor's lanes; Shift+Up and Shift+Down and dragging a lane's
/// edge set their height. M sets a bookmark at the mouse, N and Shift+N go to the next and the
/// last one, F2 changes its text, Delete removes it; 1 and 2 set the moments A and B, 0 forgets them.
/// Escape clears the selection. GUI thread.
class TimelineView : public QAbstractScrollArea
{
    Q_OBJECT

public:
    /// \p state must outlive the view.
    explicit TimelineView(ViewState& state, QWidget* parent = nullptr);
    ~TimelineView() override;

    void setTheme(const Theme& theme);
    /// Wheel and keys move smoothly with \p clock (which outlives the view) unless that is turned off; without a
    /// clock at once.
    void setFrameClock(FrameClock* clock);
    void setSmooth(bool isSmooth);
    /// Shown in the middle while there is no snapshot (what to do to get one).
    void setEmptyText(const QString& text);
    /// \return x of the plot area (right of the lane headers), so that charts can line up with it.
    [[nodiscard]] int plotLeft() const;
    [[nodiscard]] int plotWidth() const;
    /// \return the lanes that are scrolled into view, even if in part, as indices in the snapshot, ascending.
    [[nodiscard]] std::vector<int> visibleLanes() const;
    [[nodiscard]] QSize sizeHint() const override;

public slots:
    void makeLanesTaller();
    void makeLanesLower();

signals:
    /// The plot area moved or changed its width.
    void plotGeometryChanged();

protected:
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace poolscope
