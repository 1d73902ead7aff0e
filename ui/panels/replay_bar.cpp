// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/replay_bar.h"

#include "ui/common/format.h"
#include "ui/panels/line_icon.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr int kSteps = 10'000; // of the slider

int stepOf(Nanos positionNs, Nanos endNs)
{
    return endNs > 0 ? static_cast<int>(std::lround(static_cast<double>(positionNs) /
                                                    static_cast<double>(endNs) * kSteps))
                     : 0;
}

} // namespace

ReplayBar::ReplayBar(ReplayPlayer& player, QWidget* parent)
    : QWidget(parent)
    , m_player(player)
    , m_theme(Theme::light())
    , m_back(makeButton(tr("To the event before")))
    , m_play(makeButton(tr("Play")))
    , m_forward(makeButton(tr("To the next event")))
    , m_slider(new QSlider(Qt::Horizontal, this))
    , m_position(new QLabel(this))
    , m_speed(new QComboBox(this))
    , m_close(makeButton(tr("End the replay")))
{
    m_slider->setRange(0, kSteps);
    m_slider->setPageStep(kSteps / 20);
    m_slider->setSingleStep(kSteps / 500);
    m_slider->setAccessibleName(tr("Moment of the run"));
    m_position->setObjectName(QStringLiteral("dimLabel"));
    for (const double speed : ReplayPlayer::kSpeeds) {
        m_speed->addItem(QStringLiteral("%1×").arg(QLocale().toString(speed)), speed);
    }
    m_speed->setAccessibleName(tr("Speed of the replay"));
    m_speed->setToolTip(tr("Seconds of the run for each second"));

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 3, 8, 3);
    layout->setSpacing(4);
    auto* title = new QLabel(tr("Replay"), this);
    title->setObjectName(QStringLiteral("sectionTitle"));
    layout->addWidget(title);
    layout->addSpacing(6);
    for (QToolButton* button : {m_back, m_play, m_forward}) {
        layout->addWidget(button);
    }
    layout->addWidget(m_slider, 1);
    layout->addWidget(m_position);
    layout->addSpacing(6);
    layout->addWidget(m_speed);
    layout->addWidget(m_close);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);

    connect(m_back, &QToolButton::clicked, &player, &ReplayPlayer::stepBack);
    connect(m_forward, &QToolButton::clicked, &player, &ReplayPlayer::stepForward);
    connect(m_play, &QToolButton::clicked, &player,
            [&player] { player.setPlaying(!player.isPlaying()); });
    connect(m_close, &QToolButton::clicked, this, &ReplayBar::closeRequested);
    connect(m_slider, &QSlider::valueChanged, &player, [&player](int value) {
        player.seek(std::llround(static_cast<double>(player.endNs()) * value / kSteps));
    });
    connect(m_speed, &QComboBox::activated, &player,
            [this](int index) { m_player.setSpeed(m_speed->itemData(index).toDouble()); });
    connect(&player, &ReplayPlayer::stateChanged, this, &ReplayBar::showState);
    connect(&player, &ReplayPlayer::momentChanged, this, &ReplayBar::showPosition);
    showState();
}

QToolButton* ReplayBar::makeButton(const QString& name)
{
    auto* button = new QToolButton(this);
    button->setAutoRaise(true);
    button->setAccessibleName(name);
    button->setToolTip(name);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

void ReplayBar::setTheme(const Theme& theme)
{
    m_theme = theme;
    m_back->setIcon(lineIcon(QStringLiteral("step-back"), theme));
    m_forward->setIcon(lineIcon(QStringLiteral("step-forward"), theme));
    m_close->setIcon(lineIcon(QStringLiteral("close"), theme));
    showState();
}

void ReplayBar::showState()
{
    const bool isPlaying = m_player.isPlaying();
    m_play->setIcon(lineIcon(isPlaying ? QStringLiteral("pause") : QStringLiteral("run"), m_theme));
    const QString name = isPlaying ? tr("Pause") : tr("Play");
    m_play->setAccessibleName(name);
    m_play->setToolTip(tr("%1 (%2)").arg(name, tr("Space")));
    const auto* found =
        std::find_if(ReplayPlayer::kSpeeds.begin(), ReplayPlayer::kSpeeds.end(),
                     [this](double speed) { return std::abs(speed - m_player.speed()) < 1e-9; });
    m_speed->setCurrentIndex(static_cast<int>(found - ReplayPlayer::kSpeeds.begin()));
    showPosition();
}

void ReplayBar::showPosition()
{
    const QSignalBlocker blocker(m_slider);
    m_slider->setValue(stepOf(m_player.positionNs(), m_player.endNs()));
    m_position->setText(
        tr("%1 of %2")
            .arg(formatDuration(m_player.positionNs()), formatDuration(m_player.endNs())));
    // Digits change all the time: the slider must not jump with them.
    m_position->setMinimumWidth(
        std::max(m_position->minimumWidth(), m_position->sizeHint().width()));
}

void ReplayBar::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(QRect(0, 0, width(), 1), m_theme.grid);
}

} // namespace poolscope
