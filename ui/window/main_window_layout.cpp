// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// MainWindow's widgets: what there is, where it is, and how it is put back there at the next start.

#include "core/control/default_scenario.h"
#include "ui/charts/chart_panel.h"
#include "ui/panels/find_bar.h"
#include "ui/panels/gate_panel.h"
#include "ui/panels/lower_panel.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/replay_bar.h"
#include "ui/panels/setup_panel.h"
#include "ui/timeline/legend_bar.h"
#include "ui/timeline/overview_strip.h"
#include "ui/timeline/timeline_view.h"
#include "ui/window/function_loader.h"
#include "ui/window/help_dialogs.h"
#include "ui/window/legend_dialog.h"
#include "ui/window/main_window.h"
#include "ui/window/settings_store.h"
#include "ui/window/shelf_controller.h"
#include "ui/window/status_line.h"
#include "ui/window/window_actions.h"

#include <QActionGroup>
#include <QDialog>
#include <QMenuBar>
#include <QScreen>
#include <QSplitter>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <initializer_list>

namespace poolscope {

namespace {

constexpr QSize kFirstSize(1280, 800);
constexpr int kTitleBarHeight = 32; ///< about what a window manager adds
constexpr int kGap = 8;
constexpr int kSetupWidth = 320; // with room for the form's scroll bar
constexpr int kGraphsHeight = 226;
constexpr int kLowerHeight = 124;
constexpr int kBarsHeight = 150; ///< about what menus, tools, status and gaps take

/// The size of the first start: what is meant, or what the screen has room for.
QSize firstSize(const QWidget& window)
{
    return kFirstSize.boundedTo(window.screen()->availableSize() - QSize(0, kTitleBarHeight));
}

/// \return a card with \p parts one below the other; those of no fixed height share the room.
QFrame* makeCard(std::initializer_list<QWidget*> parts, QWidget* parent)
{
    auto* card = new QFrame(parent);
    card->setObjectName(QStringLiteral("card"));
    auto* layout = new QVBoxLayout(card);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    for (QWidget* part : parts) {
        layout->addWidget(part);
    }
    return card;
}

QWidget* makeSpacer(QWidget* parent)
{
    auto* spacer = new QWidget(parent);
    spacer->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    return spacer;
}

} // namespace

void MainWindow::createPanels()
{
    m_message = new MessageBar(this);
    m_setup = new SetupPanel(this);
    m_setup->setActions(m_actions->run, m_actions->pause, m_actions->stop);
    m_overview = new OverviewStrip(m_state, this);
    m_find = new FindBar(m_state, this);
    m_timeline = new TimelineView(m_state, this);
    m_timeline->setFrameShape(QFrame::NoFrame);
    m_timeline->setFrameClock(&m_clock);
    m_timeline->setAccessibleName(tr("Timeline"));
    m_replayBar = new ReplayBar(m_replay, this);
    m_replayBar->hide();
    m_legend = new LegendBar(m_state, this);
    m_charts = new ChartPanel(m_state, m_clock, this);
    m_charts->setObjectName(QStringLiteral("card"));
    m_lower = new LowerPanel(m_state, this);
    m_status = new StatusLine(this);
    statusBar()->addWidget(m_status, 1);
    statusBar()->setSizeGripEnabled(false);
}

void MainWindow::createLayout()
{
    m_rows = new QSplitter(Qt::Vertical, this);
    m_rows->addWidget(makeCard({m_find, m_overview, m_timeline, m_replayBar, m_legend}, this));
    m_rows->addWidget(m_charts);
    m_rows->addWidget(m_lower);
    m_columns = new QSplitter(Qt::Horizontal, this);
    m_columns->addWidget(m_setup);
    m_columns->addWidget(m_rows);
    for (QSplitter* splitter : {m_rows, m_columns}) {
        splitter->setHandleWidth(kGap);
        splitter->setChildrenCollapsible(false);
    }
    m_rows->setStretchFactor(0, 1);
    m_rows->setStretchFactor(1, 0);
    m_rows->setStretchFactor(2, 0);
    m_columns->setStretchFactor(0, 0);
    m_columns->setStretchFactor(1, 1);

    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(kGap, kGap, kGap, kGap);
    layout->setSpacing(kGap);
    layout->addWidget(m_message);
    layout->addWidget(m_columns, 1);
    setCentralWidget(centre);
    setContextMenuPolicy(Qt::NoContextMenu); // or toolbars could be put away for good
}

void MainWindow::createMenus()
{
    WindowActions& act = *m_actions;
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addActions({act.openRun, act.saveRun});
    file->addSeparator();
    file->addActions({act.exportPicture, act.exportData});
    file->addSeparator();
    file->addActions({act.showShelf, act.keepRuns});
    file->addSeparator();
    file->addAction(act.addFunctions);
    m_functions->setForgetMenu(file->addMenu(tr("For&get functions")));
    file->addSeparator();
    file->addAction(act.quit);
    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    edit->addActions({act.undo, act.redo});
    QMenu* run = menuBar()->addMenu(tr("&Run"));
    run->addActions({act.run, act.pause, act.stop, act.kill});
    run->addSeparator();
    run->addActions({act.replay, act.stepBack, act.stepForward});
    run->addSeparator();
    run->addAction(act.scenarios);
    run->addAction(act.lab);
    QMenu* view = menuBar()->addMenu(tr("&View"));
    view->addActions({act.find, act.findNext, act.findPrevious});
    view->addSeparator();
    view->addActions({act.fit, act.follow, act.zoomIn, act.zoomOut});
    view->addSeparator();
    QMenu* lanes = view->addMenu(tr("&Lanes"));
    lanes->addActions(act.laneOrders->actions());
    lanes->addSeparator();
    lanes->addActions({act.collapseLanes, act.expandLanes});
    lanes->addSeparator();
    lanes->addActions({act.tallerLanes, act.lowerLanes, act.fitLanes});
    view->addSeparator();
    view->addActions({act.showSetup, act.showGraphs, act.showLowerPanel, act.resetLayout});
    view->addMenu(tr("&Page of graphs"))->addActions(act.graphs->actions());
    view->addMenu(tr("Sho&w below"))->addActions(act.tabs->actions());
    view->addSeparator();
    QMenu* size = view->addMenu(tr("Si&ze"));
    size->addActions({act.larger, act.smaller, act.usualSize});
    view->addAction(act.smooth);
    QMenu* theme = view->addMenu(tr("T&heme"));
    theme->addActions(act.themes->actions());
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addActions({act.legend, act.keys, act.about});
    connect(act.keys, &QAction::triggered, this,
            [this] { makeKeysDialog(*m_actions, this)->show(); });
    connect(act.legend, &QAction::triggered, this,
            [this] { makeLegendDialog(themeFor(m_settings->theme()), this)->show(); });
    connect(act.about, &QAction::triggered, this, [this] { makeAboutDialog(this)->show(); });
}

void MainWindow::createToolBars()
{
    const auto addBar = [this](const QString& name) {
        QToolBar* bar = addToolBar(name);
        bar->setMovable(false);
        bar->setIconSize(QSize(20, 20));
        bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        return bar;
    };
    WindowActions& act = *m_actions;
    m_runBar = addBar(tr("Run"));
    m_runBar->addActions({act.run, act.pause, act.stop});
    m_runBar->addSeparator();
    m_runBar->widgetForAction(act.run)->setObjectName(QStringLiteral("primaryButton"));
    QToolBar* bar = addBar(tr("View"));
    bar->addAction(act.showSetup);
    bar->addSeparator();
    bar->addActions({act.follow, act.fit, act.zoomIn, act.zoomOut, act.find, act.replay});
    bar->addWidget(makeSpacer(bar));
    bar->addActions({act.openRun, act.saveRun, act.exportPicture});
    for (QAction* plain : {act.zoomIn, act.zoomOut, act.find}) { // or a small window has no room
        auto* button = qobject_cast<QToolButton*>(bar->widgetForAction(plain));
        button->setToolButtonStyle(Qt::ToolButtonIconOnly);
    }
    for (QToolBar* each : {m_runBar, bar}) {
        for (auto* button : each->findChildren<QToolButton*>()) {
            button->setFocusPolicy(Qt::TabFocus);
            if (button->objectName() == QStringLiteral("qt_toolbar_ext_button")) {
                button->setAccessibleName(tr("More actions"));
            }
        }
    }
}

void MainWindow::restoreSettings()
{
    m_setup->setSettings(m_settings->run().value_or(defaultScenario()));
    m_setup->setParamMemory(m_settings->paramMemory());

    const ThemeChoice choice = m_settings->theme();
    for (QAction* action : m_actions->themes->actions()) {
        action->setChecked(action->data().toInt() == static_cast<int>(choice));
    }
    applyThemeChoice(choice);

    m_actions->smooth->setChecked(m_settings->isSmooth());
    m_lower->gate().setConditions(m_settings->gate());
    m_actions->keepRuns->setChecked(m_settings->keepsRuns());
    m_shelf->setKeepsRuns(m_settings->keepsRuns());
    resetLayout();
    if (const auto layout = m_settings->layout()) {
        restoreGeometry(layout->geometry);
        m_columns->restoreState(layout->columns);
        m_rows->restoreState(layout->rows);
        m_actions->showSetup->setChecked(layout->isSetupShown);
        m_actions->showGraphs->setChecked(layout->areGraphsShown);
        m_actions->showLowerPanel->setChecked(layout->isLowerPanelShown);
        m_lower->setCurrentTab(layout->tab);
        m_charts->setCurrentPage(layout->graphs);
    }
}

void MainWindow::saveSettings()
{
    m_settings->setRun(m_setup->settings());
    m_settings->setParamMemory(m_setup->paramMemory());
    m_settings->setLayout({saveGeometry(), m_columns->saveState(), m_rows->saveState(),
                           m_actions->showSetup->isChecked(), m_actions->showGraphs->isChecked(),
                           m_actions->showLowerPanel->isChecked(), m_lower->currentTab(),
                           m_charts->currentPage()});
}

void MainWindow::resetLayout()
{
    const QSize size = firstSize(*this);
    resize(size);
    for (QAction* action :
         {m_actions->showSetup, m_actions->showGraphs, m_actions->showLowerPanel}) {
        action->setChecked(true);
    }
    m_runBar->hide();
    const int height = size.height() - kBarsHeight - kGraphsHeight - kLowerHeight;
    m_columns->setSizes({kSetupWidth, size.width() - kSetupWidth});
    m_heightOfStatistics.reset();
    m_rows->setSizes({height, kGraphsHeight, kLowerHeight});
    m_lower->setCurrentTab(LowerPanel::Statistics);
    m_charts->setCurrentPage(ChartPanel::Activity);
}

} // namespace poolscope
