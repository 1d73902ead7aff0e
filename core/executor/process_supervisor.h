// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/executor/executor.h"
#include "core/executor/process_queue.h"
#include "core/executor/process_trace.h"
#include "core/executor/worker_poll.h"
#include "core/executor/worker_slot.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace poolscope {

/// Keeps the worker processes of a pool: starts and ends them, hands them tasks, takes their results
/// and notices their deaths. Everything happens on the pool's I/O thread, which is the parent the
/// workers are tied to and so must live as long as they do. Sleeps unless something happens; while
/// tasks run it looks every 10 ms for results that were not announced and for what runs now.
class ProcessSupervisor
{
public:
    ProcessSupervisor(const ExecutorOptions& options, const TraceTarget& trace,
                      std::string workerProgram, ProcessQueue& queue);

    /// Starts the first worker. Error: as WorkerProcess::spawn(), or no descriptor to be had.
    Result<void> start();
    /// Works until the queue is closed and every task has ended, then ends the workers.
    void run();

private:
    using Phase = WorkerSlot::Phase;

    // Orders.
    void obeyOrders();
    void cancelAll(bool isKill);
    void cancelSome(const ProcessQueue::Cancellation& cancellation);
    void obeyLimits();

    // Workers come and go.
    void adjustCrew();
    Result<void> startWorker(WorkerSlot& slot);
    void startFailed(WorkerSlot& slot, const std::string& why);
    void sendAway(WorkerSlot& slot);
    void killOverdue(WorkerSlot& slot);
    void workerGone(WorkerSlot& slot, const std::string& exitText);
    void giveUpBegunTasks(WorkerSlot& slot, Nanos goneNs, const std::string& why);
    void succeeded(WorkerSlot& slot);
    void breakPool(const std::string& reason);

    // Tasks go out, results come in.
    void handOut();
    void fillWorkers();
    [[nodiscard]] bool takeBackForIdleWorker();
    [[nodiscard]] bool isUsable(const WorkerSlot& slot) const;
    void receive(WorkerSlot& slot);
    [[nodiscard]] bool accept(WorkerSlot& slot, const Message& message);
    [[nodiscard]] bool acceptHello(WorkerSlot& slot, const Message& message);
    [[nodiscard]] bool acceptResult(WorkerSlot& slot, const Message& message);
    void showRunning();

    // Waiting.
    void waitForEvents();
    void tick();
    [[nodiscard]] Nanos nextDeadline() const;
    [[nodiscard]] int wantedWorkers() const;
    [[nodiscard]] bool isFinished() const;

    const ExecutorOptions m_options;
    const std::string m_workerProgram;
    ProcessQueue& m_queue;
    ProcessTrace m_trace;
    WorkerPoll m_poll;
    MessageWriter m_writer;
    ProcessQueue::Orders m_orders;
    std::vector<std::unique_ptr<WorkerSlot>> m_slots; ///< by index, as many as were ever wanted
    std::string m_brokenReason;
    int m_failedStarts = 0; ///< in a row, over all slots
    Nanos m_nextTickNs = 0;
    bool m_hasOrders = true;
    bool m_hasMoreToStart = false;
};

} // namespace poolscope
