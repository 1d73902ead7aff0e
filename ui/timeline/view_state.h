// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/task_search.h"
#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"
#include "ui/timeline/finish_lines.h"
#include "ui/timeline/lane_arrangement.h"
#include "ui/timeline/task_coloring.h"

#include <QObject>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace poolscope {

/// What the user has marked in a run: bookmarks in order of time, and two moments whose distance counts.
struct Marks
{
    std::vector<Bookmark> bookmarks;
    std::optional<Nanos> a;
    std::optional<Nanos> b;

    friend bool operator==(const Marks&, const Marks&) = default;
};

class MarkHistory;

/// What the window looks at. The timeline and the charts read and write it and know nothing of each
/// other. Signals are not emitted when nothing changed. GUI thread.
class ViewState : public QObject
{
    Q_OBJECT

public:
    /// The closest one can zoom in: 1 µs over the width.
    static constexpr Nanos kShortestVisible = 1'000;

    explicit ViewState(QObject* parent = nullptr);

    [[nodiscard]] const SnapshotPtr& snapshot() const { return m_snapshot; }
    [[nodiscard]] TimeRange visible() const { return m_visible; }
    /// \return the whole run so far, never empty.
    [[nodiscard]] TimeRange bounds() const;
    [[nodiscard]] bool isFollowing() const { return m_isFollowing; }
    [[nodiscard]] std::optional<TimeRange> selection() const { return m_selection; }
    [[nodiscard]] std::optional<RecordRef> hovered() const { return m_hovered; }
    /// \return the task that was clicked; timeline, task table and details show it.
    [[nodiscard]] std::optional<RecordRef> selected() const { return m_selected; }
    [[nodiscard]] std::optional<Nanos> cursor() const { return m_cursor; }
    [[nodiscard]] const Marks& marks() const { return m_marks; }
    [[nodiscard]] const TaskColoring& coloring() const { return m_coloring; }
    [[nodiscard]] const LaneArrangement& arrangement() const { return m_arrangement; }
    /// \return what the search has found so far, in order of time; null when nothing is searched for. Of a
    /// run that goes on it may be a little older than snapshot(): its records are places in its own.
    [[nodiscard]] const std::shared_ptr<const TaskHits>& hits() const { return m_hits; }
    /// \return where the jobs of the shown run could have ended; empty: not asked for.
    [[nodiscard]] const std::vector<FinishLines>& finishLines() const { return m_finishLines; }
    /// \return which of the hits is selected.
    [[nodiscard]] std::optional<std::size_t> currentHit() const { return m_currentHit; }

    /// Another moment of the same run keeps range and selection (and moves the range when following), but not a
    /// task that is not there yet; another run resets them. May be null: nothing to show.
    void setSnapshot(SnapshotPtr snapshot);
    /// Clamped to the bounds (with a little room beside them) and kShortestVisible. Stops following.
    void setVisible(TimeRange range);
    /// \return what setVisible() would make of \p range.
    [[nodiscard]] TimeRange clamped(TimeRange range) const;
    /// \return \p factor times as much as \p range, with \p anchorNs in its place, not clamped to the run.
    [[nodiscard]] TimeRange zoomed(TimeRange range, Nanos anchorNs, double factor) const;
    /// Shows \p factor times as much (below 1 zooms in) and keeps \p anchorNs in its place.
    void zoomAt(Nanos anchorNs, double factor);
    void panBy(Nanos offset);
    /// Shows the whole run and, while it is live, goes on doing so.
    void fit();
    /// While live keeps the newest moment in view: with the current width, or the whole run after fit().
    void setFollowing(bool isFollowing);
    void setSelection(std::optional<TimeRange> range);
    void setHovered(std::optional<RecordRef> record);
    /// What does not exist in the snapshot selects nothing.
    void setSelected(std::optional<RecordRef> record);
    /// Moves the visible range, as wide as it is, so that \p record is in it, unless it is already.
    void reveal(const RecordRef& record);
    /// Selects \p record and shows it over half of the width.
    void zoomTo(const RecordRef& record);
    /// \return the range in which \p record takes half of the width.
    [[nodiscard]] static TimeRange aroundTask(const TaskRecord& record);
    /// The time under the mouse, shared by timeline and charts.
    void setCursor(std::optional<Nanos> timeNs);
    /// Bookmarks are put in order of time; moments beside the run are moved to its ends. Cannot be undone: see
    /// markHistory().
    void setMarks(Marks marks);
    /// \return what the user did to the marks; another run empties it.
    [[nodiscard]] MarkHistory& markHistory() const { return *m_markHistory; }
    /// Stays when another run is shown, but for what is hidden.
    void setColoring(const TaskColoring& coloring);
    /// Stays when another run is shown, but for what is collapsed.
    void setArrangement(const LaneArrangement& arrangement);
    /// \p hits: of the run that is shown, or null.
    void setHits(std::shared_ptr<const TaskHits> hits);
    /// \p lines: of the run that is shown; another run resets them.
    void setFinishLines(std::vector<FinishLines> lines);
    /// Selects and reveals the hit after (before) the selected task or, when none is selected, the first
    /// (last) one that is visible; goes on at the other end.
    void showNextHit();
    void showPreviousHit();

signals:
    void snapshotChanged();
    void visibleChanged();
    void followingChanged(bool isFollowing);
    void selectionChanged();
    void hoveredChanged();
    void selectedChanged();
    void cursorChanged();
    void marksChanged();
    void coloringChanged();
    void arrangementChanged();
    void finishLinesChanged();
    /// hits() or currentHit().
    void hitsChanged();

private:
    void applyVisible(TimeRange range);
    void follow();
    void followLanes(const Snapshot& before);
    void dropWhatIsGone();
    [[nodiscard]] std::optional<std::size_t> indexOfSelected() const;
    void updateCurrentHit();
    void showHit(std::size_t index);

    SnapshotPtr m_snapshot;
    TimeRange m_visible{0, 1'000'000'000};
    bool m_isFollowing = true;
    bool m_isFitted = true;
    std::optional<TimeRange> m_selection;
    std::optional<RecordRef> m_hovered;
    std::optional<RecordRef> m_selected;
    std::optional<Nanos> m_cursor;
    Marks m_marks;
    MarkHistory* m_markHistory; ///< child
    TaskColoring m_coloring;
    LaneArrangement m_arrangement;
    std::shared_ptr<const TaskHits> m_hits;
    std::vector<FinishLines> m_finishLines;
    std::optional<std::size_t> m_currentHit;
};

} // namespace poolscope
