// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/what_if.h"
#include "core/run/run_settings.h"
#include "ui/common/newest_job.h"
#include "ui/common/theme.h"
#include "ui/timeline/view_state.h"

#include <QLabel>
#include <QWidget>

#include <optional>

QT_FORWARD_DECLARE_CLASS(QComboBox)
QT_FORWARD_DECLARE_CLASS(QPushButton)
QT_FORWARD_DECLARE_CLASS(QSpinBox)

namespace poolscope {

/// What a finished run would have taken with other workers, chunks or order; shows the predicted lanes below
/// the real ones, and runs it for real to see how far the prediction was off. Worked out on another
/// thread. GUI thread.
class WhatIfPanel : public QWidget
{
    Q_OBJECT

public:
    /// \p state must outlive the panel.
    explicit WhatIfPanel(ViewState& state, QWidget* parent = nullptr);

    /// \return what belongs above the panel, beside its title.
    [[nodiscard]] QWidget* head() const { return m_head; }
    /// Whether a run can be started now.
    void setCanRun(bool canRun);

signals:
    /// Show this instead of the run: predicted beside real, or the run alone again.
    void traceWanted(const poolscope::SnapshotPtr& trace);
    void runWanted(const poolscope::RunSettings& settings);

protected:
    void showEvent(QShowEvent* event) override;

private:
    /// A prediction that is being put to the test.
    struct Bet
    {
        Nanos predictedNs = 0;
        RunSettings settings;
    };

    void createForm();
    void onSnapshotChanged();
    void settleBet(const Snapshot& snapshot);
    void setBase(const SnapshotPtr& snapshot);
    void showRecordedPlan();
    void request();
    void showAnswer(const Result<WhatIfAnswer>& answer);
    void toggleBeside();
    void runForReal();
    void updateButtons();
    [[nodiscard]] WhatIfPlan plan() const;
    [[nodiscard]] int executor() const;

    ViewState& m_state;
    NewestJob m_job;
    SnapshotPtr m_base; ///< the run that is replayed; null: none
    SnapshotPtr m_beside; ///< m_base with the predicted one, when that was asked for
    std::optional<WhatIfAnswer> m_answer; ///< to plan()
    std::optional<Bet> m_bet;
    bool m_canRun = true;
    QLabel* m_head;
    QLabel* m_empty;
    QWidget* m_form;
    QComboBox* m_executor;
    QSpinBox* m_workers;
    QSpinBox* m_chunk;
    QComboBox* m_order;
    QLabel* m_prediction;
    QLabel* m_doubts;
    QLabel* m_outcome;
    QPushButton* m_showBeside;
    QPushButton* m_run;
};

} // namespace poolscope
