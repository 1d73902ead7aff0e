// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/lower_panel.h"

#include "ui/common/tab_bar.h"
#include "ui/panels/details_panel.h"
#include "ui/panels/gate_panel.h"
#include "ui/panels/range_panel.h"
#include "ui/panels/resize_panel.h"
#include "ui/panels/selection_panel.h"
#include "ui/panels/task_panel.h"
#include "ui/panels/what_if_panel.h"
#include "ui/panels/why_panel.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace poolscope {

namespace {

/// As high at least as the page that is shown, not as the highest of all: what others need is the timeline's.
class PageStack : public QStackedWidget
{
public:
    using QStackedWidget::QStackedWidget;
    [[nodiscard]] QSize minimumSizeHint() const override
    {
        const QWidget* page = currentWidget();
        return {QStackedWidget::minimumSizeHint().width(),
                page == nullptr ? 0 : page->minimumSizeHint().height()};
    }
};

} // namespace

LowerPanel::LowerPanel(ViewState& state, QWidget* parent)
    : QFrame(parent)
    , m_tabs(newTabBar(this))
    , m_heads(new QStackedWidget(this))
    , m_panels(new PageStack(this))
    , m_statistics(new SelectionPanel(state, this))
    , m_range(new RangePanel(state, this))
    , m_tasks(new TaskPanel(state, this))
    , m_details(new DetailsPanel(state, this))
    , m_why(new WhyPanel(state, this))
    , m_resizes(new ResizePanel(state, this))
    , m_whatIf(new WhatIfPanel(state, this))
    , m_gate(new GatePanel(state, this))
{
    setObjectName(QStringLiteral("card"));
    m_tabs->setAccessibleName(tr("Figures and tables"));
    m_heads->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    addTab(m_statistics, m_statistics->head(), tr("Statistics"),
           tr("The figures of each executor (Alt+1)"));
    addTab(m_range, m_range->head(), tr("Range"), tr("All figures of a range of time (Alt+2)"));
    addTab(m_tasks, m_tasks->head(), tr("Tasks"), tr("Every task as a row (Alt+3)"));
    addTab(m_details, m_details->head(), tr("Details"),
           tr("All that is known of the selected task (Alt+4)"));
    addTab(m_why, m_why->head(), tr("Why"), tr("Why the run was not faster (Alt+5)"));
    addTab(m_resizes, m_resizes->head(), tr("Resizes"), tr("What each change of size did (Alt+6)"));
    addTab(m_whatIf, m_whatIf->head(), tr("What if"),
           tr("What other workers, chunks or order would do (Alt+7)"));
    addTab(m_gate, m_gate->head(), tr("Gate"), tr("What every run is held against (Alt+8)"));
    connect(m_gate, &GatePanel::brokenChanged, this, [this](int broken) {
        m_tabs->setTabText(Gate, broken == 0 ? tr("Gate") : tr("Gate ✗ %1").arg(broken));
    });
    connect(m_whatIf, &WhatIfPanel::traceWanted, this, &LowerPanel::traceWanted);
    connect(m_whatIf, &WhatIfPanel::runWanted, this, &LowerPanel::runWanted);
    connect(m_why, &WhyPanel::chunkWanted, this, &LowerPanel::chunkWanted);
    connect(m_why, &WhyPanel::labWanted, this, &LowerPanel::labWanted);
    connect(m_why, &WhyPanel::workersWanted, this, &LowerPanel::workersWanted);
    auto* line = new QHBoxLayout;
    line->setContentsMargins(4, 0, 6, 0);
    line->setSpacing(16);
    line->addWidget(m_tabs);
    line->addWidget(m_heads, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addLayout(line);
    layout->addWidget(m_panels, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, &LowerPanel::onCurrentChanged);
}

void LowerPanel::addTab(QWidget* panel, QWidget* head, const QString& title, const QString& help)
{
    m_heads->addWidget(head);
    m_panels->addWidget(panel);
    m_tabs->setTabToolTip(m_tabs->addTab(title), help);
}

void LowerPanel::onCurrentChanged(int tab)
{
    m_heads->setCurrentIndex(tab);
    m_panels->setCurrentIndex(tab);
    m_panels->updateGeometry();
    emit currentTabChanged(tab);
}

void LowerPanel::setTheme(const Theme& theme)
{
    m_statistics->setTheme(theme);
    m_range->setTheme(theme);
    m_tasks->setTheme(theme);
    m_details->setTheme(theme);
    m_why->setTheme(theme);
    m_resizes->setTheme(theme);
    m_gate->setTheme(theme);
}

void LowerPanel::setCanRun(bool canRun)
{
    m_whatIf->setCanRun(canRun);
}

int LowerPanel::currentTab() const
{
    return m_tabs->currentIndex();
}

void LowerPanel::setCurrentTab(int tab)
{
    m_tabs->setCurrentIndex(tab);
}

void LowerPanel::takeFocus()
{
    m_panels->currentWidget()->setFocus(Qt::ShortcutFocusReason);
}

} // namespace poolscope
