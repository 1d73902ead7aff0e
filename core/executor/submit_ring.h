// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/task_slot.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace poolscope {

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

    /// \return tasks handed over so far, as the submitting thread knows it.
    [[nodiscard]] std::uint64_t submitted() const noexcept { return m_next; }

    // Any thread.
    /// Takes up to \p most of the next tasks (at least 1), and no more than one in \p share of those that
    /// wait. \return how many, from \p first on; 0 when none wait.
    [[nodiscard]] std::uint32_t claim(std::uint64_t& first, std::uint32_t most = 1,
                                      std::uint32_t share = 1) noexcept;
    /// \return the place of a task that was claimed.
    [[nodiscard]] TaskSlot& slot(std::uint64_t index) noexcept
    {
        return blockOf(index).places[index % kBlockSlots];
    }
    /// Gives places back whose tasks are over: \p count of the block in which \p index lies.
    void release(std::uint64_t index, std::uint32_t count) noexcept
    {
        // Whoever writes there next must see all that was done with it; pairs with reclaim().
        blockOf(index).released.fetch_add(count, std::memory_order_release);
    }
    [[nodiscard]] std::uint64_t published() const noexcept
    {
        return m_published.load(std::memory_order_acquire);
    }
    [[nodiscard]] std::uint64_t claimed() const noexcept
    {
        return m_claimed.load(std::memory_order_acquire);
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
    std::vector<void*> m_slabs; ///< the first few a block each, then huge pages
    std::size_t m_blockCount = 0;

    alignas(64) std::atomic<std::uint64_t> m_published{0};
    alignas(64) std::atomic<std::uint64_t> m_claimed{0};
    /// What workers know of m_published: a worker that looks there each time would slow down the thread
    /// that submits.
    std::atomic<std::uint64_t> m_seen{0};
    /// Written before the first task of a block is published, read for tasks that were claimed.
    alignas(64) std::array<Block*, kDirectorySize> m_directory{};
};

} // namespace poolscope
