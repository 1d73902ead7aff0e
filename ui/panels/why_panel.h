// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/diagnosis.h"
#include "ui/common/theme.h"
#include "ui/panels/newest_job.h"
#include "ui/timeline/view_state.h"

#include <QWidget>

#include <vector>

QT_FORWARD_DECLARE_CLASS(QHBoxLayout)
QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QScrollArea)

namespace poolscope {

/// Why a finished run was not faster: for each executor advice in words with a button that acts on it, the ledger
/// of its workers' time, what no schedule can beat, and the tasks that made the tail. Worked out on
/// another thread. GUI thread.
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

protected:
    void showEvent(QShowEvent* event) override;

private:
    void request();
    void showAnswer(const SnapshotPtr& snapshot, const std::vector<Diagnosis>& diagnoses);
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
    SnapshotPtr m_asked; ///< what the newest answer is of, or will be
    QLabel* m_head;
    QLabel* m_empty;
    QScrollArea* m_scroll;
    QWidget* m_content;
    QHBoxLayout* m_columns;
};

} // namespace poolscope
