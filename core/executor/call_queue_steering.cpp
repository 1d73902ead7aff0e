// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What those who steer a pool want of its calls.
#include "core/executor/call_queue.h"

#include <algorithm>
#include <utility>

namespace poolscope {

bool CallQueue::hasWork() const noexcept
{
    const std::uint32_t rings = ringCount();
    for (std::uint32_t i = 0; i < rings; ++i) {
        if (ring(i).waiting() > 0) {
            return true;
        }
    }
    return hasWindows();
}

bool CallQueue::hasWindows() const noexcept
{
    const int workers = m_workerCount.load(std::memory_order_relaxed);
    for (int i = 0; i < workers; ++i) {
        if (hasWindow(i)) {
            return true;
        }
    }
    return false;
}

std::uint64_t CallQueue::waiting() const noexcept
{
    std::uint64_t tasks = 0;
    const std::uint32_t rings = ringCount();
    for (std::uint32_t i = 0; i < rings; ++i) {
        tasks += ring(i).waiting();
    }
    const int workers = m_workerCount.load(std::memory_order_relaxed);
    for (int i = 0; i < workers; ++i) {
        tasks += sizeOf(m_workers[at(i)].window.load(std::memory_order_relaxed));
    }
    return tasks;
}

std::uint64_t CallQueue::reserved() const noexcept
{
    std::uint64_t tasks = waiting();
    const std::uint32_t rings = ringCount();
    for (std::uint32_t i = 0; i < rings; ++i) {
        const std::uint64_t granted = producer(i).grantedEnd.load(std::memory_order_relaxed);
        const std::uint64_t published = ring(i).published();
        tasks += granted > published ? granted - published : 0;
    }
    return tasks;
}

std::uint64_t CallQueue::published() const noexcept
{
    std::uint64_t published = 0;
    const std::uint32_t rings = ringCount();
    for (std::uint32_t i = 0; i < rings; ++i) {
        published += ring(i).published();
    }
    return published;
}

std::uint64_t CallQueue::endedByWorkers() const noexcept
{
    std::uint64_t ended = 0;
    const int workers = m_workerCount.load(std::memory_order_acquire);
    for (int i = 0; i < workers; ++i) {
        ended += m_workers[at(i)].ended.load(std::memory_order_acquire); // pairs with retire()
    }
    return ended;
}

std::vector<CallQueue::Taken> CallQueue::cancelAll()
{
    std::vector<Taken> all;
    Taken taken;
    const int workers = m_workerCount.load(std::memory_order_relaxed);
    for (int i = 0; i < workers; ++i) {
        for (std::uint64_t left = seize(m_workers[at(i)], kMostClaimed, taken); left > 0; --left) {
            all.push_back(taken);
            ++taken.index;
        }
    }
    const std::uint32_t rings = ringCount();
    for (std::uint32_t i = 0; i < rings; ++i) {
        // Not what comes meanwhile: that would have no end.
        const std::uint64_t end = ring(i).published();
        // For what a worker has just claimed and not put into its window.
        producer(i).cancelledBelow.store(end);
        taken.ring = i;
        while (ring(i).claimed() < end && ring(i).claim(taken.index) > 0) {
            all.push_back(taken);
        }
    }
    return all;
}

bool CallQueue::areStuck() noexcept
{
    bool hasWaiting = false;
    bool hasMoved = false;
    const int workers = m_workerCount.load(std::memory_order_relaxed);
    for (int i = 0; i < workers; ++i) {
        Worker& worker = m_workers[at(i)];
        const std::uint64_t window = worker.window.load(std::memory_order_relaxed);
        hasMoved = hasMoved || window != std::exchange(worker.seenWindow, window);
        hasWaiting = hasWaiting || sizeOf(window) > 0;
    }
    if (!hasWaiting || hasMoved) {
        return false;
    }
    m_mostClaimed.store(1, std::memory_order_relaxed);
    return true;
}

void CallQueue::release(const Taken& taken) noexcept
{
    ring(taken.ring).release(taken.index, 1);
    m_endedElsewhere.fetch_add(1, std::memory_order_release); // pairs with ended()
}

void CallQueue::grant(Producer& producer, std::uint64_t tasks) noexcept
{
    producer.nextNumber = m_numbers.fetch_add(tasks, std::memory_order_relaxed);
    producer.grantedEnd.store(producer.ring.submitted() + tasks, std::memory_order_relaxed);
}

void CallQueue::stopCurrents(std::span<const int> workers) noexcept
{
    m_stoppers.fetch_add(1, std::memory_order_relaxed);
    // After this a worker that is not seen to run something sees that it is cancelled, and one that is
    // seen waits in endCurrent(): its node lives.
    heavyFence();
    for (const int worker : workers) {
        if (TaskNode* node = m_workers[at(worker)].current.load(std::memory_order_acquire)) {
            node->requestStop();
        }
    }
    m_stoppers.fetch_sub(1, std::memory_order_release);
}

} // namespace poolscope
