// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/setup_panel.h"

#include "core/control/catalogue_view.h"
#include "ui/panels/action_button.h"
#include "ui/panels/executor_row.h"
#include "ui/panels/extras_note.h"
#include "ui/panels/hand_over_form.h"
#include "ui/panels/param_field.h"
#include "ui/panels/param_form.h"

#include <QAction>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>
#include <utility>

namespace poolscope {

namespace {

constexpr int kMargin = 16;
constexpr int kRowGap = 6;
constexpr int kSectionGap = 18;

} // namespace

SetupPanel::SetupPanel(QWidget* parent)
    : QFrame(parent)
{
    setObjectName(QStringLiteral("card"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addWidget(createForm(), 1);
    layout->addWidget(createButtons());
    setAccessibleName(tr("Setup"));
    connectSignals();
    onWorkloadChanged();
}

SetupPanel::~SetupPanel() = default;

QWidget* SetupPanel::createForm()
{
    auto* area = new QScrollArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    auto* form = new QWidget(area);
    form->setObjectName(QStringLiteral("setupForm"));
    auto* layout = new QVBoxLayout(form);
    layout->setContentsMargins(kMargin, kMargin - 4, kMargin, kMargin);
    layout->setSpacing(kRowGap);
    createWorkSection(*layout);
    createExecutorSection(*layout);
    createHandOverSection(*layout);
    layout->addStretch();
    area->setWidget(form);
    return area;
}

QLabel* SetupPanel::addSection(QVBoxLayout& layout, const QString& title)
{
    if (layout.count() > 0) {
        layout.addSpacing(kSectionGap - kRowGap);
    }
    auto* label = new QLabel(title, this);
    label->setObjectName(QStringLiteral("sectionTitle"));
    layout.addWidget(label);
    return label;
}

void SetupPanel::createWorkSection(QVBoxLayout& layout)
{
    QLabel* title = addSection(layout, tr("&What to run"));
    m_workload = new QComboBox(this);
    updateWorkloads();
    m_workload->setAccessibleName(tr("Workload"));
    m_workload->setToolTip(tr("The kind of work"));
    m_workload->setMaxVisibleItems(20);
    title->setBuddy(m_workload);
    m_summary = new QLabel(this);
    m_summary->setObjectName(QStringLiteral("dimLabel"));
    m_summary->setWordWrap(true);
    m_params = new ParamForm(this);
    layout.addWidget(m_workload);
    layout.addWidget(m_summary);
    layout.addSpacing(kRowGap);
    layout.addWidget(m_params);
    m_lockedWhileRunning.insert(m_lockedWhileRunning.end(), {m_workload, m_params});
}

void SetupPanel::updateWorkloads()
{
    const QSignalBlocker blocker(m_workload);
    const QVariant chosen = m_workload->currentData();
    m_workload->clear();
    bool isBuiltIn = true;
    for (const Workload* choice : workloadChoices()) {
        if (isBuiltIn && !choice->library.empty()) {
            m_workload->insertSeparator(m_workload->count());
            isBuiltIn = false;
        }
        m_workload->addItem(workloadText(choice->title), QString::fromStdString(choice->id));
        QString help = workloadText(choice->summary);
        if (!choice->library.empty()) {
            help += tr("\n%1, from %2")
                        .arg(QString::fromStdString(choice->id),
                             QString::fromStdString(choice->library));
        }
        m_workload->setItemData(m_workload->count() - 1, help.trimmed(), Qt::ToolTipRole);
    }
    m_workload->setCurrentIndex(std::max(0, m_workload->findData(chosen)));
}

void SetupPanel::setWorkload(const QString& id)
{
    if (const int index = m_workload->findData(id); index >= 0) {
        m_workload->setCurrentIndex(index);
    }
}

void SetupPanel::createExecutorSection(QVBoxLayout& layout)
{
    addSection(layout, tr("Run it on"));
    for (const ExecutorChoice& choice : executorChoices()) {
        auto* row = new ExecutorRow(choice, this);
        if (!m_rows.empty()) {
            layout.addSpacing(kRowGap);
        }
        layout.addWidget(row);
        m_rows.push_back(row);
    }
}

void SetupPanel::createHandOverSection(QVBoxLayout& layout)
{
    addSection(layout, tr("How"));
    m_handOver = new HandOverForm(this);
    m_extras = new ExtrasNote(this);
    layout.addWidget(m_handOver);
    layout.addWidget(m_extras);
    m_lockedWhileRunning.insert(m_lockedWhileRunning.end(), {m_handOver, m_extras});
}

QWidget* SetupPanel::createButtons()
{
    auto* box = new QFrame(this);
    box->setObjectName(QStringLiteral("setupButtons"));
    m_hint = new QLabel(box);
    m_hint->setObjectName(QStringLiteral("dimLabel"));
    m_hint->setWordWrap(true);
    m_run = new ActionButton(box);
    m_run->setObjectName(QStringLiteral("primaryButton"));
    m_pause = new ActionButton(box);
    m_stop = new ActionButton(box);
    for (ActionButton* button : {m_run, m_pause, m_stop}) {
        button->setIconSize(QSize(20, 20));
    }
    auto* layout = new QGridLayout(box);
    layout->setContentsMargins(kMargin, 12, kMargin, kMargin - 4);
    layout->setSpacing(8);
    layout->addWidget(m_hint, 0, 0, 1, 2);
    layout->addWidget(m_run, 1, 0, 1, 2);
    layout->addWidget(m_pause, 2, 0);
    layout->addWidget(m_stop, 2, 1);
    return box;
}

void SetupPanel::connectSignals()
{
    connect(m_workload, &QComboBox::currentIndexChanged, this, &SetupPanel::onWorkloadChanged);
    connect(m_params, &ParamForm::changed, this, &SetupPanel::updateHint);
    connect(m_params, &ParamForm::changed, this, &SetupPanel::changed);
    connect(m_extras, &ExtrasNote::clearRequested, this, &SetupPanel::leaveExtras);
    connect(m_handOver, &HandOverForm::changed, this, &SetupPanel::updateHint);
    connect(m_handOver, &HandOverForm::changed, this, &SetupPanel::changed);
    for (ExecutorRow* row : m_rows) {
        connect(row, &ExecutorRow::chosenChanged, this, &SetupPanel::updateHint);
        connect(row, &ExecutorRow::chosenChanged, this, &SetupPanel::updateNotes);
        connect(row, &ExecutorRow::chosenChanged, this, &SetupPanel::changed);
        connect(row, &ExecutorRow::workersChanged, this,
                [this, row](int workers) { onRowWorkersChanged(row, workers); });
    }
}

void SetupPanel::setActions(QAction* run, QAction* pause, QAction* stop)
{
    m_run->setAction(run);
    m_pause->setAction(pause);
    m_stop->setAction(stop);
}

const Workload* SetupPanel::workload() const
{
    const std::string id = m_workload->currentData().toString().toStdString();
    for (const Workload* choice : workloadChoices()) {
        if (choice->id == id) {
            return choice;
        }
    }
    return nullptr;
}

void SetupPanel::onWorkloadChanged()
{
    const Workload* chosen = workload();
    if (chosen == nullptr || chosen->id == m_shownWorkload) {
        return;
    }
    if (!m_shownWorkload.empty()) {
        m_memory[m_shownWorkload] = m_params->params();
    }
    m_shownWorkload = chosen->id;
    m_summary->setText(workloadText(chosen->summary));
    m_params->setSpecs(chosen->params);
    if (const auto known = m_memory.find(chosen->id); known != m_memory.end()) {
        m_params->setParams(known->second);
    }
    updateHint();
    updateNotes();
    emit changed();
}

void SetupPanel::leaveExtras()
{
    m_kept = withoutExtras(m_kept);
    m_extras->showSettings(m_kept);
    m_workload->setFocus(); // the button that had it is gone
    emit changed();
}

void SetupPanel::updateNotes()
{
    const Workload* chosen = workload();
    const bool canCrash = chosen != nullptr && !chosen->library.empty();
    for (ExecutorRow* row : m_rows) {
        const bool isShown = canCrash && row->isChosen() && !row->survivesCrashes();
        row->setNote(isShown ? tr("Threads share the memory of Poolscope: a crash in this function "
                                  "ends the program. In worker processes it costs one task.")
                             : QString());
    }
}

std::vector<ExecutorRow*> SetupPanel::chosenRows() const
{
    std::vector<ExecutorRow*> chosen;
    std::copy_if(m_rows.begin(), m_rows.end(), std::back_inserter(chosen),
                 [](const ExecutorRow* row) { return row->isChosen(); });
    return chosen;
}

RunSettings SetupPanel::settings() const
{
    RunSettings settings = m_kept;
    settings.workload = m_shownWorkload;
    settings.params = m_params->params();
    m_handOver->fill(settings);
    settings.executors.clear();
    for (const ExecutorRow* row : chosenRows()) {
        settings.executors.push_back({row->kind().toStdString(), row->workers()});
    }
    return settings;
}

void SetupPanel::setSettings(const RunSettings& settings)
{
    m_kept = settings;
    m_extras->showSettings(m_kept);
    const int index = m_workload->findData(QString::fromStdString(settings.workload));
    if (index >= 0) {
        m_workload->setCurrentIndex(index);
        m_params->setParams(settings.params);
    }
    m_handOver->showSettings(settings);
    for (ExecutorRow* row : m_rows) {
        const auto found =
            std::find_if(settings.executors.begin(), settings.executors.end(),
                         [row](const ExecutorSettings& executor) {
                             return QString::fromStdString(executor.kind) == row->kind();
                         });
        row->setChosen(found != settings.executors.end());
        if (found != settings.executors.end()) {
            row->setWorkers(found->workers);
        }
    }
    updateHint();
}

QString SetupPanel::problem() const
{
    if (m_shownWorkload.empty()) {
        return tr("There is no workload to run.");
    }
    if (QString error = m_params->firstError(); !error.isEmpty()) {
        return error;
    }
    if (QString error = m_handOver->problem(); !error.isEmpty()) {
        return error;
    }
    if (chosenRows().empty()) {
        return tr("Choose at least one of the executors under “Run it on”.");
    }
    return {};
}

SetupPanel::ParamMemory SetupPanel::paramMemory() const
{
    ParamMemory memory = m_memory;
    if (!m_shownWorkload.empty()) {
        memory[m_shownWorkload] = m_params->params();
    }
    return memory;
}

void SetupPanel::setParamMemory(ParamMemory memory)
{
    m_memory = std::move(memory);
    if (const auto known = m_memory.find(m_shownWorkload); known != m_memory.end()) {
        m_params->setParams(known->second);
    }
}

void SetupPanel::setState(RunController::State state)
{
    m_state = state;
    const bool isFree =
        state == RunController::State::Idle || state == RunController::State::Finished;
    for (QWidget* field : m_lockedWhileRunning) {
        field->setEnabled(isFree);
    }
    for (ExecutorRow* row : m_rows) {
        row->setLocked(!isFree);
    }
    updateHint();
}

void SetupPanel::onRowWorkersChanged(ExecutorRow* row, int workers)
{
    using State = RunController::State;
    if (m_state != State::Idle && m_state != State::Finished) {
        // While a run goes on no row can be chosen or left out, so the order still is the run's.
        const std::vector<ExecutorRow*> chosen = chosenRows();
        const auto place = std::find(chosen.begin(), chosen.end(), row);
        if (place != chosen.end()) {
            emit resizeRequested(static_cast<int>(place - chosen.begin()), workers);
        }
    }
    emit changed();
}

void SetupPanel::showWorkers(int executor, int workers)
{
    const std::vector<ExecutorRow*> chosen = chosenRows();
    if (executor >= 0 && executor < static_cast<int>(chosen.size())) {
        ExecutorRow* row = chosen[static_cast<std::size_t>(executor)];
        const QSignalBlocker blocker(row);
        row->setWorkers(workers);
    }
}

void SetupPanel::updateHint()
{
    using State = RunController::State;
    const bool isFree = m_state == State::Idle || m_state == State::Finished;
    const QString text =
        isFree ? problem()
               : tr("While a run goes on, its workers can be changed; the rest when it has ended.");
    m_hint->setText(text);
    m_hint->setVisible(!text.isEmpty());
    // The hint takes the place of the button that cannot be pressed now, so that nothing moves.
    m_run->setVisible(isFree);
    m_hint->setMinimumHeight(isFree ? 0 : m_run->sizeHint().height());
}

void SetupPanel::setTheme(const Theme& theme)
{
    m_params->setTheme(theme);
    m_handOver->setTheme(theme);
}

QSize SetupPanel::sizeHint() const
{
    return {304, 640};
}

} // namespace poolscope
