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
    static constexpr std::size_t kDirectorySize = 131072;
    static constexpr std::size_t kCapacity = kChunkSize * kDirectorySize;

    StableVector() = default;
    ~StableVector()
    {
        // The others are the store's when there is one.
        for (std::size_t i = m_firstChunk; i < ownChunks(); ++i) {
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

    /// The first element is number \p index: those before were let go before this was read from a file. Before the first
    /// element; with a store.
    void beginAt(std::size_t index)
    {
        assert(m_chunkCount == 0 && m_store != nullptr);
        m_firstChunk = m_chunkCount = index >> ChunkShift;
    }

    /// Lets the chunks go that lie wholly before element \p index, which is published. Any one thread beside the
    /// writer; with a store. What was read before stays where it is until the store has the pieces back.
    void letGoBefore(std::size_t index, std::vector<MemoryPiece>& pieces)
    {
        for (; m_firstChunk < index >> ChunkShift; ++m_firstChunk) {
            T* const chunk = m_pages[m_firstChunk / kPageSize][m_firstChunk % kPageSize];
            pieces.push_back({chunk, kChunkBytes, m_firstChunk == 0});
        }
    }

    /// Writer only. \return the place of element \p index, which is at most one past the last.
    /// Throws std::length_error beyond the capacity and std::bad_alloc; the elements stay as they were.
    T* slot(std::size_t index)
    {
        const std::size_t chunk = index >> ChunkShift;
        if (chunk >= m_chunkCount) {
            addChunk(chunk);
        }
        T* const begin =
            chunk + 1 == m_chunkCount ? m_newest : m_pages[chunk / kPageSize][chunk % kPageSize];
        return begin + (index & (kChunkSize - 1));
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

    /// Only while nobody writes or lets go.
    [[nodiscard]] std::size_t allocatedBytes() const
    {
        return (m_chunkCount - m_firstChunk) * kChunkBytes;
    }

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
        m_newest = page[chunk % kPageSize] = static_cast<T*>(memory);
        ++m_chunkCount;
        if (m_store != nullptr && chunk == 0) {
            m_store->addAllocated(kChunkBytes);
        }
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
    std::size_t m_chunkCount = 0; ///< those that were let go included
    T* m_newest = nullptr; ///< the last chunk, where nearly everything is written; the writer's
    std::size_t m_firstChunk = 0; ///< those before were let go; of who lets go
    SlabStore* m_store = nullptr; ///< null: each chunk is allocated for itself
};

} // namespace poolscope
