// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/submit_ring.h"

#include <sys/mman.h>

#include <algorithm>
#include <cassert>
#include <new>

namespace poolscope {

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20U;
constexpr std::size_t kMostBlocksAtOnce = 64;

} // namespace

SubmitRing::~SubmitRing()
{
    for (const Slab& slab : m_slabs) {
        ::munmap(slab.memory, slab.bytes);
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

/// Gets as much again as there is, up to 4 MiB.
void SubmitRing::addSlab()
{
    const std::size_t blocks = std::clamp<std::size_t>(m_blockCount, 1, kMostBlocksAtOnce);
    const std::size_t bytes = blocks * sizeof(Block);
    m_slabs.reserve(m_slabs.size() + 1);
    m_free.reserve(m_blockCount + blocks);
    void* memory =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        throw std::bad_alloc();
    }
    m_slabs.push_back({memory, bytes});
    if (bytes >= kHugePage) {
        ::madvise(memory, bytes, MADV_HUGEPAGE); // a wish: without it there are more page faults
    }
    auto* place = static_cast<std::byte*>(memory);
    for (std::size_t i = 0; i < blocks; ++i, place += sizeof(Block)) {
        m_free.push_back(new (place) Block);
    }
    // Taken from the end: the lowest address first.
    std::reverse(m_free.end() - static_cast<std::ptrdiff_t>(blocks), m_free.end());
    m_blockCount += blocks;
}

} // namespace poolscope
