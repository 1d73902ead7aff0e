// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/map_options.h"

#include <algorithm>

namespace poolscope {

ChunkPlanner::ChunkPlanner(const ChunkPolicy& policy, std::optional<std::uint64_t> total,
                           int workers, std::uint64_t mostItems)
    : m_policy(policy)
    , m_total(total)
    , m_workers(static_cast<std::uint64_t>(std::max(workers, 1)))
    , m_mostItems(mostItems)
{
    const bool needsTotal =
        policy.kind == ChunkPolicy::Kind::Quarter || policy.kind == ChunkPolicy::Kind::Guided;
    if (needsTotal && !total) {
        m_policy.kind = ChunkPolicy::Kind::Auto;
    }
}

std::uint64_t ChunkPlanner::next(std::uint64_t planned) const
{
    constexpr std::uint64_t kChunksPerWorker = 4;
    const std::uint64_t parts = kChunksPerWorker * m_workers;
    std::uint64_t items = 1;
    switch (m_policy.kind) {
    case ChunkPolicy::Kind::Fixed:
        items = m_policy.items;
        break;
    case ChunkPolicy::Kind::Quarter:
        items = (*m_total + parts - 1) / parts;
        break;
    case ChunkPolicy::Kind::Guided:
        items = (*m_total - std::min(planned, *m_total)) / parts;
        break;
    case ChunkPolicy::Kind::Auto:
        items = byTime();
        break;
    }
    return std::clamp<std::uint64_t>(items, 1, m_mostItems);
}

void ChunkPlanner::itemTook(Nanos runNs)
{
    ++m_ended;
    m_totalRunNs += runNs;
}

std::uint64_t ChunkPlanner::byTime() const
{
    if (m_ended == 0) {
        return 1;
    }
    const Nanos meanNs = std::max<Nanos>(m_totalRunNs / static_cast<Nanos>(m_ended), 1);
    const auto wanted = static_cast<std::uint64_t>(std::max<Nanos>(m_policy.targetNs / meanNs, 1));
    return std::min(wanted, 2 * m_ended); // the first few say little about the rest
}

} // namespace poolscope
