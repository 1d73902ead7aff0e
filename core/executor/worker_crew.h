// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/executor/executor.h"
#include "core/executor/process_queue.h"
#include "core/executor/process_trace.h"
#include "core/executor/reaper_process.h"
#include "core/executor/worker_demand.h"
#include "core/executor/worker_poll.h"
#include "core/executor/worker_recycling.h"
#include "core/executor/worker_slot.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace poolscope {

/// The workers of a process pool as such: as many as are wanted, started, welcomed, sent away, killed
/// when patience with them ends, and buried. What they hold when they must go returns to the queue;
/// the tasks themselves are the ProcessSupervisor's. I/O thread only.
class WorkerCrew
{
public:
    using Slots = std::vector<std::unique_ptr<WorkerSlot>>;

    WorkerCrew(const ExecutorOptions& options, ReaperProcess::Programs programs,
               ProcessQueue& queue, ProcessTrace& trace);

    /// Starts the reaper and, unless the pool is lazy, the first worker. Error: one of the programs cannot be
    /// started, no descriptor to be had, or the initializer cannot be sent.
    Result<void> start();
    /// Goes on towards \p wanted workers, 0: all leave. To be called once in every round.
    void adjust(int wanted);
    /// \return by index, as many as were ever wanted.
    [[nodiscard]] const Slots& slots() const noexcept { return m_slots; }
    [[nodiscard]] WorkerSlot& slot(int index) const
    {
        return *m_slots[static_cast<std::size_t>(index)];
    }
    /// \return whether \p slot is to get tasks.
    [[nodiscard]] bool isUsable(const WorkerSlot& slot) const;
    /// \return how many more tasks a usable \p slot may be given.
    [[nodiscard]] std::uint64_t roomFor(const WorkerSlot& slot) const noexcept
    {
        return m_recycling.roomFor(slot);
    }
    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] WorkerPoll& poll() noexcept { return m_poll; }
    /// \return when adjust() has something to do, if nothing else happens before.
    [[nodiscard]] Nanos nextDeadline() const;

    // What happens to a worker.
    /// \return what the reaper says next; nothing when there is nothing yet. A notice for a worker is
    /// taken care of with takeNotice(), unless it tells the end.
    [[nodiscard]] std::optional<ReaperProcess::Notice> nextNotice();
    /// \return the worker with this number; null when it was buried.
    [[nodiscard]] WorkerSlot* findWorker(std::uint64_t number) const;
    void takeNotice(WorkerSlot& slot, ReaperProcess::Notice notice);
    /// The reaper has died, and every worker with it: each is to be buried, then a new one starts them.
    [[nodiscard]] bool hasLostReaper() const noexcept { return m_reaper && m_reaper->isGone(); }
    void forgetReaper() { m_reaper.reset(); }
    /// \return false when that was no hello or it came twice. It is ready now unless it has an initializer
    /// to run.
    [[nodiscard]] bool welcome(WorkerSlot& slot, const Message& message);
    /// \p result of a worker that is initializing: it is ready now, or is sent away, or breaks the pool.
    /// \return false when that is not the initializer's.
    [[nodiscard]] bool acceptInitializer(WorkerSlot& slot, const ResultMessage& result);
    /// It has closed its socket and is of no more use. If that is its end, the end will be told.
    void cutOff(WorkerSlot& slot);
    /// \return what may have been behind a SIGKILL that was not ours, to be put behind the reason.
    [[nodiscard]] std::string guessKiller();
    /// It has begun a task and come so far: starts do not fail.
    void succeeded(WorkerSlot& slot);
    /// The process has ended and holds no more tasks. \p why: see the pool's WorkerDied event.
    void bury(WorkerSlot& slot, const std::string& why, bool hasFailedToStart);

    // The whole pool.
    /// Nothing can be done with this worker program: what waits and what runs fails with \p reason.
    void breakDown(const std::string& reason);
    [[nodiscard]] bool isBroken() const noexcept { return !m_brokenReason.empty(); }
    [[nodiscard]] const std::string& brokenReason() const noexcept { return m_brokenReason; }

private:
    using Phase = WorkerSlot::Phase;
    static constexpr Nanos kHelloPatience = 10 * kNanosPerSecond;

    [[nodiscard]] int wanted() const noexcept { return isBroken() ? 0 : m_wanted; }
    Result<void> makeInitializer();
    [[nodiscard]] bool hasRoomToStart() const;
    void startMissing();
    Result<void> startReaper();
    Result<void> startWorker(WorkerSlot& slot);
    void workerStarted(WorkerSlot& slot, ReaperProcess::Notice notice);
    void startFailed(WorkerSlot& slot, const std::string& why);
    void initializerFailed(WorkerSlot& slot, const std::string& why);
    void sendAway(WorkerSlot& slot);
    void killOverdue(WorkerSlot& slot);
    static void giveBackValues(WorkerSlot& slot);

    const ExecutorOptions m_options;
    const ReaperProcess::Programs m_programs;
    ProcessQueue& m_queue;
    ProcessTrace& m_trace;
    const WorkerRecycling m_recycling;
    WorkerDemand m_demand;
    std::optional<ProcessWork> m_initializer; ///< since start(); none: there is none
    MessageWriter m_writer; ///< for that
    WorkerPoll m_poll;
    std::unique_ptr<ReaperProcess> m_reaper; ///< null before the first start and after a death
    std::uint64_t m_lastNumber = 0; ///< of a worker
    Slots m_slots;
    std::int64_t m_outOfMemoryKills; ///< by the kernel, of any process, when we last looked
    std::string m_brokenReason;
    int m_wanted = 0;
    int m_living = 0; ///< processes, as far as the queue was told
    int m_failedStarts = 0; ///< in a row, over all slots
    bool m_hasMoreToStart = false;
    bool m_isAskedForMore = false; ///< tasks wait for workers that come on demand
};

} // namespace poolscope
