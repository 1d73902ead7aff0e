// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"

#include <cstddef>
#include <span>
#include <vector>

namespace poolscope {

/// Memory of an array of a lane that is not needed any more.
struct MemoryPiece
{
    void* memory = nullptr;
    std::size_t bytes = 0;
    bool isAllocated = false; ///< by malloc, of its own; else the store's
};

/// Where the lanes of one trace get the memory for their chunks: pieces cut one after the other out of
/// large slabs, from the second megabyte on out of huge pages (whoever writes a lot would spend more
/// time on page faults than on writing). One store for all lanes, since a huge page of its own for each
/// array of each lane would be half empty. What is given back is handed out again; the slabs live as long as
/// the store. Any thread; meant to be called once in some thousand records.
class SlabStore
{
public:
    static constexpr std::size_t kLargestPiece = std::size_t{256} << 10U;

    SlabStore() = default;
    ~SlabStore();
    SlabStore(const SlabStore&) = delete;
    SlabStore& operator=(const SlabStore&) = delete;

    /// \return \p bytes bytes, uninitialised, aligned to a cache line. \p bytes: up to kLargestPiece.
    /// Throws std::bad_alloc.
    [[nodiscard]] void* take(std::size_t bytes) PS_EXCLUDES(m_mutex);
    /// An array allocated \p bytes by itself: they count as the store's.
    void addAllocated(std::size_t bytes) noexcept PS_EXCLUDES(m_mutex);
    /// Takes back pieces that nobody reads any more.
    void giveBack(std::span<const MemoryPiece> pieces) noexcept PS_EXCLUDES(m_mutex);

    /// \return bytes of the slabs that nobody has now.
    [[nodiscard]] std::size_t spareBytes() const PS_EXCLUDES(m_mutex);
    /// \return bytes of all slabs and of what arrays allocated by themselves.
    [[nodiscard]] std::size_t totalBytes() const PS_EXCLUDES(m_mutex);
    /// \return the same without the spare ones.
    [[nodiscard]] std::size_t usedBytes() const PS_EXCLUDES(m_mutex);

private:
    /// What is left of a slab.
    struct Rest
    {
        std::byte* begin = nullptr;
        std::size_t bytes = 0;
    };
    /// Pieces that were given back.
    struct FreeList
    {
        std::size_t bytes = 0; ///< of each
        std::vector<void*> pieces;
    };

    [[nodiscard]] void* takeFree(std::size_t bytes) PS_REQUIRES(m_mutex);
    void addRest(std::size_t bytes) PS_REQUIRES(m_mutex);
    void addSlab() PS_REQUIRES(m_mutex);

    mutable Mutex m_mutex;
    std::vector<void*> m_slabs PS_GUARDED_BY(m_mutex);
    std::vector<Rest> m_rests PS_GUARDED_BY(m_mutex); ///< few
    std::vector<FreeList> m_free PS_GUARDED_BY(m_mutex); ///< one a size: few
    std::size_t m_slabBytes PS_GUARDED_BY(m_mutex) = 0;
    std::size_t m_takenBytes PS_GUARDED_BY(m_mutex) = 0;
    std::size_t m_allocatedBytes PS_GUARDED_BY(m_mutex) = 0;
};

} // namespace poolscope
