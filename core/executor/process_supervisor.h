// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/executor/executor.h"
#include "core/executor/process_handout.h"
#include "core/executor/process_queue.h"
#include "core/executor/process_trace.h"
#include "core/executor/worker_crew.h"
#include "core/executor/worker_slot.h"

#include <string>

namespace poolscope {

/// Carries a process pool's orders out: hands its workers tasks, takes their results and settles what a
/// dead one held; the workers as such are the WorkerCrew's. Everything happens on the pool's I/O
/// thread. Sleeps unless something happens; while tasks run it looks every 10 ms for results that were
/// not announced yet and for what runs now.
class ProcessSupervisor
{
public:
    ProcessSupervisor(const ExecutorOptions& options, const TraceTarget& trace,
                      ReaperProcess::Programs programs, ProcessQueue& queue);

    /// Starts the first worker. Error: as WorkerCrew::start().
    Result<void> start();
    /// Works until the queue is closed and every task has ended, then ends the workers.
    void run();

private:
    struct Death
    {
        Nanos goneNs = 0;
        std::string reason;
        std::string remains; ///< what else is known, to be put behind the reason
    };

    // Orders.
    void obeyOrders();
    void cancelAll(bool isKill);
    void cancelSome(const ProcessQueue::Cancellation& cancellation);
    void obeyLimits();
    [[nodiscard]] int wantedWorkers() const;

    // Results come in.
    void receiveMessages(WorkerSlot& slot);
    [[nodiscard]] bool accept(WorkerSlot& slot, const Message& message);
    void receiveAllResults();
    void receiveResults(WorkerSlot& slot);
    void killIfMalformed(WorkerSlot& slot);
    void takeBackWhatWaits();
    [[nodiscard]] int mostAttempts(const ProcessWork& task) const;
    [[nodiscard]] bool acceptResult(WorkerSlot& slot, Nanos receivedNs);
    void showRunning();

    // Workers die.
    void receiveNotices();
    void buryWithReaper();
    bool workerGone(WorkerSlot& slot, const WorkerExit& exit, bool mayCount = true);
    void giveUpBegunTasks(WorkerSlot& slot, const Death& death);

    // Waiting.
    void waitForEvents();
    [[nodiscard]] bool mayNotSleep();
    [[nodiscard]] Nanos nextDeadline() const;
    [[nodiscard]] bool isFinished() const;

    const ExecutorOptions m_options;
    ProcessQueue& m_queue;
    ProcessTrace m_trace;
    WorkerCrew m_crew;
    ProcessHandout m_handout;
    ProcessQueue::Orders m_orders;
    ResultMessage m_result; ///< the last one taken in; its memory is used again
    bool m_hasOrders = true;
};

} // namespace poolscope
