// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"
#include "ui/panels/snapshot_search.h"
#include "ui/timeline/view_state.h"

#include <QWidget>

#include <memory>
#include <vector>

QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QListWidget)
QT_FORWARD_DECLARE_CLASS(QPlainTextEdit)
QT_FORWARD_DECLARE_CLASS(QTextBrowser)
QT_FORWARD_DECLARE_CLASS(QToolButton)

namespace poolscope {

/// All that is known of the task that is selected: its moments and what lies between them, where it ran and
/// what that cost, the job's parameters, its result or error, and the other times it ran (attempts, and on
/// other executors), which are looked for on another thread. GUI thread.
class DetailsPanel : public QWidget
{
    Q_OBJECT

public:
    /// \p state must outlive the panel.
    explicit DetailsPanel(ViewState& state, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// \return what belongs above the facts, beside the panel's title; whoever asks for it gives it a place.
    [[nodiscard]] QWidget* head() const { return m_head; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void createLayout();
    void onSelectedChanged();
    void onFound(const std::shared_ptr<const TaskHits>& hits);
    void showFacts(const RecordRef& ref);
    void showResult(const RecordRef& ref);
    void showTimesRun();
    void onTimeRunChosen(int row);
    void zoomToTask();

    ViewState& m_state;
    SnapshotSearch m_search; ///< for all records of the task
    std::shared_ptr<const TaskHits> m_hits; ///< of the task that is shown, or null
    Theme m_theme;
    bool m_isFilling = false;
    QWidget* m_head;
    QLabel* m_title;
    QLabel* m_status;
    QToolButton* m_zoom;
    QLabel* m_empty;
    QWidget* m_content;
    QTextBrowser* m_facts;
    QWidget* m_timesRunBox;
    QListWidget* m_timesRun;
    QLabel* m_resultTitle;
    QPlainTextEdit* m_result;
};

} // namespace poolscope
