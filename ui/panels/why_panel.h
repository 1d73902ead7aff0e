// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/diagnosis.h"
#include "ui/common/newest_job.h"
#include "ui/common/snapshot_mark.h"
#include "ui/common/theme.h"
#include "ui/timeline/view_state.h"

#include <QLabel>
#include <QWidget>

#include <vector>

QT_FORWARD_DECLARE_CLASS(QHBoxLayout)
QT_FORWARD_DECLARE_CLASS(QScrollArea)
QT_FORWARD_DECLARE_CLASS(QVBoxLayout)

namespace poolscope {

/// Why a finished run was not faster: for each executor advice in words with a button that acts on it, the ledger
/// of its workers' time, in the selected range too, what no schedule can beat, and the tasks that made the
/// tail. While it is seen the timeline shows where the jobs could have ended. Worked out on another thread.
/// GUI thread.
class WhyPanel : public QWidget
{
    Q_OBJECT

public:
    /// \p state must outlive the panel.
    explicit WhyPanel(ViewState& state, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// \return what belongs above the panel, beside its title.
    [[nodiscard]] QWidget* head() const { return m_head; }

signals:
    /// The advice is to hand over \p chunk tasks at a time.
    void chunkWanted(int chunk);
    /// The advice is to give the executor of that index in the trace \p workers workers.
    void workersWanted(int executor, int workers);
    /// It is better measured: open the Lab.
    void labWanted();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void request();
    void showAnswer(const SnapshotPtr& snapshot, const std::vector<Diagnosis>& diagnoses);
    void showFinishLines();
    void requestRange();
    void showRange(const std::vector<Ledger>& ledgers);
    void updateHead();
    void clear();
    [[nodiscard]] QWidget* makeColumn(const Snapshot& snapshot, int executor,
                                      const Diagnosis& diagnosis);
    [[nodiscard]] QWidget* makeAdvice(int executor, const Advice& advice,
                                      const Diagnosis& diagnosis);
    void select(const TailTask& task);

    ViewState& m_state;
    Theme m_theme;
    NewestJob m_job;
    NewestJob m_rangeJob;
    std::vector<Diagnosis> m_diagnoses; ///< of m_asked, once they are there
    std::vector<QVBoxLayout*>
        m_ranges; ///< by executor: where the ledger of the selected range goes
    SnapshotMark m_asked; ///< what the newest answer is of, or will be
    QLabel* m_head;
    QLabel* m_empty;
    QScrollArea* m_scroll;
    QWidget* m_content;
    QHBoxLayout* m_columns;
};

} // namespace poolscope
