// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/unique_fd.h"

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace poolscope {

/// Turns SIGINT and SIGTERM into a signal of the event loop. One at a time in a program; made and
/// used on the thread of the event loop. The handlers stay until the program ends.
class Interrupt : public QObject
{
    Q_OBJECT

public:
    explicit Interrupt(QObject* parent = nullptr);

signals:
    /// Somebody pressed Ctrl-C (or asked by SIGTERM) for the \p count-th time.
    void interrupted(int count);

private:
    void readPipe();

    UniqueFd m_readEnd;
    std::unique_ptr<QSocketNotifier> m_notifier;
    int m_count = 0;
};

} // namespace poolscope
