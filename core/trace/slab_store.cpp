// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/slab_store.h"

#include "core/base/huge_pages.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <new>

namespace poolscope {

namespace {

constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kSmallSlab = SlabStore::kLargestPiece;
/// A short run shall not cost a huge page.
constexpr std::size_t kBytesInSmallSlabs = std::size_t{1} << 20U;
constexpr std::size_t kSmallSlabs = kBytesInSmallSlabs / kSmallSlab;
/// Less than this is forgotten: nobody asks for so little.
constexpr std::size_t kSmallestRest = 4096;

constexpr std::size_t inCacheLines(std::size_t bytes)
{
    return (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
}

} // namespace

SlabStore::~SlabStore()
{
    for (std::size_t i = 0; i < m_slabs.size(); ++i) {
        if (i < kSmallSlabs) {
            std::free(m_slabs[i]);
        } else {
            HugePages::give(m_slabs[i]);
        }
    }
}

void* SlabStore::take(std::size_t bytes)
{
    assert(bytes <= kLargestPiece);
    bytes = inCacheLines(bytes);
    MutexLock lock(m_mutex);
    if (void* const piece = takeFree(bytes)) {
        m_takenBytes += bytes;
        return piece;
    }
    // The end of a slab that is too short for records still holds summaries.
    const auto holds = [bytes](const Rest& each) { return each.bytes >= bytes; };
    auto rest = std::find_if(m_rests.begin(), m_rests.end(), holds);
    if (rest == m_rests.end()) {
        addRest(bytes);
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

/// \return a piece of exactly that size, nullptr when none was given back.
void* SlabStore::takeFree(std::size_t bytes)
{
    for (FreeList& list : m_free) {
        if (list.bytes == bytes && !list.pieces.empty()) {
            void* const piece = list.pieces.back();
            list.pieces.pop_back();
            return piece;
        }
    }
    return nullptr;
}

/// Adds a rest with room for \p bytes at the end: a larger piece that was given back, to be cut up, or a new slab.
void SlabStore::addRest(std::size_t bytes)
{
    m_rests.reserve(m_rests.size() + 1);
    for (FreeList& list : m_free) {
        if (list.bytes >= bytes && !list.pieces.empty()) {
            m_rests.push_back({static_cast<std::byte*>(list.pieces.back()), list.bytes});
            list.pieces.pop_back();
            return;
        }
    }
    addSlab();
}

void SlabStore::addAllocated(std::size_t bytes) noexcept
{
    MutexLock lock(m_mutex);
    m_allocatedBytes += bytes;
}

void SlabStore::giveBack(std::span<const MemoryPiece> pieces) noexcept
{
    MutexLock lock(m_mutex);
    for (const MemoryPiece& piece : pieces) {
        if (piece.isAllocated) {
            std::free(piece.memory);
            m_allocatedBytes -= piece.bytes;
            continue;
        }
        const std::size_t bytes = inCacheLines(piece.bytes);
        try {
            auto list = std::ranges::find(m_free, bytes, &FreeList::bytes);
            if (list == m_free.end()) {
                list = m_free.insert(m_free.end(), FreeList{bytes, {}});
            }
            list->pieces.push_back(piece.memory);
            m_takenBytes -= bytes;
        } catch (const std::bad_alloc&) { // NOLINT(bugprone-empty-catch): it stays taken
        }
    }
}

void SlabStore::addSlab()
{
    m_slabs.reserve(m_slabs.size() + 1);
    m_rests.reserve(m_rests.size() + 1);
    const bool isLarge = m_slabBytes >= kBytesInSmallSlabs;
    const std::size_t bytes = isLarge ? HugePages::kPageBytes : kSmallSlab;
    // Large ones past malloc: among its blocks the slabs keep what is freed between them from ever being used again.
    void* const slab = isLarge ? HugePages::take() : std::aligned_alloc(kCacheLine, bytes);
    if (slab == nullptr) {
        throw std::bad_alloc();
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

std::size_t SlabStore::totalBytes() const
{
    MutexLock lock(m_mutex);
    return m_slabBytes + m_allocatedBytes;
}

std::size_t SlabStore::usedBytes() const
{
    MutexLock lock(m_mutex);
    return m_takenBytes + m_allocatedBytes;
}

} // namespace poolscope
