// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/levels_page.h"

#include "core/control/catalogue_view.h"

#include <QComboBox>

#include <algorithm>

namespace poolscope {

LevelsPage::LevelsPage(ExperimentKind kind, LabPicture* picture, const QString& title, int most,
                       QWidget* parent)
    : LabPage(kind, picture, parent)
    , m_executor(new QComboBox(form()))
    , m_levels(new LevelEdit(most, form()))
{
    for (const ExecutorChoice& choice : executorChoices()) {
        if (choice.hasWorkers) {
            m_executor->addItem(choice.title, choice.id);
            m_executor->setItemData(m_executor->count() - 1, choice.summary, Qt::ToolTipRole);
        }
    }
    m_executor->setAccessibleName(tr("Executor"));
    m_executor->setToolTip(tr("What runs the job"));
    m_executor->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_levels->setAccessibleName(QString(title).remove(QLatin1Char('&')));
    m_levels->setToolTip(tr("A list, as in 1, 2, 4; empty: the usual ones"));
    addRow(tr("&Executor"), m_executor);
    addRow(title, m_levels);
    connect(m_executor, &QComboBox::activated, this, [this] { m_isChosen = true; });
    connect(m_executor, &QComboBox::currentIndexChanged, this, [this] {
        m_levels->setDefault(defaultLevels());
        emit changed();
    });
    connect(m_levels, &LevelEdit::levelsChanged, this, &LabPage::changed);
}

QString LevelsPage::executorKind() const
{
    return m_executor->currentData().toString();
}

void LevelsPage::takeJob()
{
    const std::vector<ExecutorSettings>& executors = job().executors;
    if (!m_isChosen && !executors.empty()) {
        const auto preferred = std::ranges::find(executors, m_preferred, &ExecutorSettings::kind);
        const auto& taken = preferred != executors.end() ? *preferred : executors.front();
        const int index = m_executor->findData(QString::fromStdString(taken.kind));
        m_executor->setCurrentIndex(std::max(0, index));
    }
    m_levels->setDefault(defaultLevels());
}

RunSettings LevelsPage::jobOnOne() const
{
    RunSettings settings = job();
    const std::string kind = executorKind().toStdString();
    ExecutorSettings chosen{kind, usableCpuCount()};
    for (const ExecutorSettings& executor : settings.executors) {
        if (executor.kind == kind) {
            chosen = executor;
        }
    }
    settings.executors = {chosen};
    return settings;
}

} // namespace poolscope
