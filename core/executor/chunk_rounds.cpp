// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/chunk_rounds.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace poolscope {

namespace {

/// Of a chunk that is a task of its own: half a MiB of numbers as its result, which the cache of a processor holds.
constexpr std::uint64_t kMostItems = std::uint64_t{1} << 16U;
/// From one automatic round to the next: an estimate from a few items says little about many.
constexpr std::uint64_t kGrowth = 8;
constexpr std::uint64_t kMostRoundChunks = 64; ///< a worker
constexpr double kLeastItemNs = 0.1;

/// \return \p options so that nothing begins any more when the time of the whole is over.
std::shared_ptr<const TaskOptions> within(TaskOptions options, Nanos untilNs)
{
    if (untilNs != kNever && (options.deadlineNs == 0 || options.deadlineNs > untilNs)) {
        options.deadlineNs = untilNs;
    }
    return std::make_shared<const TaskOptions>(std::move(options));
}

} // namespace

ChunkRounds::ChunkRounds(Executor& executor, const MapOptions& options,
                         std::shared_ptr<const JobPlan> plan, std::uint64_t items)
    : m_executor(executor)
    , m_options(options)
    , m_plan(std::move(plan))
    , m_items(items)
    , m_workers(static_cast<std::uint64_t>(std::max(executor.targetWorkers(), 1)))
    , m_untilNs(options.timeoutNs > 0 ? deadlineAfter(options.timeoutNs) : kNever)
    , m_taskOptions(within(options.task, m_untilNs))
    , m_planner(options.chunk, items, static_cast<int>(m_workers), kMostItems)
{}

ChunkRounds::~ChunkRounds()
{
    bool isAnyLeft = false;
    {
        const MutexLock lock(m_mutex);
        isAnyLeft = m_left > 0;
    }
    if (isAnyLeft) {
        cancel();
    }
}

void ChunkRounds::run(const MakeJob& makeJob)
{
    bool goesOn = true;
    while (goesOn && m_planned < m_items) {
        submit(makeJob, nextBounds());
        // The rest of a round keeps the workers busy while the next one is planned.
        const std::uint64_t ahead = std::min(m_roundChunks / 2, 2 * m_workers);
        goesOn = waitUntilLeft(m_planned < m_items ? ahead : 0);
        measure();
    }
    if (!goesOn) {
        cancel();
    }
}

std::vector<ChunkEnd> ChunkRounds::takeEnds()
{
    const MutexLock lock(m_mutex);
    return std::move(m_ends);
}

std::vector<std::uint64_t> ChunkRounds::nextBounds()
{
    const bool isAutomatic = m_options.chunk.kind == ChunkPolicy::Kind::Auto;
    const std::uint64_t mostChunks = kMostRoundChunks * m_workers;
    if (!isAutomatic) {
        m_roundChunks = mostChunks;
    } else if (m_roundChunks == 0) {
        m_roundChunks = 2 * m_workers;
        m_chunkItems = 1;
    } else {
        m_roundChunks = std::min(2 * m_roundChunks, mostChunks);
        const double wanted = static_cast<double>(m_options.chunk.targetNs) / m_itemNs;
        m_chunkItems = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1,
                                                 std::min(kGrowth * m_chunkItems, kMostItems));
    }
    std::vector<std::uint64_t> bounds{m_planned};
    for (std::uint64_t chunk = 0; chunk < m_roundChunks && bounds.back() < m_items; ++chunk) {
        const std::uint64_t rest = m_items - bounds.back();
        // Automatic ones become smaller in the end, so that no worker is left with a long one.
        const std::uint64_t items =
            isAutomatic ? std::clamp<std::uint64_t>(rest / (2 * m_workers), 1, m_chunkItems)
                        : std::min(m_planner.next(bounds.back()), rest);
        bounds.push_back(bounds.back() + items);
    }
    return bounds;
}

void ChunkRounds::submit(const MakeJob& makeJob, std::vector<std::uint64_t> bounds)
{
    const std::uint64_t end = bounds.back();
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::shared_ptr<const ItemChunks> chunks;
    {
        const MutexLock lock(m_mutex);
        first = m_ends.size();
        chunks = std::make_shared<const ItemChunks>(m_plan, std::move(bounds), first);
        count = chunks->count();
        m_left += count;
        for (std::uint64_t task = first; task < first + count; ++task) {
            m_ends.push_back({chunks->span(task), TaskState::Pending, {}, {}});
        }
    }
    m_planned = end;
    m_measuredNs = m_measuredNs == 0 ? monotonicNow() : m_measuredNs;
    const std::shared_ptr<const Job> job = makeJob(chunks);
    if (const Result<void> taken = m_executor.submit({job, first, count, m_taskOptions, 1}, this);
        !taken) {
        const Value nothing;
        for (std::uint64_t task = first; task < first + count; ++task) {
            taskEnded({*job, task, TaskState::Failed, 0, nothing, taken.error().message});
        }
    }
}

/// What an item has taken since the last look, all workers being busy.
void ChunkRounds::measure()
{
    std::uint64_t ended = 0;
    {
        const MutexLock lock(m_mutex);
        ended = std::exchange(m_endedItems, 0);
    }
    const Nanos now = monotonicNow();
    const Nanos elapsed = now - std::exchange(m_measuredNs, now);
    if (ended > 0) {
        m_itemNs = std::max(static_cast<double>(elapsed) * static_cast<double>(m_workers) /
                                static_cast<double>(ended),
                            kLeastItemNs);
    }
}

/// \return false when nothing more is to be submitted.
bool ChunkRounds::waitUntilLeft(std::uint64_t most)
{
    MutexLock lock(m_mutex);
    for (;;) {
        if (m_hasFailed && m_options.isFailFast) {
            return false;
        }
        const Nanos restNs = m_untilNs == kNever ? kNever : m_untilNs - monotonicNow();
        if (restNs <= 0 && (m_left > 0 || m_planned < m_items || m_hasExpired)) {
            m_hasTimedOut = true;
            return false;
        }
        if (m_left <= most) {
            return true;
        }
        lock.unlock();
        const bool hasHelped = m_executor.help({this, 0, nullptr});
        lock.lock();
        if (hasHelped || m_left <= most) {
            continue;
        }
        m_awaitedLeft = most;
        if (restNs == kNever) {
            m_changed.wait(lock);
        } else {
            m_changed.waitFor(lock, std::chrono::nanoseconds(restNs));
        }
    }
}

void ChunkRounds::cancel()
{
    m_executor.cancelOnly({this, 0, nullptr}, CancelMode::Soft);
    MutexLock lock(m_mutex);
    m_awaitedLeft = 0;
    while (m_left > 0) {
        m_changed.wait(lock);
    }
}

void ChunkRounds::taskEnded(const TaskEnd& end) noexcept
{
    const MutexLock lock(m_mutex);
    ChunkEnd& chunk = m_ends[end.index];
    chunk.state = end.state;
    chunk.error = end.error;
    if (end.movable != nullptr) {
        chunk.value = std::move(*end.movable);
    } else {
        chunk.value = end.value;
    }
    m_hasExpired = m_hasExpired || end.state == TaskState::TimedOut;
    m_hasFailed = m_hasFailed || end.state != TaskState::Done;
    m_endedItems += chunk.items.count;
    --m_left;
    if (m_left <= m_awaitedLeft || (m_hasFailed && m_options.isFailFast)) {
        m_changed.notifyAll();
    }
}

} // namespace poolscope
