// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/workload.h"
#include "core/trace/record.h"
#include "core/trace/stable_vector.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

namespace poolscope {

/// A lane's records: 2048 a chunk, which are 80 KiB. Half a chunk a lane stays empty.
using LaneRecords = StableVector<TaskRecord, 11>;

/// What a run of neighbouring records amounts to.
struct SummaryNode
{
    Nanos beginNs = 0; ///< start of the first record
    Nanos endNs = 0; ///< end of the last
    float busyNs = 0; ///< sum of the run times
    std::array<std::uint8_t, kMaxTaskKinds> share{}; ///< of busyNs by kind, in 255ths
    std::uint8_t stateBits =
        0; ///< or of stateBit() of all records: a failure stays visible at any zoom
    std::uint8_t longestLog2 = 0; ///< bit width of the longest run time
    std::uint16_t waitLog = 0; ///< mean over the records of log2(1 + queue wait / ns) * 1024
};

static_assert(sizeof(SummaryNode) == 32);

/// \return the bit that stands for an ended state in SummaryNode::stateBits and ColumnCell.
constexpr std::uint8_t stateBit(TaskState state) noexcept
{
    return static_cast<std::uint8_t>(
        1U << (static_cast<unsigned>(state) - static_cast<unsigned>(TaskState::Done)));
}

/// Summaries over a lane: a node for every 16 records, one for every 64, 256, … (fan-out 4), so that
/// a picture costs time by its pixels and not by its tasks. Node i of level l covers records
/// [i << shift(l), (i + 1) << shift(l)) and exists when that range lies below summarisedCount().
/// One writer (the collector, or the reader of a file); readers below summarisedCount().
class SummaryPyramid
{
public:
    static constexpr int kLeafShift = 4;
    static constexpr int kFanShift = 2;
    static constexpr int kLevels = 13;
    static constexpr int shift(int level) { return kLeafShift + level * kFanShift; }

    /// See StableVector::takeFrom().
    void takeFrom(SlabStore& store);
    /// Adds the nodes for records below \p count, which must be published. Cost about 7 ns a record.
    template <class KindOf>
    void extend(const LaneRecords& records, std::uint64_t count, const KindOf& kindOf)
    {
        std::uint64_t leaf = m_summarised.load(std::memory_order_relaxed) >> kLeafShift;
        for (const std::uint64_t end = count >> kLeafShift; leaf < end; ++leaf) {
            std::array<std::uint8_t, 1 << kLeafShift> kinds{};
            for (std::size_t i = 0; i < kinds.size(); ++i) {
                kinds[i] = kindOf(records[(leaf << kLeafShift) + i].task);
            }
            closeLeaf(records, leaf, kinds);
        }
        m_summarised.store(leaf << kLeafShift,
                           std::memory_order_release); // pairs with summarisedCount()
    }

    /// Before the first record: takes the nodes of level 0 for records that are not there.
    void restore(std::span<const SummaryNode> leaves);

    /// \return how many records are summarised: a multiple of 16.
    [[nodiscard]] std::uint64_t summarisedCount() const noexcept
    {
        return m_summarised.load(std::memory_order_acquire);
    }
    [[nodiscard]] const SummaryNode& node(int level, std::uint64_t index) const
    {
        return m_levels[static_cast<std::size_t>(level)][index];
    }
    /// Writer's thread only.
    [[nodiscard]] std::size_t allocatedBytes() const;

private:
    void closeLeaf(const LaneRecords& records, std::uint64_t leaf,
                   const std::array<std::uint8_t, 1 << kLeafShift>& kinds);
    void addLeaf(std::uint64_t leaf, const SummaryNode& node);
    void combine(int level, std::uint64_t index);

    std::array<StableVector<SummaryNode, 8>, kLevels> m_levels;
    std::atomic<std::uint64_t> m_summarised{0};
};

} // namespace poolscope
