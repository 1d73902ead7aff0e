// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/task_search.h"

#include <algorithm>
#include <limits>
#include <span>

namespace poolscope {

namespace {

constexpr std::uint64_t kPieceRecords = 65'536;
constexpr std::uint64_t kLeastChunk = 256;

/// \return how many records from \p index on, and before \p end, no match can be among: as many as the
/// largest summaries that begin there cover.
std::uint64_t skippable(const LaneView& lane, const TaskMatcher& matcher, std::uint64_t index,
                        std::uint64_t end)
{
    const SummaryPyramid& pyramid = lane.lane->pyramid();
    const std::uint64_t limit = std::min(end, lane.summarisedCount);
    std::uint64_t count = 0;
    for (int level = 0; level < SummaryPyramid::kLevels; ++level) {
        const std::uint64_t size = std::uint64_t{1} << SummaryPyramid::shift(level);
        if ((index & (size - 1)) != 0 || index + size > limit ||
            matcher.mayMatch(pyramid.node(level, index >> SummaryPyramid::shift(level)))) {
            break;
        }
        count = size;
    }
    return count;
}

/// \return the first record from \p begin on that starts after \p timeNs.
std::uint64_t firstStartingAfter(const LaneView& lane, std::uint64_t begin, Nanos timeNs)
{
    std::uint64_t end = lane.recordCount;
    while (begin < end) {
        const std::uint64_t middle = begin + (end - begin) / 2;
        if (lane.lane->record(middle).startNs <= timeNs) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

/// Merges by start; of equal ones those of \p a come first. Without a branch that depends on the data, which
/// nobody could foretell.
template <class Found>
void mergeTwo(std::span<const Found> a, std::span<const Found> b, Found* out)
{
    const Found* nextA = a.data();
    const Found* nextB = b.data();
    const Found* const endA = nextA + a.size();
    const Found* const endB = nextB + b.size();
    while (nextA != endA && nextB != endB) {
        const bool takesB = nextB->startNs < nextA->startNs;
        *out++ = *(takesB ? nextB : nextA);
        nextB += takesB ? 1 : 0;
        nextA += takesB ? 0 : 1;
    }
    out = std::copy(nextA, endA, out);
    std::copy(nextB, endB, out);
}

} // namespace

TaskSearch::TaskSearch(SnapshotPtr snapshot, const TaskQuery& query)
    : m_snapshot(std::move(snapshot))
    , m_matcher(*m_snapshot->meta, query)
{
    for (std::size_t i = 0; i < m_snapshot->lanes.size(); ++i) {
        const LaneView& lane = m_snapshot->lanes[i];
        if (lane.hasRecords() && m_matcher.mayMatch(lane)) {
            m_cursors.push_back({static_cast<int>(i), lane.firstRecord});
        } else {
            m_searched += lane.recordCount - lane.firstRecord;
        }
    }
    m_chunk = std::max(kLeastChunk, kPieceRecords / std::max<std::size_t>(1, m_cursors.size()));
}

bool TaskSearch::step(RecordList& hits)
{
    if (m_cursors.empty()) {
        return false;
    }
    m_found.clear();
    m_runEnds.clear();
    const Nanos lastStartNs = endOfPiece();
    for (Cursor& cursor : m_cursors) {
        searchLane(cursor, lastStartNs);
    }
    std::erase_if(m_cursors, [this](const Cursor& cursor) {
        return cursor.next >= m_snapshot->lanes[static_cast<std::size_t>(cursor.lane)].recordCount;
    });
    mergeRuns();
    std::vector<std::uint64_t>& places = hits.places();
    for (const Found& found : m_found) {
        places.push_back(found.place);
    }
    return !m_cursors.empty();
}

std::vector<int> TaskSearch::running()
{
    std::vector<int> found;
    for (std::size_t i = 0; i < m_snapshot->lanes.size(); ++i) {
        const LaneView& lane = m_snapshot->lanes[i];
        if (lane.running.startNs >= 0 && m_matcher.mayMatch(lane) &&
            m_matcher.matchesRunning(lane, m_snapshot->nowNs)) {
            found.push_back(static_cast<int>(i));
        }
    }
    std::ranges::stable_sort(found, {}, [this](int lane) {
        return m_snapshot->lanes[static_cast<std::size_t>(lane)].running.startNs;
    });
    return found;
}

/// \return the start time up to which every lane is searched: at least one has a whole chunk until then.
Nanos TaskSearch::endOfPiece() const
{
    Nanos endNs = std::numeric_limits<Nanos>::max();
    for (const Cursor& cursor : m_cursors) {
        const LaneView& lane = m_snapshot->lanes[static_cast<std::size_t>(cursor.lane)];
        const std::uint64_t last = std::min(cursor.next + m_chunk, lane.recordCount) - 1;
        endNs = std::min(endNs, lane.lane->record(last).startNs);
    }
    return endNs;
}

void TaskSearch::searchLane(Cursor& cursor, Nanos lastStartNs)
{
    const LaneView& lane = m_snapshot->lanes[static_cast<std::size_t>(cursor.lane)];
    const std::uint64_t end = firstStartingAfter(lane, cursor.next, lastStartNs);
    m_searched += end - cursor.next;
    const bool canSkip = m_matcher.canSkip();
    constexpr std::uint64_t leafMask = (std::uint64_t{1} << SummaryPyramid::kLeafShift) - 1;
    for (std::uint64_t i = cursor.next; i < end;) {
        if (canSkip && (i & leafMask) == 0) {
            if (const std::uint64_t skipped = skippable(lane, m_matcher, i, end); skipped > 0) {
                i += skipped;
                continue;
            }
        }
        const std::uint64_t stop = canSkip ? std::min(end, (i | leafMask) + 1) : end;
        for (; i < stop; ++i) {
            if (m_matcher.matches(lane, i)) {
                m_found.push_back(
                    {lane.lane->record(i).startNs, RecordList::packed({cursor.lane, i})});
            }
        }
    }
    cursor.next = end;
    if (m_found.size() > (m_runEnds.empty() ? 0 : m_runEnds.back())) {
        m_runEnds.push_back(m_found.size());
    }
}

/// Each lane's finds are in order, and the lanes are, too: merging them pair by pair costs less than sorting.
void TaskSearch::mergeRuns()
{
    while (m_runEnds.size() > 1) {
        m_merged.resize(m_found.size());
        std::vector<std::size_t> ends;
        std::size_t begin = 0;
        for (std::size_t i = 0; i < m_runEnds.size(); i += 2) {
            const std::size_t middle = m_runEnds[i];
            const std::size_t end = i + 1 < m_runEnds.size() ? m_runEnds[i + 1] : middle;
            const Found* const found = m_found.data();
            mergeTwo<Found>({found + begin, found + middle}, {found + middle, found + end},
                            m_merged.data() + begin);
            ends.push_back(end);
            begin = end;
        }
        m_found.swap(m_merged);
        m_runEnds.swap(ends);
    }
}

TaskHits searchTasks(const SnapshotPtr& snapshot, const TaskQuery& query)
{
    TaskHits hits{snapshot, {}, true};
    TaskSearch search(snapshot, query);
    while (search.step(hits.records)) {
    }
    hits.running = search.running();
    return hits;
}

} // namespace poolscope
