// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/main_window.h"

#include "core/base/thread_priority.h"
#include "ui/charts/chart_panel.h"
#include "ui/lab/lab_window.h"
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
#include "ui/window/shelf_controller.h"
#include "ui/window/status_line.h"
#include "ui/window/style_sheet.h"
#include "ui/window/window_actions.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QSplitter>
#include <QToolBar>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

constexpr double kLargestScale = 2.5;

} // namespace

MainWindow::MainWindow(RunController& controller, QWidget* parent)
    : QMainWindow(parent)
    , m_controller(controller)
    , m_settings(std::make_unique<SettingsStore>())
    , m_actions(std::make_unique<WindowActions>(this))
    , m_exporter(std::make_unique<ExportController>(m_state, *m_settings, *this))
    , m_functions(std::make_unique<FunctionLoader>(*m_settings, *this))
    , m_shelf(std::make_unique<ShelfController>(controller))
    , m_lab(std::make_unique<LabWindow>())
{
    takeShortTurns(); // frames are due while pools want all processors
    setWindowIcon(programIcon());
    createPanels();
    createLayout();
    createMenus();
    createToolBars();
    connectRun();
    connectView();
    connectMarks();
    connectLanes();
    connectReplay();
    connectFiles();
    connectFunctions();
    connectShelf();
    connectLab();
    restoreSettings();
    QCoreApplication::instance()->installEventFilter(this);
    onRunStateChanged(m_controller.state());
}

MainWindow::~MainWindow()
{
    // The views look at the state to their end, and children go after the members.
    delete takeCentralWidget();
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

void MainWindow::runThis(const RunSettings& settings)
{
    RunSettings wanted = settings;
    wanted.workerProgram = m_setup->settings().workerProgram;
    m_setup->setSettings(wanted);
    m_actions->run->trigger();
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
    tellScenarios(state);
    updateLab();
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

void MainWindow::showRun(const SnapshotPtr& snapshot, const QString& name)
{
    if (!m_controller.canStart()) {
        m_message->showMessage(MessageBar::Kind::Error,
                               tr("“%1” was not opened, since a run has begun meanwhile. Open it "
                                  "when the run has ended.")
                                   .arg(name));
        return;
    }
    m_message->hide();
    setReplaying(false);
    m_controller.showTrace(snapshot);
    showNewest();
    updateActions();
    updateTitle(name);
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
    m_status->showDetail(now);
}

void MainWindow::updateClock()
{
    m_clock.setRunning(!m_controller.canStart() && isVisible() && !isMinimized());
}

void MainWindow::updateActions()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    m_actions->setRunState(m_controller.state(),
                           m_lab->isRunning()
                               ? tr("The Lab measures, and a run would disturb it. Run when it "
                                    "has ended, or stop it there.")
                               : m_setup->problem());
    m_actions->setDataState(snapshot != nullptr, snapshot && snapshot->isLive,
                            m_exporter->isBusy());
    updateScenarios();
    m_lower->setCanRun(m_actions->run->isEnabled());
}

void MainWindow::updateTitle(const QString& runName)
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    if (!snapshot) {
        setWindowTitle(tr("Poolscope"));
        return;
    }
    const QString name =
        runName.isEmpty() ? QString::fromStdString(snapshot->meta->title) : runName;
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
    m_shelf->setTheme(theme);
    m_lab->setStyleSheet(styleSheet());
    m_lab->setTheme(theme);
}

/// Tables and details need more room than the few rows of the statistics: the timeline lends it, and gets it back
/// with them, unless the user has drawn the border meanwhile.
void MainWindow::makeRoomBelow(int tab)
{
    constexpr int kRoom = 196;
    QList<int> heights = m_rows->sizes();
    int wanted = std::max(heights.last(), qRound(scaledPx(kRoom, font())));
    if (tab == LowerPanel::Statistics) {
        wanted = std::exchange(m_heightOfStatistics, std::nullopt).value_or(heights.last());
    } else if (!m_heightOfStatistics) {
        m_heightOfStatistics = heights.last();
    }
    if (m_lower->isVisible() && wanted != heights.last()) {
        heights.first() -= wanted - heights.last();
        heights.last() = wanted;
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
    m_shelf->closeWindows();
    m_lab->close();
    m_lab->stop(); // once more: nobody is there to wait for tasks that do not listen
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
