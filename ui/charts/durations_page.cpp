// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/durations_page.h"

#include "ui/common/format.h"
#include "ui/panels/histogram_view.h"
#include "ui/panels/range_job.h"
#include "ui/panels/range_tables.h"

#include <QHBoxLayout>

#include <utility>

namespace poolscope {

DurationsPage::DurationsPage(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_theme(Theme::light())
    , m_job(new RangeJob(state, this))
    , m_runs(new HistogramView(tr("Run time"), this))
    , m_waits(new HistogramView(tr("Queue wait"), this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 12, 0);
    layout->setSpacing(24);
    layout->addWidget(m_runs, 1);
    layout->addWidget(m_waits, 1);
    connect(m_job, &RangeJob::ready, this, &DurationsPage::show);
    connect(m_job, &RangeJob::asked, this, [this] {
        if (!m_state.snapshot()) {
            m_runs->setSeries({});
            m_waits->setSeries({});
            updateScope();
        }
    });
}

void DurationsPage::setTheme(const Theme& theme)
{
    m_theme = theme;
    m_runs->setTheme(theme);
    m_waits->setTheme(theme);
    m_job->repeat(); // the bars carry colours
}

void DurationsPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_job->onShown();
}

void DurationsPage::show(const SnapshotPtr& snapshot, const std::vector<RangeFigures>& figures)
{
    std::vector<HistogramView::Series> runs;
    std::vector<HistogramView::Series> waits;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const QString name = QString::fromStdString(snapshot->meta->executors[i].title);
        const QColor colour = executorColour(m_theme, i);
        runs.push_back({name, colour, figures[i].runs, figures[i].summary.run});
        waits.push_back({name, colour, figures[i].waits, figures[i].summary.wait});
    }
    m_runs->setSeries(std::move(runs));
    m_waits->setSeries(std::move(waits));
    updateScope();
}

/// Of what the bars tell: those of a selection that is being drawn follow it a moment later.
void DurationsPage::updateScope()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    QString scope;
    if (snapshot && m_state.selection()) {
        scope = tr("%1 selected").arg(formatDuration(m_state.selection()->duration()));
    } else if (snapshot) {
        scope = snapshot->isLive ? tr("run so far") : tr("whole run");
    }
    m_runs->setScope(scope);
    m_waits->setScope(scope);
}

} // namespace poolscope
