// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/mman.h>

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace poolscope {

/// An append-only array that never moves its elements: chunks hang off a fixed directory of two
/// levels, so a reader needs no lock for what was published to it. One writer; what lies below a count
/// that the writer released (and the reader acquired) may be read by any thread. Uninitialised until
/// written. Costs 2 KiB while it is empty.
template <class T, unsigned ChunkShift>
class StableVector
{
    static_assert(std::is_trivially_copyable_v<T>);

public:
    static constexpr std::size_t kChunkSize = std::size_t{1} << ChunkShift;
    static constexpr std::size_t kDirectorySize = 65536;
    static constexpr std::size_t kCapacity = kChunkSize * kDirectorySize;

    StableVector() = default;
    ~StableVector()
    {
        for (void* slab : m_slabs) {
            std::free(slab);
        }
        for (T** page : m_pages) {
            std::free(page);
        }
    }
    StableVector(const StableVector&) = delete;
    StableVector& operator=(const StableVector&) = delete;

    /// Writer only. \return the place of element \p index, which is at most one past the last.
    /// Throws std::length_error beyond the capacity and std::bad_alloc; the elements stay as they were.
    T* slot(std::size_t index)
    {
        const std::size_t chunk = index >> ChunkShift;
        if (chunk >= m_chunkCount) {
            addChunk(chunk);
        }
        return m_pages[chunk / kPageSize][chunk % kPageSize] + (index & (kChunkSize - 1));
    }

    /// \p index must lie below a published count.
    const T& operator[](std::size_t index) const
    {
        const std::size_t chunk = index >> ChunkShift;
        return m_pages[chunk / kPageSize][chunk % kPageSize][index & (kChunkSize - 1)];
    }
    /// \return the elements from \p index to the end of its chunk, for tight loops.
    const T* data(std::size_t index) const { return &(*this)[index]; }
    /// \return how many elements lie in one piece from \p index on.
    static constexpr std::size_t contiguousFrom(std::size_t index)
    {
        return kChunkSize - (index & (kChunkSize - 1));
    }

    /// Writer's thread only.
    [[nodiscard]] std::size_t allocatedBytes() const
    {
        return (m_chunkCount + m_spareChunks) * kChunkBytes;
    }

private:
    static constexpr std::size_t kPageSize = 256;
    static constexpr std::size_t kChunkBytes = kChunkSize * sizeof(T);
    static constexpr std::size_t kHugePage = std::size_t{2} << 20U;
    static constexpr std::size_t kChunksInHugePage = kHugePage / kChunkBytes;

    void addChunk(std::size_t chunk)
    {
        if (chunk >= kDirectorySize) {
            throw std::length_error("StableVector: full");
        }
        assert(chunk == m_chunkCount); // appended one after the other
        T**& page = m_pages[chunk / kPageSize];
        if (page == nullptr) {
            page = static_cast<T**>(allocated(std::calloc(kPageSize, sizeof(T*))));
        }
        if (m_spareChunks == 0) {
            addSlab();
        }
        page[chunk % kPageSize] = m_nextChunk;
        m_nextChunk += kChunkSize;
        --m_spareChunks;
        ++m_chunkCount;
    }
    /// A chunk at first; from a megabyte on as many as a huge page holds: whoever writes a lot would
    /// spend more time on page faults than on writing.
    void addSlab()
    {
        m_slabs.reserve(m_slabs.size() + 1);
        const bool isLarge = m_chunkCount * kChunkBytes >= kHugePage / 2 && kChunksInHugePage > 1;
        void* slab = allocated(isLarge ? std::aligned_alloc(kHugePage, kHugePage)
                                       : std::malloc(kChunkBytes));
        if (isLarge) {
            ::madvise(slab, kHugePage, MADV_HUGEPAGE); // a wish
        }
        m_slabs.push_back(slab);
        m_nextChunk = static_cast<T*>(slab);
        m_spareChunks = isLarge ? kChunksInHugePage : 1;
    }
    static void* allocated(void* memory)
    {
        if (memory == nullptr) {
            throw std::bad_alloc();
        }
        return memory;
    }

    // Two levels, since a flat directory is 512 KiB of zeros an array, which an allocator that
    // recycles memory would have to write.
    std::array<T**, kDirectorySize / kPageSize> m_pages{};
    std::size_t m_chunkCount = 0;
    std::vector<void*> m_slabs;
    T* m_nextChunk = nullptr;
    std::size_t m_spareChunks = 0; ///< from m_nextChunk on
};

} // namespace poolscope
