// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/main_window.h"

#include "ui/charts/chart_panel.h"
#include "ui/panels/find_bar.h"
#include "ui/panels/line_icon.h"
#include "ui/panels/lower_panel.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/replay_bar.h"
#include "ui/panels/setup_panel.h"
#include "ui/timeline/legend_bar.h"
#include "ui/timeline/overview_strip.h"
#include "ui/timeline/timeline_view.h"
#include "ui/window/export_controller.h"
#include "ui/window/function_loader.h"
#include "ui/window/settings_store.h"
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
constexpr double kLargestScale = 2.5;

} // namespace

MainWindow::MainWindow(RunController& controller, QWidget* parent)
    : QMainWindow(parent)
    , m_controller(controller)
    , m_settings(std::make_unique<SettingsStore>())
    , m_actions(std::make_unique<WindowActions>(this))
    , m_exporter(std::make_unique<ExportController>(m_state, *m_settings, *this))
    , m_functions(std::make_unique<FunctionLoader>(*m_settings, *this))
{
    setWindowIcon(programIcon());
    createPanels();
    createLayout();
    createMenus();
    createToolBars();
    connectRun();
    connectView();
    connectLanes();
    connectReplay();
    connectFiles();
    connectFunctions();
    restoreSettings();
    QCoreApplication::instance()->installEventFilter(this);
    onRunStateChanged(m_controller.state());
}

MainWindow::~MainWindow()
{
    // The views look at the state to their end, and children go after the members.
    delete takeCentralWidget();
}

void MainWindow::connectRun()
{
    connect(m_actions->run, &QAction::triggered, this, &MainWindow::startRun);
    connect(m_actions->pause, &QAction::triggered, this, &MainWindow::togglePause);
    connect(m_actions->stop, &QAction::triggered, &m_controller, &RunController::cancel);
    connect(m_actions->kill, &QAction::triggered, &m_controller, &RunController::kill);
    connect(m_setup, &SetupPanel::changed, this, &MainWindow::updateActions);
    connect(m_setup, &SetupPanel::resizeRequested, &m_controller, &RunController::resize);
    connect(&m_controller, &RunController::resized, m_setup, &SetupPanel::showWorkers);
    connect(&m_controller, &RunController::stateChanged, this, &MainWindow::onRunStateChanged);
    connect(&m_controller, &RunController::progressChanged, m_status, &StatusLine::showProgress);
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
    connect(m_actions->showLowerPanel, &QAction::toggled, m_lower, &QWidget::setVisible);
    connect(m_actions->tabs, &QActionGroup::triggered, this, &MainWindow::showTab);
    connect(m_lower, &LowerPanel::currentTabChanged, this,
            [this](int tab) {
                m_actions->tabs->actions()[tab]->setChecked(true);
                if (tab != LowerPanel::Statistics) {
                    makeRoomBelow();
                }
            });
    connect(m_actions->resetLayout, &QAction::triggered, this, &MainWindow::resetLayout);
    connect(m_actions->themes, &QActionGroup::triggered, this, [this](const QAction* action) {
        applyThemeChoice(static_cast<ThemeChoice>(action->data().toInt()));
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

void MainWindow::setReplaying(bool isReplaying)
{
    if (isReplaying == m_replay.hasRun()) {
        return;
    }
    const SnapshotPtr& snapshot = m_state.snapshot();
    isReplaying = isReplaying && snapshot && !snapshot->isLive;
    m_actions->setReplaying(isReplaying);
    m_replayBar->setVisible(isReplaying);
    m_replay.setRun(isReplaying ? snapshot : nullptr);
    showNewest();
    updateActions();
    if (isReplaying) {
        m_replay.setPlaying(true);
    }
}

/// Keeps the moment in view while it plays: turns a page when it has left the visible range.
void MainWindow::followReplay()
{
    const TimeRange visible = m_state.visible();
    if (m_replay.hasRun() && !visible.contains(m_replay.positionNs()) &&
        m_replay.positionNs() < m_replay.endNs()) {
        constexpr Nanos kMarginPart = 10;
        m_state.panBy(m_replay.positionNs() - visible.beginNs - visible.duration() / kMarginPart);
    }
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
    connect(exporter, &ExportController::opened, this, &MainWindow::onOpened);
    connect(exporter, &ExportController::activityChanged, m_status, &StatusLine::showActivity);
    connect(exporter, &ExportController::activityChanged, this, &MainWindow::updateActions);
    connect(exporter, &ExportController::failed, this,
            [this](const QString& text) { m_message->showMessage(MessageBar::Kind::Error, text); });
    connect(exporter, &ExportController::succeeded, this, [this](const QString& text) {
        m_message->showMessage(MessageBar::Kind::Information, text);
    });
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

void MainWindow::onFunctionsAdded(const QString& workload, const QString& message)
{
    m_setup->updateWorkloads();
    if (m_controller.canStart()) { // else one has begun meanwhile, and the form shows it
        m_setup->setWorkload(workload);
    }
    m_message->showMessage(MessageBar::Kind::Information, message);
}

void MainWindow::openRunFile(const QString& path)
{
    m_exporter->openRun(path);
}

void MainWindow::showProblems(const QStringList& problems)
{
    if (!problems.isEmpty()) {
        m_message->showMessage(MessageBar::Kind::Error, problems.join(QLatin1Char('\n')));
    }
}

void MainWindow::setRunSettings(const RunSettings& settings)
{
    m_setup->setSettings(settings);
}

void MainWindow::startRun()
{
    m_message->hide();
    setReplaying(false);
    saveSettings();
    m_controller.start(m_setup->settings());
}

void MainWindow::togglePause()
{
    if (m_controller.state() == RunController::State::Paused) {
        m_controller.resume();
    } else {
        m_controller.pause();
    }
}

void MainWindow::onRunStateChanged(RunController::State state)
{
    m_setup->setState(state);
    m_status->showState(state);
    showEmptyText(state);
    showNewest();
    updateClock();
    updateActions();
    if (state == RunController::State::Starting) {
        updateTitle({});
    }
}

void MainWindow::showEmptyText(RunController::State state)
{
    m_timeline->setEmptyText(
        state == RunController::State::Starting
            ? tr("Starting the workers …")
            : tr("Press Run to see the same job on threads and on processes, task by task.\n"
                 "Or open a recorded run with Ctrl+O."));
}

void MainWindow::onOpened(const SnapshotPtr& snapshot, const QString& path)
{
    if (!m_controller.canStart()) {
        m_message->showMessage(MessageBar::Kind::Error,
                               tr("“%1” was not opened, since a run has begun meanwhile. Open it "
                                  "when the run has ended.")
                                   .arg(path));
        return;
    }
    m_message->hide();
    setReplaying(false);
    m_controller.showTrace(snapshot);
    showNewest();
    updateActions();
    updateTitle(QFileInfo(path).fileName());
}

void MainWindow::onTick()
{
    showNewest();
}

void MainWindow::showNewest()
{
    const SnapshotPtr& shown = m_state.snapshot();
    const bool wasThere = shown != nullptr;
    const bool wasLive = wasThere && shown->isLive;
    const auto metaBefore = wasThere ? shown->meta : nullptr;
    m_state.setSnapshot(m_replay.hasRun() ? m_replay.moment() : m_controller.snapshot());
    const SnapshotPtr& now = m_state.snapshot();
    const bool hasTurned = wasThere != (now != nullptr) || wasLive != (now && now->isLive);
    if (hasTurned) {
        updateActions();
        updateTitle({});
    }
    if (hasTurned || (now && now->meta != metaBefore)) {
        m_status->showRecording(now);
    }
}

void MainWindow::updateClock()
{
    m_clock.setRunning(!m_controller.canStart() && isVisible() && !isMinimized());
}

void MainWindow::updateActions()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    m_actions->setRunState(m_controller.state(), m_setup->problem());
    m_actions->setDataState(snapshot != nullptr, snapshot && snapshot->isLive,
                            m_exporter->isBusy());
}

void MainWindow::updateTitle(const QString& fileName)
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    if (!snapshot) {
        setWindowTitle(tr("Poolscope"));
        return;
    }
    const QString name =
        fileName.isEmpty() ? QString::fromStdString(snapshot->meta->title) : fileName;
    setWindowTitle(tr("%1 – Poolscope").arg(name));
}

void MainWindow::zoom(double factor)
{
    const bool isLive = m_state.snapshot() && m_state.snapshot()->isLive;
    const bool wasFollowing = m_state.isFollowing() && isLive;
    const TimeRange visible = m_state.visible();
    m_state.zoomAt(wasFollowing ? visible.endNs : visible.beginNs + visible.duration() / 2, factor);
    if (wasFollowing) {
        m_state.setFollowing(true);
    }
}

void MainWindow::showTab(const QAction* action)
{
    m_actions->showLowerPanel->setChecked(true);
    m_lower->setCurrentTab(action->data().toInt());
    m_lower->takeFocus();
}

void MainWindow::alignCharts()
{
    const int left = m_timeline->mapTo(this, QPoint(m_timeline->plotLeft(), 0)).x() -
                     m_charts->mapTo(this, QPoint(0, 0)).x();
    m_charts->setPlotGeometry(left, m_timeline->plotWidth());
    m_overview->setPlotGeometry(m_timeline->plotLeft(), m_timeline->plotWidth());
}

void MainWindow::applyThemeChoice(ThemeChoice choice)
{
    m_settings->setTheme(choice);
    const Theme theme = themeFor(choice);
    applyTheme(theme, m_settings->scale());
    setStyleSheet(windowStyleSheet(theme));
    m_actions->setTheme(theme);
    m_message->setTheme(theme);
    m_setup->setTheme(theme);
    m_overview->setTheme(theme);
    m_find->setTheme(theme);
    m_timeline->setTheme(theme);
    m_replayBar->setTheme(theme);
    m_legend->setTheme(theme);
    m_charts->setTheme(theme);
    m_lower->setTheme(theme);
}

/// Tables and details need more room than the few rows of the statistics; the timeline gives it.
void MainWindow::makeRoomBelow()
{
    constexpr int kRoom = 196;
    QList<int> heights = m_rows->sizes();
    const int missing = qRound(scaledPx(kRoom, font())) - heights.last();
    if (m_lower->isVisible() && missing > 0) {
        heights.first() -= missing;
        heights.last() += missing;
        m_rows->setSizes(heights);
    }
}

void MainWindow::setScale(double scale)
{
    const double before = m_settings->scale();
    m_settings->setScale(std::clamp(scale, 1.0, kLargestScale));
    applyThemeChoice(m_settings->theme());
    QList<int> widths = m_columns->sizes();
    widths[0] = qRound(widths[0] * m_settings->scale() / before);
    m_columns->setSizes(widths);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    saveSettings();
    if (!m_controller.canStart()) {
        m_controller.kill(); // the controller waits for what is left when it goes
    }
    QMainWindow::closeEvent(event);
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange) {
        updateClock();
    }
}

void MainWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    showNewest();
    updateClock();
}

void MainWindow::hideEvent(QHideEvent* event)
{
    QMainWindow::hideEvent(event);
    updateClock();
}

/// Takes the keys of the size before shortcuts see them (WindowActions says why).
bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && isActiveWindow()) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const Qt::KeyboardModifiers modifiers = key->modifiers() & ~Qt::KeypadModifier;
        const bool isLarger = key->key() == Qt::Key_Plus || key->key() == Qt::Key_Equal;
        const bool isSmaller = key->key() == Qt::Key_Minus || key->key() == Qt::Key_Underscore;
        if (modifiers == (Qt::ControlModifier | Qt::ShiftModifier) && (isLarger || isSmaller)) {
            (isLarger ? m_actions->larger : m_actions->smaller)->trigger();
            event->accept();
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::keyPressEvent(QKeyEvent* event)
{
    // Comes here only when the widget with the focus has no use for Space.
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier) {
        if (m_replay.hasRun()) {
            m_replay.setPlaying(!m_replay.isPlaying());
        } else {
            m_actions->pause->trigger();
        }
        return;
    }
    QMainWindow::keyPressEvent(event);
}

} // namespace poolscope
