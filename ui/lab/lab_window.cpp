// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/lab_window.h"

#include "ui/common/experiment_text.h"
#include "ui/lab/chunks_page.h"
#include "ui/lab/duel_page.h"
#include "ui/lab/elided_label.h"
#include "ui/lab/job_text.h"
#include "ui/lab/workers_page.h"
#include "ui/panels/line_icon.h"
#include "ui/panels/message_bar.h"

#include <QCloseEvent>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace poolscope {

namespace {

constexpr QSize kFirstSize(1120, 720);
constexpr QSize kLeastSize(860, 560);
constexpr int kGap = 8;
constexpr int kSideWidth = 272;
constexpr int kMargin = 16;

} // namespace

LabWindow::LabWindow(QWidget* parent)
    : QWidget(parent, Qt::Window)
    , m_theme(Theme::light())
    , m_workers(new WorkersPage(this))
    , m_chunks(new ChunksPage(this))
    , m_duel(new DuelPage(this))
    , m_message(new MessageBar(this))
    , m_tabs(new QTabBar(this))
    , m_jobLine(new ElidedLabel(this))
    , m_forms(new QStackedWidget(this))
    , m_results(new QStackedWidget(this))
{
    setWindowTitle(tr("Lab – Poolscope"));
    setWindowIcon(programIcon());
    setMinimumSize(kLeastSize);
    resize(kFirstSize);
    m_tabs->setAccessibleName(tr("What to measure"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_jobLine->setAccessibleName(tr("Job"));

    auto* head = new QFrame(this);
    head->setObjectName(QStringLiteral("card"));
    auto* headLayout = new QHBoxLayout(head);
    headLayout->setContentsMargins(6, 3, 14, 3);
    headLayout->setSpacing(20);
    headLayout->addWidget(m_tabs);
    headLayout->addWidget(m_jobLine, 1);
    auto* results = new QFrame(this);
    results->setObjectName(QStringLiteral("card"));
    auto* resultsLayout = new QVBoxLayout(results);
    resultsLayout->setContentsMargins(1, 1, 1, 1);
    resultsLayout->addWidget(m_results);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(kGap);
    columns->addWidget(createSide());
    columns->addWidget(results, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kGap, kGap, kGap, kGap);
    layout->setSpacing(kGap);
    layout->addWidget(head);
    layout->addWidget(m_message);
    layout->addLayout(columns, 1);

    addPage(m_workers, tr("Workers"), tr("How many workers to take (Alt+1)"));
    addPage(m_chunks, tr("Chunks"), tr("How many tasks to hand over at a time (Alt+2)"));
    addPage(m_duel, tr("Duel"), tr("Which executor is faster (Alt+3)"));
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_forms->setCurrentIndex(tab);
        m_results->setCurrentIndex(tab);
        updateState();
    });
    connectExperiment();
    updateState();
}

void LabWindow::addPage(LabPage* page, const QString& title, const QString& help)
{
    const int tab = m_tabs->addTab(title);
    m_tabs->setTabToolTip(tab, help);
    m_pages.push_back(page);
    m_forms->addWidget(page->form());
    m_results->addWidget(page);
    connect(page, &LabPage::changed, this, &LabWindow::updateState);
    connect(page, &LabPage::workersWanted, this, &LabWindow::workersWanted);
    connect(page, &LabPage::chunkWanted, this, &LabWindow::chunkWanted);
    connect(page, &LabPage::told, this, [this](bool isError, const QString& text) {
        m_message->showMessage(isError ? MessageBar::Kind::Error : MessageBar::Kind::Information,
                               text);
    });
}

QWidget* LabWindow::createSide()
{
    auto* side = new QFrame(this);
    side->setObjectName(QStringLiteral("card"));
    side->setFixedWidth(qRound(scaledPx(kSideWidth, font())));
    auto* forms = new QWidget(side);
    auto* formsLayout = new QVBoxLayout(forms);
    formsLayout->setContentsMargins(kMargin, kMargin - 2, kMargin, kMargin);
    formsLayout->addWidget(m_forms);
    auto* box = new QFrame(side);
    box->setObjectName(QStringLiteral("setupButtons"));
    m_hint = new QLabel(box);
    m_hint->setObjectName(QStringLiteral("dimLabel"));
    m_hint->setWordWrap(true);
    m_hint->setAccessibleName(tr("Progress"));
    m_progress = new QProgressBar(box);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);
    m_progress->setAccessibleName(tr("Runs that have ended"));
    m_start = new QPushButton(tr("Start"), box);
    m_start->setObjectName(QStringLiteral("primaryButton"));
    m_stop = new QPushButton(tr("Stop"), box);
    for (QPushButton* button : {m_start, m_stop}) {
        button->setIconSize(QSize(20, 20));
    }
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(kMargin, 12, kMargin, kMargin - 4);
    grid->setSpacing(8);
    grid->addWidget(m_hint, 0, 0, 1, 2);
    grid->addWidget(m_progress, 1, 0, 1, 2);
    grid->addWidget(m_start, 2, 0);
    grid->addWidget(m_stop, 2, 1);
    grid->setColumnStretch(0, 3);
    grid->setColumnStretch(1, 2);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addWidget(forms, 1);
    layout->addWidget(box);
    connect(m_start, &QPushButton::clicked, this, &LabWindow::start);
    connect(m_stop, &QPushButton::clicked, this, &LabWindow::stop);
    return side;
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
    QString text = runText(m_running->kind(), m_experiment.plan(), index, arm, round);
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
    } else if (event->modifiers() == Qt::AltModifier && event->key() >= Qt::Key_1 &&
               event->key() < Qt::Key_1 + m_tabs->count()) {
        m_tabs->setCurrentIndex(event->key() - Qt::Key_1);
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace poolscope
