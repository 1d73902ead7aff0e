// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/run_controller.h"
#include "ui/common/theme.h"

#include <QFrame>

#include <map>
#include <string>
#include <vector>

QT_FORWARD_DECLARE_CLASS(QAction)
QT_FORWARD_DECLARE_CLASS(QComboBox)
QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QVBoxLayout)

namespace poolscope {

class ActionButton;
class ExecutorRow;
class ExtrasNote;
class HandOverForm;
class ParamForm;

/// What to run and how, and the buttons to do it. While a run goes on only the numbers of workers can
/// be changed. GUI thread.
class SetupPanel : public QFrame
{
    Q_OBJECT

public:
    /// The parameters last used, by workload.
    using ParamMemory = std::map<std::string, ParamSet>;

    explicit SetupPanel(QWidget* parent = nullptr);
    ~SetupPanel() override;

    /// \return what would be run now; only valid parameters are in it.
    [[nodiscard]] RunSettings settings() const;
    /// Shows \p settings. An unknown workload leaves the present one.
    void setSettings(const RunSettings& settings);
    /// Shows the workloads that there are now; the chosen one stays.
    void updateWorkloads();
    /// Chooses a workload, with the parameters it had last; an unknown one leaves the present one.
    void setWorkload(const QString& id);
    /// \return why a run cannot start as it stands, empty when it can.
    [[nodiscard]] QString problem() const;

    [[nodiscard]] ParamMemory paramMemory() const;
    void setParamMemory(ParamMemory memory);

    /// The buttons below the form do what these do, and look so.
    void setActions(QAction* run, QAction* pause, QAction* stop);
    void setState(RunController::State state);
    /// The executor's number of workers was set elsewhere; \p executor counts those of the run.
    void showWorkers(int executor, int workers);
    void setTheme(const Theme& theme);

    [[nodiscard]] QSize sizeHint() const override;

signals:
    /// settings() or problem() may have changed.
    void changed();
    /// While a run goes on: \p executor counts those of the run.
    void resizeRequested(int executor, int workers);

private:
    QWidget* createForm();
    void createWorkSection(QVBoxLayout& layout);
    void createExecutorSection(QVBoxLayout& layout);
    void createHandOverSection(QVBoxLayout& layout);
    QWidget* createButtons();
    QLabel* addSection(QVBoxLayout& layout, const QString& title);
    void connectSignals();
    void onWorkloadChanged();
    void onRowWorkersChanged(ExecutorRow* row, int workers);
    void updateHint();
    void updateNotes();
    void leaveExtras();
    [[nodiscard]] const Workload* workload() const;
    [[nodiscard]] std::vector<ExecutorRow*> chosenRows() const;

    QComboBox* m_workload;
    QLabel* m_summary;
    ParamForm* m_params;
    std::vector<ExecutorRow*> m_rows;
    HandOverForm* m_handOver;
    ExtrasNote* m_extras;
    QLabel* m_hint;
    ActionButton* m_run;
    ActionButton* m_pause;
    ActionButton* m_stop;
    std::vector<QWidget*> m_lockedWhileRunning;
    ParamMemory m_memory;
    std::string m_shownWorkload; ///< whose parameters the form shows
    RunSettings m_kept; ///< what has no field, see ExtrasNote, and the worker's program
    RunController::State m_state = RunController::State::Idle;
};

} // namespace poolscope
