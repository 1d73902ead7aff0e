// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/view_state.h"

#include "ui/timeline/mark_history.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace poolscope {

namespace {

constexpr TimeRange kNothing{0, kNanosPerSecond};

// How much may be seen beside the run, as a part of what is visible.
constexpr Nanos kRoomPart = 20;

Nanos longestVisible(TimeRange bounds)
{
    // All of the run with a room on both sides: d = bounds + 2 d / kRoomPart.
    const Nanos longest = bounds.duration() / (kRoomPart - 2) * kRoomPart +
                          bounds.duration() % (kRoomPart - 2) * kRoomPart / (kRoomPart - 2);
    return std::max(longest, ViewState::kShortestVisible);
}

Nanos clampedDuration(Nanos duration, TimeRange bounds)
{
    return std::clamp(duration, ViewState::kShortestVisible, longestVisible(bounds));
}

bool isSameRun(const SnapshotPtr& a, const SnapshotPtr& b)
{
    return a && b && a->recorder == b->recorder && a->meta == b->meta;
}

} // namespace

ViewState::ViewState(QObject* parent)
    : QObject(parent)
    , m_markHistory(new MarkHistory(*this))
{}

TimeRange ViewState::bounds() const
{
    return m_snapshot
               ? TimeRange{0, std::max({m_snapshot->nowNs, m_snapshot->wholeNs, kShortestVisible})}
               : kNothing;
}

void ViewState::setSnapshot(SnapshotPtr snapshot)
{
    if (m_snapshot == snapshot) {
        return;
    }
    const bool isSame = isSameRun(m_snapshot, snapshot);
    const SnapshotPtr before = std::exchange(m_snapshot, std::move(snapshot));
    if (isSame && before->lanes.size() != m_snapshot->lanes.size()) {
        followLanes(*before);
    }
    if (!isSame) {
        setHits(nullptr);
        setFinishLines({});
        setSelection(std::nullopt);
        setHovered(std::nullopt);
        setSelected(std::nullopt);
        setCursor(std::nullopt);
        m_markHistory->clear();
        setMarks({m_snapshot ? m_snapshot->bookmarks : std::vector<Bookmark>(), {}, {}});
        setColoring({m_coloring.mode, 0});
        setArrangement({m_arrangement.order, 0, m_arrangement.laneHeight});
        fit();
    } else {
        dropWhatIsGone();
        if (m_isFollowing) {
            follow();
        }
    }
    emit snapshotChanged();
}

void ViewState::setVisible(TimeRange range)
{
    m_isFitted = false;
    if (m_isFollowing) {
        m_isFollowing = false;
        emit followingChanged(false);
    }
    applyVisible(range);
}

TimeRange ViewState::zoomed(TimeRange range, Nanos anchorNs, double factor) const
{
    const auto width = static_cast<double>(range.duration());
    const Nanos duration =
        clampedDuration(std::llround(std::clamp(width * factor, 1.0, 9e18)), bounds());
    if (duration == range.duration()) {
        return range;
    }
    const double place = static_cast<double>(anchorNs - range.beginNs) / width;
    const Nanos begin = anchorNs - std::llround(place * static_cast<double>(duration));
    return {begin, begin + duration};
}

void ViewState::zoomAt(Nanos anchorNs, double factor)
{
    const TimeRange range = zoomed(m_visible, anchorNs, factor);
    if (range != m_visible) {
        setVisible(range);
    }
}

void ViewState::panBy(Nanos offset)
{
    if (offset != 0) {
        setVisible({m_visible.beginNs + offset, m_visible.endNs + offset});
    }
}

void ViewState::fit()
{
    m_isFitted = true;
    if (!m_isFollowing) {
        m_isFollowing = true;
        emit followingChanged(true);
    }
    applyVisible(bounds());
}

void ViewState::setFollowing(bool isFollowing)
{
    if (m_isFollowing == isFollowing) {
        return;
    }
    m_isFollowing = isFollowing;
    if (m_isFollowing) {
        follow();
    }
    emit followingChanged(m_isFollowing);
}

void ViewState::setSelection(std::optional<TimeRange> range)
{
    if (range) {
        const auto [first, last] = std::minmax({range->beginNs, range->endNs});
        const TimeRange all = bounds();
        range = TimeRange{std::clamp(first, all.beginNs, all.endNs),
                          std::clamp(last, all.beginNs, all.endNs)};
        if (range->isEmpty()) {
            range.reset();
        }
    }
    if (m_selection != range) {
        m_selection = range;
        emit selectionChanged();
    }
}

void ViewState::setHovered(std::optional<RecordRef> record)
{
    if (m_hovered != record) {
        m_hovered = record;
        emit hoveredChanged();
    }
}

void ViewState::setSelected(std::optional<RecordRef> record)
{
    if (record && (!m_snapshot || findRecord(*m_snapshot, *record) == nullptr)) {
        record.reset();
    }
    if (m_selected != record) {
        m_selected = record;
        emit selectedChanged();
        updateCurrentHit();
    }
}

void ViewState::reveal(const RecordRef& ref)
{
    const TaskRecord* record = m_snapshot ? findRecord(*m_snapshot, ref) : nullptr;
    if (record == nullptr) {
        return;
    }
    const bool isSeen = record->startNs < m_visible.endNs && record->endNs > m_visible.beginNs;
    if (!isSeen) {
        const Nanos middle = record->startNs + record->runNs() / 2;
        const Nanos begin = middle - m_visible.duration() / 2;
        setVisible({begin, begin + m_visible.duration()});
    }
}

void ViewState::zoomTo(const RecordRef& ref)
{
    const TaskRecord* record = m_snapshot ? findRecord(*m_snapshot, ref) : nullptr;
    if (record == nullptr) {
        return;
    }
    setSelected(ref);
    setVisible(aroundTask(*record));
}

TimeRange ViewState::aroundTask(const TaskRecord& record)
{
    const Nanos room = std::max(record.runNs() / 2, kShortestVisible);
    return {record.startNs - room, record.endNs + room};
}

void ViewState::setCursor(std::optional<Nanos> timeNs)
{
    if (m_cursor != timeNs) {
        m_cursor = timeNs;
        emit cursorChanged();
    }
}

void ViewState::setMarks(Marks marks)
{
    const TimeRange all = bounds();
    const auto keep = [&all](Nanos& timeNs) {
        timeNs = std::clamp(timeNs, all.beginNs, all.endNs);
    };
    for (Bookmark& bookmark : marks.bookmarks) {
        keep(bookmark.timeNs);
    }
    for (std::optional<Nanos>* mark : {&marks.a, &marks.b}) {
        if (*mark) {
            keep(**mark);
        }
    }
    std::stable_sort(
        marks.bookmarks.begin(), marks.bookmarks.end(),
        [](const Bookmark& one, const Bookmark& other) { return one.timeNs < other.timeNs; });
    if (m_marks != marks) {
        m_marks = std::move(marks);
        emit marksChanged();
    }
}

void ViewState::setColoring(const TaskColoring& coloring)
{
    if (m_coloring != coloring) {
        m_coloring = coloring;
        emit coloringChanged();
    }
}

void ViewState::setArrangement(const LaneArrangement& arrangement)
{
    if (m_arrangement != arrangement) {
        m_arrangement = arrangement;
        emit arrangementChanged();
    }
}

void ViewState::setFinishLines(std::vector<FinishLines> lines)
{
    if (!lines.empty() || !m_finishLines.empty()) {
        m_finishLines = std::move(lines);
        emit finishLinesChanged();
    }
}

void ViewState::setHits(std::shared_ptr<const TaskHits> hits)
{
    if (m_hits != hits) {
        m_hits = std::move(hits);
        m_currentHit = indexOfSelected();
        emit hitsChanged();
    }
}

void ViewState::showNextHit()
{
    if (!m_hits || m_hits->size() == 0) {
        return;
    }
    const Snapshot& snapshot = *m_hits->snapshot;
    std::size_t next = 0;
    if (m_currentHit) {
        next = *m_currentHit + 1;
    } else if (const TaskRecord* selected =
                   m_selected ? findRecord(*m_snapshot, *m_selected) : nullptr) {
        next = firstStartingAt(snapshot, m_hits->records, selected->startNs);
    } else {
        next = firstStartingAt(snapshot, m_hits->records, m_visible.beginNs);
    }
    showHit(next < m_hits->size() ? next : 0);
}

void ViewState::showPreviousHit()
{
    if (!m_hits || m_hits->size() == 0) {
        return;
    }
    const Snapshot& snapshot = *m_hits->snapshot;
    std::size_t behind = 0; // what is wanted is before it
    if (m_currentHit) {
        behind = *m_currentHit;
    } else if (const TaskRecord* selected =
                   m_selected ? findRecord(*m_snapshot, *m_selected) : nullptr) {
        behind = firstStartingAt(snapshot, m_hits->records, selected->startNs);
    } else {
        behind = firstStartingAt(snapshot, m_hits->records, m_visible.endNs);
    }
    showHit((behind > 0 ? behind : m_hits->size()) - 1);
}

void ViewState::showHit(std::size_t index)
{
    if (const auto ref = placeIn(*m_snapshot, *m_hits->snapshot, m_hits->records[index])) {
        setSelected(ref);
        reveal(*ref);
    }
}

std::optional<std::size_t> ViewState::indexOfSelected() const
{
    if (!m_hits || !m_selected) {
        return std::nullopt;
    }
    const auto ref = placeIn(*m_hits->snapshot, *m_snapshot, *m_selected);
    return ref ? indexInTime(*m_hits->snapshot, m_hits->records, *ref) : std::nullopt;
}

void ViewState::updateCurrentHit()
{
    const std::optional<std::size_t> current = indexOfSelected();
    if (m_currentHit != current) {
        m_currentHit = current;
        emit hitsChanged();
    }
}

/// The run has got another lane: what is selected and hovered may lie on one that has moved.
void ViewState::followLanes(const Snapshot& before)
{
    if (m_hovered) {
        setHovered(placeIn(*m_snapshot, before, *m_hovered));
    }
    if (m_selected) {
        const auto selected = placeIn(*m_snapshot, before, *m_selected);
        if (m_selected != selected) {
            m_selected = selected;
            emit selectedChanged(); // the same task at another place: still the same hit
        }
    }
}

/// An earlier moment of the run, in a replay, has fewer tasks.
void ViewState::dropWhatIsGone()
{
    const auto isGone = [this](const std::optional<RecordRef>& ref) {
        return ref && findRecord(*m_snapshot, *ref) == nullptr;
    };
    if (isGone(m_hovered)) {
        setHovered(std::nullopt);
    }
    if (isGone(m_selected)) {
        setSelected(std::nullopt);
    }
}

TimeRange ViewState::clamped(TimeRange range) const
{
    const TimeRange all = bounds();
    const Nanos duration = clampedDuration(range.duration(), all);
    const Nanos room = duration / kRoomPart;
    // A duration that had to change does so around the middle.
    Nanos begin = range.beginNs + (range.duration() - duration) / 2;
    begin = std::min(begin, all.endNs + room - duration);
    begin = std::max(begin, all.beginNs - room);
    return {begin, begin + duration};
}

void ViewState::applyVisible(TimeRange range)
{
    const TimeRange visible = clamped(range);
    if (m_visible != visible) {
        m_visible = visible;
        emit visibleChanged();
    }
}

void ViewState::follow()
{
    if (m_isFitted) {
        applyVisible(bounds());
        return;
    }
    const Nanos duration = m_visible.duration();
    const Nanos end = bounds().endNs + duration / kRoomPart;
    applyVisible({end - duration, end});
}

} // namespace poolscope
