// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cassert>
#include <cstdint>

namespace poolscope {

/// What a worker has claimed of a submit ring and not begun. Its owner takes one task after the other;
/// meanwhile anybody may take the rest away, so that a task that takes long (or waits for another one)
/// holds up nobody behind it. One word, no lock. A number of a ring never comes again for 2^44 tasks.
class ClaimedBatch
{
public:
    static constexpr std::uint32_t kMostRings = 1024;
    static constexpr std::uint32_t kMostTasks = 255;

    /// Neighbouring tasks of one ring.
    struct Tasks
    {
        std::uint32_t ring = 0;
        std::uint64_t first = 0; ///< index in the ring modulo 2^46
        std::uint32_t count = 0;
    };

    /// Owner, when the batch is empty. \p tasks: at most kMostTasks, ring below kMostRings.
    void set(const Tasks& tasks) noexcept
    {
        assert(tasks.count <= kMostTasks && tasks.ring < kMostRings);
        m_word.store(pack(tasks), std::memory_order_release); // pairs with the others' take…()
    }
    /// Owner: begins the first task. \return count 1, or 0 when nothing is left.
    Tasks takeNext() noexcept
    {
        return take([](std::uint32_t /*count*/) { return 1U; }, FromFront);
    }
    /// Anybody: takes the later half away, or the only one.
    Tasks takeHalf() noexcept
    {
        return take([](std::uint32_t count) { return (count + 1) / 2; }, FromBack);
    }
    /// Anybody: takes all of it away.
    Tasks takeAll() noexcept
    {
        return take([](std::uint32_t count) { return count; }, FromFront);
    }
    /// \return tasks that have not begun.
    [[nodiscard]] std::uint32_t waiting() const noexcept
    {
        return unpack(m_word.load(std::memory_order_relaxed)).count;
    }

private:
    static constexpr unsigned kCountBits = 8;
    static constexpr unsigned kRingBits = 10;
    static constexpr std::uint64_t kIndexMask =
        (std::uint64_t{1} << (64 - kCountBits - kRingBits)) - 1;

    enum End { FromFront, FromBack };

    static std::uint64_t pack(const Tasks& tasks) noexcept
    {
        return (tasks.first & kIndexMask) << (kCountBits + kRingBits) |
               std::uint64_t{tasks.ring} << kCountBits | tasks.count;
    }
    static Tasks unpack(std::uint64_t word) noexcept
    {
        return {static_cast<std::uint32_t>(word >> kCountBits) & (kMostRings - 1),
                word >> (kCountBits + kRingBits), static_cast<std::uint32_t>(word) & kMostTasks};
    }

    template <class HowMany>
    Tasks take(const HowMany& howMany, End end) noexcept
    {
        std::uint64_t word = m_word.load(std::memory_order_acquire);
        for (;;) {
            Tasks all = unpack(word);
            if (all.count == 0) {
                return {};
            }
            Tasks taken = all;
            taken.count = howMany(all.count);
            all.count -= taken.count;
            taken.first += end == FromBack ? all.count : 0;
            all.first += end == FromFront ? taken.count : 0;
            if (m_word.compare_exchange_weak(word, pack(all), std::memory_order_acq_rel,
                                             std::memory_order_acquire)) {
                return taken;
            }
        }
    }

    std::atomic<std::uint64_t> m_word{0};
};

} // namespace poolscope
