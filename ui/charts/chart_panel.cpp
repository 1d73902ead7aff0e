// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chart_panel.h"

#include "ui/charts/activity_page.h"
#include "ui/charts/durations_page.h"
#include "ui/charts/usage_page.h"
#include "ui/common/tab_bar.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace poolscope {

ChartPanel::ChartPanel(ViewState& state, FrameClock& clock, QWidget* parent)
    : QFrame(parent)
    , m_tabs(newTabBar(this))
    , m_pages(new QStackedWidget(this))
    , m_activity(new ActivityPage(state, clock, m_pages))
    , m_usage(new UsagePage(state, clock, m_pages))
    , m_durations(new DurationsPage(state, m_pages))
{
    setAccessibleName(tr("Graphs"));
    m_tabs->setAccessibleName(tr("Pages of graphs"));
    addPage(m_activity, tr("Activity"), tr("Throughput, queue depth and busy workers"));
    addPage(m_usage, tr("Processor and memory"), tr("What each worker used"));
    addPage(m_durations, tr("Durations"),
            tr("How run times and queue waits are distributed, in the selected range or the whole "
               "run"));
    auto* line = new QHBoxLayout;
    line->setContentsMargins(4, 0, 6, 0);
    line->addWidget(m_tabs);
    line->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 6);
    layout->setSpacing(2);
    layout->addLayout(line);
    layout->addWidget(m_pages, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int page) {
        m_pages->setCurrentIndex(page);
        emit currentPageChanged(page);
    });
}

void ChartPanel::addPage(QWidget* page, const QString& title, const QString& help)
{
    m_pages->addWidget(page);
    m_tabs->setTabToolTip(m_tabs->addTab(title), help);
}

void ChartPanel::setTheme(const Theme& theme)
{
    m_activity->setTheme(theme);
    m_usage->setTheme(theme);
    m_durations->setTheme(theme);
}

void ChartPanel::setPlotGeometry(int left, int width)
{
    for (ChartPage* page : {m_activity, m_usage}) {
        page->setPlotGeometry(left - m_pages->x(), width);
    }
}

int ChartPanel::currentPage() const
{
    return m_tabs->currentIndex();
}

void ChartPanel::setCurrentPage(int page)
{
    if (page >= 0 && page < m_tabs->count()) {
        m_tabs->setCurrentIndex(page);
    }
}

} // namespace poolscope
