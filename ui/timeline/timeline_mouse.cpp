// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of the timeline view that answers the mouse.

#include "ui/common/format.h"
#include "ui/timeline/bar_painter.h"
#include "ui/timeline/lane_facts.h"
#include "ui/timeline/timeline_view_p.h"

#include <QApplication>
#include <QMouseEvent>
#include <QScrollBar>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kReachPx = 3; // how far beside a bar still hits it
constexpr double kEdgeReachPx = 3; // likewise beside the edge of a lane

} // namespace

const LaneRow* TimelineView::Private::rowAt(QPointF position) const
{
    return position.y() < rulerHeight
               ? nullptr
               : layout.rowAt(position.y() - rulerHeight + q.verticalScrollBar()->value());
}

const LaneRow* TimelineView::Private::edgeAt(QPointF position) const
{
    if (position.x() >= headerWidth || position.y() < rulerHeight) {
        return nullptr;
    }
    for (const double above : {0.0, kEdgeReachPx}) { // below the edge, too
        const LaneRow* row = rowAt(position - QPointF(0, above));
        if (row != nullptr && !row->isGroup() && row->kind != LaneRow::Kind::Infrastructure &&
            std::abs(rectOf(*row).bottom() - position.y()) <= kEdgeReachPx) {
            return row;
        }
    }
    return nullptr;
}

void TimelineView::Private::beginDrag(QMouseEvent& event)
{
    const bool isLeft = event.button() == Qt::LeftButton;
    const bool isHeader = event.position().x() < headerWidth;
    if (!state.snapshot() || (!isLeft && (isHeader || event.button() != Qt::MiddleButton))) {
        event.ignore();
        return;
    }
    event.accept();
    drag = Drag::Pressed;
    dragStart = event.position();
    dragVisible = state.visible();
    dragAnchorNs = toTime(scale(), dragStart.x());
    if (isHeader) {
        if (const LaneRow* row = edgeAt(dragStart)) {
            drag = Drag::LaneHeight;
            dragHeight = row->height;
        }
        return;
    }
    const bool isOnRuler = dragStart.y() < rulerHeight;
    if (isLeft && ((event.modifiers() & Qt::ShiftModifier) != 0 || isOnRuler)) {
        drag = Drag::Select;
    }
}

void TimelineView::Private::dragTo(QPointF position)
{
    card->hide();
    if (drag == Drag::LaneHeight) {
        setLaneHeight(dragHeight + position.y() - dragStart.y());
        return;
    }
    const double moved = position.x() - dragStart.x();
    const bool isHeader = dragStart.x() < headerWidth;
    if (drag == Drag::Pressed && !isHeader &&
        std::abs(moved) >= QApplication::startDragDistance() / 2.0) {
        drag = Drag::Pan;
        q.viewport()->setCursor(Qt::ClosedHandCursor);
    }
    if (drag == Drag::Pan) {
        const Nanos offset = std::llround(moved * scale().nsPerPx);
        state.setVisible({dragVisible.beginNs - offset, dragVisible.endNs - offset});
    } else if (drag == Drag::Select) {
        const Nanos timeNs = toTime(scale(), position.x());
        state.setCursor(timeNs);
        state.setSelection(TimeRange{dragAnchorNs, timeNs});
    }
}

void TimelineView::Private::hoverAt(QPointF position)
{
    const QRectF plot = plotRect();
    q.viewport()->setCursor(edgeAt(position) != nullptr ? Qt::SplitVCursor : Qt::ArrowCursor);
    if (!state.snapshot() || position.x() < plot.left() || position.x() > plot.right() ||
        position.y() < 0 || position.y() > plot.bottom()) {
        endHover();
        return;
    }
    const Nanos timeNs = toTime(scale(), position.x());
    state.setCursor(timeNs);
    const LaneRow* row = rowAt(position);
    if (row == nullptr || !row->isLane()) {
        state.setHovered(std::nullopt);
        card->hide();
        return;
    }
    showCard(*row, timeNs, position);
}

void TimelineView::Private::clickAt(QPointF position)
{
    const LaneRow* row = rowAt(position);
    if (position.x() < headerWidth) {
        if (row != nullptr && (row->isGroup() || row->kind == LaneRow::Kind::Summary)) {
            toggleCollapsed(row->executor);
        }
        return;
    }
    state.setSelected(row != nullptr && row->isLane() ? taskAt(*row, position) : std::nullopt);
}

void TimelineView::Private::toggleCollapsed(int executor)
{
    LaneArrangement arrangement = state.arrangement();
    arrangement.setCollapsed(executor, !arrangement.isCollapsed(executor));
    state.setArrangement(arrangement);
}

std::optional<RecordRef> TimelineView::Private::taskAt(const LaneRow& row, QPointF position) const
{
    const LaneView& lane = state.snapshot()->lanes[static_cast<std::size_t>(row.lane)];
    const TimeScale now = scale();
    const std::uint64_t index = recordNear(
        lane, toTime(now, position.x()), std::max<Nanos>(1, std::llround(kReachPx * now.nsPerPx)));
    return index < lane.recordCount ? std::optional(RecordRef{row.lane, index}) : std::nullopt;
}

void TimelineView::Private::endHover()
{
    card->hide();
    state.setHovered(std::nullopt);
    state.setCursor(std::nullopt);
}

const ControlEvent* TimelineView::Private::deathAt(const LaneRow& row, QPointF position) const
{
    const Snapshot& snapshot = *state.snapshot();
    const LaneView& lane = snapshot.lanes[static_cast<std::size_t>(row.lane)];
    const QRectF rect = rectOf(row);
    for (const ControlEvent& event : *snapshot.controlEvents) {
        const bool isHere = event.kind == ControlKind::WorkerDied && event.lane == lane.laneIndex &&
                            deathMark(toX(scale(), event.timeNs), rect)
                                .adjusted(-1, -kReachPx, kReachPx, kReachPx)
                                .contains(position);
        if (isHere) {
            return &event;
        }
    }
    return nullptr;
}

void TimelineView::Private::showCard(const LaneRow& row, Nanos timeNs, QPointF position)
{
    const Snapshot& snapshot = *state.snapshot();
    const LaneView& lane = snapshot.lanes[static_cast<std::size_t>(row.lane)];
    if (const ControlEvent* death = deathAt(row, position)) {
        state.setHovered(std::nullopt);
        card->showFacts(deathFacts(snapshot, lane, *death), look->style.theme.failure,
                        position.toPoint());
        return;
    }
    const TimeScale now = scale();
    const Nanos reach = std::max<Nanos>(1, std::llround(kReachPx * now.nsPerPx));
    const auto colorOf = [&](std::uint64_t index) {
        return look->style.colorsOf(snapshot, lane.info(), lane.lane->record(index)).fill;
    };
    if (lane.running.startNs >= 0 && timeNs >= lane.running.startNs && timeNs <= nowNs()) {
        state.setHovered(std::nullopt);
        card->showFacts(
            runningFacts(snapshot, lane, nowNs()),
            look->style.runningColors(snapshot, lane, nowNs() - lane.running.startNs).fill,
            position.toPoint());
        return;
    }
    const std::uint64_t record = recordNear(lane, timeNs, reach);
    const bool exists = record < lane.recordCount;
    if (drawsBars(lane, now, 1 / devicePixelRatio()) ||
        (exists && isFailure(lane.lane->record(record).state()))) {
        const RecordRef ref{row.lane, record};
        const auto facts = exists ? taskFacts(snapshot, ref) : std::nullopt;
        state.setHovered(facts ? std::optional(ref) : std::nullopt);
        if (facts) {
            card->showFacts(*facts, colorOf(record), position.toPoint());
        } else {
            card->hide();
        }
        return;
    }
    state.setHovered(std::nullopt);
    const auto facts = columnFacts(snapshot, lane, {timeNs - reach, timeNs + reach});
    if (facts && exists) {
        card->showFacts(*facts, colorOf(record), position.toPoint());
    } else {
        card->hide();
    }
}

void TimelineView::Private::zoomToTask(const RecordRef& ref)
{
    const TaskRecord* record = findRecord(*state.snapshot(), ref);
    if (record == nullptr) {
        return;
    }
    glide.showRange(ViewState::aroundTask(*record));
}

void TimelineView::Private::zoomToTaskAt(QPointF position)
{
    if (position.y() < rulerHeight) {
        state.fit();
        return;
    }
    const LaneRow* row = rowAt(position);
    if (!state.snapshot() || row == nullptr || !row->isLane() || position.x() < headerWidth) {
        return;
    }
    if (const auto ref = taskAt(*row, position)) {
        zoomToTask(*ref);
    }
}

void TimelineView::Private::zoomAround(double factor)
{
    const TimeRange visible = glide.target();
    const Nanos middle = visible.beginNs + visible.duration() / 2;
    const Nanos anchor = state.cursor().value_or(middle);
    glide.zoomAt(visible.contains(anchor) ? anchor : middle, factor);
}

void TimelineView::Private::scrollLanes(int dy)
{
    q.verticalScrollBar()->setValue(q.verticalScrollBar()->value() + dy);
}

} // namespace poolscope
