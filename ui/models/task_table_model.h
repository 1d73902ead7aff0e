// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/record_list.h"
#include "core/analysis/task_order.h"
#include "core/trace/snapshot.h"

#include <QAbstractTableModel>
#include <QColor>

#include <memory>
#include <optional>
#include <vector>

namespace poolscope {

/// Attempts of tasks as rows, in the order of a list, and below them the tasks that have not ended: nothing is made a
/// row, texts are made when a cell is painted. GUI thread.
class TaskTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    /// More rows than that no view of Qt can scroll over; the list's rest is not shown.
    static constexpr std::size_t kMostRows = 60'000'000;

    explicit TaskTableModel(QObject* parent = nullptr);

    /// Shows \p rows of \p snapshot, and the tasks that run on the lanes \p running; null: nothing. Of the same run what has not moved stays as it is, and no
    /// view is reset. O(rows), 10 million in some 10 ms.
    void setRows(SnapshotPtr snapshot, std::shared_ptr<const RecordList> rows,
                 std::vector<int> running = {});
    /// \p failure: of what did not end as done.
    void setFailureColour(const QColor& failure);

    [[nodiscard]] const SnapshotPtr& snapshot() const { return m_snapshot; }
    /// \return a place in snapshot(); of a task that has not ended its runningPlace().
    [[nodiscard]] RecordRef recordAt(int row) const;
    [[nodiscard]] bool isRunning(int row) const { return row >= m_count; }
    /// \return the row of \p ref, a place in snapshot(), or -1. O(rows), 10 million in some 10 ms.
    [[nodiscard]] int rowOf(const RecordRef& ref) const;

    /// \return what the column shows.
    [[nodiscard]] TaskOrder orderOf(int column) const;
    /// \return the column that shows it, or -1.
    [[nodiscard]] int columnOf(TaskOrder order) const;
    /// \return \p rows (ascending) as text, columns parted by tabs, with a line of headings; times are plain
    /// numbers in nanoseconds.
    [[nodiscard]] QString asText(const std::vector<int>& rows) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] QString cellText(const RecordRef& ref, TaskOrder order) const;
    [[nodiscard]] QString exactText(const RecordRef& ref, TaskOrder order) const;
    void replaceRows(std::shared_ptr<const RecordList> rows);
    void setRunning(std::vector<int> running);

    SnapshotPtr m_snapshot;
    std::shared_ptr<const RecordList> m_rows = std::make_shared<const RecordList>();
    int m_count = 0; ///< how many of them are shown
    std::vector<int> m_running; ///< lanes in m_snapshot, below the rows
    std::vector<TaskOrder> m_columns;
    QColor m_failure;
};

} // namespace poolscope
