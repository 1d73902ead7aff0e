// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// MainWindow's connections: which action and which signal does what.

#include "ui/charts/chart_panel.h"
#include "ui/lab/lab_window.h"
#include "ui/panels/find_bar.h"
#include "ui/panels/gate_panel.h"
#include "ui/panels/line_icon.h"
#include "ui/panels/lower_panel.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/replay_bar.h"
#include "ui/panels/setup_panel.h"
#include "ui/timeline/legend_bar.h"
#include "ui/timeline/mark_history.h"
#include "ui/timeline/overview_strip.h"
#include "ui/timeline/timeline_view.h"
#include "ui/window/export_controller.h"
#include "ui/window/function_loader.h"
#include "ui/window/main_window.h"
#include "ui/window/settings_store.h"
#include "ui/window/shelf_controller.h"
#include "ui/window/status_line.h"
#include "ui/window/style_sheet.h"
#include "ui/window/window_actions.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QFileInfo>
#include <QKeyEvent>
#include <QSplitter>
#include <QToolBar>

#include <algorithm>

namespace poolscope {

namespace {

constexpr double kZoomStep = 0.5;
constexpr double kScaleStep = 0.25;

} // namespace

void MainWindow::connectRun()
{
    connect(m_actions->run, &QAction::triggered, this, &MainWindow::startRun);
    connect(m_actions->pause, &QAction::triggered, this, &MainWindow::togglePause);
    connect(m_actions->stop, &QAction::triggered, &m_controller, &RunController::cancel);
    connect(m_actions->scenarios, &QAction::triggered, this, &MainWindow::showScenarios);
    connect(m_actions->kill, &QAction::triggered, &m_controller, &RunController::kill);
    connect(m_setup, &SetupPanel::changed, this, &MainWindow::updateActions);
    connect(m_setup, &SetupPanel::resizeRequested, &m_controller, &RunController::resize);
    connect(&m_controller, &RunController::resized, m_setup, &SetupPanel::showWorkers);
    connect(&m_controller, &RunController::stateChanged, this, &MainWindow::onRunStateChanged);
    connect(&m_controller, &RunController::progressChanged, m_status, &StatusLine::showProgress);
    connect(&m_controller, &RunController::progressChanged, this, [this] {
        if (!m_clock.isRunning()) {
            showNewest(); // unseen too: an old moment would keep all detail that is let go after it
        }
    });
    connect(&m_controller, &RunController::errorOccurred, this,
            [this](const QString& text) { m_message->showMessage(MessageBar::Kind::Error, text); });
}

void MainWindow::connectView()
{
    connect(&m_clock, &FrameClock::tick, this, &MainWindow::onTick);
    connect(m_timeline, &TimelineView::plotGeometryChanged, this, &MainWindow::alignCharts);
    connect(m_columns, &QSplitter::splitterMoved, this, &MainWindow::alignCharts);
    connect(m_actions->find, &QAction::triggered, m_find, &FindBar::open);
    connect(m_actions->findNext, &QAction::triggered, m_find, &FindBar::findNext);
    connect(m_actions->findPrevious, &QAction::triggered, m_find, &FindBar::findPrevious);
    connect(m_actions->fit, &QAction::triggered, &m_state, &ViewState::fit);
    connect(m_actions->follow, &QAction::triggered, &m_state, &ViewState::setFollowing);
    m_actions->follow->setChecked(m_state.isFollowing());
    connect(&m_state, &ViewState::followingChanged, m_actions->follow, &QAction::setChecked);
    connect(m_actions->zoomIn, &QAction::triggered, this, [this] { zoom(kZoomStep); });
    connect(m_actions->zoomOut, &QAction::triggered, this, [this] { zoom(1 / kZoomStep); });
    connect(m_actions->showSetup, &QAction::toggled, this, [this](bool isShown) {
        m_setup->setVisible(isShown);
        m_runBar->setVisible(!isShown);
    });
    connect(m_actions->showGraphs, &QAction::toggled, m_charts, &QWidget::setVisible);
    connect(m_actions->larger, &QAction::triggered, this,
            [this] { setScale(m_settings->scale() + kScaleStep); });
    connect(m_actions->smaller, &QAction::triggered, this,
            [this] { setScale(m_settings->scale() - kScaleStep); });
    connect(m_actions->usualSize, &QAction::triggered, this, [this] { setScale(1); });
    connect(m_actions->smooth, &QAction::toggled, this, [this](bool isSmooth) {
        m_settings->setSmooth(isSmooth);
        m_timeline->setSmooth(isSmooth);
    });
    connect(m_actions->graphs, &QActionGroup::triggered, this, [this](const QAction* action) {
        m_actions->showGraphs->setChecked(true);
        m_charts->setCurrentPage(action->data().toInt());
    });
    connect(m_charts, &ChartPanel::currentPageChanged, this,
            [this](int page) { m_actions->graphs->actions()[page]->setChecked(true); });
    connect(m_actions->showLowerPanel, &QAction::toggled, m_lower, &QWidget::setVisible);
    connect(m_actions->tabs, &QActionGroup::triggered, this, &MainWindow::showTab);
    connect(m_lower, &LowerPanel::traceWanted, this, [this](const SnapshotPtr& trace) {
        if (m_controller.canStart()) {
            setReplaying(false);
            m_controller.showTrace(trace);
            showNewest();
            m_state.fit();
        }
    });
    connect(&m_lower->gate(), &GatePanel::conditionsChanged, this,
            [this](const QString& lines) { m_settings->setGate(lines); });
    connect(m_lower, &LowerPanel::labWanted, this, &MainWindow::openLab);
    connect(m_lower, &LowerPanel::runWanted, this, &MainWindow::runThis);
    connect(m_lower, &LowerPanel::chunkWanted, this, [this](int chunk) {
        RunSettings settings = m_setup->settings();
        settings.chunk = chunk;
        m_setup->setSettings(settings);
    });
    connect(m_lower, &LowerPanel::workersWanted, this, [this](int executor, int workers) {
        RunSettings settings = m_setup->settings();
        const std::string& kind =
            m_state.snapshot()->meta->executors[static_cast<std::size_t>(executor)].kind;
        for (ExecutorSettings& chosen : settings.executors) {
            chosen.workers = chosen.kind == kind ? workers : chosen.workers;
        }
        m_setup->setSettings(settings);
    });
    connect(m_lower, &LowerPanel::currentTabChanged, this, [this](int tab) {
        m_actions->tabs->actions()[tab]->setChecked(true);
        makeRoomBelow(tab);
    });
    connect(m_rows, &QSplitter::splitterMoved, this, [this] { m_heightOfStatistics.reset(); });
    connect(m_actions->resetLayout, &QAction::triggered, this, &MainWindow::resetLayout);
    connect(m_actions->themes, &QActionGroup::triggered, this, [this](const QAction* action) {
        applyThemeChoice(static_cast<ThemeChoice>(action->data().toInt()));
    });
}

void MainWindow::connectMarks()
{
    MarkHistory& history = m_state.markHistory();
    connect(m_actions->undo, &QAction::triggered, &history, &QUndoStack::undo);
    connect(m_actions->redo, &QAction::triggered, &history, &QUndoStack::redo);
    connect(&history, &QUndoStack::canUndoChanged, m_actions->undo, &QAction::setEnabled);
    connect(&history, &QUndoStack::canRedoChanged, m_actions->redo, &QAction::setEnabled);
    QAction* undo = m_actions->undo;
    connect(&history, &QUndoStack::undoTextChanged, undo, [undo](const QString& what) {
        undo->setText(what.isEmpty() ? tr("&Undo") : tr("&Undo: %1").arg(what));
    });
    QAction* redo = m_actions->redo;
    connect(&history, &QUndoStack::redoTextChanged, redo, [redo](const QString& what) {
        redo->setText(what.isEmpty() ? tr("&Redo") : tr("&Redo: %1").arg(what));
    });
}

void MainWindow::connectLanes()
{
    const auto change = [this](const auto& apply) {
        return [this, apply] {
            LaneArrangement arrangement = m_state.arrangement();
            apply(arrangement);
            m_state.setArrangement(arrangement);
        };
    };
    connect(m_actions->laneOrders, &QActionGroup::triggered, this, [this](const QAction* action) {
        LaneArrangement arrangement = m_state.arrangement();
        arrangement.order = static_cast<LaneOrder>(action->data().toInt());
        m_state.setArrangement(arrangement);
    });
    connect(m_actions->collapseLanes, &QAction::triggered, this,
            change([](LaneArrangement& lanes) { lanes.collapsed = ~std::uint64_t{0}; }));
    connect(m_actions->expandLanes, &QAction::triggered, this,
            change([](LaneArrangement& lanes) { lanes.collapsed = 0; }));
    connect(m_actions->fitLanes, &QAction::triggered, this,
            change([](LaneArrangement& lanes) { lanes.laneHeight = 0; }));
    connect(m_actions->tallerLanes, &QAction::triggered, m_timeline,
            &TimelineView::makeLanesTaller);
    connect(m_actions->lowerLanes, &QAction::triggered, m_timeline, &TimelineView::makeLanesLower);
}

void MainWindow::connectReplay()
{
    connect(m_actions->replay, &QAction::toggled, this, &MainWindow::setReplaying);
    connect(m_replayBar, &ReplayBar::closeRequested, this, [this] { setReplaying(false); });
    connect(m_actions->stepBack, &QAction::triggered, &m_replay, &ReplayPlayer::stepBack);
    connect(m_actions->stepForward, &QAction::triggered, &m_replay, &ReplayPlayer::stepForward);
    connect(&m_replay, &ReplayPlayer::momentChanged, this, [this] {
        showNewest();
        followReplay();
    });
}

void MainWindow::connectFiles()
{
    ExportController* exporter = m_exporter.get();
    connect(m_actions->openRun, &QAction::triggered, exporter, &ExportController::askOpenRun);
    connect(m_actions->saveRun, &QAction::triggered, exporter, &ExportController::askSaveRun);
    connect(m_actions->exportPicture, &QAction::triggered, exporter,
            &ExportController::askExportPicture);
    connect(m_actions->exportData, &QAction::triggered, exporter, &ExportController::askExportData);
    exporter->setVisibleLanes([this] { return m_timeline->visibleLanes(); });
    connect(m_actions->quit, &QAction::triggered, this, &QWidget::close);
    connect(exporter, &ExportController::opened, this,
            [this](const SnapshotPtr& run, const QString& path) {
                showRun(run, QFileInfo(path).fileName());
            });
    connect(exporter, &ExportController::activityChanged, m_status, &StatusLine::showActivity);
    connect(exporter, &ExportController::activityChanged, this, &MainWindow::updateActions);
    connect(exporter, &ExportController::failed, this,
            [this](const QString& text) { m_message->showMessage(MessageBar::Kind::Error, text); });
    connect(exporter, &ExportController::succeeded, this, [this](const QString& text) {
        m_message->showMessage(MessageBar::Kind::Information, text);
    });
}

void MainWindow::connectLab()
{
    connect(m_actions->lab, &QAction::triggered, this, &MainWindow::openLab);
    connect(m_setup, &SetupPanel::changed, this, &MainWindow::updateLab);
    connect(m_lab.get(), &LabWindow::runningChanged, this, [this](bool isRunning) {
        m_status->showActivity(isRunning ? tr("The Lab measures") : QString());
        updateActions();
    });
    connect(m_lab.get(), &LabWindow::chunkWanted, this, [this](int chunk) {
        RunSettings settings = m_setup->settings();
        settings.chunk = chunk;
        m_setup->setSettings(settings);
    });
    connect(m_lab.get(), &LabWindow::workersWanted, this, [this](const QString& kind, int workers) {
        RunSettings settings = m_setup->settings();
        const std::string wanted = kind.toStdString();
        const auto chosen = std::ranges::find(settings.executors, wanted, &ExecutorSettings::kind);
        if (chosen == settings.executors.end()) {
            settings.executors.push_back({wanted, workers});
        } else {
            chosen->workers = workers;
        }
        m_setup->setSettings(settings);
    });
}

void MainWindow::updateLab()
{
    m_lab->setOtherRunning(!m_controller.canStart());
    m_lab->setJob(m_setup->settings(), m_setup->problem());
}

void MainWindow::openLab()
{
    updateLab();
    m_lab->show();
    m_lab->raise();
    m_lab->activateWindow();
}

void MainWindow::connectFunctions()
{
    const FunctionLoader* functions = m_functions.get();
    connect(m_actions->addFunctions, &QAction::triggered, functions, &FunctionLoader::ask);
    connect(functions, &FunctionLoader::added, this, &MainWindow::onFunctionsAdded);
    connect(functions, &FunctionLoader::failed, this,
            [this](const QString& text) { m_message->showMessage(MessageBar::Kind::Error, text); });
    connect(functions, &FunctionLoader::forgotten, this, [this](const QString& text) {
        m_message->showMessage(MessageBar::Kind::Information, text);
    });
}

void MainWindow::connectShelf()
{
    const ShelfController* shelf = m_shelf.get();
    connect(m_actions->keepRuns, &QAction::toggled, this, [this](bool keepsRuns) {
        m_settings->setKeepsRuns(keepsRuns);
        m_shelf->setKeepsRuns(keepsRuns);
    });
    connect(m_actions->showShelf, &QAction::triggered, m_shelf.get(), &ShelfController::showShelf);
    connect(shelf, &ShelfController::openWanted, this,
            [this](const SnapshotPtr& run, const QString& title) {
                showRun(run, title);
                raise();
                activateWindow();
            });
    connect(shelf, &ShelfController::failed, this,
            [this](const QString& text) { m_message->showMessage(MessageBar::Kind::Error, text); });
    connect(shelf, &ShelfController::noticed, this, [this](const QString& text) {
        m_message->showMessage(MessageBar::Kind::Information, text);
    });
}

} // namespace poolscope
