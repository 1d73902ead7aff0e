// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/inline_executor.h"

#include "core/base/mutex.h"
#include "core/executor/alarm.h"
#include "core/executor/end_reasons.h"
#include "core/executor/thread_worker.h"

#include <atomic>
#include <limits>
#include <thread>
#include <utility>
#include <vector>

namespace poolscope {

namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

class InlineExecutor final : public Executor
{
public:
    InlineExecutor(const ExecutorOptions& options, const TraceTarget& trace, int firstLane);
    ~InlineExecutor() override;

    using Executor::submit;
    Result<void> submit(const TaskRange& range, CompletionListener* listener) override;
    Result<void> submitNode(TaskNodePtr node, std::shared_ptr<const TaskOptions> options) override;
    void resize(int /*workers*/) override {}
    [[nodiscard]] int targetWorkers() const override { return 1; }
    void pause() override { setPaused(true, ControlKind::Pause); }
    void resume() override { setPaused(false, ControlKind::Resume); }
    void cancel() override { endAll(ControlKind::Cancel); }
    void kill() override { endAll(ControlKind::Kill); }
    void cancelOnly(const TaskSelection& which, CancelMode mode) override;
    void cancelPending() override;
    void drain() override { m_queue.drain(); }
    [[nodiscard]] bool drainFor(Nanos timeout) override
    {
        return m_queue.drainUntil(deadlineAfter(timeout));
    }
    [[nodiscard]] ExecutorCounts counts() const override;
    void shutdown() override;

private:
    template <class Push>
    Result<void> runHere(const TaskOptions* options, const Push& push);
    ThreadWorker& workerAt(int depth);
    void runAll(ThreadWorker& worker);
    Nanos obeyClock();
    void endUnbegun(const std::vector<Chunk>& chunks, TaskState state, const std::string& reason);
    void setPaused(bool isPaused, ControlKind kind);
    void endAll(ControlKind kind);
    void note(ControlKind kind);

    const TraceTarget m_trace;
    const int m_firstLane;
    WorkQueue m_queue;
    QueueLane m_queueLane;
    /// Held by the one thread that runs tasks now, while it runs them.
    std::mutex m_turn; // not a Mutex: its holder is known by m_holder, which no analysis can follow
    std::atomic<std::thread::id> m_holder;
    int m_depth = 0; ///< of nested tasks; the holder's
    std::vector<std::unique_ptr<ThreadWorker>> m_workers; ///< by depth; the holder's
    Alarm m_alarm;
    const WorkerSurroundings m_surroundings;
};

InlineExecutor::InlineExecutor(const ExecutorOptions& options, const TraceTarget& trace,
                               int firstLane)
    : m_trace(trace)
    , m_firstLane(firstLane)
    , m_queue({kNoLimit, kNoLimit}, trace)
    , m_queueLane(trace)
    , m_alarm([this] { return obeyClock(); })
    , m_surroundings{m_trace, m_queue, m_queueLane, m_alarm, options.maxAttempts}
{
    workerAt(0);
}

InlineExecutor::~InlineExecutor()
{
    shutdown();
    closeLink();
}

Result<void> InlineExecutor::submit(const TaskRange& range, CompletionListener* listener)
{
    return runHere(range.options.get(), [&] { return m_queue.push(range, listener); });
}

Result<void> InlineExecutor::submitNode(TaskNodePtr node,
                                        std::shared_ptr<const TaskOptions> options)
{
    return runHere(options.get(), [&] { return m_queue.push(std::move(node), options); });
}

template <class Push>
Result<void> InlineExecutor::runHere(const TaskOptions* options, const Push& push)
{
    const bool isNested = m_holder.load(std::memory_order_relaxed) == std::this_thread::get_id();
    std::unique_lock turn(m_turn, std::defer_lock);
    if (!isNested) {
        turn.lock();
        m_holder.store(std::this_thread::get_id(), std::memory_order_relaxed);
    }
    Result<void> taken;
    if (m_depth == kMaxWorkers) {
        taken = Error{"Tasks that submit tasks to the inline executor are nested more than " +
                      std::to_string(kMaxWorkers) + " deep."};
    } else if (options != nullptr && (options->timeoutNs != 0 || options->deadlineNs != 0)) {
        taken = m_alarm.start();
    }
    if (taken) {
        if (const std::string refusal = push().refusal; !refusal.empty()) {
            taken = Error{refusal};
        }
    }
    if (taken) {
        if (options != nullptr && options->deadlineNs != 0) {
            m_alarm.setFor(options->deadlineNs);
        }
        runAll(workerAt(m_depth));
    }
    if (!isNested) {
        m_holder.store({}, std::memory_order_relaxed);
    }
    return taken;
}

ThreadWorker& InlineExecutor::workerAt(int depth)
{
    while (std::ssize(m_workers) <= depth) {
        const int slot = static_cast<int>(m_workers.size());
        m_workers.push_back(
            std::make_unique<ThreadWorker>(m_surroundings, slot, m_firstLane + slot));
        m_workers.back()->openLife();
    }
    return *m_workers[static_cast<std::size_t>(depth)];
}

void InlineExecutor::runAll(ThreadWorker& worker)
{
    ++m_depth;
    Chunk chunk;
    std::uint64_t ended = 0;
    while (m_queue.takeIfAny(worker.slot(), ended, chunk)) {
        const std::uint64_t first = chunk.begin;
        worker.runChunk(chunk);
        ended = chunk.begin - first;
        if (!chunk.isEmpty() && !m_queue.giveBack(worker.slot(), chunk)) {
            endUnbegun({chunk}, TaskState::Cancelled, kCancelledReason);
        }
    }
    --m_depth;
}

void InlineExecutor::cancelOnly(const TaskSelection& which, CancelMode /*mode*/)
{
    endUnbegun(m_queue.cancel(which), TaskState::Cancelled, kCancelledReason);
}

void InlineExecutor::cancelPending()
{
    endUnbegun(m_queue.cancelPending(), TaskState::Cancelled, kCancelledReason);
}

ExecutorCounts InlineExecutor::counts() const
{
    ExecutorCounts counts = m_queue.counts();
    counts.workers = 1;
    return counts;
}

void InlineExecutor::shutdown()
{
    m_queue.close();
    m_queue.drain();
    const std::unique_lock turn(m_turn);
    for (const auto& worker : m_workers) {
        worker->closeLife();
    }
    m_workers.clear();
}

Nanos InlineExecutor::obeyClock()
{
    const WorkQueue::Due due = m_queue.obeyClock(monotonicNow());
    endUnbegun(due.expired, TaskState::TimedOut, kExpiredReason);
    return due.nextNs;
}

void InlineExecutor::endUnbegun(const std::vector<Chunk>& chunks, TaskState state,
                                const std::string& reason)
{
    for (const Chunk& chunk : chunks) {
        m_queueLane.end(chunk, state, reason);
        m_queue.countEnded(chunk.count());
    }
}

void InlineExecutor::setPaused(bool isPaused, ControlKind kind)
{
    if (m_queue.setPaused(isPaused)) {
        note(kind);
    }
}

void InlineExecutor::endAll(ControlKind kind)
{
    note(kind);
    endUnbegun(m_queue.cancel(), TaskState::Cancelled, kCancelledReason);
}

void InlineExecutor::note(ControlKind kind)
{
    if (m_trace.recorder) {
        m_trace.recorder->addControlEvent(
            {m_trace.recorder->now(), kind, m_trace.executor, -1, 0, {}});
    }
}

} // namespace

Result<std::unique_ptr<Executor>> createInlineExecutor(const ExecutorOptions& options,
                                                       const TraceTarget& trace)
{
    return makeInlineExecutor(options, trace, 0);
}

std::unique_ptr<Executor> makeInlineExecutor(const ExecutorOptions& options,
                                             const TraceTarget& trace, int firstLane)
{
    return std::make_unique<InlineExecutor>(options, trace, firstLane);
}

} // namespace poolscope
