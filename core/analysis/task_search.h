// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/record_list.h"
#include "core/analysis/task_matcher.h"
#include "core/analysis/task_query.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <vector>

namespace poolscope {

/// What a search has found so far. Immutable once shared.
struct TaskHits
{
    SnapshotPtr snapshot; ///< what was searched: the records are places in this one
    RecordList records; ///< in order of time, lanes merged
    bool isComplete = false; ///< else the search goes on
    /// Lanes (indices in the snapshot) whose task has not ended and matches, by its start; known once complete.
    std::vector<int> running = {};

    [[nodiscard]] std::size_t size() const { return records.size(); }
};

/// Looks for attempts in a snapshot piece by piece, in order of time, so that what comes first is found
/// first and nobody has to wait for the rest. Parts that the summaries rule out are skipped.
/// One thread at a time.
class TaskSearch
{
public:
    /// An empty query finds every attempt.
    TaskSearch(SnapshotPtr snapshot, const TaskQuery& query);

    [[nodiscard]] const SnapshotPtr& snapshot() const { return m_snapshot; }
    /// Looks through about 65,000 records and appends what matches to \p hits, in order of time and after
    /// all that is there. \return false when nothing is left. About a millisecond.
    bool step(RecordList& hits);
    /// \return the lanes whose task has not ended and matches, by its start. O(lanes).
    [[nodiscard]] std::vector<int> running();
    /// \return how many records were looked at or skipped.
    [[nodiscard]] std::uint64_t searchedCount() const { return m_searched; }

private:
    struct Cursor
    {
        int lane; ///< index in Snapshot::lanes
        std::uint64_t next; ///< record
    };
    struct Found
    {
        Nanos startNs;
        std::uint64_t place; ///< as in RecordList
    };

    [[nodiscard]] Nanos endOfPiece() const;
    void searchLane(Cursor& cursor, Nanos lastStartNs);
    void mergeRuns();

    SnapshotPtr m_snapshot;
    TaskMatcher m_matcher;
    std::vector<Cursor> m_cursors; ///< of lanes with something left
    std::uint64_t m_chunk; ///< records a lane and piece
    std::uint64_t m_searched = 0;
    // Of one piece, kept for their memory.
    std::vector<Found> m_found;
    std::vector<Found> m_merged;
    std::vector<std::size_t> m_runEnds; ///< in m_found, one a lane that found something
};

/// \return all that \p query finds in \p snapshot.
[[nodiscard]] TaskHits searchTasks(const SnapshotPtr& snapshot, const TaskQuery& query);

} // namespace poolscope
