// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/executor/executor.h"
#include "core/executor/message.h"
#include "core/executor/process_queue.h"

#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace poolscope {

/// A task under which the worker went away. Times: CLOCK_MONOTONIC.
struct BrokenAttempt
{
    int slot = 0;
    Nanos startNs = 0;
    Nanos goneNs = 0;
};

/// Ends the tasks of a process pool: writes the record, then tells the listener; and writes down the
/// workers' lives. Belongs to the pool's I/O thread, which so is the one writer of all its lanes.
class ProcessTrace
{
public:
    explicit ProcessTrace(const TraceTarget& trace)
        : m_trace(trace)
    {}

    /// How a result reached the pool.
    struct Return
    {
        int slot = 0;
        Nanos receivedNs = 0; ///< CLOCK_MONOTONIC
        bool isRetried = false; ///< this was not the end of its task
    };

    // Workers, by slot.
    void workerStarted(int slot, int processId);
    /// \p goneNs: CLOCK_MONOTONIC. \p kind: WorkerRetired or WorkerDied.
    void workerGone(int slot, int processId, Nanos goneNs, ControlKind kind,
                    const std::string& why);
    void noteWorker(int slot, const std::string& trouble);
    /// \p startNs: CLOCK_MONOTONIC.
    void showRunning(int slot, std::uint64_t task, Nanos startNs, const ProgressNote& progress);
    void showIdle(int slot);

    // Tasks.
    /// The first task of \p work came back: the record, and the end of it unless it is retried.
    /// Its value is the listener's to take.
    void taskReturned(const Return& how, const ProcessWork& work, ResultMessage& result);
    /// The one task of \p work was in the hands of a worker that is gone, and ends so.
    void taskBroken(const BrokenAttempt& attempt, const ProcessWork& work, TaskState state,
                    const std::string& error);
    /// The one task of \p work was in the hands of a worker that is gone; it will be begun again.
    void attemptLost(const BrokenAttempt& attempt, const ProcessWork& work, const std::string& why);
    /// All tasks of \p work end without being begun (again).
    void endUnbegun(const ProcessWork& work, TaskState state, const std::string& error);

    void note(ControlKind kind, int lane = -1, std::int64_t value = 0, std::string text = {});
    /// \return how many tasks have ended since the last call.
    std::uint64_t takeEnded() { return std::exchange(m_ended, 0); }

private:
    struct SlotLane
    {
        Lane* lane = nullptr;
        int index = -1; ///< among the trace's lanes
        Nanos lastEndNs = 0; ///< records of a lane never overlap, whatever a worker claims
    };

    SlotLane& laneOf(int slot);
    void noteRetry(int slot, const ProcessWork& work);
    void append(const Return& how, const ProcessWork& work, const ResultMessage& result);
    void tell(const ProcessWork& work, std::uint64_t task, TaskState state, int attempts,
              const Value& value, const std::string& error, Value* movable = nullptr);

    const TraceTarget m_trace;
    std::array<SlotLane, kMaxWorkers> m_lanes{};
    Lane* m_queueLane = nullptr;
    std::uint64_t m_ended = 0;
};

} // namespace poolscope
