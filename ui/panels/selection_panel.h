// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/newest_job.h"
#include "ui/common/snapshot_mark.h"
#include "ui/common/theme.h"
#include "ui/panels/summary_model.h"
#include "ui/timeline/view_state.h"

#include <QFrame>
#include <QTimer>

QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QTableView)
QT_FORWARD_DECLARE_CLASS(QToolButton)

namespace poolscope {

/// The figures of each executor, over the selected range or the whole run. They are worked out on
/// another thread, and while a run goes on so seldom that they take at most a fiftieth of a
/// processor from it. GUI thread.
class SelectionPanel : public QFrame
{
    Q_OBJECT

public:
    /// \p state must outlive the panel.
    explicit SelectionPanel(ViewState& state, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// \return what belongs above the table, beside the panel's title; whoever asks for it gives it a place.
    [[nodiscard]] QWidget* head() const { return m_head; }
    [[nodiscard]] const SummaryModel& model() const { return m_model; }
    /// \return what the figures are of, e.g. "Whole run".
    [[nodiscard]] QString scopeText() const;

public slots:
    /// Puts the table on the clipboard.
    void copyTable() const;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QToolButton* makeButton(const QString& name, const QString& help);
    void createTable();
    void onSnapshotChanged();
    void onSelectionChanged();
    void onTimer();
    void request();
    void showSummaries(const SnapshotPtr& snapshot, const std::vector<RunSummary>& summaries,
                       Nanos tookNs);
    void clearSelection();
    void updateScope();
    void fitTable();

    ViewState& m_state;
    Theme m_theme;
    SummaryModel m_model;
    NewestJob m_job;
    QTimer m_timer; ///< until the next summary may be asked for
    SnapshotMark m_asked; ///< what the newest summary is of, or will be
    bool m_isWaiting = false; ///< for an answer
    QWidget* m_head;
    QLabel* m_scope;
    QLabel* m_empty;
    QToolButton* m_clear;
    QToolButton* m_copy;
    QTableView* m_table;
};

} // namespace poolscope
