// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/lab_window.h"

#include "ui/common/experiment_text.h"
#include "ui/lab/elided_label.h"
#include "ui/lab/job_text.h"
#include "ui/lab/lab_page.h"
#include "ui/panels/line_icon.h"
#include "ui/panels/message_bar.h"

#include <QCloseEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTabBar>

namespace poolscope {

LabWindow::~LabWindow()
{
    // What a run tells on its way out would come to pages that are gone.
    m_experiment.disconnect(this);
}

void LabWindow::connectExperiment()
{
    constexpr int kPatience = 2000; // milliseconds
    m_killTimer.setSingleShot(true);
    m_killTimer.setInterval(kPatience);
    connect(&m_killTimer, &QTimer::timeout, &m_experiment, &Experiment::cancel);
    connect(&m_experiment, &Experiment::runStarted, this, &LabWindow::onRunStarted);
    connect(&m_experiment, &Experiment::runFinished, this, [this](const ArmRun& run) {
        m_running->addRun(run);
        m_progress->setValue(static_cast<int>(m_experiment.runs().size()));
    });
    connect(&m_experiment, &Experiment::failed, this,
            [this](const QString& text) { m_message->showMessage(MessageBar::Kind::Error, text); });
    connect(&m_experiment, &Experiment::finished, this, &LabWindow::onFinished);
}

LabPage& LabWindow::page() const
{
    return *m_pages[static_cast<std::size_t>(std::max(0, m_tabs->currentIndex()))];
}

void LabWindow::setJob(const RunSettings& job, const QString& problem)
{
    m_job = job;
    m_jobProblem = problem;
    if (!isRunning()) {
        showJob();
    }
}

void LabWindow::showJob()
{
    for (LabPage* page : m_pages) {
        page->setJob(m_job);
    }
    updateState();
}

void LabWindow::setOtherRunning(bool isRunning)
{
    m_isOtherRunning = isRunning;
    updateState();
}

void LabWindow::setTheme(const Theme& theme)
{
    m_theme = theme;
    m_message->setTheme(theme);
    updateSideWidth();
    const QColor onAccent = theme.palette.color(QPalette::HighlightedText);
    const QColor dim = theme.palette.color(QPalette::Disabled, QPalette::Text);
    m_start->setIcon(lineIcon(QStringLiteral("run"), onAccent, dim));
    for (LabPage* page : m_pages) {
        page->setTheme(theme);
    }
    updateState();
}

void LabWindow::setCurrentTab(Tab tab)
{
    m_tabs->setCurrentIndex(tab);
}

/// \return why nothing can be started now, empty when it can.
QString LabWindow::startProblem() const
{
    if (m_isOtherRunning) {
        return tr("A run goes on, and it would disturb what is measured here. Start when it has "
                  "ended.");
    }
    return m_jobProblem.isEmpty() ? page().problem() : m_jobProblem;
}

void LabWindow::start()
{
    if (isRunning() || !startProblem().isEmpty()) {
        return;
    }
    m_message->hide();
    m_killTimer.stop();
    m_running = &page();
    const ExperimentPlan plan = m_running->plan();
    m_running->begin(plan);
    m_experiment.start(plan);
    m_progress->setRange(0, m_experiment.plannedRuns());
    m_progress->setValue(0);
    updateState();
    emit runningChanged(true);
}

void LabWindow::stop()
{
    if (isRunning()) {
        m_experiment.cancel();
        m_stop->setText(tr("Kill"));
        m_hint->setText(tr("Stopping …"));
    }
}

void LabWindow::onRunStarted(int index, int arm, int round)
{
    const ExperimentPlan& plan = m_experiment.plan();
    QString text =
        runText(plan, index,
                m_running->kind() == ExperimentKind::Duel ? executorTitle(kindOf(plan, arm))
                                                          : armText(m_running->kind(), plan, arm),
                round);
    text[0] = text[0].toUpper();
    const QString left = m_running->durationText(m_experiment.plannedRuns() - index);
    m_hint->setText(left.isEmpty() ? text : tr("%1\n%2 left").arg(text, left));
}

void LabWindow::onFinished()
{
    m_killTimer.stop();
    m_running->end();
    m_running = nullptr;
    m_stop->setText(tr("Stop"));
    showJob(); // it may have changed meanwhile
    emit runningChanged(false);
}

void LabWindow::updateState()
{
    const bool isBusy = isRunning();
    for (LabPage* page : m_pages) {
        page->setLocked(isBusy, !isBusy && !m_isOtherRunning);
    }
    const QString job = jobText(m_job, true);
    m_jobLine->setToolTip(tr("The job of the setup: %1").arg(job));
    m_jobLine->setFullText(job);
    const QString problem = startProblem();
    m_start->setEnabled(!isBusy && problem.isEmpty());
    m_start->setToolTip(problem.isEmpty() ? tr("Measure (Enter)") : problem);
    m_stop->setEnabled(isBusy);
    m_stop->setToolTip(tr("End the run that goes on and begin no other (Escape)"));
    m_stop->setIcon(lineIcon(QStringLiteral("stop"), m_theme));
    m_progress->setVisible(isBusy);
    if (!isBusy) {
        m_hint->setText(problem);
    }
    m_hint->setVisible(isBusy || !problem.isEmpty());
}

QString LabWindow::jobLine() const
{
    return m_jobLine->fullText();
}

QString LabWindow::progressText() const
{
    return m_hint->text();
}

void LabWindow::closeEvent(QCloseEvent* event)
{
    if (isRunning()) {
        stop();
        m_killTimer.start(); // tasks that do not listen
    }
    QWidget::closeEvent(event);
}

void LabWindow::keyPressEvent(QKeyEvent* event)
{
    const bool isPlain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (isPlain && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        start();
    } else if (isPlain && event->key() == Qt::Key_Escape) {
        stop();
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace poolscope
