// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"
#include "ui/common/frame_clock.h"

#include <QElapsedTimer>
#include <QObject>

#include <array>

namespace poolscope {

/// Plays a finished run again: gives the snapshot of the moment at which it is, and moves that with the
/// clock. GUI thread.
class ReplayPlayer : public QObject
{
    Q_OBJECT

public:
    static constexpr std::array<double, 10> kSpeeds{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10};

    /// \p clock must outlive the player.
    explicit ReplayPlayer(FrameClock& clock, QObject* parent = nullptr);

    /// \p whole: a finished run, or null: nothing is played.
    void setRun(SnapshotPtr whole);
    [[nodiscard]] bool hasRun() const { return m_whole != nullptr; }
    /// \return the run at positionNs(); null without a run.
    [[nodiscard]] const SnapshotPtr& moment() const { return m_moment; }
    [[nodiscard]] const SnapshotPtr& whole() const { return m_whole; }
    [[nodiscard]] Nanos positionNs() const { return m_positionNs; }
    [[nodiscard]] Nanos endNs() const { return m_whole ? m_whole->nowNs : 0; }
    [[nodiscard]] bool isPlaying() const { return m_isPlaying; }
    [[nodiscard]] double speed() const { return m_speed; }

public slots:
    /// Clamped to the run.
    void seek(poolscope::Nanos positionNs);
    /// From the beginning when it is at the end. No effect without a run.
    void setPlaying(bool isPlaying);
    /// \p speed above 0: seconds of the run for a second of time.
    void setSpeed(double speed);
    /// To the next (last) moment at which something began, ended or happened.
    void stepForward();
    void stepBack();

signals:
    /// moment() is another one.
    void momentChanged();
    /// Whether it plays, how fast, and what.
    void stateChanged();

private:
    void onTick();

    FrameClock& m_clock;
    SnapshotPtr m_whole;
    SnapshotPtr m_moment;
    Nanos m_positionNs = 0;
    bool m_isPlaying = false;
    double m_speed = 1;
    QElapsedTimer m_sinceTick;
};

} // namespace poolscope
