// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"
#include "ui/timeline/replay_player.h"

#include <QWidget>

QT_FORWARD_DECLARE_CLASS(QComboBox)
QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QSlider)
QT_FORWARD_DECLARE_CLASS(QToolButton)

namespace poolscope {

/// Plays a run again: play and pause, to the next and the last event, where it is, how fast. GUI thread.
class ReplayBar : public QWidget
{
    Q_OBJECT

public:
    /// \p player must outlive the bar.
    explicit ReplayBar(ReplayPlayer& player, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);

signals:
    void closeRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QToolButton* makeButton(const QString& name);
    void showState();
    void showPosition();

    ReplayPlayer& m_player;
    Theme m_theme;
    QToolButton* m_back;
    QToolButton* m_play;
    QToolButton* m_forward;
    QSlider* m_slider;
    QLabel* m_position;
    QComboBox* m_speed;
    QToolButton* m_close;
};

} // namespace poolscope
