// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/detail_keeper.h"

#include <queue>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

/// A chunk of records that may go.
struct OldChunk
{
    Nanos endNs = 0; ///< of its last record
    std::size_t lane = 0;

    bool operator>(const OldChunk& other) const { return endNs > other.endNs; }
};

using OldestFirst = std::priority_queue<OldChunk, std::vector<OldChunk>, std::greater<>>;

/// \return the end of the lane's first chunk.
std::uint64_t firstChunkEnd(const Lane& lane)
{
    return lane.firstRecord() + LaneRecords::contiguousFrom(lane.firstRecord());
}

/// Offers the first chunk of a lane unless it holds the newest record, or one that is not summarised yet.
void offerFirstChunk(OldestFirst& chunks, std::size_t index, const Lane& lane, const LaneView& view)
{
    const std::uint64_t end = firstChunkEnd(lane);
    if (end < view.recordCount && end <= view.summarisedCount) {
        chunks.push({lane.record(end - 1).endNs, index});
    }
}

} // namespace

DetailKeeper::DetailKeeper(std::shared_ptr<Recorder> recorder)
    : m_store(recorder->store())
    , m_epochs(std::move(recorder))
{}

std::size_t DetailKeeper::keptBytes() const
{
    const std::size_t heldBytes = m_epochs.heldBytes(); // first: it may go back meanwhile
    const std::size_t usedBytes = m_store->usedBytes();
    return usedBytes > heldBytes ? usedBytes - heldBytes : 0;
}

std::size_t DetailKeeper::goalBytes(std::uint64_t capBytes, std::size_t keptBytes)
{
    const std::size_t cameIn = keptBytes > m_lastBytes ? keptBytes - m_lastBytes : 0;
    // What comes in does so unevenly: the most of late counts.
    m_roomBytes = std::max(cameIn, m_roomBytes - m_roomBytes / 16);
    return capBytes - std::min<std::size_t>(m_roomBytes, capBytes / 2);
}

void DetailKeeper::keepWithin(std::uint64_t capBytes, std::span<Lane* const> lanes,
                              std::span<LaneView> views)
{
    if (capBytes == 0) {
        return;
    }
    std::size_t kept = keptBytes();
    const std::size_t goal = goalBytes(capBytes, kept);
    m_lastBytes = kept;
    if (kept <= goal) {
        return;
    }
    OldestFirst chunks;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        offerFirstChunk(chunks, i, *lanes[i], views[i]);
    }
    std::vector<MemoryPiece> pieces;
    while (kept > goal && !chunks.empty()) {
        const std::size_t index = chunks.top().lane;
        chunks.pop();
        Lane& lane = *lanes[index];
        const std::size_t before = pieces.size();
        lane.letGoBefore(firstChunkEnd(lane), pieces);
        for (std::size_t i = before; i < pieces.size(); ++i) {
            kept -= std::min(kept, pieces[i].bytes);
        }
        offerFirstChunk(chunks, index, lane, views[index]);
    }
    if (pieces.empty()) {
        return;
    }
    m_lastBytes = kept;
    m_epochs.retire(std::move(pieces));
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        views[i].showFrom(*lanes[i]);
    }
}

} // namespace poolscope
