// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/soak/submitter.h"

#include "tests/soak/violation.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace poolscope::soak {

namespace {

constexpr std::uint64_t kMostInARange = 400;
constexpr std::uint64_t kMostSingles = 20;
constexpr std::uint64_t kNewest = 200; ///< futures that may be cancelled

std::uint64_t valueOf(std::uint64_t number)
{
    return number * 3 + 1;
}

} // namespace

Submitter::Submitter(Executor& executor, const ExecutorKind& kind, std::uint64_t seed,
                     std::uint64_t tasksPerSecond)
    : m_executor(executor)
    , m_takesCalls(kind.takesCalls)
    , m_name(kind.id)
    , m_tasksPerSecond(tasksPerSecond)
    , m_random(seed)
{}

void Submitter::runUntil(Nanos deadlineNs)
{
    const StopFlag never;
    const Nanos beginNs = monotonicNow();
    while (monotonicNow() < deadlineNs) {
        const std::uint64_t what = draw(m_random, 10);
        if (what == 0) {
            submitSingles();
        } else if (what < 4 && m_takesCalls) {
            submitCalls();
        } else {
            submitRanges();
        }
        const double dueSeconds =
            static_cast<double>(m_given) / static_cast<double>(m_tasksPerSecond);
        const double early = dueSeconds - toSeconds(monotonicNow() - beginNs);
        never.waitFor(
            std::min(static_cast<Nanos>(early * kNanosPerSecond), deadlineNs - monotonicNow()));
    }
}

void Submitter::submitRanges()
{
    const std::uint64_t wanted = 1 + draw(m_random, kMostInARange);
    Batch& batch = batchFor(wanted);
    const std::uint64_t most = batch.kind() == BatchKind::Hang ? 10 : wanted;
    const std::uint64_t first = m_next;
    const std::uint64_t count = std::min(most, batch.size() - first);
    const std::uint64_t chunk = draw(m_random, 3) == 0 ? 1 + draw(m_random, 64) : 0;
    m_next += count;
    m_given += count;
    const Result<void> taken =
        m_executor.submit({batch.job(), first, count, sharedOptions(batch.kind()), chunk}, &batch);
    if (taken) {
        batch.noteTaken(first, count);
    } else {
        batch.noteRefused(first, count);
        noteRefusal(taken.error().message, count);
    }
}

/// \return a batch with tasks left; usually the newest one.
Batch& Submitter::batchFor(std::uint64_t tasks)
{
    const MutexLock lock(m_mutex);
    if (m_batches.empty() || m_next + tasks > m_batches.back()->size() || draw(m_random, 20) == 0) {
        constexpr std::array kKinds{BatchKind::Square, BatchKind::Square, BatchKind::Square,
                                    BatchKind::Nap,    BatchKind::Hang,   BatchKind::Fail,
                                    BatchKind::Throw};
        const BatchKind kind = kKinds[draw(m_random, kKinds.size() - (m_takesCalls ? 0 : 1))];
        m_batches.push_back(
            std::make_unique<Batch>(kind, m_name + ", batch " + std::to_string(m_batches.size()) +
                                              " (" + std::string(toText(kind)) + ")"));
        m_next = 0;
    }
    return *m_batches.back();
}

void Submitter::submitSingles()
{
    static const Batch squares(BatchKind::Square, "singles");
    for (std::uint64_t left = 1 + draw(m_random, kMostSingles); left > 0; --left) {
        const std::uint64_t index = draw(m_random, squares.size());
        Single single{m_executor.submitTask(squares.job(), index, sharedOptions(BatchKind::Square)),
                      index};
        ++m_given;
        const MutexLock lock(m_mutex);
        m_singles.push_back(std::move(single));
    }
}

void Submitter::submitCalls()
{
    for (std::uint64_t left = 1 + draw(m_random, kMostSingles * 5); left > 0; --left) {
        const std::uint64_t number = m_given++;
        const auto runs = std::make_shared<std::atomic<int>>(0);
        Call call{submitCall(number, runs), runs, std::make_shared<std::atomic<int>>(0), number};
        if (number % 5 == 0) {
            static_cast<void>(call.future.then(
                [count = call.continuations](const auto& /*ended*/) { ++*count; }));
        }
        const MutexLock lock(m_mutex);
        m_calls.push_back(std::move(call));
    }
}

Future<std::uint64_t> Submitter::submitCall(std::uint64_t number,
                                            const std::shared_ptr<std::atomic<int>>& runs)
{
    TaskOptions options = randomOptions(BatchKind::Square);
    if (number % 7 == 0) {
        options.timeoutNs = kNanosPerMilli;
        return m_executor.submit(std::move(options), [runs, number](const StopFlag& stop) {
            ++*runs;
            stop.waitFor(2 * kNanosPerMilli);
            return valueOf(number);
        });
    }
    if (number % 11 == 0) {
        return m_executor.submit(std::move(options), [runs]() -> std::uint64_t {
            ++*runs;
            throw std::runtime_error("every eleventh");
        });
    }
    return m_executor.submit(std::move(options), [runs, number] {
        ++*runs;
        return valueOf(number);
    });
}

TaskOptions Submitter::randomOptions(BatchKind kind)
{
    TaskOptions options;
    options.priority = static_cast<int>(draw(m_random, 5)) - 2;
    options.group = draw(m_random, kGroups + 1);
    if (kind == BatchKind::Hang) {
        options.timeoutNs = static_cast<Nanos>(1 + draw(m_random, 5)) * kNanosPerMilli;
    } else if (kind == BatchKind::Nap && draw(m_random, 3) == 0) {
        options.timeoutNs = static_cast<Nanos>(20 + draw(m_random, 200)) * kNanosPerMicro;
    }
    if (draw(m_random, 8) == 0) {
        options.deadlineNs =
            monotonicNow() + static_cast<Nanos>(draw(m_random, 4000)) * kNanosPerMicro;
    }
    options.maxAttempts = static_cast<int>(draw(m_random, 5));
    options.retryFailed = draw(m_random, 4) == 0;
    return options;
}

std::shared_ptr<const TaskOptions> Submitter::sharedOptions(BatchKind kind)
{
    return kind != BatchKind::Hang && draw(m_random, 2) == 0
               ? nullptr
               : std::make_shared<const TaskOptions>(randomOptions(kind));
}

void Submitter::cancelOne(Random& random)
{
    const MutexLock lock(m_mutex);
    const CancelMode mode = draw(random, 4) == 0 ? CancelMode::Kill : CancelMode::Soft;
    const auto cancelIn = [&](const auto& all) {
        if (!all.empty()) {
            const std::size_t newest = std::min<std::size_t>(all.size(), kNewest);
            all[all.size() - 1 - draw(random, newest)].future.cancel(mode);
        }
    };
    if (m_takesCalls && draw(random, 2) == 0) {
        cancelIn(m_calls);
    } else {
        cancelIn(m_singles);
    }
}

const CompletionListener* Submitter::newestBatch()
{
    const MutexLock lock(m_mutex);
    return m_batches.empty() ? nullptr : m_batches.back().get();
}

std::uint64_t Submitter::settle(StateCounts& counts)
{
    const MutexLock lock(m_mutex);
    std::uint64_t taken = 0;
    for (const auto& batch : m_batches) {
        taken += batch->settle(counts);
    }
    for (const Single& single : m_singles) {
        const TaskOutcome outcome = single.future.getFor(0).value_or(TaskOutcome{});
        settleOne(single.future, counts);
        const Value square = static_cast<std::int64_t>(single.index * single.index);
        if (outcome.isDone() && single.future.value() != square) {
            violated(name("a single task gave another value than its square"));
        }
    }
    for (const Call& call : m_calls) {
        settleCall(call, counts);
    }
    return taken + m_takenSingles;
}

void Submitter::settleCall(const Call& call, StateCounts& counts)
{
    settleOne(call.future, counts);
    const TaskOutcome outcome = call.future.get();
    const std::string what = name("call " + std::to_string(call.number));
    const int runs = call.runs->load();
    if (runs > 1 || (outcome.isDone() && runs != 1)) {
        violated(what + " ran " + std::to_string(runs) + " times and ended as " +
                 std::string(poolscope::toText(outcome.state)));
    }
    if (outcome.isDone() && call.future.value() != valueOf(call.number)) {
        violated(what + " gave another value");
    }
    expectEqual(static_cast<std::uint64_t>(call.continuations->load()),
                call.number % 5 == 0 ? 1 : 0, what + ": continuations that ran");
}

void Submitter::settleOne(const AnyFuture& future, StateCounts& counts)
{
    const std::optional<TaskOutcome> outcome = future.getFor(0);
    if (!outcome) {
        violated(name("a future has no end, though the executor has drained"));
    }
    if (outcome->state == TaskState::Failed && outcome->attempts == 0) {
        noteRefusal(outcome->error, 1);
        return;
    }
    ++m_takenSingles;
    ++counts[static_cast<std::size_t>(outcome->state)];
}

/// An executor refuses what does not fit; nothing that happens here is a reason to break down.
void Submitter::noteRefusal(const std::string& reason, std::uint64_t tasks)
{
    if (!reason.starts_with("The queue is full")) {
        violated(name("tasks were refused: " + reason));
    }
    m_refused += tasks;
}

std::string Submitter::name(const std::string& what) const
{
    return m_name + ": " + what;
}

} // namespace poolscope::soak
