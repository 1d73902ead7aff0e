// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/experiment.h"
#include "ui/common/theme.h"

#include <QTimer>
#include <QWidget>

#include <vector>

QT_FORWARD_DECLARE_CLASS(QFrame)
QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QProgressBar)
QT_FORWARD_DECLARE_CLASS(QPushButton)
QT_FORWARD_DECLARE_CLASS(QStackedWidget)
QT_FORWARD_DECLARE_CLASS(QTabBar)

namespace poolscope {

class ChunksPage;
class DuelPage;
class ElidedLabel;
class LabPage;
class MessageBar;
class WorkersPage;

/// The Lab: measures a job many times and says what that proves: how many workers, which chunks,
/// which executor. A window of its own; while it is closed nothing of it runs. GUI thread.
class LabWindow : public QWidget
{
    Q_OBJECT

public:
    /// In the order of the tabs.
    enum Tab { Workers, Chunks, Duel };

    explicit LabWindow(QWidget* parent = nullptr);
    ~LabWindow() override;

    /// The job to measure; while the Lab runs it is taken when that has ended. \p problem: why it cannot run, or
    /// empty.
    void setJob(const RunSettings& job, const QString& problem);
    /// A run outside of the Lab goes on: nothing is measured beside it.
    void setOtherRunning(bool isRunning);
    void setTheme(const Theme& theme);
    void setCurrentTab(Tab tab);

    [[nodiscard]] bool isRunning() const { return m_experiment.isRunning(); }
    /// Ends what runs, if anything does; runningChanged() follows.
    void stop();

    // Parts, for tests.
    [[nodiscard]] WorkersPage& workersPage() const { return *m_workers; }
    [[nodiscard]] ChunksPage& chunksPage() const { return *m_chunks; }
    [[nodiscard]] DuelPage& duelPage() const { return *m_duel; }
    [[nodiscard]] QPushButton& startButton() const { return *m_start; }
    [[nodiscard]] QPushButton& stopButton() const { return *m_stop; }
    [[nodiscard]] MessageBar& messageBar() const { return *m_message; }
    [[nodiscard]] QString jobLine() const;
    [[nodiscard]] QString progressText() const;

signals:
    void runningChanged(bool isRunning);
    /// As in LabPage.
    void workersWanted(const QString& kind, int workers);
    void chunkWanted(int chunk);

protected:
    void closeEvent(QCloseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void addPage(LabPage* page, const QString& title, const QString& help);
    QWidget* createSide();
    void connectExperiment();
    void start();
    void onRunStarted(int index, int arm, int round);
    void onFinished();
    void showJob();
    void updateSideWidth();
    void updateState();
    [[nodiscard]] LabPage& page() const;
    [[nodiscard]] QString startProblem() const;

    Experiment m_experiment;
    QTimer m_killTimer; ///< after the window was closed
    RunSettings m_job;
    QString m_jobProblem;
    bool m_isOtherRunning = false;
    LabPage* m_running = nullptr; ///< whose experiment goes on
    Theme m_theme;

    std::vector<LabPage*> m_pages;
    WorkersPage* m_workers;
    ChunksPage* m_chunks;
    DuelPage* m_duel;
    MessageBar* m_message;
    QTabBar* m_tabs;
    ElidedLabel* m_jobLine;
    QFrame* m_side = nullptr; ///< forms and buttons
    QStackedWidget* m_forms;
    QStackedWidget* m_results;
    QLabel* m_hint = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
};

} // namespace poolscope
