// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/run_controller.h"

#include "poolscope_version.h"

#include <algorithm>

namespace poolscope {

namespace {

constexpr int kProgressIntervalMs = 100;

/// Sums the snapshot's executors. Rate and estimate are the caller's.
RunProgress sumUp(const Snapshot& snapshot)
{
    RunProgress progress;
    for (const ExecutorTotals& totals : snapshot.totals) {
        progress.total += totals.total;
        progress.ended += totals.endedCount();
        progress.failed += totals.endedCount() - totals.count(TaskState::Done);
        progress.running += totals.running;
        progress.queued += totals.queued();
        progress.lostAttempts += totals.lostAttempts;
    }
    progress.droppedEvents = snapshot.droppedEvents;
    progress.elapsedSeconds = toSeconds(snapshot.nowNs);
    return progress;
}

/// \return the sums of a run that has ended, with its mean rate.
RunProgress sumUpEnded(const Snapshot& snapshot)
{
    RunProgress progress = sumUp(snapshot);
    if (progress.elapsedSeconds > 0) {
        progress.tasksPerSecond = static_cast<double>(progress.ended) / progress.elapsedSeconds;
        progress.secondsLeft = 0;
    }
    return progress;
}

RunController::State toControllerState(RunState state)
{
    switch (state) {
    case RunState::Starting:
        return RunController::State::Starting;
    case RunState::Running:
        return RunController::State::Running;
    case RunState::Paused:
        return RunController::State::Paused;
    case RunState::Stopping:
        return RunController::State::Stopping;
    case RunState::Finished:
        return RunController::State::Finished;
    }
    return RunController::State::Finished;
}

} // namespace

RunController::RunController(QObject* parent)
    : QObject(parent)
{
    m_progressTimer.setInterval(kProgressIntervalMs);
    connect(&m_progressTimer, &QTimer::timeout, this, &RunController::updateProgress);
}

RunController::~RunController() = default;

bool RunController::canStart() const
{
    return m_state == State::Idle || m_state == State::Finished;
}

SnapshotPtr RunController::snapshot() const
{
    return m_run ? m_run->snapshot() : m_shownTrace;
}

void RunController::start(const RunSettings& settings)
{
    if (!canStart()) {
        emit errorOccurred(tr("A run is going on. Stop it before you start another."));
        return;
    }
    auto run = Run::start(settings, std::string(kVersion), callbacksFor(m_generation + 1));
    if (!run) {
        emit errorOccurred(QString::fromStdString(run.error().message));
        return;
    }
    ++m_generation;
    m_run = std::move(run).value();
    m_shownTrace.reset();
    m_settings = settings;
    m_progress = {};
    m_recentEnds.clear();
    m_progressTimer.start();
    setState(State::Starting);
}

Run::Callbacks RunController::callbacksFor(quint64 generation)
{
    // The run is owned by this object and joins its threads before it goes, so `this` outlives
    // them.
    return {
        [this, generation](RunState state) {
            QMetaObject::invokeMethod(
                this, [this, generation, state] { onRunStateChanged(generation, state); },
                Qt::QueuedConnection);
        },
        [this, generation](int executor, int workers) {
            QMetaObject::invokeMethod(
                this,
                [this, generation, executor, workers] {
                    if (generation == m_generation) {
                        emit resized(executor, workers);
                    }
                },
                Qt::QueuedConnection);
        },
    };
}

void RunController::pause()
{
    if (m_run) {
        m_run->pause();
    }
}

void RunController::resume()
{
    if (m_run) {
        m_run->resume();
    }
}

void RunController::resize(int executor, int workers)
{
    if (m_run && !canStart()) {
        m_run->resize(executor, workers);
        emit resized(executor, workers);
    }
}

void RunController::cancel()
{
    if (m_state == State::Stopping) {
        kill();
    } else if (m_run) {
        m_run->cancel();
    }
}

void RunController::kill()
{
    if (m_run) {
        m_run->kill();
    }
}

void RunController::showTrace(const SnapshotPtr& snapshot)
{
    Q_ASSERT(canStart());
    ++m_generation;
    m_run.reset();
    m_shownTrace = snapshot;
    m_progress = snapshot ? sumUpEnded(*snapshot) : RunProgress{};
    emit progressChanged(m_progress);
    setState(snapshot ? State::Finished : State::Idle);
}

void RunController::onRunStateChanged(quint64 generation, RunState state)
{
    if (generation != m_generation) {
        return;
    }
    if (state == RunState::Finished) {
        onRunFinished();
    } else {
        setState(toControllerState(state));
    }
}

void RunController::onRunFinished()
{
    m_progressTimer.stop();
    const auto error = m_run->error();
    const SnapshotPtr trace = m_run->snapshot();
    const bool hasTrace = trace != nullptr;
    if (hasTrace) {
        updateProgress();
    }
    if (error) {
        emit errorOccurred(QString::fromStdString(error->message));
    }
    setState(hasTrace ? State::Finished : State::Idle);
    if (hasTrace) {
        emit runFinished(trace);
    }
}

void RunController::setState(State state)
{
    if (state != m_state) {
        m_state = state;
        emit stateChanged(state);
    }
}

void RunController::updateProgress()
{
    const SnapshotPtr now = snapshot();
    if (!now) {
        return;
    }
    RunProgress progress = now->isLive ? sumUp(*now) : sumUpEnded(*now);
    if (now->isLive) {
        m_recentEnds.emplace_back(now->nowNs, progress.ended);
        while (m_recentEnds.size() > 2 &&
               now->nowNs - m_recentEnds.front().first > kNanosPerSecond) {
            m_recentEnds.pop_front();
        }
        const auto [sinceNs, endedThen] = m_recentEnds.front();
        if (now->nowNs > sinceNs) {
            progress.tasksPerSecond =
                static_cast<double>(progress.ended - endedThen) / toSeconds(now->nowNs - sinceNs);
        }
        // The mean over the whole run is the steadier ground for an estimate than the last second.
        if (progress.ended > 0 && m_state == State::Running) {
            progress.secondsLeft =
                progress.elapsedSeconds *
                static_cast<double>(progress.total - std::min(progress.ended, progress.total)) /
                static_cast<double>(progress.ended);
        }
    }
    if (progress != m_progress) {
        m_progress = progress;
        emit progressChanged(progress);
    }
}

} // namespace poolscope
