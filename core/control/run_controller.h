// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <deque>
#include <memory>
#include <utility>

namespace poolscope {

/// How far a run is, over all its executors.
struct RunProgress
{
    quint64 total = 0;
    quint64 ended = 0;
    quint64 failed = 0; ///< ended, but not as done
    quint64 running = 0;
    quint64 queued = 0;
    quint64 lostAttempts = 0;
    quint64 droppedEvents = 0;
    double tasksPerSecond = 0; ///< over the last second; once the run has ended over all of it
    double secondsLeft = -1; ///< estimate, -1: not known
    double elapsedSeconds = 0;

    friend bool operator==(const RunProgress&, const RunProgress&) = default;
};

/// The one door between the engine and whoever drives it by signals: the window and the command
/// line. Lives on the thread that made it (an event loop must run there); all members are called
/// there.
class RunController : public QObject
{
    Q_OBJECT

public:
    enum class State { Idle, Starting, Running, Paused, Stopping, Finished };
    Q_ENUM(State)

    explicit RunController(QObject* parent = nullptr);
    ~RunController() override;

    [[nodiscard]] State state() const { return m_state; }
    /// Idle or Finished: start() may be called.
    [[nodiscard]] bool canStart() const;
    /// \return the newest snapshot of the run, of a loaded trace, or null when there is nothing
    /// yet.
    [[nodiscard]] SnapshotPtr snapshot() const;
    /// \return the settings of the run that goes on or went on last.
    [[nodiscard]] const RunSettings& settings() const { return m_settings; }
    [[nodiscard]] const RunProgress& progress() const { return m_progress; }

public slots:
    /// Starts a run. On an error emits errorOccurred() and stays as it was; one that turns out
    /// while starting (no such folder) is emitted later, and the state goes back to Idle.
    void start(const poolscope::RunSettings& settings);
    void pause();
    void resume();
    void resize(int executor, int workers);
    /// Cancels; called again while stopping, kills.
    void cancel();
    void kill();
    /// Shows a trace that was read from a file. Precondition: canStart().
    void showTrace(const poolscope::SnapshotPtr& snapshot);

signals:
    void stateChanged(poolscope::RunController::State state);
    /// At most 10 a second, and once when the run has finished, before stateChanged(Finished).
    void progressChanged(const poolscope::RunProgress& progress);
    void errorOccurred(const QString& message);
    /// A run that was started here has ended; one that is shown from a file has not. After
    /// stateChanged(Finished).
    void runFinished(const poolscope::SnapshotPtr& snapshot);
    /// An executor's number of workers was set (by resize() or a timed resize).
    void resized(int executor, int workers);

private:
    Run::Callbacks callbacksFor(quint64 generation);
    void onRunStateChanged(quint64 generation, RunState state);
    void onRunFinished();
    void setState(State state);
    void updateProgress();

    State m_state = State::Idle;
    RunSettings m_settings;
    RunProgress m_progress;
    SnapshotPtr m_shownTrace;
    std::unique_ptr<Run> m_run;
    quint64 m_generation = 0; ///< tells late news of an old run from news of this one
    QTimer m_progressTimer;
    std::deque<std::pair<Nanos, quint64>>
        m_recentEnds; ///< time and ended tasks over the last second
};

} // namespace poolscope
