// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/executor/executor.h"
#include "tests/soak/batch.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace poolscope::soak {

using Random = std::mt19937_64;

/// \return a number from 0 to \p below - 1.
[[nodiscard]] inline std::uint64_t draw(Random& random, std::uint64_t below)
{
    return random() % below;
}

inline constexpr std::uint64_t kGroups = 4; ///< groups 1 to kGroups

/// Gives one executor ranges of tasks, single tasks with futures and, where it takes them, C++ calls, of
/// all kinds and with all options, and keeps account of what must become of them.
class Submitter
{
public:
    /// \p tasksPerSecond: so many at most, so that a trace does not fill the memory.
    Submitter(Executor& executor, const ExecutorKind& kind, std::uint64_t seed,
              std::uint64_t tasksPerSecond);

    /// Submits until \p deadlineNs (CLOCK_MONOTONIC). One thread.
    void runUntil(Nanos deadlineNs);
    /// Cancels one of the newest futures, if there is one. Any thread.
    void cancelOne(Random& random) PS_EXCLUDES(m_mutex);

    /// Adds what became of the tasks to \p counts; violated when it is not what it must be. When the
    /// executor has drained. \return how many tasks the executor took.
    [[nodiscard]] std::uint64_t settle(StateCounts& counts) PS_EXCLUDES(m_mutex);
    [[nodiscard]] std::uint64_t refused() const noexcept { return m_refused; }
    /// \return a listener whose tasks may be cancelled together; null when there is none yet. Any thread.
    [[nodiscard]] const CompletionListener* newestBatch() PS_EXCLUDES(m_mutex);

private:
    /// What a C++ call was submitted with, and how often it and what follows it ran.
    struct Call
    {
        Future<std::uint64_t> future;
        std::shared_ptr<std::atomic<int>> runs;
        std::shared_ptr<std::atomic<int>> continuations;
        std::uint64_t number;
    };
    struct Single
    {
        Future<Value> future;
        std::uint64_t index;
    };

    void submitRanges();
    void submitSingles() PS_EXCLUDES(m_mutex);
    void submitCalls() PS_EXCLUDES(m_mutex);
    Future<std::uint64_t> submitCall(std::uint64_t number,
                                     const std::shared_ptr<std::atomic<int>>& runs);
    Batch& batchFor(std::uint64_t tasks) PS_EXCLUDES(m_mutex);
    [[nodiscard]] TaskOptions randomOptions(BatchKind kind);
    [[nodiscard]] std::shared_ptr<const TaskOptions> sharedOptions(BatchKind kind);
    void settleOne(const AnyFuture& future, StateCounts& counts);
    void settleCall(const Call& call, StateCounts& counts);
    void noteRefusal(const std::string& reason, std::uint64_t tasks);
    [[nodiscard]] std::string name(const std::string& what) const;

    Executor& m_executor;
    const bool m_takesCalls;
    const std::string m_name;
    const std::uint64_t m_tasksPerSecond;
    Random m_random;
    std::uint64_t m_given = 0; ///< tasks so far, taken or not
    std::uint64_t m_next = 0; ///< task of the newest batch
    std::atomic<std::uint64_t> m_refused{0};
    std::uint64_t m_takenSingles = 0;

    Mutex m_mutex;
    std::vector<std::unique_ptr<Batch>> m_batches PS_GUARDED_BY(m_mutex);
    std::vector<Call> m_calls PS_GUARDED_BY(m_mutex);
    std::vector<Single> m_singles PS_GUARDED_BY(m_mutex);
};

} // namespace poolscope::soak
