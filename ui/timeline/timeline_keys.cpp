// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of the timeline view that answers the keyboard.

#include "ui/timeline/timeline_view_p.h"

#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>

namespace poolscope {

namespace {

constexpr double kKeyZoom = 0.6;
constexpr int kPanPart = 8; // a key moves by this part of what is visible
constexpr double kHeightStep = 1.25;

} // namespace

void TimelineView::keyPressEvent(QKeyEvent* event)
{
    const Qt::KeyboardModifiers modifiers = event->modifiers() & ~Qt::KeypadModifier;
    const bool isOurs = (modifiers & ~Qt::ShiftModifier) == 0 && d->state.snapshot();
    if (isOurs && d->handleKey(event->key(), modifiers)) {
        event->accept();
        return;
    }
    QAbstractScrollArea::keyPressEvent(event);
}

void TimelineView::makeLanesTaller()
{
    d->scaleLanes(kHeightStep);
}

void TimelineView::makeLanesLower()
{
    d->scaleLanes(1 / kHeightStep);
}

void TimelineView::Private::scaleLanes(double factor)
{
    const auto lane = std::find_if(layout.rows().begin(), layout.rows().end(),
                                   [](const LaneRow& row) { return !row.isGroup(); });
    if (lane != layout.rows().end()) {
        setLaneHeight(lane->height * factor);
    }
}

bool TimelineView::Private::handleKey(int key, Qt::KeyboardModifiers modifiers)
{
    const bool isShifted = (modifiers & Qt::ShiftModifier) != 0;
    if (isShifted && (key == Qt::Key_Up || key == Qt::Key_Down)) {
        scaleLanes(key == Qt::Key_Up ? kHeightStep : 1 / kHeightStep);
        return true;
    }
    return handleMoveKey(key) || handleTaskKey(key) || handleMarkKey(key, isShifted);
}

bool TimelineView::Private::handleMoveKey(int key)
{
    const TimeRange target = glide.target();
    const Nanos step = std::max<Nanos>(1, target.duration() / kPanPart);
    switch (key) {
    case Qt::Key_A:
    case Qt::Key_Left:
        glide.panBy(-step);
        return true;
    case Qt::Key_D:
    case Qt::Key_Right:
        glide.panBy(step);
        return true;
    case Qt::Key_W:
    case Qt::Key_Plus:
    case Qt::Key_Equal: // where plus needs Shift
        zoomAround(kKeyZoom);
        return true;
    case Qt::Key_S:
    case Qt::Key_Minus:
        zoomAround(1 / kKeyZoom);
        return true;
    case Qt::Key_F:
        state.fit();
        return true;
    case Qt::Key_Home:
        glide.showRange({0, target.duration()});
        return true;
    case Qt::Key_End:
        if (state.snapshot()->isLive) {
            state.panBy(state.bounds().endNs - state.visible().endNs);
            state.setFollowing(true);
        } else {
            glide.panBy(state.bounds().endNs - target.endNs);
        }
        return true;
    case Qt::Key_Up:
        scrollLanes(-q.verticalScrollBar()->singleStep());
        return true;
    case Qt::Key_Down:
        scrollLanes(q.verticalScrollBar()->singleStep());
        return true;
    case Qt::Key_PageUp:
        scrollLanes(-q.verticalScrollBar()->pageStep());
        return true;
    case Qt::Key_PageDown:
        scrollLanes(q.verticalScrollBar()->pageStep());
        return true;
    default:
        return false;
    }
}

bool TimelineView::Private::handleTaskKey(int key)
{
    switch (key) {
    case Qt::Key_BracketLeft:
        stepSelection(0, -1);
        return true;
    case Qt::Key_BracketRight:
        stepSelection(0, 1);
        return true;
    case Qt::Key_Comma:
        stepSelection(-1, 0);
        return true;
    case Qt::Key_Period:
        stepSelection(1, 0);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!state.selected()) {
            return false;
        }
        zoomToTask(*state.selected());
        return true;
    case Qt::Key_C: {
        const Snapshot& snapshot = *state.snapshot();
        const auto lane = static_cast<std::size_t>(state.selected() ? state.selected()->lane : 0);
        toggleCollapsed(lane < snapshot.lanes.size() ? snapshot.lanes[lane].info().executor : 0);
        return true;
    }
    case Qt::Key_Escape:
        if (state.selection()) {
            state.setSelection(std::nullopt);
            return true;
        }
        if (state.selected()) {
            state.setSelected(std::nullopt);
            return true;
        }
        return false;
    default:
        return false;
    }
}

void TimelineView::Private::stepSelection(std::int64_t by, int byLane)
{
    std::vector<const LaneRow*> rows;
    for (const LaneRow& row : layout.rows()) {
        if (row.isLane()) {
            rows.push_back(&row);
        }
    }
    if (rows.empty()) {
        return;
    }
    const Snapshot& snapshot = *state.snapshot();
    const TimeRange visible = state.visible();
    Nanos timeNs = state.cursor().value_or(visible.beginNs + visible.duration() / 2);
    std::size_t place = 0;
    std::uint64_t record = 0;
    const auto known = std::find_if(rows.begin(), rows.end(), [this](const LaneRow* row) {
        return state.selected() && row->lane == state.selected()->lane;
    });
    const bool isKnown = known != rows.end();
    if (isKnown) {
        place = static_cast<std::size_t>(known - rows.begin());
        record = state.selected()->record;
        const TaskRecord* selected = findRecord(snapshot, *state.selected());
        timeNs = selected->startNs + selected->runNs() / 2;
    }
    if (!isKnown || byLane != 0) {
        // The nearest lane in that direction that has run something.
        const auto count = static_cast<int>(rows.size());
        int next = isKnown ? static_cast<int>(place) + byLane : 0;
        const int direction = byLane < 0 ? -1 : 1;
        const auto isEmpty = [&](int index) {
            const auto lane = static_cast<std::size_t>(rows[static_cast<std::size_t>(index)]->lane);
            return !snapshot.lanes[lane].hasRecords();
        };
        while (next >= 0 && next < count && isEmpty(next)) {
            next += direction;
        }
        if (next < 0 || next >= count) {
            return;
        }
        place = static_cast<std::size_t>(next);
        const LaneView& lane = snapshot.lanes[static_cast<std::size_t>(rows[place]->lane)];
        record = std::min(firstRecordEndingAfter(lane, timeNs), lane.recordCount - 1);
    } else {
        const LaneView& lane = snapshot.lanes[static_cast<std::size_t>(rows[place]->lane)];
        if ((by < 0 && record == lane.firstRecord) || (by > 0 && record + 1 >= lane.recordCount)) {
            return;
        }
        record = by < 0 ? record - 1 : record + 1;
    }
    const RecordRef ref{rows[place]->lane, record};
    showRow(*rows[place]);
    state.setSelected(ref);
    state.reveal(ref);
}

void TimelineView::Private::setLaneHeight(double height)
{
    LaneArrangement arrangement = state.arrangement();
    arrangement.laneHeight =
        std::clamp(height, LaneArrangement::kLeastHeight, LaneArrangement::kGreatestHeight);
    state.setArrangement(arrangement);
}

void TimelineView::Private::showRow(const LaneRow& row)
{
    QScrollBar* bar = q.verticalScrollBar();
    const auto top = static_cast<int>(row.top);
    const int bottom = static_cast<int>(row.bottom()) + 1;
    if (top < bar->value()) {
        bar->setValue(top);
    } else if (bottom > bar->value() + bar->pageStep()) {
        bar->setValue(bottom - bar->pageStep());
    }
}

} // namespace poolscope
