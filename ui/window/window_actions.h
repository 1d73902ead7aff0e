// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/run_controller.h"
#include "ui/common/theme.h"

#include <QAction>
#include <QObject>

class QActionGroup;

namespace poolscope {

/// All that can be done in the window, each once: menus, toolbar and buttons show the same actions.
/// GUI thread.
class WindowActions : public QObject
{
    Q_OBJECT

public:
    explicit WindowActions(QObject* parent);

    // File
    QAction* openRun;
    QAction* saveRun;
    QAction* exportPicture;
    QAction* exportData;
    QAction* showShelf;
    QAction* keepRuns; ///< on the shelf, when they end
    QAction* addFunctions;
    QAction* quit;
    // Run
    QAction* run;
    QAction* pause; ///< and resume; Space, which MainWindow handles
    QAction* stop; ///< while stopping: kill
    QAction* kill;
    QAction* replay; ///< shows the replay of a finished run
    QAction* stepBack;
    QAction* stepForward;
    QAction* scenarios;
    QAction* lab; ///< opens the Lab
    // View
    QAction* undo; ///< of bookmarks and the moments A and B
    QAction* redo;
    QAction* find;
    QAction* findNext;
    QAction* findPrevious;
    QAction* fit;
    QAction* follow;
    QAction* zoomIn;
    QAction* zoomOut;
    QAction* showSetup;
    QAction* showGraphs;
    QAction* showLowerPanel;
    QActionGroup* tabs; ///< of the lower panel; their data are LowerPanel::Tab
    QActionGroup* graphs; ///< pages of the graphs; their data are ChartPanel::Page
    QAction* resetLayout;
    QAction* larger; ///< all of the window
    QAction* smaller;
    QAction* usualSize;
    QAction* smooth; ///< movement of the timeline
    QActionGroup* themes; ///< their data are ThemeChoice
    QActionGroup* laneOrders; ///< their data are LaneOrder
    QAction* collapseLanes;
    QAction* expandLanes;
    QAction* tallerLanes;
    QAction* lowerLanes;
    QAction* fitLanes;
    // Help
    QAction* keys;
    QAction* legend;
    QAction* about;

    /// \p problem: why a run cannot start, or empty.
    void setRunState(RunController::State state, const QString& problem);
    /// \p isBusy: a file is being written or read.
    void setDataState(bool hasSnapshot, bool isLive, bool isBusy);
    /// While a run is replayed only a moment of it is there to be saved.
    void setReplaying(bool isReplaying);
    void setTheme(const Theme& theme);

private:
    QAction* add(const QString& text, const QString& help, const QKeySequence& shortcut = {});
    QAction* addToggle(const QString& text, const QString& help, const QKeySequence& shortcut = {});
    void createFileActions();
    void createRunActions();
    void createViewActions();
    void createLaneActions();
    void createTabActions();
    void createGraphActions();
    void createHelpActions();
    void setHelp(QAction* action, const QString& help, const QString& key);
    void updateIcons();

    Theme m_theme;
    RunController::State m_state = RunController::State::Idle;
    bool m_isReplaying = false;
};

} // namespace poolscope
