// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/worker_slot.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace poolscope {

namespace {

// What lies with a worker whose tasks are short: work for longer than any wake-up takes, but no more
// than can be taken back without a sound.
constexpr Nanos kWorkAhead = kNanosPerMilli;
constexpr Nanos kMostTasksAhead = RequestRing::kCount / 2;
constexpr std::size_t kMostUnsentAhead = 64U << 10U;

} // namespace

void WorkerSlot::occupy(std::unique_ptr<WorkerProcess> process)
{
    assert(phase == Phase::Empty && !holdsWork());
    m_process = std::move(process);
    phase = Phase::Starting;
    m_sinceNs = monotonicNow();
}

void WorkerSlot::vacate()
{
    assert(!holdsWork() && attended == nullptr);
    m_process.reset();
    m_job.reset();
    m_epoch = 0;
    m_begunBefore = 0;
    m_returned = 0;
    m_begunSeen = 0;
    phase = Phase::Empty;
    m_isInitializing = false;
    m_isStopping = false;
    m_hasTimedOut = false;
    killAtNs = kNever;
    stoppedKillAtNs = kNever;
    isCutOff = false;
    killReason.clear();
    retireReason.clear();
    m_endedTasks = 0;
    m_usualRunNs = kNever;
    nextMemoryLookNs = 0;
    tasksAtMemoryLook = 0;
    idleSinceNs = 0;
    tasksAtIdleLook = 0;
}

void WorkerSlot::initialize(const ProcessWork& initializer, MessageWriter& writer)
{
    assert(phase == Phase::Starting && !m_isInitializing);
    m_job = initializer.job;
    m_process->postJob(m_job->message);
    TasksMessage message;
    message.epoch = m_epoch;
    message.first = initializer.begin;
    message.count = 1;
    if (m_job->job->hasRequests()) {
        message.items.push_back(m_job->job->request(initializer.begin));
    }
    m_process->postTasks(message, writer);
    m_isInitializing = true;
}

void WorkerSlot::initialized() noexcept
{
    assert(m_isInitializing);
    m_isInitializing = false;
    // Tasks are counted from the next epoch on.
    m_epoch = (m_epoch + 1) & TaskClaim::kEpochMask;
    [[maybe_unused]] const std::uint64_t begun = m_process->page().claim.revoke(m_epoch);
}

void WorkerSlot::hand(ProcessWork work, MessageWriter& writer)
{
    if (m_job != work.job) {
        m_job = work.job;
        m_process->postJob(m_job->message);
    }
    const Job& job = *work.job->job;
    work.sentNs = monotonicNow();
    TasksMessage message;
    message.epoch = m_epoch;
    for (std::uint64_t first = work.begin; first < work.end; first += message.count) {
        message.first = first;
        message.count = std::min(work.handOver, work.end - first);
        message.items.clear();
        for (std::uint64_t i = 0; job.hasRequests() && i < message.count; ++i) {
            message.items.push_back(job.request(first + i));
        }
        m_process->postTasks(message, writer);
    }
    work.tellMoved(TaskState::Dispatched);
    m_taskCount += work.count();
    m_chunks.push_back(std::move(work));
}

Nanos WorkerSlot::valuesRestNs() const noexcept
{
    constexpr Nanos kRest = kNanosPerSecond;
    const bool mayRest = phase == Phase::Ready && !holdsWork() && !m_process->hasNews();
    const Nanos usedNs = mayRest ? m_process->valuesUsedNs() : 0;
    return usedNs != 0 ? usedNs + kRest : kNever;
}

std::uint64_t WorkerSlot::requestRoom() const noexcept
{
    constexpr std::uint32_t kReserved = 2; // for a job and for the word to leave
    const std::uint32_t room = m_process->requestRoom();
    return room > kReserved ? room - kReserved : 0;
}

std::uint64_t WorkerSlot::chunkCount() const noexcept
{
    std::uint64_t count = 0;
    for (const ProcessWork& work : m_chunks) {
        count += (work.count() + work.handOver - 1) / work.handOver;
    }
    return count;
}

std::uint64_t WorkerSlot::tasksWanted(int prefetched) const noexcept
{
    const auto ahead = static_cast<std::uint64_t>(
        std::min(kWorkAhead / std::max<Nanos>(m_usualRunNs, 1), kMostTasksAhead));
    if (prefetched > 0 && ahead > m_taskCount && m_process->bytesAhead() < kMostUnsentAhead) {
        return ahead - m_taskCount;
    }
    return chunkCount() <= static_cast<std::uint64_t>(std::max(prefetched, 0)) ? 1 : 0;
}

std::uint64_t WorkerSlot::begunTasks() const noexcept
{
    if (!holdsWork()) {
        return 0;
    }
    // The count is the worker's word: never believed beyond what it was given.
    const std::uint64_t begun = std::max(m_process->page().claim.begun(), m_returned);
    return std::min(m_begunBefore + begun - m_returned, taskCount());
}

std::uint64_t WorkerSlot::runningTask() const noexcept
{
    std::uint64_t before = begunTasks() - 1;
    for (const ProcessWork& chunk : m_chunks) {
        if (before < chunk.count()) {
            return chunk.begin + before;
        }
        before -= chunk.count();
    }
    return 0;
}

const ProcessWork& WorkerSlot::runningChunk() const noexcept
{
    std::uint64_t before = begunTasks() - 1;
    auto chunk = m_chunks.begin();
    while (before >= chunk->count()) {
        before -= chunk->count();
        ++chunk;
    }
    return *chunk;
}

bool WorkerSlot::hasBegun() noexcept
{
    if (m_begunBefore == 0 && m_begunSeen <= m_returned) {
        m_begunSeen = m_process->page().claim.begun();
    }
    return holdsWork() && (m_begunBefore > 0 || m_begunSeen > m_returned);
}

void WorkerSlot::dropFirst(Nanos runNs)
{
    assert(holdsWork());
    // Believed soon when tasks become long, slowly when they become short.
    const bool isFirst = m_usualRunNs == kNever;
    m_usualRunNs =
        isFirst ? runNs : m_usualRunNs + (runNs - m_usualRunNs) / (runNs > m_usualRunNs ? 2 : 8);
    --m_taskCount;
    if (m_begunBefore > 0) {
        --m_begunBefore;
    } else {
        ++m_returned;
    }
    ++m_endedTasks;
    ++m_chunks.front().begin;
    if (m_chunks.front().isEmpty()) {
        m_chunks.pop_front();
    }
    if (m_isStopping && !holdsWork()) {
        m_isStopping = false;
        m_hasTimedOut = false;
        killAtNs = kNever;
        m_process->page().stop.clear(); // before it gets anything that nobody cancelled
    }
}

void WorkerSlot::askToStop(Nanos patienceEndsNs)
{
    assert(holdsWork());
    m_isStopping = true;
    m_process->page().stop.request();
    killAtNs = std::min(killAtNs, patienceEndsNs);
}

bool WorkerSlot::holdsAny(const TaskSelection& which) const noexcept
{
    return std::any_of(m_chunks.begin(), m_chunks.end(), [&which](const ProcessWork& chunk) {
        return which.covers(chunk.listener, chunk.options.get());
    });
}

Nanos WorkerSlot::limitNs() const noexcept
{
    if (m_hasTimedOut || begunTasks() == 0) {
        return kNever;
    }
    const TaskOptions* options = runningChunk().options.get();
    if (options == nullptr || options->timeoutNs == 0) {
        return kNever;
    }
    const Nanos startNs = m_process->page().startNs.load(std::memory_order_relaxed);
    return options->timeoutNs > kNever - startNs ? kNever : startNs + options->timeoutNs;
}

Nanos WorkerSlot::nextDeadline() const noexcept
{
    std::uint64_t begun = begunTasks();
    Nanos deadlineNs = kNever;
    for (const ProcessWork& chunk : m_chunks) {
        if (begun < chunk.count()) {
            deadlineNs = std::min(deadlineNs, chunk.deadlineNs());
        }
        begun -= std::min(begun, chunk.count());
    }
    return deadlineNs;
}

Nanos WorkerSlot::exceededLimit() const noexcept
{
    return m_hasTimedOut && taskCount() == 1 ? m_chunks.back().options->timeoutNs : 0;
}

std::vector<ProcessWork> WorkerSlot::takeBackUnbegun()
{
    std::vector<ProcessWork> unbegun;
    if (!holdsWork()) {
        return unbegun;
    }
    m_epoch = (m_epoch + 1) & TaskClaim::kEpochMask;
    const std::uint64_t begun = std::max(m_process->page().claim.revoke(m_epoch), m_returned);
    m_begunBefore = std::min(m_begunBefore + begun - m_returned, taskCount());
    m_returned = 0;
    m_begunSeen = 0;

    std::uint64_t kept = m_begunBefore;
    std::deque<ProcessWork> chunks;
    chunks.swap(m_chunks);
    for (ProcessWork& chunk : chunks) {
        const std::uint64_t keptHere = std::min(kept, chunk.count());
        kept -= keptHere;
        if (keptHere > 0) {
            m_chunks.push_back(chunk.cutFront(keptHere));
        }
        if (!chunk.isEmpty()) {
            m_taskCount -= chunk.count();
            unbegun.push_back(std::move(chunk));
        }
    }
    return unbegun;
}

std::vector<ProcessWork> WorkerSlot::takeBackAll()
{
    std::vector<ProcessWork> all(m_chunks.begin(), m_chunks.end());
    m_chunks.clear();
    m_taskCount = 0;
    return all;
}

} // namespace poolscope
