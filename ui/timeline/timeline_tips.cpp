// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of the timeline view that says in words what the mouse rests on.

#include "ui/common/recording_text.h"
#include "ui/timeline/lane_facts.h"
#include "ui/timeline/resize_card.h"
#include "ui/timeline/timeline_view_p.h"

#include <QToolTip>

#include <cmath>

namespace poolscope {

namespace {

constexpr int kMostLines = 8;

} // namespace

std::vector<EventMark> TimelineView::Private::marksAt(QPoint position) const
{
    constexpr double kHit = 7;
    look->painter.begin(*state.snapshot(), scale(), nowNs(), 1 / devicePixelRatio());
    std::vector<EventMark> marks = look->painter.eventMarks();
    std::erase_if(marks, [position](const EventMark& mark) {
        return std::abs(mark.x - position.x()) > kHit;
    });
    return marks;
}

void TimelineView::Private::showToolTip(QPoint position, QPoint globalPosition)
{
    const QString text = toolTipAt(position);
    if (text.isEmpty()) {
        QToolTip::hideText();
        return;
    }
    if (position.y() < rulerHeight) {
        const std::vector<EventMark> marks = marksAt(position);
        if (marks.size() == 1 && marks.front().event->kind == ControlKind::Resize) {
            resizeCard->show(state.snapshot(), *marks.front().event, text, globalPosition);
            return;
        }
    }
    QToolTip::showText(globalPosition, text, q.viewport());
}

QString TimelineView::Private::toolTipAt(QPoint position) const
{
    if (!state.snapshot()) {
        return {};
    }
    const Snapshot& snapshot = *state.snapshot();
    if (position.y() < rulerHeight) {
        QStringList lines;
        for (const EventMark& mark : marksAt(position)) {
            lines += eventText(snapshot, *mark.event);
        }
        lines = lines.mid(0, kMostLines);
        const QRectF gone = look->painter.goneRect(rulerRect());
        if (gone.adjusted(0, 0, 4, 0).contains(position)) {
            lines += goneSentence(snapshot);
        }
        return lines.join(QLatin1Char('\n'));
    }
    const LaneRow* row = rowAt(position);
    if (row == nullptr || position.x() >= headerWidth) {
        return {};
    }
    if (row->kind == LaneRow::Kind::Infrastructure) {
        return infrastructureToolTip(snapshot,
                                     snapshot.infrastructure[static_cast<std::size_t>(row->lane)]);
    }
    if (!row->isLane()) {
        return groupTitle(snapshot, row->executor) + QLatin1Char('\n') +
               groupFacts(snapshot, row->executor);
    }
    const LaneView& lane = snapshot.lanes[static_cast<std::size_t>(row->lane)];
    return laneToolTip(snapshot, lane, state.visible(), nowNs());
}

} // namespace poolscope
