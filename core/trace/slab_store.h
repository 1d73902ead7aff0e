// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"

#include <cstddef>
#include <vector>

namespace poolscope {

/// Where the lanes of one trace get the memory for their chunks: pieces cut one after the other out of
/// large slabs, from the second megabyte on out of huge pages (whoever writes a lot would spend more
/// time on page faults than on writing). One store for all lanes, since a huge page of its own for each
/// array of each lane would be half empty. Nothing is given back before the store is destroyed. Any
/// thread; meant to be called once in some thousand records.
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
    /// \return bytes of the slabs that nobody took yet.
    [[nodiscard]] std::size_t spareBytes() const PS_EXCLUDES(m_mutex);

private:
    /// What is left of a slab.
    struct Rest
    {
        std::byte* begin = nullptr;
        std::size_t bytes = 0;
    };

    void addSlab() PS_REQUIRES(m_mutex);

    mutable Mutex m_mutex;
    std::vector<void*> m_slabs PS_GUARDED_BY(m_mutex);
    std::vector<Rest> m_rests PS_GUARDED_BY(m_mutex); ///< few
    std::size_t m_slabBytes PS_GUARDED_BY(m_mutex) = 0;
    std::size_t m_takenBytes PS_GUARDED_BY(m_mutex) = 0;
};

} // namespace poolscope
