// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/replay_player.h"

#include "core/trace/replay.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace poolscope {

ReplayPlayer::ReplayPlayer(FrameClock& clock, QObject* parent)
    : QObject(parent)
    , m_clock(clock)
{
    connect(&clock, &FrameClock::tick, this, &ReplayPlayer::onTick);
}

void ReplayPlayer::setRun(SnapshotPtr whole)
{
    if (m_whole == whole) {
        return;
    }
    m_whole = std::move(whole);
    m_isPlaying = false;
    m_positionNs = endNs();
    m_moment = m_whole; // at its end it is itself
    emit stateChanged();
    emit momentChanged();
}

void ReplayPlayer::seek(Nanos positionNs)
{
    positionNs = std::clamp<Nanos>(positionNs, 0, endNs());
    if (!m_whole || positionNs == m_positionNs) {
        return;
    }
    m_positionNs = positionNs;
    m_moment = std::make_shared<const Snapshot>(snapshotAt(*m_whole, positionNs));
    emit momentChanged();
}

void ReplayPlayer::setPlaying(bool isPlaying)
{
    isPlaying = isPlaying && m_whole;
    if (m_isPlaying == isPlaying) {
        return;
    }
    if (isPlaying && m_positionNs >= endNs()) {
        seek(0);
    }
    m_isPlaying = isPlaying;
    if (m_isPlaying) {
        m_sinceTick.start();
        m_clock.requestTick();
    }
    emit stateChanged();
}

void ReplayPlayer::setSpeed(double speed)
{
    if (speed > 0 && std::abs(speed - m_speed) > 1e-12) {
        m_speed = speed;
        emit stateChanged();
    }
}

void ReplayPlayer::stepForward()
{
    setPlaying(false);
    if (m_whole) {
        seek(nextMoment(*m_whole, m_positionNs).value_or(endNs()));
    }
}

void ReplayPlayer::stepBack()
{
    setPlaying(false);
    if (m_whole) {
        seek(previousMoment(*m_whole, m_positionNs).value_or(0));
    }
}

void ReplayPlayer::onTick()
{
    if (!m_isPlaying) {
        return;
    }
    const auto passedNs = static_cast<double>(m_sinceTick.nsecsElapsed());
    const auto step = std::llround(passedNs * m_speed);
    if (step > 0) { // else the time is kept until it makes a nanosecond
        m_sinceTick.start();
        seek(m_positionNs + step);
    }
    if (m_positionNs >= endNs()) {
        setPlaying(false);
    } else {
        m_clock.requestTick();
    }
}

} // namespace poolscope
