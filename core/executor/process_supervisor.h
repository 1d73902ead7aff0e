// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/executor/executor.h"
#include "core/executor/process_handout.h"
#include "core/executor/process_queue.h"
#include "core/executor/process_trace.h"
#include "core/executor/spin_policy.h"
#include "core/executor/worker_crew.h"
#include "core/executor/worker_slot.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>

namespace poolscope {

/// Carries a process pool's orders out: hands its workers tasks, takes their results and settles what a
/// dead one held; the workers as such are the WorkerCrew's. Everything happens on the pool's I/O
/// thread, except that a caller may hand one task to a worker that has nothing to do and fetch its result
/// while that thread sleeps: under one lock, which the thread holds while it works and callers only take
/// when it is free. Sleeps unless something happens; while tasks run it looks every 10 ms for results that were
/// not announced yet and for what runs now.
class ProcessSupervisor
{
public:
    ProcessSupervisor(const ExecutorOptions& options, const TraceTarget& trace,
                      ReaperProcess::Programs programs, ProcessQueue& queue);

    /// Starts the first worker. Error: as WorkerCrew::start().
    Result<void> start() PS_EXCLUDES(m_hands);
    /// Works until the queue is closed and every task has ended, then ends the workers.
    void run() PS_EXCLUDES(m_hands);

    // Callers: any thread, while run() works. process_shortcut.cpp.
    /// Hands the one task of \p range to a worker that has nothing to do. \return false when it has to go
    /// through the queue.
    [[nodiscard]] bool handDirectly(const TaskRange& range, CompletionListener* listener)
        PS_EXCLUDES(m_hands);
    /// Waits for \p node, a task of this pool that was submitted with \p listener, and brings its result
    /// home, if that can be done without the I/O thread. May return before the task has ended.
    void attend(const TaskNode& node, const CompletionListener* listener, Nanos untilNs)
        PS_EXCLUDES(m_hands);

private:
    struct Death
    {
        Nanos goneNs = 0;
        std::string reason;
        std::string remains; ///< what else is known, to be put behind the reason
    };

    /// A caller who waits for the result of the first task of a worker.
    struct Caller
    {
        const TaskNode& node;
        const CompletionListener* listener;
        Nanos untilNs;
        WorkerSlot* slot = nullptr; ///< to be used under the lock
        std::shared_ptr<WorkerProcess> process = {};
        std::uint32_t results = 0; ///< of the process, that were there before
        bool mayWaitAwake = false;
    };

    // Orders. process_orders.cpp.
    void obeyOrders() PS_REQUIRES(m_hands);
    void cancelAll(bool isKill) PS_REQUIRES(m_hands);
    void cancelSome(const ProcessQueue::Cancellation& cancellation) PS_REQUIRES(m_hands);
    void obeyLimits() PS_REQUIRES(m_hands);
    [[nodiscard]] int wantedWorkers() const PS_REQUIRES(m_hands);

    // Results come in.
    void receiveMessages(WorkerSlot& slot) PS_REQUIRES(m_hands);
    [[nodiscard]] bool accept(WorkerSlot& slot, const Message& message) PS_REQUIRES(m_hands);
    void receiveAllResults() PS_REQUIRES(m_hands);
    void receiveResults(WorkerSlot& slot) PS_REQUIRES(m_hands);
    void killIfMalformed(WorkerSlot& slot) PS_REQUIRES(m_hands);
    void takeBackWhatWaits() PS_REQUIRES(m_hands);
    [[nodiscard]] int mostAttempts(const ProcessWork& task) const PS_REQUIRES(m_hands);
    [[nodiscard]] bool acceptResult(WorkerSlot& slot, Nanos receivedNs) PS_REQUIRES(m_hands);
    void showRunning() PS_REQUIRES(m_hands);

    // Workers die. process_deaths.cpp.
    void receiveNotices() PS_REQUIRES(m_hands);
    void buryWithReaper() PS_REQUIRES(m_hands);
    bool workerGone(WorkerSlot& slot, const WorkerExit& exit, bool mayCount = true)
        PS_REQUIRES(m_hands);
    void giveUpBegunTasks(WorkerSlot& slot, const Death& death) PS_REQUIRES(m_hands);

    // The short way.
    [[nodiscard]] WorkerSlot* idleWorker() const PS_REQUIRES(m_hands);
    [[nodiscard]] bool mayWaitAwake() const PS_REQUIRES(m_hands);
    [[nodiscard]] bool takeCharge(Caller& caller) PS_EXCLUDES(m_hands);
    [[nodiscard]] bool waitAwake(const Caller& caller) const;
    void waitAsleep(const Caller& caller) const;
    void fetchResult(const Caller& caller, Nanos waitedNs) PS_EXCLUDES(m_hands);
    void receiveFirstResult(WorkerSlot& slot) PS_REQUIRES(m_hands);
    void dropCharge(WorkerSlot& slot) PS_REQUIRES(m_hands);
    void releaseCaller(WorkerSlot& slot) PS_REQUIRES(m_hands);

    // Waiting.
    void work() PS_REQUIRES(m_hands);
    void waitForEvents(BusyLog& busy) PS_EXCLUDES(m_hands);
    void take(const WorkerPoll::Event& event) PS_REQUIRES(m_hands);
    [[nodiscard]] bool mayNotSleep() PS_REQUIRES(m_hands);
    [[nodiscard]] Nanos nextDeadline() PS_REQUIRES(m_hands);
    [[nodiscard]] bool isFinished() const PS_REQUIRES(m_hands);

    const ExecutorOptions m_options;
    const int m_processors;
    const bool m_hasShortcut; ///< nothing of the options needs the I/O thread between two tasks
    ProcessQueue& m_queue;

    const TraceTarget m_target;

    Mutex m_hands;
    ProcessTrace m_trace PS_GUARDED_BY(m_hands);
    WorkerCrew m_crew PS_GUARDED_BY(m_hands);
    ProcessHandout m_handout PS_GUARDED_BY(m_hands);
    MessageWriter m_writer PS_GUARDED_BY(m_hands);
    ProcessQueue::Orders m_orders PS_GUARDED_BY(m_hands);
    ResultMessage
        m_result PS_GUARDED_BY(m_hands); ///< the last one taken in; its memory is used again
    SpinPolicy m_callersSpin PS_GUARDED_BY(m_hands);
    int m_lastIdle PS_GUARDED_BY(m_hands) = 0; ///< the worker that got the last task directly
    bool m_hasWokenIt PS_GUARDED_BY(m_hands) = false; ///< it slept
    bool m_isUsedDirectly PS_GUARDED_BY(m_hands) = false; ///< since the last look around
    bool m_isLookingAround PS_GUARDED_BY(m_hands) = false; ///< sleeps for a tick at most
    bool m_hasOrders PS_GUARDED_BY(m_hands) = true;
    std::atomic<std::thread::id> m_holder{}; ///< of m_hands, by those who may be called back
};

} // namespace poolscope
