// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run.h"

#include "core/base/thread_name.h"
#include "core/run/run_initializer.h"
#include "core/run/run_meta.h"
#include "core/run/submit_pace.h"
#include "core/workload/catalogue.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace poolscope {

namespace {

/// Tasks that one call submits: small enough that a cancelled run stops submitting soon.
constexpr std::uint64_t kSubmitPiece = 8192;

} // namespace

Result<std::unique_ptr<Run>> Run::start(const RunSettings& settings, std::string version,
                                        Callbacks callbacks)
{
    if (auto checked = checkSettings(settings); !checked) {
        return checked.error();
    }
    std::unique_ptr<Run> run(
        new Run(withTrueWorkers(settings), std::move(version), std::move(callbacks)));
    run->m_driver = std::jthread([raw = run.get()] { raw->drive(); });
    return run;
}

Run::Run(RunSettings settings, std::string version, Callbacks callbacks)
    : m_settings(std::move(settings))
    , m_version(std::move(version))
    , m_callbacks(std::move(callbacks))
{
    for (const ExecutorSettings& executor : m_settings.executors) {
        m_workers.push_back(executor.workers);
    }
}

Run::~Run()
{
    kill();
    m_driver.join();
}

RunState Run::state() const
{
    const MutexLock lock(m_mutex);
    return m_state;
}

std::optional<Error> Run::error() const
{
    const MutexLock lock(m_mutex);
    return m_error;
}

SnapshotPtr Run::snapshot() const
{
    const MutexLock lock(m_mutex);
    return m_collector ? m_collector->latest() : nullptr;
}

std::vector<Executor*> Run::executors() const
{
    const MutexLock lock(m_mutex);
    std::vector<Executor*> all;
    for (const auto& executor : m_executors) {
        all.push_back(executor.get());
    }
    return all;
}

bool Run::isCancelled() const
{
    const MutexLock lock(m_mutex);
    return m_isCancelled;
}

template <class Predicate>
bool Run::moveTo(RunState state, const Predicate& isAllowed)
{
    {
        const MutexLock lock(m_mutex);
        if (m_state == state || !isAllowed(m_state)) {
            return false;
        }
        m_state = state;
    }
    if (m_callbacks.stateChanged) {
        m_callbacks.stateChanged(state);
    }
    return true;
}

void Run::pause()
{
    {
        const MutexLock lock(m_mutex);
        m_isPauseWanted = true;
    }
    if (moveTo(RunState::Paused, [](RunState from) { return from == RunState::Running; })) {
        for (Executor* executor : executors()) {
            executor->pause();
        }
    }
}

void Run::resume()
{
    {
        const MutexLock lock(m_mutex);
        m_isPauseWanted = false;
    }
    if (moveTo(RunState::Running, [](RunState from) { return from == RunState::Paused; })) {
        for (Executor* executor : executors()) {
            executor->resume();
        }
    }
}

void Run::resize(int executor, int workers)
{
    const int clamped = std::clamp(workers, 1, kMaxWorkers);
    Executor* target = nullptr;
    {
        const MutexLock lock(m_mutex);
        const auto index = static_cast<std::size_t>(executor);
        if (index >= m_workers.size()) {
            return;
        }
        m_workers[index] = clamped;
        if (m_executors.empty() || m_state == RunState::Finished) {
            return; // the executors are made with m_workers
        }
        target = m_executors[index].get();
    }
    target->resize(clamped);
}

void Run::cancel()
{
    {
        const MutexLock lock(m_mutex);
        m_isCancelled = true;
    }
    moveTo(RunState::Stopping, [](RunState from) { return from < RunState::Stopping; });
    for (Executor* executor : executors()) {
        executor->cancel();
        executor->resume(); // a paused executor would keep what was submitted meanwhile
    }
}

void Run::kill()
{
    {
        const MutexLock lock(m_mutex);
        m_isKilled = true;
    }
    cancel();
    for (Executor* executor : executors()) {
        executor->kill();
    }
}

void Run::waitUntilFinished()
{
    MutexLock lock(m_mutex);
    while (!m_isOver) {
        m_over.wait(lock);
    }
}

void Run::drive()
{
    setThreadName("ps-driver");
    if (auto ready = setUp(); !ready) {
        std::unique_ptr<Collector> unused;
        {
            const MutexLock lock(m_mutex);
            unused = std::move(m_collector); // its thread ends outside the lock
        }
        unused.reset();
        finish(ready.error());
        return;
    }
    const auto all = executors();
    std::jthread steps([this](const std::stop_token& stop) { applyTimedSteps(stop); });
    {
        std::vector<std::jthread> submitters;
        for (std::size_t i = 0; i < all.size(); ++i) {
            submitters.emplace_back([this, i] { submitAll(i); });
        }
    }
    steps.request_stop();
    steps.join();
    for (Executor* executor : all) {
        executor->shutdown();
    }
    Collector* collector = nullptr;
    {
        const MutexLock lock(m_mutex);
        collector = m_collector.get();
    }
    collector->finish();
    finish(std::nullopt);
}

Result<void> Run::setUp()
{
    auto job = planJob(*findWorkload(m_settings.workload), m_settings.params, m_settings.seed);
    if (!job) {
        return job.error();
    }
    m_job = std::move(job).value();
    auto initializer = planInitializer(m_settings);
    if (!initializer) {
        return initializer.error();
    }
    m_initializer = std::move(initializer).value();
    auto meta = makeMeta(m_settings, *m_job, m_version);
    m_originNs = monotonicNow();
    auto recorder = std::make_shared<Recorder>(
        m_originNs, static_cast<int>(m_settings.executors.size()), m_settings.costLevel);
    if (m_settings.recordsInfrastructure) {
        recorder->recordInfrastructure();
    }
    auto collector = std::make_unique<Collector>(recorder, std::move(meta));
    {
        const MutexLock lock(m_mutex);
        m_collector = std::move(collector);
    }
    if (auto created = createExecutors(recorder); !created) {
        return created;
    }
    const auto fromStarting = [](RunState from) { return from == RunState::Starting; };
    moveTo(RunState::Running, fromStarting);
    bool isPauseWanted = false;
    bool isKilled = false;
    {
        const MutexLock lock(m_mutex);
        isPauseWanted = m_isPauseWanted;
        isKilled = m_isKilled;
    }
    if (isKilled) {
        kill();
    } else if (isPauseWanted) {
        pause();
    }
    return {};
}

Result<void> Run::createExecutors(const std::shared_ptr<Recorder>& recorder)
{
    const Catalogue& known = catalogue(); // the same one for each
    std::vector<std::unique_ptr<Executor>> created;
    for (std::size_t i = 0; i < m_settings.executors.size(); ++i) {
        ExecutorOptions options;
        {
            const MutexLock lock(m_mutex);
            options.workers = m_workers[i];
        }
        options.chunk = m_settings.chunk;
        options.maxAttempts =
            mayRunTwice(*m_job->workload, m_job->params) ? m_settings.maxAttempts : 1;
        options.hasInterpreterLock = m_settings.hasInterpreterLock;
        options.isLazy = m_settings.isLazy;
        options.keepAliveNs = m_settings.keepAliveNs;
        options.prefetchedChunks = m_settings.prefetch;
        if (m_settings.queueLimit > 0) {
            options.queueCapacity = m_settings.queueLimit;
        }
        setInitializer(options, m_initializer);
        options.workerProgram = m_settings.workerProgram;
        options.catalogueHash = known.hash();
        options.functionLibraries = known.libraries();
        const ExecutorKind* kind = findExecutorKind(m_settings.executors[i].kind);
        auto executor = kind->create(options, TraceTarget{recorder, static_cast<int>(i)});
        if (!executor) {
            return executor.error();
        }
        created.push_back(std::move(executor).value());
    }
    const MutexLock lock(m_mutex);
    m_executors = std::move(created);
    for (std::size_t i = 0; i < m_executors.size(); ++i) {
        m_executors[i]->resize(m_workers[i]); // what was asked for while they were made
    }
    return {};
}

void Run::submitAll(std::size_t executor)
{
    setThreadName("ps-submit-" + std::to_string(executor));
    Executor* target = executors()[executor];
    const std::uint64_t total = m_job->plan->taskCount;
    std::shared_ptr<TaskOptions> options;
    if (m_settings.taskTimeoutNs > 0 || m_settings.retryFailed) {
        options = std::make_shared<TaskOptions>();
        options->timeoutNs = m_settings.taskTimeoutNs;
        options->retryFailed = m_settings.retryFailed;
    }
    SubmitPace pace(m_settings.submitGapNs);
    for (std::uint64_t first = 0; first < total && !isCancelled();) {
        const std::uint64_t count = std::min(pace.waitForDue(kSubmitPiece), total - first);
        const TaskRange range{m_job, first, count, options};
        if (count == 0) {
            continue;
        }
        first += count;
        if (auto submitted = target->submit(range, nullptr); !submitted) {
            const MutexLock lock(m_mutex);
            m_error = submitted.error();
            break;
        }
    }
    if (isCancelled()) {
        target->cancel(); // what was submitted after the first call
    }
    target->drain();
}

void Run::applyTimedSteps(const std::stop_token& stop)
{
    setThreadName("ps-timed-steps");
    std::vector<std::pair<Nanos, std::function<void()>>> steps;
    for (const TimedResize& resize : m_settings.resizes) {
        steps.emplace_back(resize.atNs, [this, resize] { applyTimedResize(resize); });
    }
    if (m_settings.cancelAtNs > 0) {
        steps.emplace_back(m_settings.cancelAtNs, [this] { cancel(); });
    }
    std::ranges::stable_sort(steps, {}, [](const auto& step) { return step.first; });
    std::mutex mutex;
    std::condition_variable_any wakeUp;
    for (const auto& [atNs, apply] : steps) {
        std::unique_lock lock(mutex);
        const auto delay = std::chrono::nanoseconds(m_originNs + atNs - monotonicNow());
        wakeUp.wait_for(lock, stop, delay, [] { return false; });
        if (stop.stop_requested()) {
            return;
        }
        apply();
    }
}

void Run::applyTimedResize(const TimedResize& timed)
{
    for (int i = 0; i < static_cast<int>(m_settings.executors.size()); ++i) {
        if (timed.executor == -1 || timed.executor == i) {
            resize(i, timed.workers);
            if (m_callbacks.resized) {
                m_callbacks.resized(i, timed.workers);
            }
        }
    }
}

void Run::finish(std::optional<Error> error)
{
    {
        const MutexLock lock(m_mutex);
        if (error) {
            m_error = std::move(error);
        }
    }
    moveTo(RunState::Finished, [](RunState) { return true; });
    const MutexLock lock(m_mutex);
    m_isOver = true;
    m_over.notifyAll();
}

} // namespace poolscope
