// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"
#include "ui/timeline/lane_layout.h"
#include "ui/timeline/timeline_view.h"

#include <QCoreApplication>
#include <QImage>
#include <QMouseEvent>
#include <QScrollBar>
#include <QWheelEvent>

namespace poolscope::test {

inline constexpr Nanos kTaskNs = 1'000'000;

/// \return one lane with \p tasks of a millisecond, one right after the other; task \p bad ends in \p state.
[[nodiscard]] SnapshotPtr makeLane(int tasks, int bad, TaskState state, bool isLive = false);
/// \return a process that runs one task and dies: sent at 2 ms, run from 6 to 8, back at 9, dead at 12.
[[nodiscard]] SnapshotPtr makeProcessLane();

/// \return how many pixels of \p rect have the color.
[[nodiscard]] int countPixels(const QImage& image, const QRect& rect, const QColor& color);

/// A view of 1000 × 300 with its state.
struct TimelineCase
{
    explicit TimelineCase(const SnapshotPtr& snapshot, const Theme& theme = Theme::dark())
        : view(state)
    {
        view.setTheme(theme);
        view.resize(1000, 300);
        state.setSnapshot(snapshot);
        view.show();
    }
    QImage grab()
    {
        return view.viewport()->grab().toImage().convertToFormat(QImage::Format_RGB32);
    }
    QRect plot() const { return {view.plotLeft(), 0, view.plotWidth(), view.viewport()->height()}; }
    QRect laneRect(int lane = 0) const
    {
        // The ruler's height is what the view keeps above the first row.
        const LaneLayout layout(*state.snapshot(), {}, view.viewport()->height() - rulerHeight());
        const LaneRow* row = layout.rowOf(lane);
        return QRectF(view.plotLeft(), rulerHeight() + row->top, view.plotWidth(), row->height)
            .toRect();
    }
    int rulerHeight() const
    {
        return view.viewport()->height() - view.verticalScrollBar()->pageStep();
    }
    /// Without a button QTest's moves go by the screen's cursor, which this platform may not have.
    void hover(QPoint at)
    {
        QMouseEvent event(QEvent::MouseMove, at, view.viewport()->mapToGlobal(at), Qt::NoButton,
                          Qt::NoButton, Qt::NoModifier);
        QCoreApplication::sendEvent(view.viewport(), &event);
    }
    void wheel(QPoint at, QPoint delta, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QWheelEvent event(at, view.viewport()->mapToGlobal(at), {}, delta, Qt::NoButton, modifiers,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(view.viewport(), &event);
    }

    ViewState state;
    TimelineView view;
};

} // namespace poolscope::test
