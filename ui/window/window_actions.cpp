// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/window_actions.h"

#include "ui/charts/chart_panel.h"
#include "ui/panels/line_icon.h"
#include "ui/panels/lower_panel.h"
#include "ui/timeline/lane_arrangement.h"

#include <QActionGroup>

#include <array>
#include <tuple>
#include <utility>

namespace poolscope {

WindowActions::WindowActions(QObject* parent)
    : QObject(parent)
    , m_theme(Theme::light())
{
    createFileActions();
    createRunActions();
    createViewActions();
    createLaneActions();
    createHelpActions();
    setRunState(RunController::State::Idle, {});
    setDataState(false, false, false);
    setReplaying(false);
}

void WindowActions::setHelp(QAction* action, const QString& help, const QString& key)
{
    action->setToolTip(key.isEmpty() ? help : tr("%1 (%2)").arg(help, key));
}

QAction* WindowActions::add(const QString& text, const QString& help, const QKeySequence& shortcut)
{
    auto* action = new QAction(text, this);
    action->setShortcut(shortcut);
    action->setIconVisibleInMenu(false);
    setHelp(action, help, shortcut.toString(QKeySequence::NativeText));
    return action;
}

QAction* WindowActions::addToggle(const QString& text, const QString& help,
                                  const QKeySequence& shortcut)
{
    QAction* action = add(text, help, shortcut);
    action->setCheckable(true);
    return action;
}

void WindowActions::createFileActions()
{
    openRun = add(tr("&Open run…"), tr("Open a recorded run"), QKeySequence::Open);
    openRun->setIconText(tr("Open"));
    saveRun = add(tr("&Save run…"), tr("Save the run with every task, to open it again"),
                  QKeySequence::Save);
    saveRun->setIconText(tr("Save"));
    exportPicture = add(tr("Export &picture…"), tr("Export the timeline as a picture"),
                        QKeySequence(Qt::CTRL | Qt::Key_E));
    exportPicture->setIconText(tr("Export"));
    exportData = add(tr("Export &data…"), tr("Export the tasks for other programs"),
                     QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E));
    showShelf = add(tr("S&helf…"), tr("Show the runs that were kept, and compare them"),
                    QKeySequence(Qt::CTRL | Qt::Key_H));
    keepRuns = addToggle(tr("&Keep runs on the shelf"),
                         tr("Keep every run on the shelf when it has ended"));
    addFunctions = add(tr("Add &functions…"),
                       tr("Add functions of your own, from a shared library, to the workloads"));
    quit = add(tr("&Quit"), tr("Close the window"), QKeySequence(Qt::CTRL | Qt::Key_Q));
    quit->setMenuRole(QAction::QuitRole);
}

void WindowActions::createRunActions()
{
    run = add(tr("&Run"), tr("Start the run"), QKeySequence(Qt::CTRL | Qt::Key_R));
    // Not a shortcut of its own: that would take Space from buttons and lists.
    pause = add(tr("&Pause\tSpace"), {});
    stop = add(tr("&Stop"), {}, QKeySequence(Qt::CTRL | Qt::Key_Period));
    kill = add(tr("&Kill"), tr("Stop at once: kill worker processes, leave running tasks"),
               QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Period));
    replay = addToggle(tr("Repla&y"), tr("Play the run again, at any speed"),
                       QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R));
    stepBack = add(tr("To the event &before"), tr("Replay: to the event before"),
                   QKeySequence(Qt::CTRL | Qt::Key_Left));
    stepForward = add(tr("To the &next event"), tr("Replay: to the next event"),
                      QKeySequence(Qt::CTRL | Qt::Key_Right));
    scenarios = add(tr("&Teaching scenarios…"), tr("Short runs that each show one thing"),
                    QKeySequence(Qt::CTRL | Qt::Key_T));
    lab = add(tr("&Lab…"), tr("Measure workers, chunks and executors in many runs"),
              QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L));
}

void WindowActions::createViewActions()
{
    undo = add(tr("&Undo"), tr("Take back what was last done to bookmarks and the moments A and B"),
               QKeySequence(Qt::CTRL | Qt::Key_Z));
    redo = add(tr("&Redo"), tr("Do again what was taken back"),
               QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z));
    undo->setEnabled(false);
    redo->setEnabled(false);
    find = add(tr("Fin&d tasks…"), tr("Search for tasks by name, id, state or duration"),
               QKeySequence(Qt::CTRL | Qt::Key_F));
    find->setIconText(tr("Find"));
    findNext = add(tr("Ne&xt hit"), tr("Go to the next task found"), QKeySequence(Qt::Key_F3));
    findPrevious = add(tr("Pre&vious hit"), tr("Go to the previous task found"),
                       QKeySequence(Qt::SHIFT | Qt::Key_F3));
    fit = add(tr("&Fit"), tr("Show the whole run"), QKeySequence(Qt::CTRL | Qt::Key_0));
    follow = addToggle(tr("Follow &newest"), tr("Keep the newest moment in view"),
                       QKeySequence(Qt::CTRL | Qt::Key_L));
    follow->setIconText(tr("Follow"));
    zoomIn = add(tr("Zoom &in"), tr("Zoom in"), QKeySequence::ZoomIn);
    zoomIn->setShortcuts(
        {QKeySequence(QKeySequence::ZoomIn), QKeySequence(Qt::CTRL | Qt::Key_Equal)});
    zoomOut = add(tr("Zoom &out"), tr("Zoom out"), QKeySequence::ZoomOut);
    showSetup =
        addToggle(tr("&Setup"), tr("Show or hide the setup"), QKeySequence(Qt::CTRL | Qt::Key_1));
    showGraphs =
        addToggle(tr("&Graphs"), tr("Show or hide the graphs"), QKeySequence(Qt::CTRL | Qt::Key_2));
    showLowerPanel = addToggle(tr("&Lower panel"), tr("Show or hide figures and tables"),
                               QKeySequence(Qt::CTRL | Qt::Key_3));
    createTabActions();
    createGraphActions();
    resetLayout = add(tr("&Reset layout"), tr("Put all panels back in their places"));

    // Not shortcuts of their own: where plus needs Shift, Ctrl+Shift+Plus would be Ctrl+Plus, too, and
    // then neither is taken. MainWindow looks for them.
    larger = add(tr("&Larger\tCtrl+Shift++"), {});
    smaller = add(tr("&Smaller\tCtrl+Shift+-"), {});
    usualSize = add(tr("&Usual size"), tr("Give everything its usual size"),
                    QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_0));
    smooth =
        addToggle(tr("S&mooth movement"), tr("Zoom and move in some frames instead of at once"));
    smooth->setChecked(true);
    themes = new QActionGroup(this);
    const auto choices =
        std::to_array<std::pair<ThemeChoice, QString>>({{ThemeChoice::Auto, tr("&Automatic")},
                                                        {ThemeChoice::Light, tr("&Light")},
                                                        {ThemeChoice::Dark, tr("&Dark")}});
    for (const auto& [choice, text] : choices) {
        QAction* action = addToggle(text, {});
        action->setData(static_cast<int>(choice));
        themes->addAction(action);
    }
}

void WindowActions::createLaneActions()
{
    laneOrders = new QActionGroup(this);
    const auto orders =
        std::to_array<std::pair<LaneOrder, QString>>({{LaneOrder::Number, tr("By &number")},
                                                      {LaneOrder::BusyShare, tr("&Busiest first")},
                                                      {LaneOrder::Tasks, tr("&Most tasks first")},
                                                      {LaneOrder::Start, tr("By first &start")}});
    for (const auto& [order, text] : orders) {
        QAction* action = addToggle(text, {});
        action->setData(static_cast<int>(order));
        action->setChecked(order == LaneOrder::Number);
        laneOrders->addAction(action);
    }
    collapseLanes = add(tr("&Collapse all"), tr("Show one row for all workers of an executor"),
                        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Up));
    expandLanes = add(tr("&Expand all"), tr("Show a row for each worker"),
                      QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Down));
    // The timeline takes these keys itself, since in other widgets they mean other things.
    tallerLanes = add(tr("&Taller\tShift+Up"), {});
    lowerLanes = add(tr("&Lower\tShift+Down"), {});
    fitLanes = add(tr("&As high as there is room"), {});
}

void WindowActions::createTabActions()
{
    tabs = new QActionGroup(this);
    const auto choices = std::to_array<std::tuple<int, QString, QString>>({
        {LowerPanel::Statistics, tr("S&tatistics"), tr("Show the figures of each executor")},
        {LowerPanel::Range, tr("R&ange"), tr("Show all figures of a range of time")},
        {LowerPanel::Tasks, tr("Ta&sks"), tr("Show every task as a row")},
        {LowerPanel::Details, tr("&Details"), tr("Show all that is known of the selected task")},
        {LowerPanel::Why, tr("&Why"), tr("Show why the run was not faster")},
        {LowerPanel::Resizes, tr("R&esizes"), tr("Show what each change of size did")},
        {LowerPanel::WhatIf, tr("What &if"),
         tr("Show what other workers, chunks or order would do")},
        {LowerPanel::Gate, tr("&Gate"), tr("Show what every run is held against")},
    });
    for (const auto& [tab, text, help] : choices) {
        QAction* action = addToggle(text, help, QKeySequence(Qt::ALT | (Qt::Key_1 + tab)));
        action->setData(tab);
        tabs->addAction(action);
    }
}

void WindowActions::createGraphActions()
{
    graphs = new QActionGroup(this);
    const auto choices = std::to_array<std::tuple<int, QString, QString>>({
        {ChartPanel::Activity, tr("&Activity"),
         tr("Show throughput, queue depth and busy workers")},
        {ChartPanel::Usage, tr("&Processor and memory"), tr("Show what each worker used")},
        {ChartPanel::Durations, tr("&Durations"),
         tr("Show how run times and queue waits are distributed")},
    });
    for (const auto& [page, text, help] : choices) {
        QAction* action = addToggle(text, help);
        action->setData(page);
        action->setChecked(page == ChartPanel::Activity);
        graphs->addAction(action);
    }
}

void WindowActions::createHelpActions()
{
    keys = add(tr("&Keys"), tr("Show keys and mouse gestures"), QKeySequence(Qt::Key_F1));
    legend = add(tr("How to &read the timeline"), tr("Show what bars, lines and marks mean"),
                 QKeySequence(Qt::SHIFT | Qt::Key_F1));
    about = add(tr("&About Poolscope"), tr("Version and licence"));
    about->setMenuRole(QAction::AboutRole);
}

void WindowActions::setRunState(RunController::State state, const QString& problem)
{
    using State = RunController::State;
    m_state = state;
    const bool isFree = state == State::Idle || state == State::Finished;
    const bool isPaused = state == State::Paused;
    const bool isStopping = state == State::Stopping;

    run->setEnabled(isFree && problem.isEmpty());
    setHelp(run, problem.isEmpty() ? tr("Start the run") : problem,
            run->shortcut().toString(QKeySequence::NativeText));
    pause->setEnabled(isPaused || state == State::Running);
    pause->setText(isPaused ? tr("Resu&me\tSpace") : tr("&Pause\tSpace"));
    pause->setIconText(isPaused ? tr("Resume") : tr("Pause"));
    setHelp(pause,
            isPaused ? tr("Go on with the run") : tr("Hand out no more tasks; running ones go on"),
            tr("Space"));
    stop->setEnabled(!isFree);
    stop->setIconText(isStopping ? tr("Kill") : tr("Stop"));
    setHelp(stop,
            isStopping ? tr("Do not wait any longer: kill worker processes that still run")
                       : tr("Cancel what waits and ask running tasks to stop; again to kill"),
            stop->shortcut().toString(QKeySequence::NativeText));
    kill->setEnabled(!isFree);
    openRun->setEnabled(isFree);
    addFunctions->setEnabled(isFree);
    updateIcons();
}

void WindowActions::setDataState(bool hasSnapshot, bool isLive, bool isBusy)
{
    const bool isWhole = hasSnapshot && !isLive && !m_isReplaying;
    saveRun->setEnabled(isWhole && !isBusy);
    exportData->setEnabled(isWhole && !isBusy);
    replay->setEnabled(hasSnapshot && !isLive);
    exportPicture->setEnabled(hasSnapshot && !isBusy);
    for (QAction* action : {fit, zoomIn, zoomOut, find, findNext, findPrevious, collapseLanes,
                            expandLanes, tallerLanes, lowerLanes, fitLanes}) {
        action->setEnabled(hasSnapshot);
    }
    follow->setEnabled(isLive);
}

void WindowActions::setReplaying(bool isReplaying)
{
    m_isReplaying = isReplaying;
    replay->setChecked(isReplaying);
    stepBack->setEnabled(isReplaying);
    stepForward->setEnabled(isReplaying);
}

void WindowActions::setTheme(const Theme& theme)
{
    m_theme = theme;
    updateIcons();
}

void WindowActions::updateIcons()
{
    using State = RunController::State;
    const QColor onAccent = m_theme.palette.color(QPalette::HighlightedText);
    const QColor dim = m_theme.palette.color(QPalette::Disabled, QPalette::Text);
    run->setIcon(lineIcon(QStringLiteral("run"), onAccent, dim));
    const auto icons = std::to_array<std::pair<QAction*, QString>>({
        {openRun, QStringLiteral("open")},
        {saveRun, QStringLiteral("save")},
        {exportPicture, QStringLiteral("export")},
        {pause, m_state == State::Paused ? QStringLiteral("run") : QStringLiteral("pause")},
        {stop, m_state == State::Stopping ? QStringLiteral("kill") : QStringLiteral("stop")},
        {replay, QStringLiteral("replay")},
        {find, QStringLiteral("find")},
        {fit, QStringLiteral("fit")},
        {follow, QStringLiteral("follow")},
        {zoomIn, QStringLiteral("zoom-in")},
        {zoomOut, QStringLiteral("zoom-out")},
        {showSetup, QStringLiteral("panel-left")},
    });
    for (const auto& [action, name] : icons) {
        action->setIcon(lineIcon(name, m_theme));
    }
}

} // namespace poolscope
