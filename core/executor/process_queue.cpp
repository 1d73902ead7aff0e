// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/process_queue.h"

#include "core/executor/message.h"
#include "core/executor/task_cell.h"

#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <iterator>
#include <utility>

namespace poolscope {

Result<void> checkItems(const TaskRange& range)
{
    if (range.job->call) {
        return Error{"A C++ call cannot be sent to a worker process. Submit it to an executor of "
                     "threads, or make it a workload."};
    }
    if (!range.job->hasRequests()) {
        return {};
    }
    for (std::uint64_t task = range.first; task < range.first + range.count; ++task) {
        const std::size_t bytes = range.job->request(task).size();
        if (bytes > kMaxTaskBytes) {
            return Error{"Task " + std::to_string(task) +
                         " cannot be sent to a worker process: its item "
                         "has " +
                         std::to_string(bytes) + " bytes, at most " +
                         std::to_string(kMaxTaskBytes) +
                         " are possible. Use the thread pool for it."};
        }
    }
    return {};
}

Result<std::shared_ptr<const ProcessJob>> ProcessJob::encode(const std::shared_ptr<const Job>& job,
                                                             CostLevel level)
{
    MessageWriter writer;
    const std::string_view message =
        writer.job({job->workload->id, job->params, job->seed, level, job->chunks != nullptr});
    if (message.size() > kMaxMessageBytes) {
        return Error{"The job cannot be sent to a worker process: its parameters have " +
                     std::to_string(message.size()) + " bytes, at most " +
                     std::to_string(kMaxMessageBytes) +
                     " are possible. Use the thread pool for it."};
    }
    return std::make_shared<const ProcessJob>(ProcessJob{job, std::string(message)});
}

ProcessWork ProcessWork::cutFront(std::uint64_t tasks)
{
    assert(tasks <= count());
    ProcessWork front = *this;
    front.end = front.begin + tasks;
    begin = front.end;
    return front;
}

Result<std::unique_ptr<ProcessQueue>> ProcessQueue::create(const ExecutorOptions& options,
                                                           const TraceTarget& trace)
{
    UniqueFd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake.isOpen()) {
        return Error{
            "The process pool gets no descriptor: " + std::generic_category().message(errno) +
            ". Raise the limit on open files (ulimit -n)."};
    }
    return std::unique_ptr<ProcessQueue>(new ProcessQueue(options, trace, std::move(wake)));
}

ProcessQueue::ProcessQueue(const ExecutorOptions& options, const TraceTarget& trace, UniqueFd wake)
    : m_whenFull(options.whenFull)
    , m_capacity(std::max<std::uint64_t>(options.queueCapacity, 1))
    , m_chunk(static_cast<std::uint64_t>(std::clamp(options.chunk, 1, kMaxChunk)))
    , m_trace(trace)
    , m_wake(std::move(wake))
    , m_line(options.order)
    , m_workers(wantedWorkers(options))
{}

bool ProcessQueue::setPaused(bool isPaused)
{
    MutexLock lock(m_mutex);
    if (m_isPaused == isPaused || m_isClosed) {
        return false;
    }
    m_isPaused = isPaused;
    awaitOrder(lock);
    return true;
}

void ProcessQueue::cancel()
{
    MutexLock lock(m_mutex);
    m_isCancelled = true;
    sweep();
    awaitOrder(lock);
}

void ProcessQueue::kill()
{
    MutexLock lock(m_mutex);
    m_isCancelled = true;
    m_isKilled = true;
    sweep();
    awaitOrder(lock);
}

void ProcessQueue::cancelOnly(const Cancellation& cancellation)
{
    const MutexLock lock(m_mutex);
    const TaskSelection& which = cancellation.which;
    const auto covers = [&which](const ProcessWork& work) {
        return which.covers(work.listener, work.options.get());
    };
    std::vector<ProcessWork> waiting = m_line.takeIf(covers);
    std::move(waiting.begin(), waiting.end(), std::back_inserter(m_swept));
    for (Outside* submitter : m_outside) {
        submitter->isSwept = submitter->isSwept || covers(*submitter->rest);
    }
    m_hasRoom.notifyAll();
    m_cancellations.push_back(cancellation);
    order();
}

void ProcessQueue::cancelPending()
{
    MutexLock lock(m_mutex);
    m_isPendingCancelled = true;
    sweep();
    awaitOrder(lock);
}

Result<void> ProcessQueue::push(const TaskRange& range, CompletionListener* listener)
{
    if (const Result<void> fits = checkItems(range); !fits) {
        return fits;
    }
    MutexLock lock(m_mutex);
    if (!m_brokenReason.empty() || m_isClosed) {
        return Error{!m_brokenReason.empty()
                         ? m_brokenReason
                         : "The process pool takes no more tasks: it was shut down."};
    }
    const Result<std::shared_ptr<const ProcessJob>> job = jobFor(range.job);
    if (!job) {
        return job.error();
    }
    if (const Result<void> fits = makeRoom(range); !fits) {
        return fits;
    }
    m_unended += range.count;
    ProcessWork rest{job.value(), range.first,  range.first + range.count, listener, 0, 0,
                     0,           range.options};
    Outside self{&rest};
    m_outside.push_back(&self);
    while (!rest.isEmpty()) {
        waitForRoom(lock, self);
        rest.submitNs = m_trace.recorder ? m_trace.recorder->now() : 0;
        const std::uint64_t room = self.isSwept ? rest.count() : m_capacity - m_line.taskCount();
        enqueue(rest.cutFront(std::min(rest.count(), room)), self.isSwept);
    }
    std::erase(m_outside, &self);
    return {};
}

std::optional<ProcessWork> ProcessQueue::admit(const TaskRange& range, CompletionListener* listener)
{
    if (range.job->call || (range.job->hasRequests() &&
                            range.job->request(range.first).size() > RequestCell::kItemBytes)) {
        return std::nullopt;
    }
    const MutexLock lock(m_mutex);
    if (m_isPaused || m_isClosed || m_ordersGiven != m_ordersDone || !m_line.isEmpty() ||
        !m_outside.empty() || !m_brokenReason.empty()) {
        return std::nullopt;
    }
    const Result<std::shared_ptr<const ProcessJob>> job = jobFor(range.job);
    if (!job) {
        return std::nullopt;
    }
    ++m_unended;
    countSubmitted(1);
    ProcessWork work{job.value(), range.first, range.first + 1, listener, 0,
                     0,           0,           range.options,   1};
    work.submitNs = m_trace.recorder ? m_trace.recorder->now() : 0;
    return work;
}

/// Does what WhenFull says, so that \p range fits or may wait.
Result<void> ProcessQueue::makeRoom(const TaskRange& range)
{
    const std::uint64_t wanted = m_line.taskCount() + range.count;
    if (wanted <= m_capacity || m_whenFull == WhenFull::Block) {
        return {};
    }
    if (m_whenFull == WhenFull::Reject) {
        return Error{"The queue is full: " + std::to_string(m_line.taskCount()) +
                     " tasks wait, at most " + std::to_string(m_capacity) +
                     " may, and none of the new ones was taken. Submit them later."};
    }
    for (std::uint64_t surplus = wanted - m_capacity; surplus > 0 && !m_line.isEmpty();) {
        m_swept.push_back(m_line.takeOldest(surplus));
        surplus -= m_swept.back().count();
    }
    order();
    return {};
}

/// What a cancel catches outside (\p isSwept) ends like what waited inside.
void ProcessQueue::enqueue(ProcessWork piece, bool isSwept)
{
    countSubmitted(piece.count());
    if (isSwept) {
        m_swept.push_back(std::move(piece));
        order();
        return;
    }
    const bool isUrgent = piece.deadlineNs() < m_nextDeadlineNs;
    m_nextDeadlineNs = std::min(m_nextDeadlineNs, piece.deadlineNs());
    m_line.pushBack(std::move(piece));
    if (m_isHungry || isUrgent) {
        order();
    }
}

int ProcessQueue::setWorkers(int workers)
{
    const MutexLock lock(m_mutex);
    const int before = std::exchange(m_workers, std::clamp(workers, 1, kMaxWorkers));
    order();
    return before;
}

int ProcessQueue::workers() const
{
    const MutexLock lock(m_mutex);
    return m_workers;
}

void ProcessQueue::drain()
{
    [[maybe_unused]] const bool isDrained = drainUntil(kNever);
}

bool ProcessQueue::drainUntil(Nanos untilNs)
{
    MutexLock lock(m_mutex);
    while (m_unended > 0) {
        const Nanos restNs = untilNs == kNever ? kNever : untilNs - monotonicNow();
        if (restNs == kNever) {
            m_drained.wait(lock);
        } else if (restNs > 0) {
            m_drained.waitFor(lock, std::chrono::nanoseconds(restNs));
        } else {
            return false;
        }
    }
    return true;
}

ExecutorCounts ProcessQueue::counts() const
{
    const MutexLock lock(m_mutex);
    std::uint64_t waiting = m_line.taskCount();
    for (const Outside* submitter : m_outside) {
        waiting += submitter->rest->count();
    }
    for (const ProcessWork& work : m_swept) {
        waiting += work.count();
    }
    return {waiting, m_unended - waiting, m_ended, m_livingWorkers};
}

void ProcessQueue::close()
{
    const MutexLock lock(m_mutex);
    m_isClosed = true;
    m_isPaused = false;
    order();
}

bool ProcessQueue::hasUnended() const
{
    const MutexLock lock(m_mutex);
    return m_unended > 0;
}

void ProcessQueue::order()
{
    ++m_ordersGiven;
    m_isHungry = false;
    poke();
}

void ProcessQueue::poke() const noexcept
{
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the I/O thread has enough to wake up for.
    [[maybe_unused]] const ssize_t put = ::write(m_wake.get(), &one, sizeof(one));
}

void ProcessQueue::awaitOrder(MutexLock& lock)
{
    order();
    const std::uint64_t number = m_ordersGiven;
    while (m_ordersDone < number && !m_hasLeft) {
        m_confirmed.wait(lock);
    }
}

void ProcessQueue::sweep()
{
    std::vector<ProcessWork> waiting = m_line.takeAll();
    std::move(waiting.begin(), waiting.end(), std::back_inserter(m_swept));
    for (Outside* submitter : m_outside) {
        submitter->isSwept = true;
    }
    m_hasRoom.notifyAll();
}

void ProcessQueue::waitForRoom(MutexLock& lock, const Outside& self)
{
    if (m_line.taskCount() < m_capacity) {
        return;
    }
    // Once full, wait for a half empty queue: else submitter and I/O thread take turns sleeping.
    while (m_line.taskCount() > m_capacity / 2 && !self.isSwept) {
        m_hasRoom.wait(lock);
    }
}

Result<std::shared_ptr<const ProcessJob>>
ProcessQueue::jobFor(const std::shared_ptr<const Job>& job)
{
    if (m_recentJob && m_recentJob->job == job) {
        return m_recentJob;
    }
    const CostLevel level = m_trace.recorder ? m_trace.recorder->costLevel() : CostLevel::Wall;
    Result<std::shared_ptr<const ProcessJob>> encoded = ProcessJob::encode(job, level);
    if (encoded) {
        m_recentJob = encoded.value();
    }
    return encoded;
}

void ProcessQueue::countSubmitted(std::uint64_t tasks) const
{
    if (m_trace.recorder) {
        m_trace.recorder->addSubmitted(m_trace.executor, tasks);
    }
}

} // namespace poolscope
