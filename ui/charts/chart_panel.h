// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chart_page.h"

#include <QFrame>

#include <vector>

QT_FORWARD_DECLARE_CLASS(QStackedWidget)
QT_FORWARD_DECLARE_CLASS(QTabBar)

namespace poolscope {

class DurationsPage;

/// The graphs below the timeline, one page of them at a time. GUI thread.
class ChartPanel : public QFrame
{
    Q_OBJECT

public:
    enum Page { Activity, Usage, Durations };

    /// \p state and \p clock must outlive the panel.
    ChartPanel(ViewState& state, FrameClock& clock, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// Where the timeline's plot lies, in this widget's pixels.
    void setPlotGeometry(int left, int width);
    /// \return a Page.
    [[nodiscard]] int currentPage() const;
    /// What is no Page changes nothing.
    void setCurrentPage(int page);
    /// Throughput, queue depth, busy workers.
    [[nodiscard]] const std::vector<ActivityChart*>& charts() const { return m_activity->charts(); }
    /// Processor, memory.
    [[nodiscard]] const std::vector<ActivityChart*>& usageCharts() const
    {
        return m_usage->charts();
    }

signals:
    void currentPageChanged(int page);

private:
    void addPage(QWidget* page, const QString& title, const QString& help);

    QTabBar* m_tabs;
    QStackedWidget* m_pages;
    ChartPage* m_activity;
    ChartPage* m_usage;
    DurationsPage* m_durations;
};

} // namespace poolscope
