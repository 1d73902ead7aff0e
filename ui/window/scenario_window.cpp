// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/scenario_window.h"

#include "ui/common/format.h"

#include <QGridLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

constexpr QSize kUsualSize(760, 460);
constexpr int kListWidth = 200;

QLabel* makeText(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QLabel* makeHeading(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setObjectName(QStringLiteral("sectionTitle"));
    return label;
}

} // namespace

ScenarioWindow::ScenarioWindow(std::vector<Scenario> scenarios, QWidget* parent)
    : QDialog(parent)
    , m_scenarios(std::move(scenarios))
    , m_list(new QListWidget(this))
    , m_title(makeHeading({}, this))
    , m_look(makeText(this))
    , m_next(makeText(this))
    , m_problem(makeText(this))
    , m_steps(new QGridLayout)
{
    setWindowTitle(tr("Teaching scenarios"));
    resize(kUsualSize);
    m_list->setAccessibleName(tr("Scenarios"));
    m_list->setFixedWidth(kListWidth);
    m_list->setSpacing(2);
    for (const Scenario& scenario : m_scenarios) {
        m_list->addItem(scenario.title);
    }
    m_problem->setObjectName(QStringLiteral("dimLabel"));
    m_steps->setColumnStretch(1, 1);
    m_steps->setHorizontalSpacing(12);
    auto* area = new QScrollArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setAccessibleName(tr("The scenario"));
    auto* content = new QWidget(area);
    auto* text = new QVBoxLayout(content);
    text->setSpacing(10);
    text->addWidget(m_title);
    text->addWidget(m_look);
    text->addWidget(makeHeading(tr("Run it"), content));
    text->addLayout(m_steps);
    text->addWidget(m_problem);
    text->addWidget(makeHeading(tr("Then try"), content));
    text->addWidget(m_next);
    text->addStretch(1);
    area->setWidget(content);
    auto* columns = new QHBoxLayout(this);
    columns->setSpacing(12);
    columns->addWidget(m_list);
    columns->addWidget(area, 1);
    connect(m_list, &QListWidget::currentRowChanged, this, &ScenarioWindow::showScenario);
    choose(0);
    setProblem({});
}

void ScenarioWindow::choose(int scenario)
{
    m_list->setCurrentRow(scenario);
}

void ScenarioWindow::showScenario(int scenario)
{
    if (scenario < 0) {
        return;
    }
    m_shown = scenario;
    const Scenario& shown = m_scenarios[static_cast<std::size_t>(scenario)];
    m_title->setText(shown.title);
    m_look->setText(shown.look);
    m_next->setText(shown.next);
    for (QPushButton* button : m_buttons) {
        delete button;
    }
    for (QLabel* result : m_results) {
        delete result;
    }
    m_buttons.clear();
    m_results.clear();
    QWidget* content = m_look->parentWidget();
    for (int i = 0; i < static_cast<int>(shown.steps.size()); ++i) {
        const QString& title = shown.steps[static_cast<std::size_t>(i)].title;
        auto* button = new QPushButton(title, content);
        button->setAutoDefault(false);
        button->setToolTip(tr("Set it up and run it in the window"));
        button->setEnabled(m_problem->text().isEmpty());
        connect(button, &QPushButton::clicked, this, [this, i] { start(i); });
        auto* result = makeText(content);
        result->setAccessibleName(tr("Result of %1").arg(title));
        m_steps->addWidget(button, i, 0);
        m_steps->addWidget(result, i, 1);
        m_buttons.push_back(button);
        m_results.push_back(result);
    }
    showResults();
}

QString ScenarioWindow::resultText(const Place& place) const
{
    const auto found = m_summaries.find(place);
    if (found == m_summaries.end()) {
        return m_running == place ? tr("runs …") : QString();
    }
    const RunSummary& run = found->second;
    QString text = tr("%1, %2").arg(formatDuration(run.makespanNs), formatRate(run.tasksPerSecond));
    if (run.done < run.tasks) {
        text += tr(", %1 of %2 done").arg(run.done).arg(run.tasks);
    }
    const int base = m_scenarios[static_cast<std::size_t>(place.scenario)]
                         .steps[static_cast<std::size_t>(place.step)]
                         .base;
    const auto against = m_summaries.find({place.scenario, base});
    if (base != place.step && against != m_summaries.end() && against->second.tasksPerSecond > 0) {
        text += tr(" – %1 times the throughput of “%2”")
                    .arg(run.tasksPerSecond / against->second.tasksPerSecond, 0, 'f', 2)
                    .arg(m_scenarios[static_cast<std::size_t>(place.scenario)]
                             .steps[static_cast<std::size_t>(base)]
                             .title);
    }
    return text;
}

void ScenarioWindow::showResults()
{
    for (int i = 0; i < static_cast<int>(m_results.size()); ++i) {
        m_results[static_cast<std::size_t>(i)]->setText(resultText({m_shown, i}));
    }
}

void ScenarioWindow::setProblem(const QString& problem)
{
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    for (QPushButton* button : m_buttons) {
        button->setEnabled(problem.isEmpty());
    }
}

void ScenarioWindow::start(int step)
{
    m_running = Place{m_shown, step};
    m_summaries.erase(*m_running);
    showResults();
    emit stepWanted(m_scenarios[static_cast<std::size_t>(m_shown)]
                        .steps[static_cast<std::size_t>(step)]
                        .settings);
}

void ScenarioWindow::forgetRunning()
{
    m_running.reset();
    showResults();
}

void ScenarioWindow::showResult(const RunSummary& summary)
{
    if (m_running) {
        const Place ended = *m_running;
        m_summaries[ended] = summary;
        m_running.reset();
        showResults();
        const auto next = static_cast<std::size_t>(ended.step) + 1;
        if (ended.scenario == m_shown && next < m_buttons.size()) {
            m_buttons[next]->setFocus(); // it left the buttons while none could be pressed
        }
    }
}

} // namespace poolscope
