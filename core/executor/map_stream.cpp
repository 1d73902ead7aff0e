// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/map_stream.h"

#include <algorithm>

namespace poolscope {

MapCore::MapCore(Executor& executor, const MapOptions& options, std::optional<std::uint64_t> total,
                 bool isOrdered)
    : m_executor(executor)
    , m_options(options)
    , m_taskOptions(std::make_shared<const TaskOptions>(options.task))
    , m_isOrdered(isOrdered)
    , m_untilNs(options.timeoutNs > 0 ? deadlineAfter(options.timeoutNs) : kNever)
    , m_planner(options.chunk, total, executor.targetWorkers())
{}

MapCore::~MapCore()
{
    finish();
}

std::uint64_t MapCore::wantedItems() const
{
    if (m_isOver) {
        return 0;
    }
    const std::uint64_t chunk = m_planner.next(m_sent);
    const auto workers = static_cast<std::uint64_t>(m_executor.targetWorkers());
    const std::uint64_t window = m_options.window > 0 ? m_options.window : 2 * workers * chunk;
    return outside() < window ? std::min(chunk, window - outside()) : 0;
}

void MapCore::send(std::shared_ptr<Block> block)
{
    const TaskRange range{block, block->first, block->count, m_taskOptions, block->count};
    m_sent += block->count;
    block->unended = block->count;
    {
        const MutexLock lock(m_mutex);
        m_blocks.emplace(block->first, block);
    }
    if (const Result<void> taken = m_executor.submit(range, this); !taken) {
        const Value nothing;
        for (std::uint64_t i = 0; i < block->count; ++i) {
            taskEnded(
                {*block, block->first + i, TaskState::Failed, 0, nothing, taken.error().message});
        }
    }
}

std::optional<MapCore::Ended> MapCore::next()
{
    MutexLock lock(m_mutex);
    for (;;) {
        const Nanos restNs = m_untilNs == kNever ? kNever : m_untilNs - monotonicNow();
        if (restNs <= 0 && !m_hasTimedOut) { // whether or not something is there
            m_hasTimedOut = true;
            lock.unlock();
            cancel();
            return std::nullopt;
        }
        if (!m_ended.empty() && m_ended.begin()->first == m_given) {
            break;
        }
        lock.unlock();
        const bool hasHelped = m_executor.help({this, 0, nullptr});
        lock.lock();
        if (hasHelped || (!m_ended.empty() && m_ended.begin()->first == m_given)) {
            continue;
        }
        if (restNs == kNever || m_hasTimedOut) {
            m_changed.wait(lock);
        } else {
            m_changed.waitFor(lock, std::chrono::nanoseconds(restNs));
        }
    }
    Ended ended = std::move(m_ended.begin()->second);
    m_ended.erase(m_ended.begin());
    ++m_given;
    return ended;
}

void MapCore::cancel()
{
    m_isOver = true;
    m_executor.cancelOnly({this, 0, nullptr}, CancelMode::Soft);
}

void MapCore::finish()
{
    m_isOver = true;
    bool isAnyOutside = false;
    {
        const MutexLock lock(m_mutex);
        isAnyOutside = m_arrived < m_sent;
    }
    if (isAnyOutside) {
        m_executor.cancelOnly({this, 0, nullptr}, CancelMode::Soft);
    }
    MutexLock lock(m_mutex);
    while (m_arrived < m_sent) {
        m_changed.wait(lock);
    }
}

void MapCore::taskEnded(const TaskEnd& end) noexcept
{
    const MutexLock lock(m_mutex);
    const auto block = std::prev(m_blocks.upper_bound(end.index));
    const std::uint64_t order = m_isOrdered ? end.index : m_arrived;
    m_ended.emplace(order, Ended{block->second, end.index, end.state, end.error});
    ++m_arrived;
    if (--block->second->unended == 0) {
        m_blocks.erase(block);
    }
    m_changed.notifyAll();
}

} // namespace poolscope
