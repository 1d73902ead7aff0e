// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// MainWindow's teaching scenarios: their steps run in it.

#include "core/base/machine_facts.h"
#include "ui/lab/lab_window.h"
#include "ui/window/main_window.h"
#include "ui/window/scenario_window.h"

namespace poolscope {

void MainWindow::showScenarios()
{
    if (m_scenarios == nullptr) {
        m_scenarios = new ScenarioWindow(teachingScenarios(usableCpuCount()), this);
        connect(m_scenarios, &ScenarioWindow::stepWanted, this,
                [this](const RunSettings& settings) {
                    runThis(settings);
                    if (m_controller.canStart()) { // it was refused, which the message bar says
                        m_scenarios->forgetRunning();
                    }
                });
        updateScenarios();
    }
    m_scenarios->show();
    m_scenarios->raise();
    m_scenarios->activateWindow();
}

void MainWindow::updateScenarios()
{
    if (m_scenarios != nullptr) {
        m_scenarios->setProblem(
            m_lab->isRunning()        ? tr("They can run when the Lab has ended, or was stopped.")
            : m_controller.canStart() ? QString()
                                      : tr("The next one can start when this run has ended."));
    }
}

void MainWindow::tellScenarios(RunController::State state)
{
    if (m_scenarios == nullptr || !m_scenarios->waitsForResult()) {
        return;
    }
    const SnapshotPtr snapshot = m_controller.snapshot();
    if (state == RunController::State::Finished && snapshot && !snapshot->totals.empty()) {
        m_scenarios->showResult(summariseRun(*snapshot, 0));
    } else if (m_controller.canStart()) {
        m_scenarios->forgetRunning();
    }
}

} // namespace poolscope
