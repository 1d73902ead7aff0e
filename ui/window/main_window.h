// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/run_controller.h"
#include "ui/common/frame_clock.h"
#include "ui/common/theme.h"
#include "ui/timeline/replay_player.h"
#include "ui/timeline/view_state.h"

#include <QMainWindow>

#include <memory>
#include <optional>

QT_FORWARD_DECLARE_CLASS(QSplitter)
QT_FORWARD_DECLARE_CLASS(QToolBar)

namespace poolscope {

class ChartPanel;
class ExportController;
class FindBar;
class FunctionLoader;
class LabWindow;
class LegendBar;
class LowerPanel;
class MessageBar;
class OverviewStrip;
class ReplayBar;
class ScenarioWindow;
class SettingsStore;
class SetupPanel;
class ShelfController;
class StatusLine;
class TimelineView;
class WindowActions;

/// The window: puts panels, timeline, graphs and actions together and gives them the newest snapshot
/// at every frame while a run goes on. What it shows is in ViewState. GUI thread.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    /// \p controller must outlive the window. Restores how the window was left.
    explicit MainWindow(RunController& controller, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Reads and shows a recorded run; says so in the message bar when that fails.
    void openRunFile(const QString& path);
    /// Says in the message bar what went wrong before there was a window; nothing when \p problems is empty.
    void showProblems(const QStringList& problems);
    /// Fills the setup panel, as if it had been typed there.
    void setRunSettings(const RunSettings& settings);

    // Parts, for tests.
    [[nodiscard]] ViewState& viewState() { return m_state; }
    [[nodiscard]] SetupPanel& setupPanel() { return *m_setup; }
    [[nodiscard]] WindowActions& actions() { return *m_actions; }
    [[nodiscard]] ExportController& exporter() { return *m_exporter; }
    [[nodiscard]] FindBar& findBar() { return *m_find; }
    [[nodiscard]] FunctionLoader& functionLoader() { return *m_functions; }
    [[nodiscard]] LabWindow& lab() { return *m_lab; }
    [[nodiscard]] LowerPanel& lowerPanel() { return *m_lower; }
    [[nodiscard]] ShelfController& shelf() { return *m_shelf; }
    [[nodiscard]] MessageBar& messageBar() { return *m_message; }
    [[nodiscard]] StatusLine& statusLine() { return *m_status; }
    [[nodiscard]] const FrameClock& frameClock() const { return m_clock; }
    [[nodiscard]] ReplayPlayer& replayPlayer() { return m_replay; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void createPanels();
    void createLayout();
    void createMenus();
    void createToolBars();
    void connectRun();
    void connectView();
    void connectMarks();
    void connectLanes();
    void connectReplay();
    void connectFiles();
    void connectFunctions();
    void showScenarios();
    void updateScenarios();
    void tellScenarios(RunController::State state);
    void connectShelf();
    void connectLab();
    void restoreSettings();
    void saveSettings();

    void startRun();
    /// Sets it up and runs it, if a run can start now.
    void runThis(const RunSettings& settings);
    void togglePause();
    void onRunStateChanged(RunController::State state);
    void showEmptyText(RunController::State state);
    void onFunctionsAdded(const QString& workload, const QString& message);
    /// \p name: what the run is called.
    void showRun(const SnapshotPtr& snapshot, const QString& name);
    void onTick();
    void showNewest();
    void setReplaying(bool isReplaying);
    void followReplay();
    void updateClock();
    void updateActions();
    void updateLab();
    void openLab();
    void updateTitle(const QString& runName);
    void zoom(double factor);
    void alignCharts();
    void applyThemeChoice(ThemeChoice choice);
    void setScale(double scale);
    void makeRoomBelow(int tab);
    void resetLayout();
    void showTab(const QAction* action);

    RunController& m_controller;
    std::unique_ptr<SettingsStore> m_settings;
    ViewState m_state;
    FrameClock m_clock;
    ReplayPlayer m_replay{m_clock};
    std::unique_ptr<WindowActions> m_actions;
    std::unique_ptr<ExportController> m_exporter;
    std::unique_ptr<FunctionLoader> m_functions;
    std::unique_ptr<ShelfController> m_shelf;
    std::unique_ptr<LabWindow> m_lab; ///< a window of its own

    // Children
    MessageBar* m_message = nullptr;
    SetupPanel* m_setup = nullptr;
    OverviewStrip* m_overview = nullptr; ///< above the timeline, in its card
    FindBar* m_find = nullptr;
    TimelineView* m_timeline = nullptr;
    ReplayBar* m_replayBar = nullptr; ///< likewise, while a run is replayed
    LegendBar* m_legend = nullptr; ///< below the timeline, in its card
    ChartPanel* m_charts = nullptr;
    LowerPanel* m_lower = nullptr;
    StatusLine* m_status = nullptr;
    ScenarioWindow* m_scenarios = nullptr; ///< null until it is asked for
    QSplitter* m_columns = nullptr;
    QSplitter* m_rows = nullptr;
    std::optional<int>
        m_heightOfStatistics; ///< of the lower panel, while another tab has room lent
    QToolBar* m_runBar = nullptr; ///< shown while the setup panel is not
};

} // namespace poolscope
