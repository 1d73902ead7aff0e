// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/blocking.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace poolscope {

namespace {

/// Sums by what blocks.
class BlockedSums
{
public:
    explicit BlockedSums(const Recorder& recorder)
    {
        for (std::string& name : recorder.blockers()) {
            m_sums.push_back({std::move(name)});
        }
    }

    void add(const BlockedSpan& span)
    {
        if (span.on >= m_sums.size()) {
            return; // named since
        }
        BlockedOn& sum = m_sums[span.on];
        ++sum.times;
        sum.sumNs += span.endNs - span.startNs;
        sum.longestNs = std::max(sum.longestNs, span.endNs - span.startNs);
    }

    std::vector<BlockedOn> take()
    {
        std::erase_if(m_sums, [](const BlockedOn& sum) { return sum.times == 0; });
        std::ranges::stable_sort(m_sums, std::ranges::greater{}, &BlockedOn::sumNs);
        return std::move(m_sums);
    }

private:
    std::vector<BlockedOn> m_sums;
};

/// \return the first stretch that ends after \p timeNs. They are in order and do not overlap.
std::uint64_t firstEndingAfter(const LaneView& view, Nanos timeNs, std::uint64_t end)
{
    const Lane& lane = *view.lane;
    std::uint64_t first = view.firstBlocked;
    std::uint64_t count = end - first;
    while (count > 0) {
        const std::uint64_t half = count / 2;
        if (lane.blocked(first + half).endNs <= timeNs) {
            first += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return first;
}

void addRange(BlockedSums& sums, const LaneView& lane, TimeRange range)
{
    const std::uint64_t count = lane.lane->blockedCount();
    for (std::uint64_t i = firstEndingAfter(lane, range.beginNs, count); i < count; ++i) {
        const BlockedSpan& span = lane.lane->blocked(i);
        if (span.endNs > range.endNs) {
            return;
        }
        sums.add(span);
    }
}

} // namespace

std::vector<BlockedOn> blockedIn(const Snapshot& snapshot, const LaneView& lane,
                                 const TaskRecord& record)
{
    if (lane.lane->blockedCount() == 0) {
        return {};
    }
    BlockedSums sums(*snapshot.recorder);
    addRange(sums, lane, {record.startNs, record.endNs});
    return sums.take();
}

std::vector<BlockedOn> blockedIn(const Snapshot& snapshot, int executor, TimeRange range)
{
    BlockedSums sums(*snapshot.recorder);
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.info().executor == executor) {
            addRange(sums, lane, range);
        }
    }
    return sums.take();
}

std::vector<BlockedOn> blockedIn(const Snapshot& snapshot, int executor)
{
    return blockedIn(snapshot, executor, {-1, std::numeric_limits<Nanos>::max()});
}

} // namespace poolscope
