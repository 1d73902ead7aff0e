// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How calls pass the lock of a queue by.
#include "core/base/fast_clock.h"
#include "core/base/machine_facts.h"
#include "core/base/pause_briefly.h"
#include "core/executor/work_queue.h"

#include <algorithm>

namespace poolscope {

WorkQueue::Grant WorkQueue::grantCalls(CallQueue::Producer& producer)
{
    // At most so many calls are waited for in vain by others while the thread does nothing.
    constexpr std::uint64_t kMostGranted = 1024;
    const Chunk none;
    Outside self{&none};
    MutexLock lock(m_mutex);
    if (takesCalls() && waiting() >= m_capacity) {
        m_outside.push_back(&self);
        waitForRoom(lock, self);
        std::erase(m_outside, &self);
        setSigns();
    }
    if (self.isCancelled) {
        return Grant::Cancelled;
    }
    if (!takesCalls()) {
        return Grant::LongWay;
    }
    const std::uint64_t room = m_capacity - waiting();
    m_calls.grant(producer, std::clamp<std::uint64_t>(room / 4, 1, kMostGranted));
    return Grant::Yes;
}

std::optional<int> WorkQueue::takeStuck()
{
    const MutexLock lock(m_mutex);
    const int helper = freeHelper();
    if (m_isPaused || helper == kMaxSlots) {
        return std::nullopt;
    }
    assign(helper, Chunk());
    return helper;
}

void WorkQueue::wakeForCall() noexcept
{
    std::atomic<std::uint32_t>* sleeper = nullptr;
    {
        const MutexLock lock(m_mutex);
        if (m_idle.empty() || m_isWaking || m_isPaused) {
            return;
        }
        m_isWaking = true;
        const int worker = m_idle.back();
        m_workers[slot(worker)].isCalled = true;
        sleeper = &markAwake(worker);
    }
    futexWake(*sleeper, 1); // without the lock, which the woken worker wants
}

void WorkQueue::passOn() noexcept
{
    const std::uint32_t signs = m_signs.load(std::memory_order_relaxed);
    if ((signs & kSleepSign) != 0 && m_searchers.load(std::memory_order_relaxed) == 0 &&
        m_calls.hasWork()) {
        wakeForCall();
    }
    if ((signs & kBlockedSign) != 0) {
        const MutexLock lock(m_mutex);
        tellOfRoom();
    }
}

bool WorkQueue::searchCalls(const Orders& orders, Nanos untilNs) noexcept
{
    static const int kProcessors = usableCpuCount();
    const int awake =
        m_alive.load(std::memory_order_relaxed) - m_asleep.load(std::memory_order_relaxed);
    if (awake >= kProcessors) {
        // Only for as long as who submits one call after the other takes to submit the next one: else each
        // call would find one worker on its way to sleep and wake another one.
        constexpr Nanos kMoment = 4 * kNanosPerMicro;
        untilNs = std::min(untilNs, fastNow() + kMoment);
    }
    constexpr std::uint32_t kMayStay = kSleepSign | kBlockedSign;
    bool hasFound = false;
    m_searchers.fetch_add(1);
    while (!hasFound && fastNow() < untilNs &&
           (m_signs.load(std::memory_order_relaxed) & ~kMayStay) == 0 &&
           !orders.isRecalled.load(std::memory_order_relaxed)) {
        pauseBriefly();
        hasFound = m_calls.hasWork();
    }
    m_searchers.fetch_sub(1);
    if (!hasFound) {
        heavyFence(); // before the last look, in take(); pairs with callPublished()
    }
    return hasFound;
}

/// Takes all calls out of their places; small closures go without having run.
std::vector<Chunk> WorkQueue::cancelCalls()
{
    std::vector<Chunk> chunks;
    for (const CallQueue::Taken& taken : m_calls.cancelAll()) {
        TaskSlot& call = m_calls.slot(taken);
        if (call.kind != nullptr) {
            call.kind->drop(call);
        }
        chunks.push_back({nullptr, call.task, call.task + 1, call.submitNs, nullptr, nullptr,
                          TaskNodePtr::adopt(call.node)});
        m_calls.release(taken);
    }
    m_unended += chunks.size();
    return chunks;
}

std::vector<Chunk> WorkQueue::takeLateCalls()
{
    const MutexLock lock(m_mutex);
    m_isOver = true;
    setSigns();
    return cancelCalls();
}

} // namespace poolscope
