// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "core/executor/executor.h"
#include "core/run/run_settings.h"
#include "core/trace/collector.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace poolscope {

enum class RunState : std::uint8_t {
    Starting, ///< the job is planned, the executors are set up
    Running,
    Paused,
    Stopping, ///< cancelled, tasks are still ending
    Finished, ///< every submitted task has ended and the last snapshot is complete, or error() says
    ///< why not
};

/// A job on one or more executors on one clock, with its trace. Owns recorder, collector, executors
/// and driver; start, pause, resume, resize and stop are here and nowhere else.
///
/// Start order: plan → recorder → collector → executors → submit. Stop order, in drive(): executors
/// drained → executors shut down → last collection → Finished.
///
/// All members: any thread, except the destructor (kills what does not stop, and waits) and the
/// waiting ones, which must not be called from the callbacks.
class Run
{
public:
    /// Called on an engine thread; must be quick and must not call the run.
    struct Callbacks
    {
        std::function<void(RunState)> stateChanged;
        /// A timed resize was carried out.
        std::function<void(int executor, int workers)> resized;
    };

    /// Checks the settings and starts the driver. \p version goes into the trace.
    /// Error: unknown workload or executor, bad parameter. What turns out later (no such folder, no
    /// worker to be had) ends the run with error().
    static Result<std::unique_ptr<Run>> start(const RunSettings& settings, std::string version,
                                              Callbacks callbacks);
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    [[nodiscard]] RunState state() const PS_EXCLUDES(m_mutex);
    /// \return why the run could not go on, once Finished.
    [[nodiscard]] std::optional<Error> error() const PS_EXCLUDES(m_mutex);
    /// \return the newest snapshot; null while Starting, and for good when the start failed.
    [[nodiscard]] SnapshotPtr snapshot() const PS_EXCLUDES(m_mutex);
    [[nodiscard]] const RunSettings& settings() const { return m_settings; }

    void pause() PS_EXCLUDES(m_mutex);
    void resume() PS_EXCLUDES(m_mutex);
    /// \p executor: index in the settings. Clamped to 1…kMaxWorkers; leaves a Resize event.
    void resize(int executor, int workers) PS_EXCLUDES(m_mutex);
    /// Ends what has not begun as cancelled, asks running tasks to stop. The run then finishes.
    void cancel() PS_EXCLUDES(m_mutex);
    /// As cancel(), and kills worker processes whose task does not stop.
    void kill() PS_EXCLUDES(m_mutex);
    /// Waits until the run is Finished and stateChanged was told.
    void waitUntilFinished() PS_EXCLUDES(m_mutex);

private:
    Run(RunSettings settings, std::string version, Callbacks callbacks);

    void drive();
    Result<void> setUp() PS_EXCLUDES(m_mutex);
    Result<void> createExecutors(const std::shared_ptr<Recorder>& recorder) PS_EXCLUDES(m_mutex);
    void submitAll(std::size_t executor) PS_EXCLUDES(m_mutex);
    void applyTimedSteps(const std::stop_token& stop) PS_EXCLUDES(m_mutex);
    void applyTimedResize(const TimedResize& timed) PS_EXCLUDES(m_mutex);
    void finish(std::optional<Error> error) PS_EXCLUDES(m_mutex);
    bool isCancelled() const PS_EXCLUDES(m_mutex);
    /// Moves on to \p state if \p isAllowed(current state), and tells the callback.
    template <class Predicate>
    bool moveTo(RunState state, const Predicate& isAllowed) PS_EXCLUDES(m_mutex);
    [[nodiscard]] std::vector<Executor*> executors() const PS_EXCLUDES(m_mutex);

    const RunSettings m_settings;
    const std::string m_version;
    const Callbacks m_callbacks;
    std::shared_ptr<const Job> m_job; ///< written by the driver before it submits
    std::shared_ptr<const Job> m_initializer; ///< likewise; null: none
    Nanos m_originNs = 0; ///< likewise

    mutable Mutex m_mutex;
    ConditionVariable m_over;
    RunState m_state PS_GUARDED_BY(m_mutex) = RunState::Starting;
    bool m_isOver PS_GUARDED_BY(m_mutex) = false; ///< Finished, and the callback was told
    std::optional<Error> m_error PS_GUARDED_BY(m_mutex);
    bool m_isCancelled PS_GUARDED_BY(m_mutex) = false;
    bool m_isKilled PS_GUARDED_BY(m_mutex) = false;
    bool m_isPauseWanted PS_GUARDED_BY(m_mutex) = false;
    std::vector<int> m_workers PS_GUARDED_BY(m_mutex); ///< wanted, one an executor
    std::unique_ptr<Collector> m_collector PS_GUARDED_BY(m_mutex);
    std::vector<std::unique_ptr<Executor>>
        m_executors PS_GUARDED_BY(m_mutex); ///< set once, never emptied

    std::jthread m_driver; ///< last: started last, joined first
};

} // namespace poolscope
