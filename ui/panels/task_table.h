// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/task_table_model.h"

#include <QTableView>

#include <optional>
#include <vector>

namespace poolscope {

/// The view of a TaskTableModel: knows where it stands, to be there again when rows have come and gone. GUI
/// thread.
class TaskTable : public QTableView
{
    Q_OBJECT

public:
    struct Anchor
    {
        SnapshotPtr snapshot; ///< null: there were no rows
        std::optional<RecordRef> topRow; ///< in the snapshot
        std::optional<int>
            currentOffset; ///< rows from the top to the current one, when it was in view
        bool isAtEnd = false;
    };

    /// \p model must outlive the table.
    explicit TaskTable(TaskTableModel& model, QWidget* parent = nullptr);

    [[nodiscard]] Anchor anchor() const;
    /// Makes \p currentRow (-1: none) the current and selected one. If the current row was in view, it is where
    /// it was; else the row on top is. Whoever stood at the end of a run that goes on does so again.
    void restore(const Anchor& before, int currentRow);
    /// Makes columns as wide as their texts are as a rule; whoever has set a width keeps all.
    void fitColumns();
    /// \return the selected rows, ascending, up to \p most.
    [[nodiscard]] std::vector<int> selectedRows(int most) const;

private:
    void layOutNow();

    TaskTableModel& m_model;
    bool m_isFitting = false;
    bool m_areWidthsOwn = false; ///< the user's
    int m_fittedRows = 0; ///< how many there were when the columns got their widths
    int m_fittedColumns = 0;
};

} // namespace poolscope
