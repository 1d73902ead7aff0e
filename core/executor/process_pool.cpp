// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/process_pool.h"

#include "core/base/mutex.h"
#include "core/base/program_path.h"
#include "core/executor/process_queue.h"
#include "core/executor/process_supervisor.h"

#include <system_error>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <latch>
#include <thread>
#include <utility>

namespace poolscope {

namespace {

/// The callers' side: every member gives an order to the queue; the supervisor's thread carries it out.
class ProcessPool final : public Executor
{
public:
    ProcessPool(const TraceTarget& trace, std::unique_ptr<ProcessQueue> queue)
        : m_trace(trace)
        , m_queue(std::move(queue))
    {}
    ~ProcessPool() override;
    ProcessPool(const ProcessPool&) = delete;
    ProcessPool& operator=(const ProcessPool&) = delete;

    /// To be called once, before anything else.
    Result<void> start(const ExecutorOptions& options, ReaperProcess::Programs programs);

    using Executor::submit;
    Result<void> submit(const TaskRange& range, CompletionListener* listener) override;
    void resize(int workers) override;
    [[nodiscard]] int targetWorkers() const override;
    void pause() override;
    void resume() override;
    void cancel() override;
    void kill() override;
    void cancelOnly(const TaskSelection& which, CancelMode mode) override;
    void cancelPending() override { m_queue->cancelPending(); }
    void drain() override;
    [[nodiscard]] bool drainFor(Nanos timeout) override
    {
        return m_queue->drainUntil(deadlineAfter(timeout));
    }
    [[nodiscard]] ExecutorCounts counts() const override { return m_queue->counts(); }
    void attend(const TaskNode& node, const CompletionListener* listener, Nanos untilNs) override
    {
        m_supervisor->attend(node, listener, untilNs);
    }
    void shutdown() override PS_EXCLUDES(m_threadMutex);

private:
    void note(ControlKind kind, std::int64_t value = 0, std::string text = {});

    const TraceTarget m_trace;
    const std::unique_ptr<ProcessQueue> m_queue;
    std::unique_ptr<ProcessSupervisor> m_supervisor; ///< since start()
    Mutex
        m_threadMutex; ///< held while the thread is waited for, so that the second caller waits too
    std::jthread m_thread PS_GUARDED_BY(m_threadMutex);
};

ProcessPool::~ProcessPool()
{
    if (m_queue->hasUnended()) {
        kill();
    }
    shutdown();
    closeLink();
}

Result<void> ProcessPool::start(const ExecutorOptions& options, ReaperProcess::Programs programs)
{
    Result<void> started;
    std::latch isDecided(1);
    m_supervisor =
        std::make_unique<ProcessSupervisor>(options, m_trace, std::move(programs), *m_queue);
    const MutexLock lock(m_threadMutex);
    m_thread = std::jthread([&started, &isDecided, this] {
        started = m_supervisor->start();
        const bool isStarted = started.isOk();
        isDecided.count_down();
        if (isStarted) {
            m_supervisor->run();
        } else {
            m_queue->leave();
        }
    });
    isDecided.wait();
    return started;
}

Result<void> ProcessPool::submit(const TaskRange& range, CompletionListener* listener)
{
    if (m_supervisor->handDirectly(range, listener)) {
        return {};
    }
    return m_queue->push(range, listener);
}

void ProcessPool::resize(int workers)
{
    const int before = m_queue->setWorkers(workers);
    const int now = std::clamp(workers, 1, kMaxWorkers);
    if (before != now) {
        note(ControlKind::Resize, now, std::to_string(before));
    }
}

int ProcessPool::targetWorkers() const
{
    return m_queue->workers();
}

void ProcessPool::pause()
{
    if (m_queue->setPaused(true)) {
        note(ControlKind::Pause);
    }
}

void ProcessPool::resume()
{
    if (m_queue->setPaused(false)) {
        note(ControlKind::Resume);
    }
}

void ProcessPool::cancel()
{
    note(ControlKind::Cancel);
    m_queue->cancel();
}

void ProcessPool::kill()
{
    note(ControlKind::Kill);
    m_queue->kill();
}

void ProcessPool::cancelOnly(const TaskSelection& which, CancelMode mode)
{
    m_queue->cancelOnly({which, mode});
}

void ProcessPool::drain()
{
    m_queue->drain();
}

void ProcessPool::shutdown()
{
    m_queue->close();
    const MutexLock lock(m_threadMutex);
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void ProcessPool::note(ControlKind kind, std::int64_t value, std::string text)
{
    if (m_trace.recorder) {
        m_trace.recorder->addControlEvent(
            {m_trace.recorder->now(), kind, m_trace.executor, -1, value, std::move(text)});
    }
}

std::string beside(const std::filesystem::path& neighbour, const char* name)
{
    return (neighbour.parent_path() / name).string();
}

/// Both programs are installed beside poolscope. Whoever brings a worker program of his own may leave
/// the reaper where it is.
ReaperProcess::Programs findPrograms(const ExecutorOptions& options)
{
    ReaperProcess::Programs programs{options.reaperProgram, options.workerProgram, {}};
    for (const std::string& library : options.functionLibraries) {
        programs.workerWords.insert(programs.workerWords.end(), {"--functions", library});
    }
    if (programs.worker.empty()) {
        programs.worker = programBesideThis("poolscope-worker");
    }
    if (programs.reaper.empty()) {
        programs.reaper = beside(programs.worker, "poolscope-reaper");
        if (::access(programs.reaper.c_str(), X_OK) != 0) {
            programs.reaper = programBesideThis("poolscope-reaper");
        }
    }
    return programs;
}

Result<void> checkProgram(const char* what, const std::string& path)
{
    if (::access(path.c_str(), X_OK) == 0) {
        return {};
    }
    return Error{
        std::string("The ") + what + " program " + path +
        " cannot be used: " + std::generic_category().message(errno) +
        ". It is installed beside poolscope; name another place with the setting for the " + what +
        " program."};
}

} // namespace

Result<std::unique_ptr<Executor>> createProcessPool(const ExecutorOptions& options,
                                                    const TraceTarget& target)
{
    if (options.whenFull == WhenFull::CallerRuns) {
        return Error{
            "A process pool cannot run tasks on the calling thread: a crash would take the "
            "program with it. Let submit() block, reject or drop instead."};
    }
    ReaperProcess::Programs programs = findPrograms(options);
    if (const Result<void> usable = checkProgram("worker", programs.worker); !usable) {
        return usable.error();
    }
    if (const Result<void> usable = checkProgram("reaper", programs.reaper); !usable) {
        return usable.error();
    }
    Result<std::unique_ptr<ProcessQueue>> queue = ProcessQueue::create(options, target);
    if (!queue) {
        return queue.error();
    }
    auto pool = std::make_unique<ProcessPool>(target, std::move(queue).value());
    if (const Result<void> started = pool->start(options, std::move(programs)); !started) {
        return started.error();
    }
    return std::unique_ptr<Executor>(std::move(pool));
}

} // namespace poolscope
