// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/run_summary.h"

#include <QAbstractTableModel>
#include <QColor>

#include <vector>

namespace poolscope {

/// One row an executor, one column a figure, all as people read them. Costs have columns only when
/// some were measured. GUI thread.
class SummaryModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    struct Row
    {
        QString executor;
        QColor colour; ///< of the executor in the graphs
        RunSummary summary;
    };

    explicit SummaryModel(QObject* parent = nullptr);

    /// Keeps the rows there are when the number of executors stays.
    void setRows(std::vector<Row> rows);
    /// \return the whole table, columns parted by tabs, with a line of headings.
    [[nodiscard]] QString asText() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    std::vector<Row> m_rows;
    bool m_hasCosts = false;
};

} // namespace poolscope
