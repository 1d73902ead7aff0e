// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace poolscope {

/// When each of some workers is free again, and who is the first: a tournament, in which a changed time plays
/// one match on each level (Knuth, TAOCP 3, 5.4.1). Ties go to the lower number. One thread.
class FreeWorkers
{
public:
    /// \p workers 1 to 2^16, all free at \p timeNs; times are from 0 to 2^47 ns, which is a day and a half.
    FreeWorkers(int workers, Nanos timeNs)
        : m_leaves(std::bit_ceil(static_cast<std::size_t>(workers)))
        , m_winners(2 * m_leaves, kNever)
    {
        for (std::size_t i = 0; i < static_cast<std::size_t>(workers); ++i) {
            m_winners[m_leaves + i] = keyOf(timeNs, i);
        }
        for (std::size_t node = m_leaves - 1; node > 0; --node) {
            m_winners[node] = std::min(m_winners[2 * node], m_winners[2 * node + 1]);
        }
    }

    [[nodiscard]] int first() const { return static_cast<int>(m_winners[1] & kWorkerMask); }
    [[nodiscard]] Nanos firstTime() const
    {
        return static_cast<Nanos>(m_winners[1] >> kWorkerBits);
    }
    /// Occupies the first one until \p timeNs, not before firstTime().
    void occupyFirst(Nanos timeNs)
    {
        const std::size_t worker = m_winners[1] & kWorkerMask;
        std::uint64_t winner = keyOf(timeNs, worker);
        std::size_t node = m_leaves + worker;
        m_winners[node] = winner;
        for (; node > 1; node /= 2) {
            winner = std::min(winner, m_winners[node ^ 1U]);
            m_winners[node / 2] = winner;
        }
    }

private:
    static constexpr int kWorkerBits = 16;
    static constexpr std::uint64_t kWorkerMask = (std::uint64_t{1} << kWorkerBits) - 1;
    static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

    /// Time before number, in one word, so that a match is one comparison.
    static std::uint64_t keyOf(Nanos timeNs, std::size_t worker)
    {
        return static_cast<std::uint64_t>(timeNs) << kWorkerBits | worker;
    }

    std::size_t m_leaves; ///< a power of two
    std::vector<std::uint64_t>
        m_winners; ///< a heap of matches: the root is at 1, the workers at the end
};

} // namespace poolscope
