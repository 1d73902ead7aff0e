// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/interrupt.h"
#include "app/run_options.h"
#include "core/control/run_controller.h"

#include <QObject>
#include <QStringList>

namespace poolscope {

/// One run without a window, from start to the files written. Made on the thread of the event loop.
class HeadlessRun : public QObject
{
    Q_OBJECT

public:
    explicit HeadlessRun(RunOptions options, QObject* parent = nullptr);

    /// Runs the event loop until the run has ended. \return the exit status.
    int exec();

private:
    void onStateChanged(RunController::State state);
    void onError(const QString& message);
    void onInterrupted(int count);
    void showProgress(const RunProgress& progress);
    void clearProgress();
    int writeResults();

    RunOptions m_options;
    RunController m_controller;
    Interrupt m_interrupt;
    bool m_isTerminal;
    bool m_hasError = false;
};

} // namespace poolscope
