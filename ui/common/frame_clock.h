// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

namespace poolscope {

/// The window's only animation timer: about 60 ticks a second while somebody needs them, none
/// otherwise. GUI thread.
class FrameClock : public QObject
{
    Q_OBJECT

public:
    explicit FrameClock(QObject* parent = nullptr);

    /// While running the clock ticks at every frame (a live run is shown).
    void setRunning(bool isRunning);
    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    /// Asks for one more tick (a view animates).
    void requestTick();

signals:
    void tick();

private:
    void onTimeout();

    QTimer m_timer;
    bool m_isRunning = false;
    bool m_isTickRequested = false;
};

} // namespace poolscope
