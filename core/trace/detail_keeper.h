// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/detail_epochs.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace poolscope {

/// Lets the oldest records of a trace go when it has reached its memory cap. Used by one thread, the collector's.
class DetailKeeper
{
public:
    explicit DetailKeeper(std::shared_ptr<Recorder> recorder);

    /// Lets go until the trace has room below \p capBytes (0: no cap) for as much as came in since the last call,
    /// or only each lane's newest records are left. What went \p views, one a lane of \p lanes, do not show any more.
    /// Reads what it lets go once.
    void keepWithin(std::uint64_t capBytes, std::span<Lane* const> lanes,
                    std::span<LaneView> views);
    /// \return the recorder, for a snapshot of these views.
    [[nodiscard]] std::shared_ptr<const Recorder> hold() const { return m_epochs.hold(); }

private:
    [[nodiscard]] std::size_t keptBytes() const;
    [[nodiscard]] std::size_t goalBytes(std::uint64_t capBytes, std::size_t keptBytes);

    std::shared_ptr<SlabStore> m_store;
    DetailEpochs m_epochs;
    std::size_t m_lastBytes = 0; ///< kept after the last call
    std::size_t m_roomBytes = 0; ///< for what comes in until the next call
};

} // namespace poolscope
