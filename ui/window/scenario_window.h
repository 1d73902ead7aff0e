// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/run_summary.h"
#include "core/control/scenario.h"

#include <QDialog>

#include <map>
#include <optional>
#include <vector>

QT_FORWARD_DECLARE_CLASS(QGridLayout)
QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QListWidget)
QT_FORWARD_DECLARE_CLASS(QPushButton)

namespace poolscope {

/// The teaching scenarios: what to look at, a button for each run, and what came of those that were run.
/// Stays open beside the window that shows them. GUI thread.
class ScenarioWindow : public QDialog
{
    Q_OBJECT

public:
    explicit ScenarioWindow(std::vector<Scenario> scenarios, QWidget* parent = nullptr);

    /// \p problem: why no run can start now; empty: one can.
    void setProblem(const QString& problem);
    /// What the run came to that stepWanted() asked for last. Ignored when there was none.
    void showResult(const RunSummary& summary);
    /// \return whether what stepWanted() asked for last has no result yet.
    [[nodiscard]] bool waitsForResult() const { return m_running.has_value(); }
    /// Nothing came of it.
    void forgetRunning();
    void choose(int scenario);

signals:
    void stepWanted(const poolscope::RunSettings& settings);

private:
    struct Place
    {
        int scenario = 0;
        int step = 0;
        auto operator<=>(const Place&) const = default;
    };

    void showScenario(int scenario);
    void showResults();
    void start(int step);
    [[nodiscard]] QString resultText(const Place& place) const;

    const std::vector<Scenario> m_scenarios;
    QListWidget* m_list;
    QLabel* m_title;
    QLabel* m_look;
    QLabel* m_next;
    QLabel* m_problem;
    QGridLayout* m_steps;
    std::vector<QPushButton*> m_buttons; ///< of the shown scenario's steps
    std::vector<QLabel*> m_results; ///< likewise
    int m_shown = 0;
    std::optional<Place> m_running;
    std::map<Place, RunSummary> m_summaries;
};

} // namespace poolscope
