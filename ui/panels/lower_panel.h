// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run_settings.h"
#include "ui/common/theme.h"
#include "ui/timeline/view_state.h"

#include <QFrame>

QT_FORWARD_DECLARE_CLASS(QStackedWidget)
QT_FORWARD_DECLARE_CLASS(QTabBar)

namespace poolscope {

class DetailsPanel;
class GatePanel;
class RangePanel;
class ResizePanel;
class SelectionPanel;
class TaskPanel;
class WhatIfPanel;
class WhyPanel;

/// What lies below the graphs, one at a time: figures and tables on what the timeline shows. What a panel has
/// in its head stands beside the tabs. GUI thread.
class LowerPanel : public QFrame
{
    Q_OBJECT

public:
    /// In the order of the tabs.
    enum Tab { Statistics, Range, Tasks, Details, Why, Resizes, WhatIf, Gate };

    /// \p state must outlive the panel.
    explicit LowerPanel(ViewState& state, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    [[nodiscard]] int currentTab() const;
    /// \p tab: what does not exist changes nothing.
    void setCurrentTab(int tab);
    /// Gives the focus to what is shown.
    void takeFocus();
    /// Whether a run can be started now.
    void setCanRun(bool canRun);
    [[nodiscard]] GatePanel& gate() { return *m_gate; }

signals:
    void currentTabChanged(int tab);
    /// As in WhatIfPanel.
    void traceWanted(const poolscope::SnapshotPtr& trace);
    void runWanted(const poolscope::RunSettings& settings);
    /// As in WhyPanel.
    void chunkWanted(int chunk);
    void workersWanted(int executor, int workers);
    void labWanted();

private:
    void addTab(QWidget* panel, QWidget* head, const QString& title, const QString& help);
    void onCurrentChanged(int tab);

    QTabBar* m_tabs;
    QStackedWidget* m_heads;
    QStackedWidget* m_panels;
    SelectionPanel* m_statistics;
    RangePanel* m_range;
    TaskPanel* m_tasks;
    DetailsPanel* m_details;
    WhyPanel* m_why;
    ResizePanel* m_resizes;
    WhatIfPanel* m_whatIf;
    GatePanel* m_gate;
};

} // namespace poolscope
