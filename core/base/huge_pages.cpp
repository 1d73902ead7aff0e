// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/huge_pages.h"

#include "core/base/mutex.h"

#include <sys/mman.h>

#include <array>
#include <cstdint>

// Who still reads a page that was given back is to be found, as if it had been unmapped.
#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(begin, size)
#define ASAN_UNPOISON_MEMORY_REGION(begin, size)
#endif

namespace poolscope {

namespace {

constexpr std::size_t kPage = HugePages::kPageBytes;

/// Never destroyed: threads may end after everything else.
struct Kept
{
    Mutex mutex;
    std::array<void*, HugePages::kMostKept> pages PS_GUARDED_BY(mutex){};
    std::size_t count PS_GUARDED_BY(mutex) = 0;
};

Kept& kept()
{
    static auto* const theKept = new Kept;
    return *theKept;
}

/// \return a page of zeros, nullptr when there is no memory.
void* map() noexcept
{
    // Twice the size has a whole one in it, wherever it lies.
    void* const mapped =
        ::mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) {
        return nullptr;
    }
    auto* const begin = static_cast<std::byte*>(mapped);
    const std::size_t before = (kPage - reinterpret_cast<std::uintptr_t>(begin) % kPage) % kPage;
    if (before > 0) {
        ::munmap(begin, before);
    }
    ::munmap(begin + before + kPage, kPage - before);
    return begin + before;
}

} // namespace

void* HugePages::take() noexcept
{
    {
        Kept& all = kept();
        const MutexLock lock(all.mutex);
        if (all.count > 0) {
            void* const page = all.pages[--all.count]; // used last: some may still be in the cache
            ASAN_UNPOISON_MEMORY_REGION(page, kPage);
            return page;
        }
    }
    void* const page = map();
    if (page != nullptr) {
        ::madvise(page, kPage, MADV_HUGEPAGE); // a wish: without it there are more page faults
    }
    return page;
}

void* HugePages::takeSmallPages() noexcept
{
    return map();
}

void HugePages::give(void* page) noexcept
{
    ::madvise(page, kPage, MADV_FREE); // the kernel may have it back, when memory is scarce
    Kept& all = kept();
    {
        const MutexLock lock(all.mutex);
        if (all.count < kMostKept) {
            ASAN_POISON_MEMORY_REGION(page, kPage);
            all.pages[all.count++] = page;
            return;
        }
    }
    ::munmap(page, kPage);
}

void HugePages::trim() noexcept
{
    Kept& all = kept();
    const MutexLock lock(all.mutex);
    while (all.count > 0) {
        void* const page = all.pages[--all.count];
        ASAN_UNPOISON_MEMORY_REGION(page, kPage);
        ::munmap(page, kPage);
    }
}

std::size_t HugePages::keptCount() noexcept
{
    Kept& all = kept();
    const MutexLock lock(all.mutex);
    return all.count;
}

} // namespace poolscope
