// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/slab_store.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <type_traits>

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
    static constexpr std::size_t kDirectorySize = 131072;
    static constexpr std::size_t kCapacity = kChunkSize * kDirectorySize;

    StableVector() = default;
    ~StableVector()
    {
        // The others are the store's when there is one.
        for (std::size_t i = 0; i < ownChunks(); ++i) {
            std::free(m_pages[i / kPageSize][i % kPageSize]);
        }
        for (T** page : m_pages) {
            std::free(page);
        }
    }
    StableVector(const StableVector&) = delete;
    StableVector& operator=(const StableVector&) = delete;

    /// Chunks beyond the first shall lie in \p store, which must outlive this. Before the first element. The first one
    /// is always of its own: of what few elements leave empty the kernel then makes no memory.
    void takeFrom(SlabStore& store)
    {
        static_assert(kChunkBytes <= SlabStore::kLargestPiece);
        assert(m_chunkCount == 0);
        m_store = &store;
    }

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
    [[nodiscard]] std::size_t allocatedBytes() const { return m_chunkCount * kChunkBytes; }

private:
    static constexpr std::size_t kPageSize = 512;
    static constexpr std::size_t kChunkBytes = kChunkSize * sizeof(T);

    [[nodiscard]] std::size_t ownChunks() const
    {
        return m_store == nullptr ? m_chunkCount : std::min<std::size_t>(m_chunkCount, 1);
    }
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
        void* const memory = m_store != nullptr && chunk > 0 ? m_store->take(kChunkBytes)
                                                             : allocated(std::malloc(kChunkBytes));
        page[chunk % kPageSize] = static_cast<T*>(memory);
        ++m_chunkCount;
    }
    static void* allocated(void* memory)
    {
        if (memory == nullptr) {
            throw std::bad_alloc();
        }
        return memory;
    }

    // Two levels, since a flat directory is 1 MiB of zeros an array, which an allocator that
    // recycles memory would have to write.
    std::array<T**, kDirectorySize / kPageSize> m_pages{};
    std::size_t m_chunkCount = 0;
    SlabStore* m_store = nullptr; ///< null: each chunk is allocated for itself
};

} // namespace poolscope
