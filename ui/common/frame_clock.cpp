// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/frame_clock.h"

namespace poolscope {

namespace {

constexpr int kFrameMs = 16;

} // namespace

FrameClock::FrameClock(QObject* parent)
    : QObject(parent)
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(kFrameMs);
    connect(&m_timer, &QTimer::timeout, this, &FrameClock::onTimeout);
}

void FrameClock::setRunning(bool isRunning)
{
    m_isRunning = isRunning;
    if (m_isRunning && !m_timer.isActive()) {
        m_timer.start();
    }
    // When it stops, the timer ends at its next timeout: a tick that was asked for still comes.
}

void FrameClock::requestTick()
{
    m_isTickRequested = true;
    if (!m_timer.isActive()) {
        m_timer.start();
    }
}

void FrameClock::onTimeout()
{
    if (m_isRunning || m_isTickRequested) {
        m_isTickRequested = false;
        emit tick();
    }
    if (!m_isRunning && !m_isTickRequested) {
        m_timer.stop();
    }
}

} // namespace poolscope
