// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/node_memory.h"

#include "core/base/huge_pages.h"
#include "core/base/mutex.h"

#include <array>
#include <cstdint>
#include <new>

namespace poolscope {

namespace {

constexpr std::size_t kLine = 64;
constexpr std::size_t kSizes = NodeMemory::kMostBytes / kLine;
constexpr std::size_t kRegionBytes = HugePages::kPageBytes; ///< and their alignment
constexpr std::uint32_t kBatch = 64;
constexpr std::uint32_t kMostEmptyRegions = 1; ///< of a size: HugePages keeps more
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PS_HAS_ADDRESS_SANITIZER
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(PS_HAS_ADDRESS_SANITIZER)
constexpr bool kIsBypassed = true; // it watches each allocation by itself
#else
constexpr bool kIsBypassed = false;
#endif
/// A free place.
struct Place
{
    Place* next;
};

/// In the first line of each region, whose places all have one size.
struct Region
{
    Place* free = nullptr; ///< given back
    std::uint32_t freeCount = 0;
    std::uint32_t cut = 0; ///< places that were taken at least once; the others were never touched
    std::uint32_t count = 0; ///< places
    Region* before = nullptr; ///< in the list of those that have room
    Region* after = nullptr;
};
static_assert(sizeof(Region) <= kLine);

Region& regionOf(Place* place) noexcept
{
    const std::size_t offset = reinterpret_cast<std::uintptr_t>(place) % kRegionBytes;
    return *reinterpret_cast<Region*>(reinterpret_cast<std::byte*>(place) - offset);
}

/// All regions of one size.
class Regions
{
public:
    void setPlaceBytes(std::size_t bytes) noexcept { m_placeBytes = bytes; }

    /// \return a chain of \p count places, which becomes less when there is no more memory.
    Place* take(std::uint32_t& count) noexcept PS_EXCLUDES(m_mutex)
    {
        const MutexLock lock(m_mutex);
        Place* chain = nullptr;
        for (std::uint32_t i = 0; i < count; ++i) {
            Place* const place = takeOne();
            if (place == nullptr) {
                count = i;
                break;
            }
            place->next = chain;
            chain = place;
        }
        return chain;
    }
    /// Takes \p count places of \p chain back. \return the rest.
    Place* give(Place* chain, std::uint32_t count) noexcept PS_EXCLUDES(m_mutex)
    {
        const MutexLock lock(m_mutex);
        for (std::uint32_t i = 0; i < count; ++i) {
            Place* const next = chain->next;
            giveOne(chain);
            chain = next;
        }
        return chain;
    }
    std::size_t bytes() noexcept PS_EXCLUDES(m_mutex)
    {
        const MutexLock lock(m_mutex);
        return m_regions * kRegionBytes;
    }

private:
    static bool isFull(const Region& region) noexcept
    {
        return region.freeCount == 0 && region.cut == region.count;
    }
    bool isEmpty(const Region& region) const noexcept { return region.freeCount == region.cut; }

    Place* takeOne() noexcept PS_REQUIRES(m_mutex)
    {
        if (m_withRoom == nullptr && !addRegion()) {
            return nullptr;
        }
        Region& region = *m_withRoom;
        if (isEmpty(region)) {
            --m_emptyRegions;
        }
        Place* place = region.free;
        if (place != nullptr) {
            region.free = place->next;
            --region.freeCount;
        } else {
            place = reinterpret_cast<Place*>(reinterpret_cast<std::byte*>(&region) + kLine +
                                             region.cut * m_placeBytes);
            ++region.cut;
        }
        if (isFull(region)) {
            unlink(region);
        }
        return place;
    }
    void giveOne(Place* place) noexcept PS_REQUIRES(m_mutex)
    {
        Region& region = regionOf(place);
        const bool wasFull = isFull(region);
        place->next = region.free;
        region.free = place;
        ++region.freeCount;
        if (wasFull) {
            link(region);
        }
        if (isEmpty(region)) {
            if (m_emptyRegions == kMostEmptyRegions) {
                unlink(region);
                HugePages::give(&region);
                --m_regions;
            } else {
                ++m_emptyRegions;
            }
        }
    }
    bool addRegion() noexcept PS_REQUIRES(m_mutex)
    {
        // Who needs a second one needs many; the first one takes what is used of it only.
        void* const page = m_regions > 0 ? HugePages::take() : HugePages::takeSmallPages();
        if (page == nullptr) {
            return false;
        }
        ++m_regions;
        auto* const region = new (page) Region;
        region->count = static_cast<std::uint32_t>((kRegionBytes - kLine) / m_placeBytes);
        link(*region);
        ++m_emptyRegions;
        return true;
    }
    void link(Region& region) noexcept PS_REQUIRES(m_mutex)
    {
        region.before = nullptr;
        region.after = m_withRoom;
        if (m_withRoom != nullptr) {
            m_withRoom->before = &region;
        }
        m_withRoom = &region;
    }
    void unlink(Region& region) noexcept PS_REQUIRES(m_mutex)
    {
        (region.before != nullptr ? region.before->after : m_withRoom) = region.after;
        if (region.after != nullptr) {
            region.after->before = region.before;
        }
    }

    Mutex m_mutex;
    std::size_t m_placeBytes = kLine;
    Region* m_withRoom PS_GUARDED_BY(m_mutex) = nullptr;
    std::size_t m_regions PS_GUARDED_BY(m_mutex) = 0;
    std::uint32_t m_emptyRegions PS_GUARDED_BY(m_mutex) = 0;
};

/// Never destroyed: threads may end after everything else.
std::array<Regions, kSizes>& allRegions()
{
    static auto* const all = [] {
        auto* made = new std::array<Regions, kSizes>;
        for (std::size_t size = 0; size < kSizes; ++size) {
            (*made)[size].setPlaceBytes((size + 1) * kLine);
        }
        return made;
    }();
    return *all;
}

/// What one thread keeps of one size.
struct Kept
{
    Place* chain = nullptr;
    std::uint32_t count = 0;
};

// Without a destructor, so that reaching it costs nothing; see KeptEnd.
thread_local std::array<Kept, kSizes> theKept{};
thread_local bool theThreadEnds = false;

/// Gives back what the thread keeps.
struct KeptEnd
{
    KeptEnd() = default;
    ~KeptEnd()
    {
        theThreadEnds = true;
        for (std::size_t size = 0; size < kSizes; ++size) {
            Kept& kept = theKept[size];
            kept.chain = allRegions()[size].give(kept.chain, kept.count);
            kept.count = 0;
        }
    }
    KeptEnd(const KeptEnd&) = delete;
    KeptEnd& operator=(const KeptEnd&) = delete;
};

/// Sees to it that the thread gives back in the end what it keeps. \return whether it may keep anything.
bool mayKeep() noexcept
{
    thread_local const KeptEnd end;
    return !theThreadEnds;
}

std::size_t sizeOf(std::size_t bytes) noexcept
{
    return (bytes - 1) / kLine;
}

} // namespace

void* NodeMemory::take(std::size_t bytes)
{
    if (kIsBypassed || bytes > kMostBytes || bytes == 0) {
        return ::operator new(bytes);
    }
    const std::size_t size = sizeOf(bytes);
    Kept& kept = theKept[size];
    if (kept.chain == nullptr) {
        kept.count = mayKeep() ? kBatch : 1;
        kept.chain = allRegions()[size].take(kept.count);
        if (kept.chain == nullptr) {
            throw std::bad_alloc();
        }
    }
    Place* const place = kept.chain;
    kept.chain = place->next;
    --kept.count;
    return place;
}

void NodeMemory::give(void* place, std::size_t bytes) noexcept
{
    if (kIsBypassed || bytes > kMostBytes || bytes == 0) {
        ::operator delete(place);
        return;
    }
    const std::size_t size = sizeOf(bytes);
    Kept& kept = theKept[size];
    auto* const free = static_cast<Place*>(place);
    free->next = kept.chain;
    kept.chain = free;
    ++kept.count;
    if (kept.count >= 2 * kBatch || theThreadEnds) {
        const std::uint32_t surplus = theThreadEnds ? kept.count : kBatch;
        kept.chain = allRegions()[size].give(kept.chain, surplus);
        kept.count -= surplus;
    } else if (kept.count == 1) {
        static_cast<void>(mayKeep());
    }
}

std::size_t NodeMemory::regionBytes() noexcept
{
    std::size_t bytes = 0;
    for (Regions& regions : allRegions()) {
        bytes += regions.bytes();
    }
    return bytes;
}

} // namespace poolscope
