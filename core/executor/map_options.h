// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/executor/executor_limits.h"
#include "core/task/task_options.h"

#include <cstdint>
#include <optional>

namespace poolscope {

/// How many items travel to a worker together.
struct ChunkPolicy
{
    enum class Kind {
        Fixed, ///< always the same number
        Quarter, ///< all items in four chunks a worker, as Python's Pool.map does
        Guided, ///< large ones first: what is left by four times the workers
        Auto, ///< as many as take the target time, by the measured mean
    };

    static constexpr ChunkPolicy fixed(std::uint64_t items) { return {Kind::Fixed, items, 0}; }
    static constexpr ChunkPolicy quarter() { return {Kind::Quarter, 0, kTargetNs}; }
    static constexpr ChunkPolicy guided() { return {Kind::Guided, 0, kTargetNs}; }
    static constexpr ChunkPolicy automatic(Nanos targetNs = kTargetNs)
    {
        return {Kind::Auto, 0, targetNs};
    }

    static constexpr Nanos kTargetNs = 2 * kNanosPerMilli;
    Kind kind = Kind::Fixed;
    std::uint64_t items = 1; ///< of a fixed chunk
    Nanos targetNs = 0; ///< of an automatic one
};

/// How Pool maps a range.
struct MapOptions
{
    /// Quarter and guided need a range that knows its size; others are mapped automatically.
    ChunkPolicy chunk = ChunkPolicy::fixed(1);
    /// Items at most that were taken from the range and whose results were not taken; 0: two chunks a
    /// worker.
    std::uint64_t window = 0;
    bool isFailFast = false; ///< the first error ends it all; else all errors are collected
    Nanos timeoutNs = 0; ///< of the whole, from the call; 0: none
    TaskOptions task = {}; ///< of each item
};

/// Decides on the next chunk. One thread at a time.
class ChunkPlanner
{
public:
    /// \p total: items of the range, nothing when it does not know.
    /// \p mostItems: of a chunk.
    ChunkPlanner(const ChunkPolicy& policy, std::optional<std::uint64_t> total, int workers,
                 std::uint64_t mostItems = kMaxChunk);

    /// \return 1 to \p mostItems. \p planned: items of all chunks so far.
    [[nodiscard]] std::uint64_t next(std::uint64_t planned) const;
    /// An item has run for that long.
    void itemTook(Nanos runNs);

private:
    [[nodiscard]] std::uint64_t byTime() const;

    ChunkPolicy m_policy;
    std::optional<std::uint64_t> m_total;
    std::uint64_t m_workers;
    std::uint64_t m_mostItems;
    std::uint64_t m_ended = 0;
    Nanos m_totalRunNs = 0;
};

} // namespace poolscope
