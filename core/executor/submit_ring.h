// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace poolscope {

/// Place for one task on its way from the thread that submits it to the worker that runs it. What lies
/// in its store is between the two.
struct alignas(64) TaskSlot
{
    static constexpr std::size_t kStoreBytes = 40;

    alignas(8) std::array<std::byte, kStoreBytes> store;
    const void* kind; ///< says what lies in the store
    Nanos submitNs;
    std::uint64_t task; ///< running number
};

static_assert(sizeof(TaskSlot) == 64, "one cache line a task");

/// Tasks that one thread submits and many workers take, first in, first out, without a lock. It grows as
/// tasks pile up and uses its places again as they end; the memory stays until the ring goes.
///
/// A task's place is its from nextSlot() to release(): it runs where it was written, nothing is copied.
class SubmitRing
{
public:
    static constexpr std::uint32_t kBlockSlots = 1024;
    static constexpr std::uint64_t kDirectorySize = 4096;
    /// As many tasks can be unfinished at a time.
    static constexpr std::uint64_t kMostTasks = kBlockSlots * (kDirectorySize - 1);

    /// Neighbouring tasks that one worker took, [first, first + count).
    struct Claim
    {
        std::uint64_t first = 0;
        std::uint32_t count = 0;
    };

    SubmitRing() = default;
    ~SubmitRing();
    SubmitRing(const SubmitRing&) = delete;
    SubmitRing& operator=(const SubmitRing&) = delete;

    // The one thread that submits.
    /// \return the place of the next task, nullptr when kMostTasks or the memory are used up.
    [[nodiscard]] TaskSlot* nextSlot() noexcept
    {
        if (m_next == m_blockEnd && !openBlock()) {
            return nullptr;
        }
        return &m_block->places[m_next % kBlockSlots];
    }
    /// Hands the task in nextSlot() over to the workers.
    void publish() noexcept
    {
        ++m_next;
        m_published.store(m_next, std::memory_order_release); // the slot; pairs with claim()
    }

    // Any thread.
    /// Takes up to \p atMost tasks, no more than a \p share-th of those that wait (but one).
    [[nodiscard]] Claim claim(std::uint32_t atMost, std::uint64_t share) noexcept;
    /// \return the place of a task that was claimed.
    [[nodiscard]] TaskSlot& slot(std::uint64_t index) noexcept
    {
        return blockOf(index).places[index % kBlockSlots];
    }
    /// Gives places back whose tasks are over; \p count neighbours of one block.
    void release(std::uint64_t first, std::uint32_t count) noexcept
    {
        // Whoever writes there next must see all that was done with it; pairs with reclaim().
        blockOf(first).released.fetch_add(count, std::memory_order_release);
    }
    [[nodiscard]] std::uint64_t published() const noexcept
    {
        return m_published.load(std::memory_order_acquire);
    }
    /// \return tasks that nobody has taken.
    [[nodiscard]] std::uint64_t waiting() const noexcept
    {
        // In this order: what is taken was published before.
        const std::uint64_t claimed = m_claimed.load(std::memory_order_acquire);
        return published() - claimed;
    }

private:
    struct Block
    {
        std::array<TaskSlot, kBlockSlots> places;
        alignas(64) std::atomic<std::uint32_t> released{0};
    };
    struct OpenBlock
    {
        std::uint64_t number = 0; ///< its first task's index divided by kBlockSlots
        Block* block = nullptr;
    };
    struct Slab
    {
        void* memory = nullptr;
        std::size_t bytes = 0;
    };

    [[nodiscard]] Block& blockOf(std::uint64_t index) noexcept
    {
        return *m_directory[index / kBlockSlots % kDirectorySize];
    }
    bool openBlock() noexcept;
    void reclaim();
    void addSlab();

    // Of the submitting thread.
    std::uint64_t m_next = 0; ///< index of the next task
    std::uint64_t m_blockEnd = 0; ///< index after the last one of m_block
    Block* m_block = nullptr;
    std::vector<OpenBlock> m_open; ///< by number; not all released when last looked at
    std::vector<Block*> m_free;
    std::vector<Slab> m_slabs;
    std::size_t m_blockCount = 0;

    alignas(64) std::atomic<std::uint64_t> m_published{0};
    alignas(64) std::atomic<std::uint64_t> m_claimed{0};
    /// Written before the first task of a block is published, read for tasks that were claimed.
    alignas(64) std::array<Block*, kDirectorySize> m_directory{};
};

} // namespace poolscope
