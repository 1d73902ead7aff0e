// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/lab_page.h"

#include "core/control/experiment_grid.h"
#include "ui/common/format.h"
#include "ui/lab/lab_picture.h"

#include <QElapsedTimer>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

/// Whether two jobs do the same, wherever they run and however it is handed over.
bool isSameWork(const RunSettings& one, const RunSettings& other)
{
    return one.workload == other.workload && one.params == other.params && one.seed == other.seed;
}

} // namespace

LabPage::LabPage(ExperimentKind kind, LabPicture* picture, QWidget* parent)
    : QWidget(parent)
    , m_kind(kind)
    , m_clock(std::make_unique<QElapsedTimer>())
    , m_form(new QWidget(this))
    , m_picture(picture)
{
    createForm();
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    createHead(*m_layout);
    m_layout->addWidget(picture, 1);
    createFooter(*m_layout);
    updateButtons();
}

LabPage::~LabPage() = default;

void LabPage::createForm()
{
    auto* layout = new QVBoxLayout(m_form);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    m_rows = new QFormLayout;
    m_rows->setHorizontalSpacing(12);
    m_rows->setVerticalSpacing(8);
    m_rows->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    layout->addLayout(m_rows);
    m_rounds = new QSpinBox(m_form);
    m_rounds->setRange(1, kMostRounds);
    m_rounds->setValue(defaultRounds(m_kind));
    m_rounds->setAccessibleName(tr("Rounds"));
    m_rounds->setToolTip(tr("How often each is run; from two rounds on the noise is known"));
    m_count = new QLabel(m_form);
    m_count->setObjectName(QStringLiteral("dimLabel"));
    m_count->setWordWrap(true);
    m_rows->addRow(tr("&Rounds"), m_rounds);
    layout->addWidget(m_count);
    layout->addStretch(1);
    connect(m_rounds, &QSpinBox::valueChanged, this, &LabPage::changed);
    connect(this, &LabPage::changed, this, &LabPage::updateCount);
}

void LabPage::createHead(QVBoxLayout& layout)
{
    m_head = new QFrame(this);
    m_title = new QLabel(m_head);
    m_title->setObjectName(QStringLiteral("sectionTitle"));
    auto* row = new QHBoxLayout(m_head);
    row->setContentsMargins(12, 10, 12, 0);
    row->setSpacing(12);
    m_otherJob = new QLabel(tr("measured with another job than the setup has now"), m_head);
    m_otherJob->setObjectName(QStringLiteral("dimLabel"));
    row->addWidget(m_title);
    row->addWidget(m_otherJob);
    row->addStretch(1);
    layout.addWidget(m_head);
}

void LabPage::createFooter(QVBoxLayout& layout)
{
    auto* footer = new QFrame(this);
    footer->setObjectName(QStringLiteral("labVerdict"));
    m_footer = footer;
    m_answer = new QLabel(footer);
    m_answer->setObjectName(QStringLiteral("sectionTitle"));
    m_answer->setAccessibleName(tr("Verdict"));
    m_details = new QLabel(footer);
    m_details->setAccessibleName(tr("More of the verdict"));
    for (QLabel* label : {m_answer, m_details}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    }
    m_apply = new QPushButton(footer);
    m_apply->setObjectName(QStringLiteral("primaryButton"));
    m_apply->setToolTip(tr("Set it in the setup, for the next run"));
    m_exportPicture = new QPushButton(tr("Export &picture…"), footer);
    m_exportPicture->setToolTip(tr("As PNG, SVG or PDF, on white"));
    m_exportData = new QPushButton(tr("Export &data…"), footer);
    m_exportData->setToolTip(tr("Every run as CSV, or the figures as JSON"));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_apply);
    buttons->addStretch(1);
    buttons->addWidget(m_exportPicture);
    buttons->addWidget(m_exportData);
    auto* inside = new QVBoxLayout(footer);
    inside->setContentsMargins(16, 12, 16, 12);
    inside->setSpacing(6);
    inside->addWidget(m_answer);
    inside->addWidget(m_details);
    inside->addLayout(buttons);
    layout.addWidget(footer);
    connect(m_apply, &QPushButton::clicked, this, [this] { applyAdvice(); });
    connect(m_exportPicture, &QPushButton::clicked, this, [this] {
        askFile(tr("Export picture"),
                {tr("PNG pictures (*.png)"), tr("SVG drawings (*.svg)"), tr("PDF pages (*.pdf)")},
                &LabPage::writePicture);
    });
    connect(m_exportData, &QPushButton::clicked, this, [this] {
        askFile(tr("Export data"), {tr("Every run as CSV (*.csv)"), tr("Figures as JSON (*.json)")},
                &LabPage::writeData);
    });
}

void LabPage::addRow(const QString& label, QWidget* field)
{
    m_rows->insertRow(m_rows->rowCount() - 1, label, field); // rounds come last
    QWidget::setTabOrder(field, m_rounds);
}

void LabPage::addWidget(QWidget* field)
{
    auto* layout = static_cast<QVBoxLayout*>(m_form->layout());
    layout->insertWidget(layout->count() - 1, field);
}

void LabPage::addToHead(QWidget* widget)
{
    m_head->layout()->addWidget(widget);
}

void LabPage::addBelowPicture(QWidget* widget)
{
    m_layout->insertWidget(2, widget);
}

void LabPage::setJob(const RunSettings& job)
{
    if (!(job == m_job)) {
        m_secondsPerRun = 0;
    }
    m_job = job;
    m_job.resizes.clear(); // each arm keeps its number of workers
    takeJob();
    updateButtons();
    emit changed();
}

void LabPage::setLocked(bool isLocked, bool canApply)
{
    m_form->setEnabled(!isLocked);
    m_canApply = canApply;
    updateButtons();
}

void LabPage::setTheme(const Theme& theme)
{
    m_picture->setTheme(theme);
}

QString LabPage::problem() const
{
    if (QString own = ownProblem(); !own.isEmpty()) {
        return own;
    }
    for (const RunSettings& arm : arms()) {
        if (const auto usable = checkSettings(arm); !usable) {
            return QString::fromStdString(usable.error().message);
        }
    }
    return {};
}

ExperimentPlan LabPage::plan() const
{
    ExperimentPlan plan;
    plan.arms = arms();
    plan.rounds = m_rounds->value();
    plan.order = m_kind == ExperimentKind::Duel ? ExperimentPlan::Order::Alternating
                                                : ExperimentPlan::Order::Shuffled;
    plan.seed = m_job.seed;
    return plan;
}

void LabPage::begin(const ExperimentPlan& plan)
{
    m_plan = plan;
    m_runs.clear();
    m_isMeasuring = true;
    m_clock->start();
    setAdvice({});
    setVerdict({});
    m_title->setText(headline());
    showRuns();
    updateButtons();
}

void LabPage::addRun(const ArmRun& run)
{
    constexpr double kMillis = 1e3;
    m_runs.push_back(run);
    m_secondsPerRun =
        static_cast<double>(m_clock->elapsed()) / kMillis / static_cast<double>(m_runs.size());
    showRuns();
    updateButtons();
    updateCount();
}

void LabPage::end()
{
    m_isMeasuring = false;
    showRuns();
    updateButtons();
    updateCount();
}

void LabPage::clearRuns()
{
    m_runs.clear();
    showRuns();
    updateButtons();
}

QString LabPage::verdict() const
{
    return QStringList{m_answer->text(), m_details->text()}.join(QLatin1Char('\n')).trimmed();
}

QString LabPage::durationText(int runs) const
{
    if (m_secondsPerRun <= 0) {
        return {};
    }
    const double seconds = std::max(1.0, std::round(m_secondsPerRun * runs));
    return tr("about %1")
        .arg(seconds < 60 ? tr("%1 s").arg(seconds) : tr("%1 min").arg(std::round(seconds / 60)));
}

void LabPage::updateCount()
{
    const QString reason = ownProblem();
    if (!reason.isEmpty()) {
        m_count->setText(reason);
        return;
    }
    const auto runs = static_cast<int>(arms().size()) * m_rounds->value();
    const QString duration = durationText(runs);
    m_count->setText(duration.isEmpty() ? tr("%1 runs").arg(runs)
                                        : tr("%1 runs, %2").arg(runs).arg(duration));
}

void LabPage::setVerdict(const QStringList& sentences)
{
    m_answer->setText(sentences.value(0));
    m_details->setText(sentences.mid(1).join(QLatin1Char('\n')));
    m_details->setVisible(sentences.size() > 1);
    m_picture->setAccessibleDescription(verdict());
}

void LabPage::setAdvice(const QString& text)
{
    m_hasAdvice = !text.isEmpty();
    m_apply->setText(text);
    updateButtons();
}

void LabPage::updateButtons()
{
    m_apply->setVisible(m_hasAdvice);
    m_apply->setEnabled(m_canApply && !m_isMeasuring);
    m_exportPicture->setEnabled(!m_runs.empty());
    m_exportData->setEnabled(!m_runs.empty());
    m_footer->setVisible(!m_runs.empty());
    m_head->setVisible(!m_runs.empty());
    m_otherJob->setVisible(!m_runs.empty() && !isSameWork(m_plan.arms.front(), m_job));
}

} // namespace poolscope
