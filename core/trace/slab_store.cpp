// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/slab_store.h"

#include <sys/mman.h>

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <new>

namespace poolscope {

namespace {

constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kHugePage = std::size_t{2} << 20U;
constexpr std::size_t kSmallSlab = SlabStore::kLargestPiece;
/// A short run shall not cost a huge page.
constexpr std::size_t kBytesInSmallSlabs = std::size_t{1} << 20U;
/// Less than this is forgotten: nobody asks for so little.
constexpr std::size_t kSmallestRest = 4096;

} // namespace

SlabStore::~SlabStore()
{
    for (void* slab : m_slabs) {
        std::free(slab);
    }
}

void* SlabStore::take(std::size_t bytes)
{
    assert(bytes <= kLargestPiece);
    bytes = (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
    MutexLock lock(m_mutex);
    // The end of a slab that is too short for records still holds summaries.
    auto rest = std::find_if(m_rests.begin(), m_rests.end(),
                             [bytes](const Rest& each) { return each.bytes >= bytes; });
    if (rest == m_rests.end()) {
        addSlab();
        rest = std::prev(m_rests.end());
    }
    void* const piece = rest->begin;
    rest->begin += bytes;
    rest->bytes -= bytes;
    m_takenBytes += bytes;
    if (rest->bytes < kSmallestRest) {
        m_rests.erase(rest);
    }
    return piece;
}

void SlabStore::addSlab()
{
    m_slabs.reserve(m_slabs.size() + 1);
    m_rests.reserve(m_rests.size() + 1);
    const bool isLarge = m_slabBytes >= kBytesInSmallSlabs;
    const std::size_t bytes = isLarge ? kHugePage : kSmallSlab;
    void* const slab = std::aligned_alloc(isLarge ? kHugePage : kCacheLine, bytes);
    if (slab == nullptr) {
        throw std::bad_alloc();
    }
    if (isLarge) {
        ::madvise(slab, bytes, MADV_HUGEPAGE); // a wish
    }
    m_slabs.push_back(slab);
    m_rests.push_back({static_cast<std::byte*>(slab), bytes});
    m_slabBytes += bytes;
}

std::size_t SlabStore::spareBytes() const
{
    MutexLock lock(m_mutex);
    return m_slabBytes - m_takenBytes;
}

} // namespace poolscope
