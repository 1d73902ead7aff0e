// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/newest_job.h"
#include "ui/common/theme.h"
#include "ui/models/task_table_model.h"
#include "ui/panels/snapshot_search.h"
#include "ui/timeline/view_state.h"

#include <QTimer>
#include <QWidget>

#include <optional>
#include <stop_token>

QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QMenu)
QT_FORWARD_DECLARE_CLASS(QToolButton)

namespace poolscope {

class QueryEdit;
class TaskTable;

/// The table of all attempts, or of those that a query finds, sorted by any column. Searching and sorting
/// happen on other threads. The row that is current is the task that is selected in ViewState, both ways.
/// Works only while it is visible. GUI thread.
class TaskPanel : public QWidget
{
    Q_OBJECT

public:
    /// \p state must outlive the panel.
    explicit TaskPanel(ViewState& state, QWidget* parent = nullptr);
    ~TaskPanel() override;

    void setTheme(const Theme& theme);
    /// \return what belongs above the table, beside the panel's title; whoever asks for it gives it a place.
    [[nodiscard]] QWidget* head() const { return m_head; }
    [[nodiscard]] const TaskTableModel& model() const { return m_model; }
    /// \return e.g. "12 of 3,401 attempts".
    [[nodiscard]] QString countText() const;
    /// \return whether rows are still to come, or to be put in order.
    [[nodiscard]] bool isWorking() const
    {
        return m_typing.isActive() || m_search.isSearching() || m_isSorting;
    }

public slots:
    /// Puts the selected rows on the clipboard, of many the first ones.
    void copyRows();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void createTable();
    void createLayout();
    void createMenu();
    void fillSortMenu();
    void onQueryChanged();
    void search();
    void onSnapshotChanged();
    void onFound(const std::shared_ptr<const TaskHits>& hits);
    void onSortChanged();
    void sortBy(TaskOrder order, bool isDescending);
    void arrange();
    void showRows(const SnapshotPtr& snapshot, std::shared_ptr<const RecordList> rows);
    void onCurrentChanged(const QModelIndex& current);
    void onSelectedChanged();
    void zoomToCurrent();
    void forget();
    /// \return the place of the current row when its task has not ended.
    [[nodiscard]] std::optional<RecordRef> currentRunning() const;
    [[nodiscard]] int rowInView(const RecordRef& ref) const;
    void updateTexts();

    ViewState& m_state;
    TaskTableModel m_model;
    SnapshotSearch m_search;
    NewestJob m_sorter;
    std::stop_source m_sortStop; ///< of the newest sort
    QTimer m_typing; ///< since the filter was changed
    bool m_isSorting = false;
    bool m_isFollowing = false; ///< the selection of the other side, and so gives nothing back
    TaskOrder m_order = TaskOrder::Start;
    bool m_isDescending = false;
    std::shared_ptr<const TaskHits> m_hits; ///< the newest, in order of time
    QWidget* m_head;
    QueryEdit* m_filter;
    QLabel* m_count;
    QLabel* m_notice; ///< what is wrong with the query, or why there are no rows
    QToolButton* m_copy;
    TaskTable* m_table;
    QMenu* m_sortMenu = nullptr;
};

} // namespace poolscope
