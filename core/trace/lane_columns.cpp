// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/lane_columns.h"

#include "core/trace/wait_log.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace poolscope {

namespace {

constexpr std::uint64_t kFewRecords = 32; ///< so few are looked through without a search
/// Nodes wider than this share of what is asked for are opened when they lie in two columns: only there
/// do they make an error, and it grows with their width.
constexpr double kWidestShared = 0.80;

/// \return the first record in [begin, end) that ends at \p timeNs or later, or end.
std::uint64_t firstEndingAt(const Lane& lane, std::uint64_t begin, std::uint64_t end, Nanos timeNs)
{
    while (begin < end) {
        const std::uint64_t middle = begin + (end - begin) / 2;
        if (lane.record(middle).endNs < timeNs) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

/// Fills the columns of one lane, once. A record touches the columns between its start and its end;
/// what happens at one instant, an end included, belongs to the column that ends there (at the
/// range's beginning to the first), so that a range that stops at the last end holds all ends.
class ColumnFiller
{
public:
    ColumnFiller(const Snapshot& snapshot, const LaneView& view, TimeRange range,
                 std::span<ColumnCell> columns, double detailPx);

    void fill();

private:
    enum class Progress : bool { GoOn, PastRange };

    /// \return whether a node that touches the range may be added as it is.
    [[nodiscard]] bool isNarrow(const SummaryNode& node) const;
    Progress addNodes(int level, std::uint64_t begin, std::uint64_t end);
    void addNode(const SummaryNode& node, std::uint64_t count);
    void addGoneLeaf(const SummaryNode& node);
    [[nodiscard]] bool addAcrossEdge(const SummaryNode& node, std::uint64_t begin);
    void addNodePart(ColumnCell& cell, const SummaryNode& node, double part,
                     std::uint64_t count) const;
    Progress addRecords(std::uint64_t begin, std::uint64_t end);
    int addRecord(const TaskRecord& record);
    void addInstant(const TaskRecord& record);

    [[nodiscard]] double columnOf(Nanos timeNs) const
    {
        return static_cast<double>(timeNs - m_range.beginNs) * m_columnsPerNs;
    }
    /// \return the column in which \p place lies, the first or the last for places beside the range
    /// (rounding lifts the range's last nanosecond there in long ranges).
    [[nodiscard]] int columnAt(double place) const
    {
        return static_cast<int>(std::clamp(place, 0.0, m_width - 1));
    }
    [[nodiscard]] ColumnCell& cellAt(int column) const
    {
        return m_columns[static_cast<std::size_t>(column)];
    }

    const JobPlan& m_plan;
    const LaneView& m_view;
    const Lane& m_lane;
    const TimeRange m_range;
    const std::span<ColumnCell> m_columns;
    const double m_width; ///< in columns
    const double m_columnsPerNs;
    const double m_nsPerColumn;
    const double m_widestNodeNs;
};

ColumnFiller::ColumnFiller(const Snapshot& snapshot, const LaneView& view, TimeRange range,
                           std::span<ColumnCell> columns, double detailPx)
    : m_plan(*snapshot.meta->plan)
    , m_view(view)
    , m_lane(*view.lane)
    , m_range(range)
    , m_columns(columns)
    , m_width(static_cast<double>(columns.size()))
    , m_columnsPerNs(m_width / static_cast<double>(range.duration()))
    , m_nsPerColumn(static_cast<double>(range.duration()) / m_width)
    , m_widestNodeNs(detailPx > 0 ? detailPx * m_nsPerColumn : -1.0)
{}

void ColumnFiller::fill()
{
    std::fill(m_columns.begin(), m_columns.end(), ColumnCell{});
    // The complete nodes of the highest level, then what they leave over, level by level.
    std::uint64_t done = 0;
    for (int level = SummaryPyramid::kLevels - 1; level >= 0; --level) {
        const int shift = SummaryPyramid::shift(level);
        const std::uint64_t end = m_view.summarisedCount >> shift;
        if (addNodes(level, done >> shift, end) == Progress::PastRange) {
            return;
        }
        done = end << shift;
    }
    addRecords(std::max(done, m_view.firstRecord), m_view.recordCount);
}

ColumnFiller::Progress ColumnFiller::addNodes(int level, std::uint64_t begin, std::uint64_t end)
{
    for (std::uint64_t i = begin; i < end; ++i) {
        const SummaryNode& node = m_lane.pyramid().node(level, i);
        if (node.endNs < m_range.beginNs) {
            continue;
        }
        if (node.beginNs > m_range.endNs) {
            return Progress::PastRange;
        }
        if (isNarrow(node)) {
            addNode(node, std::uint64_t{1} << SummaryPyramid::shift(level));
            continue;
        }
        const int shift = level > 0 ? SummaryPyramid::kFanShift : SummaryPyramid::kLeafShift;
        const std::uint64_t first = i << shift;
        const std::uint64_t last = (i + 1) << shift;
        if (level == 0 && first < m_view.firstRecord) {
            addGoneLeaf(node);
            continue;
        }
        if (level == 0 && addAcrossEdge(node, first)) {
            continue;
        }
        const Progress progress =
            level > 0 ? addNodes(level - 1, first, last) : addRecords(first, last);
        if (progress == Progress::PastRange) {
            return progress;
        }
    }
    return Progress::GoOn;
}

bool ColumnFiller::isNarrow(const SummaryNode& node) const
{
    const auto lengthNs = static_cast<double>(node.endNs - node.beginNs);
    if (lengthNs > m_widestNodeNs || node.endNs == m_range.beginNs ||
        node.beginNs == m_range.endNs) {
        return false;
    }
    return lengthNs <= kWidestShared * m_widestNodeNs ||
           columnAt(columnOf(node.beginNs)) == columnAt(columnOf(node.endNs));
}

void ColumnFiller::addNode(const SummaryNode& node, std::uint64_t count)
{
    const double begin = columnOf(node.beginNs);
    const double end = columnOf(node.endNs);
    const double shownEnd = std::min(end, m_width);
    const int first = columnAt(begin);
    if (begin >= 0 && end <= first + 1) {
        addNodePart(cellAt(first), node, 1.0, count);
        return;
    }
    for (int i = first; i < shownEnd; ++i) {
        const double left = std::max<double>(begin, i);
        const double right = std::min<double>(shownEnd, i + 1);
        addNodePart(cellAt(i), node, (right - left) / (end - begin), count);
    }
}

void ColumnFiller::addNodePart(ColumnCell& cell, const SummaryNode& node, double part,
                               std::uint64_t count) const
{
    const float busyNs = node.busyNs * static_cast<float>(part);
    const float scale = busyNs * (1.0F / 255.0F);
    for (std::size_t kind = 0; kind < cell.busyNs.size(); ++kind) {
        cell.busyNs[kind] += scale * static_cast<float>(node.share[kind]);
    }
    cell.waitWeightedLog += busyNs * static_cast<float>(node.waitLog) * (1.0F / 1024.0F);
    cell.endedCount += static_cast<float>(count) * static_cast<float>(part);
    cell.stateBits |= node.stateBits;
}

/// Adds a leaf whose records are not there any more, spread evenly over its columns.
void ColumnFiller::addGoneLeaf(const SummaryNode& node)
{
    const bool isInstant = node.beginNs == node.endNs;
    if (isInstant || (node.endNs > m_range.beginNs && node.beginNs < m_range.endNs)) {
        addNode(node, std::uint64_t{1} << SummaryPyramid::kLeafShift);
    }
}

/// Adds a leaf of tasks that are all done and that lies in two columns: exact in its busy time and its
/// ends, with the leaf's mean queue wait. Reads only the records on the edge's shorter side. \return
/// false: it is not such a leaf, nothing was added.
bool ColumnFiller::addAcrossEdge(const SummaryNode& node, std::uint64_t begin)
{
    constexpr std::size_t kCount = std::size_t{1} << SummaryPyramid::kLeafShift;
    const auto lengthNs = static_cast<double>(node.endNs - node.beginNs);
    if (lengthNs > m_widestNodeNs || node.stateBits != stateBit(TaskState::Done) ||
        node.beginNs <= m_range.beginNs || node.endNs >= m_range.endNs) {
        return false;
    }
    const int column = columnAt(columnOf(node.beginNs));
    if (columnAt(columnOf(node.endNs)) != column + 1) {
        return false;
    }
    const TaskRecord* const records = m_lane.records().data(begin); // a leaf lies within one chunk
    const double edgeNs = (column + 1) * m_nsPerColumn;
    const auto placeNs = [this](Nanos timeNs) {
        return static_cast<double>(timeNs - m_range.beginNs);
    };
    const TaskRecord* const across =
        std::partition_point(records, records + kCount, [&](const TaskRecord& record) {
            return placeNs(record.endNs) <= edgeNs;
        });
    const auto endedBefore = static_cast<std::size_t>(across - records);

    std::array<float, kMaxTaskKinds> shorter{};
    const bool isLeftShorter = endedBefore <= kCount / 2;
    const TaskRecord* const from =
        isLeftShorter ? records : records + std::min(endedBefore + 1, kCount);
    const TaskRecord* const to = isLeftShorter ? across : records + kCount;
    for (const TaskRecord* record = from; record < to; ++record) {
        shorter[m_plan.kind(record->task)] += static_cast<float>(record->runNs());
    }
    if (across != records + kCount) {
        const double partNs =
            isLeftShorter ? edgeNs - placeNs(across->startNs)
                          : placeNs(across->endNs) - std::max(edgeNs, placeNs(across->startNs));
        shorter[m_plan.kind(across->task)] += static_cast<float>(std::max(partNs, 0.0));
    }

    ColumnCell& left = cellAt(column);
    ColumnCell& right = cellAt(column + 1);
    ColumnCell& shortCell = isLeftShorter ? left : right;
    ColumnCell& longCell = isLeftShorter ? right : left;
    const float waitLog = static_cast<float>(node.waitLog) * (1.0F / 1024.0F);
    const float scale = node.busyNs * (1.0F / 255.0F);
    for (std::size_t kind = 0; kind < shorter.size(); ++kind) {
        const float restNs =
            std::max(scale * static_cast<float>(node.share[kind]) - shorter[kind], 0.0F);
        shortCell.busyNs[kind] += shorter[kind];
        longCell.busyNs[kind] += restNs;
        shortCell.waitWeightedLog += shorter[kind] * waitLog;
        longCell.waitWeightedLog += restNs * waitLog;
    }
    left.endedCount += static_cast<float>(endedBefore);
    right.endedCount += static_cast<float>(kCount - endedBefore);
    left.stateBits |= node.stateBits;
    right.stateBits |= node.stateBits;
    return true;
}

ColumnFiller::Progress ColumnFiller::addRecords(std::uint64_t begin, std::uint64_t end)
{
    if (end - begin > kFewRecords) {
        begin = firstEndingAt(m_lane, begin, end, m_range.beginNs);
    }
    // Most records lie in the column of the one before: its edges, in ns from the range's beginning.
    ColumnCell* cell = nullptr;
    double leftNs = 0;
    double rightNs = 0;
    while (begin < end) {
        const TaskRecord* record = m_lane.records().data(begin);
        const std::uint64_t piece =
            std::min<std::uint64_t>(end - begin, LaneRecords::contiguousFrom(begin));
        for (const TaskRecord* const pieceEnd = record + piece; record != pieceEnd; ++record) {
            if (record->startNs > m_range.endNs) {
                return Progress::PastRange;
            }
            if (record->startNs == record->endNs) {
                addInstant(*record);
                continue;
            }
            const auto startNs = static_cast<double>(record->startNs - m_range.beginNs);
            const auto endNs = static_cast<double>(record->endNs - m_range.beginNs);
            if (startNs >= leftNs && endNs <= rightNs) {
                const auto runNs = static_cast<float>(record->runNs());
                cell->busyNs[m_plan.kind(record->task)] += runNs;
                cell->waitWeightedLog += runNs * waitLog2(record->waitNs());
                cell->endedCount += 1;
                cell->stateBits |= stateBit(record->state());
            } else if (record->endNs > m_range.beginNs && record->startNs < m_range.endNs) {
                const int column = addRecord(*record);
                cell = &cellAt(column);
                leftNs = column * m_nsPerColumn;
                rightNs = (column + 1) * m_nsPerColumn;
            }
        }
        begin += piece;
    }
    return Progress::GoOn;
}

/// \return the last column that it touches.
int ColumnFiller::addRecord(const TaskRecord& record)
{
    const double begin = columnOf(record.startNs);
    const double end = columnOf(record.endNs);
    const float waitLog = waitLog2(record.waitNs());
    const std::uint8_t bit = stateBit(record.state());
    const std::size_t kind = m_plan.kind(record.task);
    const auto add = [&](ColumnCell& cell, float busyNs) {
        cell.busyNs[kind] += busyNs;
        cell.waitWeightedLog += busyNs * waitLog;
        cell.stateBits |= bit;
    };
    int i = columnAt(begin);
    if (begin >= 0 && end <= i + 1) {
        add(cellAt(i), static_cast<float>(record.runNs()));
    } else {
        const double shownEnd = std::min(end, m_width);
        double left = std::max(begin, 0.0);
        for (; i + 1 < shownEnd; ++i) {
            add(cellAt(i), static_cast<float>((i + 1 - left) * m_nsPerColumn));
            left = i + 1;
        }
        add(cellAt(i), static_cast<float>((shownEnd - left) * m_nsPerColumn));
    }
    if (record.endNs <= m_range.endNs) {
        cellAt(i).endedCount += 1;
    }
    return i;
}

void ColumnFiller::addInstant(const TaskRecord& record)
{
    if (record.endNs < m_range.beginNs || record.endNs > m_range.endNs) {
        return;
    }
    ColumnCell& cell = cellAt(columnAt(std::ceil(columnOf(record.endNs)) - 1));
    cell.endedCount += 1;
    cell.stateBits |= stateBit(record.state());
}

} // namespace

void fillColumns(const Snapshot& snapshot, const LaneView& lane, TimeRange range,
                 std::span<ColumnCell> columns, double detailPx)
{
    assert(!range.isEmpty() && !columns.empty());
    ColumnFiller(snapshot, lane, range, columns, detailPx).fill();
}

TimeRange rangeWithDetail(const Snapshot& snapshot, int executor, TimeRange range)
{
    if (const std::optional<Nanos> sinceNs = detailSince(snapshot, executor)) {
        range.beginNs = std::max(range.beginNs, *sinceNs);
        range.endNs = std::max(range.beginNs, range.endNs);
    }
    return range;
}

std::uint64_t firstRecordEndingAfter(const LaneView& lane, Nanos timeNs)
{
    return firstEndingAt(*lane.lane, lane.firstRecord, lane.recordCount, timeNs + 1);
}

} // namespace poolscope
