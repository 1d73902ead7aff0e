// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/submit_ring.h"

#include "core/base/huge_pages.h"

#include <algorithm>
#include <cassert>
#include <new>

namespace poolscope {

namespace {

/// A queue that stays short shall not cost a huge page.
constexpr std::size_t kSmallSlabs = 4;

} // namespace

SubmitRing::~SubmitRing()
{
    for (std::size_t i = 0; i < m_slabs.size(); ++i) {
        if (i < kSmallSlabs) {
            ::operator delete (m_slabs[i], std::align_val_t{alignof(Block)});
        } else {
            HugePages::give(m_slabs[i]);
        }
    }
}

std::uint32_t SubmitRing::claim(std::uint64_t& first, std::uint32_t most,
                                std::uint32_t share) noexcept
{
    first = m_claimed.load(std::memory_order_relaxed);
    std::uint64_t count = 0;
    do {
        // Either acquires the slots, from publish() or by way of another worker.
        std::uint64_t known = m_seen.load(std::memory_order_acquire);
        if (known < first + std::uint64_t{most} * share) {
            known = m_published.load(std::memory_order_acquire);
            if (first >= known) {
                return 0;
            }
            m_seen.store(known, std::memory_order_release);
        }
        count = std::clamp<std::uint64_t>((known - first) / share, 1, most);
    } while (!m_claimed.compare_exchange_weak(first, first + count, std::memory_order_acq_rel,
                                              std::memory_order_relaxed));
    return static_cast<std::uint32_t>(count);
}

bool SubmitRing::openBlock() noexcept
{
    const std::uint64_t number = m_next / kBlockSlots;
    const auto isFull = [this, number] {
        return !m_open.empty() && number - m_open.front().number >= kDirectorySize - 1;
    };
    try {
        if (m_free.empty() || isFull()) {
            reclaim();
        }
        if (isFull()) {
            return false;
        }
        if (m_free.empty()) {
            addSlab();
        }
        m_open.push_back({number, m_free.back()});
    } catch (const std::bad_alloc&) {
        return false;
    }
    m_block = m_free.back();
    m_free.pop_back();
    m_directory[number % kDirectorySize] = m_block;
    m_blockEnd = m_next + kBlockSlots;
    return true;
}

/// Takes back the blocks whose tasks are all over.
void SubmitRing::reclaim()
{
    m_free.reserve(m_blockCount);
    const std::uint64_t claimed = m_claimed.load(std::memory_order_relaxed) / kBlockSlots;
    const auto isOver = [this](const OpenBlock& open) {
        if (open.block->released.load(std::memory_order_acquire) != kBlockSlots) {
            return false; // acquire pairs with release()
        }
        open.block->released.store(0, std::memory_order_relaxed);
        m_free.push_back(open.block);
        return true;
    };
    // Beyond the first block that is not all claimed there is nothing to find.
    const auto end = std::find_if(m_open.begin(), m_open.end(), [claimed](const OpenBlock& open) {
        return open.number >= claimed;
    });
    m_open.erase(std::remove_if(m_open.begin(), end, isOver), end);
}

/// Gets one more block, and as many as a huge page holds from the fifth on.
void SubmitRing::addSlab()
{
    constexpr std::size_t kBlocksInPage = HugePages::kPageBytes / sizeof(Block);
    const bool isSmall = m_slabs.size() < kSmallSlabs;
    const std::size_t blocks = isSmall ? 1 : kBlocksInPage;
    m_slabs.reserve(m_slabs.size() + 1);
    m_free.reserve(m_blockCount + blocks);
    void* const memory = isSmall ? ::operator new (sizeof(Block), std::align_val_t{alignof(Block)})
                                 : HugePages::take();
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    m_slabs.push_back(memory);
    auto* const places = static_cast<std::byte*>(memory);
    for (std::size_t i = blocks; i > 0; --i) { // taken from the end: the lowest address first
        m_free.push_back(new (places + (i - 1) * sizeof(Block)) Block);
    }
    m_blockCount += blocks;
}

} // namespace poolscope
