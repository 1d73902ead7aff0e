// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/run_controller.h"

#include <QWidget>

QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QProgressBar)

namespace poolscope {

/// The status bar's content: what state the run is in, how far it is, how fast, how long it will
/// take, and what could not be recorded. GUI thread.
class StatusLine : public QWidget
{
    Q_OBJECT

public:
    explicit StatusLine(QWidget* parent = nullptr);

    void showState(RunController::State state);
    void showProgress(const RunProgress& progress);
    /// Beside the state, e.g. what is being written.
    void showActivity(const QString& text);
    /// What recording takes from the run of \p snapshot; null: no run.
    void showRecording(const SnapshotPtr& snapshot);
    /// From where on \p snapshot has detail; nothing when it has all, or is null. May be told often.
    void showDetail(const SnapshotPtr& snapshot);

    [[nodiscard]] QString stateText() const;
    [[nodiscard]] QString progressText() const;
    [[nodiscard]] QString rateText() const;
    [[nodiscard]] QString recordingText() const;
    [[nodiscard]] QString detailText() const;

private:
    QLabel* addLabel(const QString& name);
    void updateProgress();

    QLabel* m_stateLabel;
    QProgressBar* m_bar;
    QLabel* m_done;
    QLabel* m_rate;
    QLabel* m_time;
    QLabel* m_failed;
    QLabel* m_activity;
    QLabel* m_recording;
    QLabel* m_detail;
    QLabel* m_dropped;
    RunController::State m_state = RunController::State::Idle;
    RunProgress m_progress;
};

} // namespace poolscope
