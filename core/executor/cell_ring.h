// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/full_fence.h"
#include "core/base/futex.h"

#include <array>
#include <atomic>
#include <bit>
#include <cassert>
#include <cstdint>
#include <type_traits>

namespace poolscope {

/// A line of cells of one size from one writer to one reader, in memory that two processes share; it must
/// have been zeroed. The two ends, CellWriter and CellReader, keep their own count outside of it and believe
/// nothing that lies here: whatever the other side writes, no cell outside the ring is touched. What
/// was published stays readable when its writer dies.
template <class Cell, std::uint32_t kCells>
struct CellRing
{
    static_assert(std::has_single_bit(kCells) && std::is_trivially_copyable_v<Cell>);
    static_assert(std::atomic<std::uint32_t>::is_always_lock_free);
    using CellType = Cell;
    static constexpr std::uint32_t kCount = kCells;

    // Counted up for ever, modulo 2^32. Each side's words on lines of their own. Who sleeps sets its word to 1
    // and sleeps on it; who wakes sets it to 0 first, so a wake-up for something older is never the last.
    alignas(64) std::atomic<std::uint32_t> written{0};
    std::atomic<std::uint32_t> isWriterAsleep{0};
    alignas(64) std::atomic<std::uint32_t> read{0};
    std::atomic<std::uint32_t> isReaderAsleep{0};
    alignas(64) std::array<Cell, kCells> cells; // not initialised: would touch every page
};

/// The writing end.
template <class Ring>
class CellWriter
{
public:
    explicit CellWriter(Ring& ring) noexcept
        : m_ring(ring)
    {}

    /// \return how many cells can be put in now.
    [[nodiscard]] std::uint32_t room() const noexcept
    {
        // Acquire: the reader is done with those cells; pairs with CellReader::release().
        const std::uint32_t used = m_next - m_ring.read.load(std::memory_order_acquire);
        return used <= Ring::kCount ? Ring::kCount - used : 0;
    }
    /// \return the next cell, to be filled and then published. Precondition: room() > 0.
    [[nodiscard]] typename Ring::CellType& add() noexcept
    {
        return m_ring.cells[m_next++ % Ring::kCount];
    }
    /// Shows all cells so far to a reader that is looking.
    void publish() noexcept
    {
        m_ring.written.store(m_next, std::memory_order_release); // pairs with CellReader::waiting()
    }
    /// Wakes the reader if it sleeps. Costs a fence when it does not. \return whether it did.
    bool wakeReader() noexcept
    {
        fullFence(); // after what was published, before the look; pairs with CellReader::sleep()
        const bool isAsleep = m_ring.isReaderAsleep.load(std::memory_order_relaxed) != 0 &&
                              m_ring.isReaderAsleep.exchange(0, std::memory_order_relaxed) != 0;
        if (isAsleep) {
            sharedFutexWakeAll(m_ring.isReaderAsleep);
        }
        return isAsleep;
    }
    /// \return how many cells the reader is done with, modulo 2^32.
    [[nodiscard]] std::uint32_t readCount() const noexcept
    {
        return m_ring.read.load(std::memory_order_acquire); // pairs with CellReader::release()
    }
    /// Sleeps until there is room, or until \p untilNs. May come back early.
    void sleep(Nanos untilNs) noexcept
    {
        m_ring.isWriterAsleep.store(1, std::memory_order_relaxed);
        fullFence(); // pairs with CellReader::release()
        if (room() == 0) {
            sharedFutexWait(m_ring.isWriterAsleep, 1, untilNs);
        }
        m_ring.isWriterAsleep.store(0, std::memory_order_relaxed);
    }
    /// \return how many cells were ever added, modulo 2^32.
    [[nodiscard]] std::uint32_t count() const noexcept { return m_next; }

private:
    Ring& m_ring;
    std::uint32_t m_next = 0;
};

/// The reading end.
template <class Ring>
class CellReader
{
public:
    explicit CellReader(Ring& ring) noexcept
        : m_ring(ring)
    {}

    /// \return how many cells wait to be taken; more than the ring has: the writer has gone mad.
    [[nodiscard]] std::uint32_t waiting() const noexcept
    {
        return m_ring.written.load(std::memory_order_acquire) - m_next; // pairs with publish()
    }
    /// \return a copy of the next cell. Precondition: waiting() > 0.
    [[nodiscard]] typename Ring::CellType take() noexcept
    {
        const typename Ring::CellType cell = m_ring.cells[m_next++ % Ring::kCount];
        // What is checked from now on is the copy, whatever the writer does to the original.
        std::atomic_signal_fence(std::memory_order_seq_cst);
        return cell;
    }
    /// Gives the taken cells back to the writer, and wakes it if it sleeps.
    void release() noexcept
    {
        m_ring.read.store(m_next, std::memory_order_release);
        fullFence(); // pairs with CellWriter::sleep()
        if (m_ring.isWriterAsleep.load(std::memory_order_relaxed) != 0 &&
            m_ring.isWriterAsleep.exchange(0, std::memory_order_relaxed) != 0) {
            sharedFutexWakeAll(m_ring.isWriterAsleep);
        }
    }
    /// Sleeps until something waits, or until \p untilNs. May come back early.
    void sleep(Nanos untilNs) noexcept
    {
        m_ring.isReaderAsleep.store(1, std::memory_order_relaxed);
        fullFence(); // pairs with CellWriter::wakeReader()
        if (waiting() == 0) {
            sharedFutexWait(m_ring.isReaderAsleep, 1, untilNs);
        }
        m_ring.isReaderAsleep.store(0, std::memory_order_relaxed);
    }
    /// \return how many cells were ever taken, modulo 2^32.
    [[nodiscard]] std::uint32_t count() const noexcept { return m_next; }

private:
    Ring& m_ring;
    std::uint32_t m_next = 0;
};

} // namespace poolscope
