// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/executor/channel.h"
#include "core/executor/fault_note.h"
#include "core/executor/task_cell.h"
#include "core/task/progress.h"
#include "core/task/stop_flag.h"

#include <atomic>
#include <cstdint>

namespace poolscope {

/// Who may begin the next task: one word on which pool and worker agree without a message. Tasks are
/// handed over under an epoch; the worker raises the count of begun tasks of that epoch by one before
/// each, and the pool takes everything unbegun back by starting the next epoch. So both sides know to
/// the task what has begun, whatever is still on its way, and no task can run twice because of it.
class TaskClaim
{
public:
    static constexpr std::uint64_t kCountBits = 40;
    static constexpr std::uint64_t kCountMask = (std::uint64_t{1} << kCountBits) - 1;
    static constexpr std::uint64_t kEpochMask = (std::uint64_t{1} << (64 - kCountBits)) - 1;

    /// Worker: begins the next task of \p epoch, of which \p begun have begun.
    /// \return false when the task was taken back.
    bool beginNext(std::uint64_t epoch, std::uint64_t begun) noexcept
    {
        std::uint64_t expected = (epoch << kCountBits) | begun;
        // Releases the start time that was stamped before; pairs with begun() and revoke().
        return m_word.compare_exchange_strong(expected, expected + 1, std::memory_order_acq_rel);
    }

    /// Pool: starts \p nextEpoch. \return how many tasks of the epoch before had begun.
    std::uint64_t revoke(std::uint64_t nextEpoch) noexcept
    {
        return m_word.exchange(nextEpoch << kCountBits, std::memory_order_acq_rel) & kCountMask;
    }
    /// Pool: \return how many tasks of this epoch have begun.
    [[nodiscard]] std::uint64_t begun() const noexcept
    {
        return m_word.load(std::memory_order_acquire) & kCountMask;
    }

private:
    std::atomic<std::uint64_t> m_word{0};
};

/// How a worker says that it wants to be looked at: it counts up, and wakes whoever of the pool sleeps: the
/// I/O thread through a doorbell on the socket, or a caller who sleeps here for one result. Either the
/// sleeper sees the count before it goes to sleep, or the worker sees that it sleeps.
class Announcement
{
public:
    /// Worker. \p count: how many there were with this one. \return whether to send a doorbell.
    [[nodiscard]] bool announce(std::uint32_t count) noexcept
    {
        // Sequentially consistent, as in mayNotSleep() and sleep(): one sees what the other wrote.
        m_count.store(count, std::memory_order_seq_cst);
        wakeCaller();
        return m_isPoolAwake.exchange(1, std::memory_order_seq_cst) == 0;
    }

    // Pool.
    /// \return the count, to be read before what was announced.
    [[nodiscard]] std::uint32_t count() const noexcept
    {
        return m_count.load(std::memory_order_acquire); // pairs with announce()
    }
    /// Asks for a doorbell from now on. \return whether something was announced after \p count, for
    /// which there will be none.
    [[nodiscard]] bool mayNotSleep(std::uint32_t count) noexcept
    {
        m_isPoolAwake.store(0, std::memory_order_seq_cst);
        return m_count.load(std::memory_order_seq_cst) != count;
    }
    /// Somebody looks all the time. A doorbell may be on its way nevertheless.
    void stayAwake() noexcept { m_isPoolAwake.store(1, std::memory_order_relaxed); }
    /// A caller's sleep until something is announced after \p count, wakeCaller() or \p untilNs; not
    /// when \p isOver() holds. May come back early. One who was let go may still be here when the next
    /// one comes: both are woken.
    template <class IsOver>
    void sleep(std::uint32_t count, Nanos untilNs, const IsOver& isOver) noexcept
    {
        m_isCallerAsleep.store(1, std::memory_order_seq_cst);
        fullFence(); // pairs with wakeCaller()
        if (m_count.load(std::memory_order_seq_cst) == count && !isOver()) {
            sharedFutexWait(m_isCallerAsleep, 1, untilNs);
        }
    }
    /// What the caller slept for is there, or over.
    void wakeCaller() noexcept
    {
        fullFence(); // pairs with sleep()
        if (m_isCallerAsleep.load(std::memory_order_relaxed) != 0 &&
            m_isCallerAsleep.exchange(0, std::memory_order_relaxed) != 0) {
            sharedFutexWakeAll(m_isCallerAsleep);
        }
    }

private:
    alignas(64) std::atomic<std::uint32_t> m_isPoolAwake{0}; ///< its I/O thread, or somebody for it
    std::atomic<std::uint32_t> m_isCallerAsleep{0};
    alignas(64) std::atomic<std::uint32_t> m_count{0};
};

/// What a pool shares with one worker process: it outlives the worker, so after a death it still
/// says what had begun, since when, and what had come out.
struct WorkerPage
{
    TaskClaim claim;
    std::atomic<Nanos> startNs{
        0}; ///< by the worker: begin of the task begun last (CLOCK_MONOTONIC)
    alignas(64) StopFlag stop; ///< by the pool: asks the task that runs to stop
    /// By the pool: there are processors enough to wait for the next request without sleeping.
    std::atomic<std::uint32_t> maySpin{0};
    ProgressNote progress; ///< by the task that runs
    Announcement announcement;
    FaultNote fault; ///< by the worker: how it died, when that was a fault of its own
    RequestRing requests;
    ResultRing results;
    ByteRing longResults; ///< result messages that fit in no cell
    /// By the worker: how many stretches of the area towards it it needs no more, modulo 2^32.
    std::atomic<std::uint32_t> valuesDone{0};
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

/// Where a worker finds its two descriptors.
inline constexpr int kWorkerSocketFd = 3;
inline constexpr int kWorkerPageFd = 4;

} // namespace poolscope
