// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/what_if_panel.h"

#include "core/analysis/aligned_runs.h"
#include "core/analysis/schedule.h"
#include "core/control/catalogue_view.h"
#include "core/control/rerun.h"
#include "ui/common/recording_text.h"
#include "ui/common/what_if_text.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace poolscope {

namespace {

QLabel* makeText(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QSpinBox* makeCount(int most, const QString& name, QWidget* parent)
{
    auto* box = new QSpinBox(parent);
    box->setRange(1, most);
    box->setAccessibleName(name);
    box->setKeyboardTracking(false);
    return box;
}

} // namespace

WhatIfPanel::WhatIfPanel(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_head(new QLabel(this))
    , m_empty(makeText(this))
    , m_form(new QWidget(this))
    , m_executor(new QComboBox(m_form))
    , m_workers(makeCount(maxWorkers(), tr("Workers"), m_form))
    , m_chunk(makeCount(maxChunk(), tr("Chunk size"), m_form))
    , m_order(new QComboBox(m_form))
    , m_prediction(makeText(m_form))
    , m_doubts(makeText(m_form))
    , m_outcome(makeText(m_form))
    , m_showBeside(new QPushButton(m_form))
    , m_run(new QPushButton(tr("Run it"), m_form))
{
    m_head->setObjectName(QStringLiteral("dimLabel"));
    m_head->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // the tabs come first
    m_empty->setObjectName(QStringLiteral("dimLabel"));
    createForm();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 2, 6, 4);
    layout->addWidget(m_empty, 0, Qt::AlignTop);
    layout->addWidget(m_form, 1);
    connect(&state, &ViewState::snapshotChanged, this, &WhatIfPanel::onSnapshotChanged);
    connect(m_executor, &QComboBox::currentIndexChanged, this, &WhatIfPanel::showRecordedPlan);
    connect(m_workers, &QSpinBox::valueChanged, this, &WhatIfPanel::request);
    connect(m_chunk, &QSpinBox::valueChanged, this, &WhatIfPanel::request);
    connect(m_order, &QComboBox::currentIndexChanged, this, &WhatIfPanel::request);
    connect(m_showBeside, &QPushButton::clicked, this, &WhatIfPanel::toggleBeside);
    connect(m_run, &QPushButton::clicked, this, &WhatIfPanel::runForReal);
    onSnapshotChanged();
}

void WhatIfPanel::createForm()
{
    m_executor->setAccessibleName(tr("Executor"));
    m_order->setAccessibleName(tr("Order of the tasks"));
    for (int i = 0; i < kWhatIfOrderCount; ++i) {
        m_order->addItem(orderText(static_cast<WhatIfOrder>(i)));
    }
    m_prediction->setAccessibleName(tr("Prediction"));
    QFont large = m_prediction->font();
    large.setBold(true);
    m_prediction->setFont(large);
    m_doubts->setAccessibleName(tr("Doubts"));
    m_outcome->setAccessibleName(tr("Prediction and outcome"));
    auto* fields = new QFormLayout;
    fields->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    fields->addRow(tr("Executor"), m_executor);
    fields->addRow(tr("Workers"), m_workers);
    fields->addRow(tr("Chunk size"), m_chunk);
    fields->addRow(tr("Order"), m_order);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_showBeside);
    buttons->addWidget(m_run);
    buttons->addStretch(1);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(6);
    texts->addWidget(m_prediction);
    texts->addWidget(m_doubts);
    texts->addLayout(buttons);
    texts->addWidget(m_outcome);
    texts->addStretch(1);
    auto* columns = new QHBoxLayout(m_form);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(24);
    auto* fieldColumn = new QVBoxLayout;
    fieldColumn->addLayout(fields);
    fieldColumn->addStretch(1);
    columns->addLayout(fieldColumn);
    columns->addLayout(texts, 1);
}

void WhatIfPanel::setCanRun(bool canRun)
{
    m_canRun = canRun;
    updateButtons();
}

void WhatIfPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    request();
}

void WhatIfPanel::onSnapshotChanged()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    if (snapshot && snapshot == m_beside) {
        updateButtons();
        return; // it is m_base with what was predicted from it
    }
    const bool isFinished = snapshot && !snapshot->isMoving();
    if (isFinished && m_bet) {
        settleBet(*snapshot);
    }
    setBase(isFinished ? snapshot : nullptr);
    QString text;
    if (!snapshot) {
        text = tr("What another number of workers would do appears here: press Run.");
    } else if (snapshot->isLive) {
        text = tr("What another number of workers would do appears here when the run has ended.");
    } else if (snapshot->isMoving()) {
        text = tr("Stop the replay to ask what another number of workers would do.");
    }
    m_empty->setText(text);
    m_empty->setVisible(!text.isEmpty());
    m_form->setVisible(text.isEmpty());
    setFocusProxy(text.isEmpty() ? m_workers : nullptr); // hidden, it would hold up Tab
    const QString gone = snapshot ? goneBrief(*snapshot) : QString();
    const QString what = tr("The recorded run times, handed over differently; nothing contended");
    m_head->setText(!text.isEmpty()  ? QString()
                    : gone.isEmpty() ? what
                                     : gone + QStringLiteral(" · ") + what); // what may be cut off
    m_head->setToolTip(gone.isEmpty() ? QString() : goneNote(*snapshot));
}

void WhatIfPanel::settleBet(const Snapshot& snapshot)
{
    const TraceMeta& meta = *snapshot.meta;
    const bool isIt = meta.executors.size() == 1 && meta.workloadId == m_bet->settings.workload &&
                      meta.seed == m_bet->settings.seed && meta.chunk == m_bet->settings.chunk &&
                      meta.executors.front().kind == m_bet->settings.executors.front().kind;
    const TimeRange makespan = isIt ? makespanOf(snapshot, 0) : TimeRange{};
    if (!makespan.isEmpty()) {
        m_outcome->setText(predictionErrorText(m_bet->predictedNs, makespan.duration()));
    }
    m_bet.reset();
}

void WhatIfPanel::setBase(const SnapshotPtr& snapshot)
{
    if (snapshot == m_base) {
        return;
    }
    m_base = snapshot;
    m_beside.reset();
    m_answer.reset();
    if (!m_base) {
        m_job.forget();
        return;
    }
    {
        const QSignalBlocker blocker(m_executor);
        m_executor->clear();
        for (const ExecutorMeta& meta : m_base->meta->executors) {
            m_executor->addItem(QCoreApplication::translate("executor", meta.title.c_str()));
        }
    }
    showRecordedPlan();
}

void WhatIfPanel::showRecordedPlan()
{
    if (!m_base || m_executor->currentIndex() < 0) {
        return;
    }
    const WhatIfPlan recorded = recordedPlan(*m_base, executor());
    {
        const std::array<QSignalBlocker, 3> blockers{
            QSignalBlocker(m_workers), QSignalBlocker(m_chunk), QSignalBlocker(m_order)};
        m_workers->setValue(std::min(maxWorkers(), recorded.workers + 1)); // as it was is known
        m_chunk->setValue(static_cast<int>(recorded.chunk));
        m_order->setCurrentIndex(static_cast<int>(recorded.order));
    }
    request();
}

WhatIfPlan WhatIfPanel::plan() const
{
    return {m_workers->value(), static_cast<std::uint64_t>(m_chunk->value()),
            static_cast<WhatIfOrder>(m_order->currentIndex())};
}

int WhatIfPanel::executor() const
{
    return std::max(0, m_executor->currentIndex());
}

void WhatIfPanel::request()
{
    if (!m_base || !isVisible() || (m_answer && m_answer->plan == plan())) {
        return;
    }
    m_answer.reset();
    updateButtons();
    m_job.ask([this, base = m_base, which = executor(), wanted = plan()]() -> NewestJob::Deliver {
        const auto answer = whatIf(*base, which, wanted);
        return [this, base, answer] {
            if (base == m_base) {
                showAnswer(answer);
            }
        };
    });
}

void WhatIfPanel::showAnswer(const Result<WhatIfAnswer>& answer)
{
    if (!answer) {
        m_prediction->setText(QString::fromStdString(answer.error().message));
        m_doubts->clear();
    } else {
        m_answer = answer.value();
        m_prediction->setText(predictionText(*m_answer));
        const QStringList doubts = doubtTexts(*m_answer);
        m_doubts->setText(doubts.isEmpty() ? QString()
                                           : tr("But: %1").arg(doubts.join(QLatin1Char(' '))));
    }
    m_doubts->setVisible(!m_doubts->text().isEmpty());
    if (m_beside && m_state.snapshot() == m_beside) {
        m_beside.reset(); // what is shown below is of another plan: show the new one
        toggleBeside();
    }
    updateButtons();
}

void WhatIfPanel::toggleBeside()
{
    if (m_beside && m_state.snapshot() == m_beside) {
        const SnapshotPtr base = m_base;
        emit traceWanted(base);
        return;
    }
    if (!m_answer) {
        return;
    }
    const auto predicted = predictedRun(*m_base, executor(), m_answer->plan);
    if (!predicted) {
        m_prediction->setText(QString::fromStdString(predicted.error().message));
        return;
    }
    const std::array runs{m_base, predicted.value()};
    const std::array<std::string, 2> names{tr("recorded").toStdString(),
                                           tr("predicted").toStdString()};
    if (const auto both = alignRuns(runs, names)) {
        m_beside = both.value();
        emit traceWanted(m_beside);
    } else {
        m_prediction->setText(QString::fromStdString(both.error().message));
    }
}

void WhatIfPanel::runForReal()
{
    if (!m_answer) {
        return;
    }
    RunSettings settings = rerunSettings(*m_base->meta, executor());
    settings.executors.front().workers = m_answer->plan.workers;
    settings.chunk = static_cast<int>(m_answer->plan.chunk);
    m_bet = Bet{m_answer->makespanNs, settings};
    m_outcome->clear();
    emit runWanted(settings);
}

void WhatIfPanel::updateButtons()
{
    const bool isBeside = m_beside && m_state.snapshot() == m_beside;
    m_showBeside->setText(isBeside ? tr("Show the run alone") : tr("Show beside the run"));
    m_showBeside->setToolTip(tr("The predicted lanes below the recorded ones"));
    m_showBeside->setEnabled(isBeside || m_answer.has_value());
    const bool isAsSubmitted = plan().order == WhatIfOrder::AsSubmitted;
    m_run->setEnabled(m_canRun && m_answer && isAsSubmitted);
    m_run->setToolTip(
        isAsSubmitted ? tr("Run it for real, and see how far the prediction was off")
                      : tr("How long a task takes is not known before it ran, so it can only be "
                           "run as submitted."));
}

} // namespace poolscope
