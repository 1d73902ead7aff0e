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
    /// \p workers at least 1, all free at \p timeNs. Times are from 0 to 2^64 ns over \p workers (rounded up
    /// to a power of two): with 512 workers more than a year.
    FreeWorkers(int workers, Nanos timeNs)
        : m_leaves(std::bit_ceil(static_cast<std::size_t>(workers)))
        , m_workerBits(std::countr_zero(m_leaves))
        , m_winners(2 * m_leaves, kNever)
    {
        for (std::size_t i = 0; i < static_cast<std::size_t>(workers); ++i) {
            m_winners[m_leaves + i] = keyOf(timeNs, i);
        }
        for (std::size_t node = m_leaves - 1; node > 0; --node) {
            m_winners[node] = std::min(m_winners[2 * node], m_winners[2 * node + 1]);
        }
    }

    [[nodiscard]] int first() const { return static_cast<int>(m_winners[1] & (m_leaves - 1)); }
    [[nodiscard]] Nanos firstTime() const
    {
        return static_cast<Nanos>(m_winners[1] >> m_workerBits);
    }
    /// Occupies the first one until \p timeNs, not before firstTime().
    void occupyFirst(Nanos timeNs)
    {
        const std::size_t worker = m_winners[1] & (m_leaves - 1);
        std::uint64_t winner = keyOf(timeNs, worker);
        std::size_t node = m_leaves + worker;
        m_winners[node] = winner;
        for (; node > 1; node /= 2) {
            winner = std::min(winner, m_winners[node ^ 1U]);
            m_winners[node / 2] = winner;
        }
    }

private:
    static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

    /// Time before number, in one word, so that a match is one comparison.
    [[nodiscard]] std::uint64_t keyOf(Nanos timeNs, std::size_t worker) const
    {
        return static_cast<std::uint64_t>(timeNs) << m_workerBits | worker;
    }

    std::size_t m_leaves; ///< a power of two
    int m_workerBits; ///< that a number takes in a key
    std::vector<std::uint64_t>
        m_winners; ///< a heap of matches: the root is at 1, the workers at the end
};

} // namespace poolscope
