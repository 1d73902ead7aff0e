// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/alarm.h"
#include "core/executor/cost_meter.h"
#include "core/executor/queue_lane.h"
#include "core/executor/spin_policy.h"
#include "core/executor/work_queue.h"
#include "core/sync/interpreter_lock.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace poolscope {

/// What the workers of one in-process executor share. Lives as long as they do.
struct WorkerSurroundings
{
    const TraceTarget& trace;
    WorkQueue& queue;
    QueueLane& queueLane;
    Alarm& alarm;
    int maxAttempts = 1; ///< the executor's
    InterpreterLock* interpreterLock = nullptr; ///< null: there is none
    std::atomic<bool>* areCallsWatched = nullptr; ///< set: the alarm looks whether they get stuck
};

/// Runs tasks on the calling thread as the worker of one slot, and records them on the slot's lane.
/// One thread at a time.
class ThreadWorker
{
public:
    ThreadWorker() = default;
    /// \p lane: its number on screen.
    ThreadWorker(const WorkerSurroundings& around, int slot, int lane);
    ThreadWorker(const WorkerSurroundings& around, int slot)
        : ThreadWorker(around, slot, slot)
    {}

    [[nodiscard]] int slot() const noexcept { return m_slot; }
    /// A thread begins or ends its life as this worker.
    void openLife();
    void closeLife();
    /// Runs calls of the queue until there are none, or the worker may begin no more.
    void runCalls();
    /// Runs those that others have claimed and do not get on with.
    void runStuckCalls();
    /// Runs the tasks of \p chunk and moves its begin past them; stops before the first one that may
    /// not begin any more.
    void runChunk(Chunk& chunk);

private:
    /// How a task came out. \p error and \p value: for the record and the listener.
    struct Ending
    {
        TaskState state = TaskState::Done;
        Value value;
        std::string error;
        int attempts = 1;
    };

    void chooseMeter();
    [[nodiscard]] Nanos beginNow();
    void runPlainTasks(Chunk& chunk, Nanos now);
    Nanos runTask(const Chunk& chunk, Nanos startNs);
    [[nodiscard]] bool hasMissedItsDeadline(const Chunk& chunk) const;
    [[nodiscard]] Ending execute(const Chunk& chunk);
    [[nodiscard]] Ending executeOnce(const Chunk& chunk);
    [[nodiscard]] Result<Value> runOnce(const Job& job, std::uint64_t task);
    [[nodiscard]] int maxAttempts(const Chunk& chunk) const;
    /// What a record says of a task besides its end.
    struct Begun
    {
        std::uint64_t task;
        Nanos submitNs;
        Nanos startNs;
        const ItemChunks* chunks = nullptr; ///< null: it is none of them
    };
    /// How a task came out, for its record only.
    struct Outcome
    {
        TaskState state;
        const Value& value;
        std::string_view error;
        int attempts = 1;
    };
    Nanos record(const Begun& begun, const Outcome& outcome, bool isRetried = false);
    Nanos record(const Begun& begun, const Ending& ending, bool isRetried = false)
    {
        return record(begun, Outcome{ending.state, ending.value, ending.error, ending.attempts},
                      isRetried);
    }
    [[nodiscard]] TaskSlot* nextCall();
    void runCall(TaskSlot& call, Nanos& now);
    [[nodiscard]] bool mayRun(TaskSlot& call);
    [[nodiscard]] Ending execute(TaskSlot& call);
    void endUnbegun(TaskSlot& call);
    void note(ControlKind kind, std::int64_t value = 0);

    const WorkerSurroundings* m_around = nullptr;
    int m_slot = 0;
    Lane* m_lane = nullptr; ///< null when nothing is recorded
    int m_laneIndex = -1;
    SpinPolicy m_spin; ///< between calls
    Nanos m_idleSinceNs = 0; ///< fastNow() when it last ran out of calls; 0: never
    std::optional<CostMeter> m_costs; ///< none: costs are not measured
    int m_meteredThread = 0; ///< whose meter that is
};

} // namespace poolscope
