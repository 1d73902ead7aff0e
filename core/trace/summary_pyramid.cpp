// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/summary_pyramid.h"

#include "core/trace/wait_log.h"

#include <algorithm>
#include <bit>

namespace poolscope {

namespace {

constexpr float kFullShare = 255;

/// Rounds the parts of \p busyNs to 255ths that add up to 255 exactly, so that no time is lost or
/// made: the largest part takes the remainder. All zero when nothing was busy.
void setShares(SummaryNode& node, const std::array<float, kMaxTaskKinds>& parts, float busyNs)
{
    node.busyNs = busyNs;
    if (busyNs <= 0) {
        return;
    }
    const float scale = kFullShare / busyNs;
    int sum = 0;
    std::size_t largest = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const int rounded = std::min(255, static_cast<int>(parts[i] * scale + 0.5F));
        node.share[i] = static_cast<std::uint8_t>(rounded);
        sum += rounded;
        largest = parts[i] > parts[largest] ? i : largest;
    }
    node.share[largest] = static_cast<std::uint8_t>(node.share[largest] + 255 - sum);
}

} // namespace

void SummaryPyramid::closeLeaf(const LaneRecords& records, std::uint64_t leaf,
                               const std::array<std::uint8_t, 1 << kLeafShift>& kinds)
{
    const TaskRecord* record = records.data(leaf << kLeafShift); // a leaf lies within one chunk
    std::array<Nanos, kMaxTaskKinds> byKind{};
    std::uint64_t lengths = 0; // or-ed: has the bit width of the longest
    Nanos busyNs = 0;
    float waitLog = 0;
    SummaryNode node;
    node.beginNs = record->startNs;
    for (const std::uint8_t kind : kinds) {
        const Nanos runNs = record->runNs();
        byKind[kind] += runNs;
        busyNs += runNs;
        lengths |= static_cast<std::uint64_t>(runNs);
        waitLog += waitLog2(record->waitNs());
        node.stateBits |= stateBit(record->state());
        node.endNs = record->endNs;
        ++record;
    }
    std::array<float, kMaxTaskKinds> parts{};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        parts[i] = static_cast<float>(byKind[i]);
    }
    setShares(node, parts, static_cast<float>(busyNs));
    node.longestLog2 = static_cast<std::uint8_t>(std::bit_width(lengths));
    node.waitLog = static_cast<std::uint16_t>(waitLog * (1024.0F / (1 << kLeafShift)) + 0.5F);
    addLeaf(leaf, node);
}

void SummaryPyramid::restore(std::span<const SummaryNode> leaves)
{
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        addLeaf(i, leaves[i]);
    }
    m_summarised.store(leaves.size() << kLeafShift,
                       std::memory_order_release); // pairs with summarisedCount()
}

/// Closes the nodes above it that it fills, too.
void SummaryPyramid::addLeaf(std::uint64_t leaf, const SummaryNode& node)
{
    *m_levels[0].slot(leaf) = node;
    std::uint64_t count = leaf + 1;
    constexpr std::uint64_t fanMask = (1U << kFanShift) - 1;
    for (int level = 1; level < kLevels && (count & fanMask) == 0; ++level) {
        count >>= kFanShift;
        combine(level, count - 1);
    }
}

void SummaryPyramid::combine(int level, std::uint64_t index)
{
    constexpr std::size_t fan = 1U << kFanShift;
    const auto below = static_cast<std::size_t>(level) - 1;
    const SummaryNode* child = m_levels[below].data(index << kFanShift); // within one chunk, too
    std::array<float, kMaxTaskKinds> parts{};
    float busyNs = 0;
    unsigned waitLog = 0;
    SummaryNode node;
    node.beginNs = child->beginNs;
    for (std::size_t i = 0; i < fan; ++i, ++child) {
        busyNs += child->busyNs;
        waitLog += child->waitLog;
        node.stateBits |= child->stateBits;
        node.longestLog2 = std::max(node.longestLog2, child->longestLog2);
        node.endNs = child->endNs;
        for (std::size_t kind = 0; kind < parts.size(); ++kind) {
            parts[kind] += child->busyNs * static_cast<float>(child->share[kind]);
        }
    }
    for (float& part : parts) {
        part /= kFullShare;
    }
    setShares(node, parts, busyNs);
    node.waitLog = static_cast<std::uint16_t>((waitLog + fan / 2) / fan);
    *m_levels[below + 1].slot(index) = node;
}

void SummaryPyramid::takeFrom(SlabStore& store)
{
    for (auto& level : m_levels) {
        level.takeFrom(store);
    }
}

std::size_t SummaryPyramid::allocatedBytes() const
{
    std::size_t bytes = 0;
    for (const auto& level : m_levels) {
        bytes += level.allocatedBytes();
    }
    return bytes;
}

} // namespace poolscope
