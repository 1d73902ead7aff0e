// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the I/O thread sees of the queue.
#include "core/executor/message.h"
#include "core/executor/process_queue.h"

#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace poolscope {

namespace {

/// What the items of one chunk may add up to, and those of neighbouring chunks.
constexpr std::size_t kMaxChunkBytes = kMaxMessageBytes - (1u << 20);
constexpr std::size_t kMostBytesTogether = 64u << 10;

/// \return how many of the first \p tasks have items of no more than \p most bytes in all, at least 1.
std::uint64_t tasksWithin(const ProcessWork& work, std::uint64_t tasks, std::size_t most)
{
    const Job& job = *work.job->job;
    constexpr std::size_t kLengthBytes = 10;
    std::size_t bytes = 0;
    for (std::uint64_t i = 0; i < tasks; ++i) {
        bytes += job.request(work.begin + i).size() + kLengthBytes;
        if (bytes > most && i > 0) {
            return i;
        }
    }
    return tasks;
}

} // namespace

ProcessQueue::Orders ProcessQueue::takeOrders()
{
    std::uint64_t wakes = 0;
    // Emptied before the orders are read, so that none is overlooked. Not readable: nobody woke us.
    [[maybe_unused]] const ssize_t got = ::read(m_wake.get(), &wakes, sizeof(wakes));
    const MutexLock lock(m_mutex);
    Orders orders;
    orders.workers = m_workers;
    orders.isPaused = m_isPaused;
    orders.isOver = m_isClosed && m_unended == 0;
    orders.isCancelled = std::exchange(m_isCancelled, false);
    orders.isKilled = std::exchange(m_isKilled, false);
    orders.isPendingCancelled = std::exchange(m_isPendingCancelled, false);
    orders.cancellations.swap(m_cancellations);
    orders.swept.swap(m_swept);
    orders.number = m_ordersGiven;
    return orders;
}

void ProcessQueue::confirm(std::uint64_t orderNumber)
{
    const MutexLock lock(m_mutex);
    if (m_ordersDone != orderNumber) {
        m_ordersDone = orderNumber;
        m_confirmed.notifyAll();
    }
}

std::optional<ProcessWork> ProcessQueue::take(const Portion& portion)
{
    const MutexLock lock(m_mutex);
    // What came after an order to cancel must not be caught by it.
    if (m_isPaused || m_isCancelled || m_isPendingCancelled || !m_cancellations.empty() ||
        m_line.isEmpty()) {
        m_isHungry = true;
        return std::nullopt;
    }
    const ProcessWork& front = m_line.front();
    ProcessWork taken = front;
    taken.handOver = front.handOver > 0 ? front.handOver : m_chunk;
    taken.end = taken.begin + portionOf(taken, portion);
    m_line.dropFront(taken.count());
    if (m_line.taskCount() <= m_capacity / 2) {
        m_hasRoom.notifyAll();
    }
    return taken;
}

std::uint64_t ProcessQueue::portionOf(const ProcessWork& front, const Portion& portion) const
{
    const std::uint64_t chunk = front.handOver;
    const std::uint64_t most = std::min(portion.mostTasks, front.count());
    // No worker gets so much that another one has to take it away again.
    const std::uint64_t share = m_line.taskCount() / (2 * static_cast<std::uint64_t>(m_workers));
    const std::uint64_t chunks = std::clamp<std::uint64_t>(
        std::min(portion.wantedTasks, share) / chunk, 1, portion.mostChunks);
    if (!front.job->job->hasRequests()) {
        return std::min(most, chunks * chunk);
    }
    return chunk == 1 ? tasksWithin(front, std::min(most, chunks), kMostBytesTogether)
                      : tasksWithin(front, std::min(most, chunk), kMaxChunkBytes);
}

void ProcessQueue::putBack(std::vector<ProcessWork> work)
{
    std::erase_if(work, [](const ProcessWork& entry) { return entry.isEmpty(); });
    if (work.empty()) {
        return;
    }
    const MutexLock lock(m_mutex);
    for (auto entry = work.rbegin(); entry != work.rend(); ++entry) {
        entry->tellMoved(TaskState::Pending);
        if (isCancelledNow(*entry)) {
            m_swept.push_back(std::move(*entry)); // it would have waited when the order came
            order();
        } else {
            m_nextDeadlineNs = std::min(m_nextDeadlineNs, entry->deadlineNs());
            m_line.pushFront(std::move(*entry));
        }
    }
}

bool ProcessQueue::isCancelledNow(const ProcessWork& work) const
{
    return m_isCancelled || m_isPendingCancelled || !m_brokenReason.empty() ||
           std::any_of(m_cancellations.begin(), m_cancellations.end(),
                       [&work](const Cancellation& each) {
                           return each.which.covers(work.listener, work.options.get());
                       });
}

void ProcessQueue::countEnded(std::uint64_t tasks)
{
    const MutexLock lock(m_mutex);
    assert(tasks <= m_unended);
    m_unended -= tasks;
    m_ended += tasks;
    if (tasks > 0 && m_unended == 0) {
        m_drained.notifyAll();
        if (m_isClosed) {
            order(); // the pool is over now
        }
    }
}

void ProcessQueue::awaitPush()
{
    const MutexLock lock(m_mutex);
    m_isHungry = true;
}

std::uint64_t ProcessQueue::waitingChunks() const
{
    const MutexLock lock(m_mutex);
    return (m_line.taskCount() + m_chunk - 1) / m_chunk;
}

void ProcessQueue::setLivingWorkers(int workers)
{
    const MutexLock lock(m_mutex);
    m_livingWorkers = workers;
}

std::vector<ProcessWork> ProcessQueue::takeExpired(Nanos nowNs)
{
    const MutexLock lock(m_mutex);
    if (nowNs < m_nextDeadlineNs) {
        return {};
    }
    Nanos nextDeadlineNs = kNever;
    std::vector<ProcessWork> expired =
        m_line.takeIf([&nextDeadlineNs, nowNs](const ProcessWork& work) {
            const bool isExpired = work.deadlineNs() <= nowNs;
            nextDeadlineNs =
                isExpired ? nextDeadlineNs : std::min(nextDeadlineNs, work.deadlineNs());
            return isExpired;
        });
    m_nextDeadlineNs = nextDeadlineNs;
    m_hasRoom.notifyAll();
    return expired;
}

Nanos ProcessQueue::nextDeadline() const
{
    const MutexLock lock(m_mutex);
    return m_nextDeadlineNs;
}

void ProcessQueue::breakDown(const std::string& reason)
{
    const MutexLock lock(m_mutex);
    m_brokenReason = reason;
    sweep();
    order();
}

void ProcessQueue::leave()
{
    const MutexLock lock(m_mutex);
    m_hasLeft = true;
    m_confirmed.notifyAll();
}

} // namespace poolscope
