// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/lane.h"

#include <exception>
#include <utility>

namespace poolscope {

Lane::Lane(LaneInfo info, CostLevel level, std::shared_ptr<SlabStore> store)
    : m_info(info)
    , m_store(std::move(store))
    , m_costs(level == CostLevel::Wall ? nullptr : std::make_unique<CostColumn>())
{
    m_records.takeFrom(*m_store);
    m_results.takeFrom(*m_store);
    m_blocked.takeFrom(*m_store);
    m_pyramid.takeFrom(*m_store);
    if (m_costs) {
        m_costs->takeFrom(*m_store);
    }
}

void Lane::appendBlocked(const BlockedSpan& span) noexcept
{
    const std::uint64_t count = m_blockedPublished.load(std::memory_order_relaxed); // own value
    try {
        *m_blocked.slot(count) = span;
    } catch (const std::exception&) {
        m_dropped.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    m_blockedPublished.store(count + 1, std::memory_order_release); // pairs with blockedCount()
}

void Lane::openLife(const LaneLife& life)
{
    MutexLock lock(m_mutex);
    auto lives = std::make_shared<std::vector<LaneLife>>(*m_lives);
    lives->push_back(life);
    m_lives = std::move(lives);
}

void Lane::closeLife(Nanos closedNs)
{
    MutexLock lock(m_mutex);
    if (m_lives->empty() || m_lives->back().closedNs >= 0) {
        return;
    }
    auto lives = std::make_shared<std::vector<LaneLife>>(*m_lives);
    lives->back().closedNs = closedNs;
    m_lives = std::move(lives);
}

std::shared_ptr<const std::vector<LaneLife>> Lane::lives() const
{
    MutexLock lock(m_mutex);
    return m_lives;
}

void Lane::setUsage(UsageList usage)
{
    MutexLock lock(m_mutex);
    m_usage = std::move(usage);
}

UsageList Lane::usage() const
{
    MutexLock lock(m_mutex);
    return m_usage;
}

void Lane::letGoBefore(std::uint64_t record, std::vector<MemoryPiece>& pieces)
{
    while (m_letGo.records < record) {
        m_letGo.add(m_records[m_letGo.records]);
    }
    const Nanos sinceNs = m_letGo.lastEndNs;
    const std::uint64_t blocked = blockedCount();
    while (m_firstBlocked < blocked && m_blocked[m_firstBlocked].endNs <= sinceNs) {
        ++m_firstBlocked;
    }
    m_records.letGoBefore(record, pieces);
    m_results.letGoBefore(record, pieces);
    m_blocked.letGoBefore(m_firstBlocked, pieces);
    if (m_costs) {
        m_costs->letGoBefore(record, pieces);
    }
}

void Lane::beginAfter(const LetGo& letGo, std::span<const SummaryNode> leaves)
{
    m_letGo = letGo;
    m_records.beginAt(letGo.records);
    if (m_costs) {
        m_costs->beginAt(letGo.records);
    }
    m_pyramid.restore(leaves);
    m_published.store(letGo.records, std::memory_order_release); // pairs with recordCount()
}

std::size_t Lane::allocatedBytes() const
{
    return m_records.allocatedBytes() + m_results.allocatedBytes() + m_pyramid.allocatedBytes() +
           m_blocked.allocatedBytes() + (m_costs ? m_costs->allocatedBytes() : 0);
}

} // namespace poolscope
