// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/status_line.h"

#include "ui/common/format.h"
#include "ui/common/recording_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>

#include <cmath>

namespace poolscope {

namespace {

constexpr int kBarWidth = 180;
constexpr int kBarHeight = 6;
constexpr int kBarSteps = 1000;

QString wordFor(RunController::State state)
{
    using State = RunController::State;
    switch (state) {
    case State::Idle:
        return StatusLine::tr("Ready");
    case State::Starting:
        return StatusLine::tr("Starting");
    case State::Running:
        return StatusLine::tr("Running");
    case State::Paused:
        return StatusLine::tr("Paused");
    case State::Stopping:
        return StatusLine::tr("Stopping");
    case State::Finished:
        return StatusLine::tr("Finished");
    }
    return {};
}

QString durationOf(double seconds)
{
    if (seconds >= 1 && seconds < 60) {
        return StatusLine::tr("%1 s").arg(std::lround(seconds)); // it changes ten times a second
    }
    return formatDuration(std::llround(seconds * static_cast<double>(kNanosPerSecond)));
}

} // namespace

StatusLine::StatusLine(QWidget* parent)
    : QWidget(parent)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 3, 12, 3);
    layout->setSpacing(20);
    m_stateLabel = addLabel(tr("State"));
    m_bar = new QProgressBar(this);
    m_bar->setFixedSize(kBarWidth, kBarHeight);
    m_bar->setRange(0, kBarSteps);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress"));
    layout->addWidget(m_bar);
    m_done = addLabel(tr("Tasks that ended"));
    m_rate = addLabel(tr("Tasks per second"));
    m_time = addLabel(tr("Time"));
    m_failed = addLabel(tr("Tasks that did not succeed"));
    layout->addStretch();
    m_activity = addLabel(tr("Files"));
    m_recording = addLabel(tr("Recording"));
    m_detail = addLabel(tr("Detail"));
    m_detail->hide();
    m_dropped = addLabel(tr("Dropped events"));
    m_dropped->setToolTip(tr("What could not be recorded"));
    showState(m_state);
}

QLabel* StatusLine::addLabel(const QString& name)
{
    auto* label = new QLabel(this);
    label->setToolTip(name);
    label->setAccessibleDescription(name);
    layout()->addWidget(label);
    return label;
}

void StatusLine::showState(RunController::State state)
{
    m_state = state;
    if (state == RunController::State::Idle) {
        m_progress = {};
    }
    m_stateLabel->setText(wordFor(state));
    updateProgress();
}

void StatusLine::showProgress(const RunProgress& progress)
{
    m_progress = progress;
    updateProgress();
}

void StatusLine::showActivity(const QString& text)
{
    m_activity->setText(text);
}

void StatusLine::showRecording(const SnapshotPtr& snapshot)
{
    const QString brief = snapshot ? recordingBrief(snapshot->meta->recording) : QString();
    m_recording->setText(brief);
    m_recording->setToolTip(snapshot ? recordingSentences(*snapshot).join(QLatin1Char('\n'))
                                     : QString());
    m_recording->setVisible(!brief.isEmpty());
}

void StatusLine::showDetail(const SnapshotPtr& snapshot)
{
    const QString brief = snapshot ? goneBrief(*snapshot) : QString();
    if (brief == m_detail->text()) {
        return;
    }
    m_detail->setText(brief);
    m_detail->setToolTip(snapshot ? goneSentence(*snapshot) : QString());
    m_detail->setVisible(!brief.isEmpty());
}

void StatusLine::updateProgress()
{
    using State = RunController::State;
    const bool hasRun = m_state != State::Idle && m_state != State::Starting;
    for (QWidget* part : {static_cast<QWidget*>(m_bar), static_cast<QWidget*>(m_done),
                          static_cast<QWidget*>(m_rate), static_cast<QWidget*>(m_time),
                          static_cast<QWidget*>(m_dropped)}) {
        part->setVisible(hasRun);
    }
    const double share = m_progress.total == 0 ? 0.0
                                               : static_cast<double>(m_progress.ended) /
                                                     static_cast<double>(m_progress.total);
    m_bar->setValue(static_cast<int>(std::lround(share * kBarSteps)));
    m_done->setText(
        tr("%1 of %2 tasks").arg(formatCount(m_progress.ended), formatCount(m_progress.total)));
    m_rate->setText(tr("%1 tasks/s").arg(formatRate(m_progress.tasksPerSecond).chopped(2)));
    if (m_state == State::Running && m_progress.secondsLeft >= 0) {
        m_time->setText(tr("%1 left").arg(durationOf(std::ceil(m_progress.secondsLeft))));
    } else {
        m_time->setText(tr("%1 in all").arg(durationOf(m_progress.elapsedSeconds)));
    }
    m_failed->setVisible(hasRun && m_progress.failed > 0);
    m_failed->setText(tr("%1 not done").arg(formatCount(m_progress.failed)));
    m_dropped->setText(tr("%1 dropped").arg(formatCount(m_progress.droppedEvents)));
}

QString StatusLine::stateText() const
{
    return m_stateLabel->text();
}

QString StatusLine::progressText() const
{
    return m_done->text();
}

QString StatusLine::rateText() const
{
    return m_rate->text();
}

QString StatusLine::detailText() const
{
    return m_detail->text();
}

QString StatusLine::recordingText() const
{
    return m_recording->text();
}

} // namespace poolscope
