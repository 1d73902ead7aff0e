// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"
#include "ui/compare/run_comparison.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace poolscope {

/// A comparison as a table: a heading for each executor, below it a row for each figure; the first side's value,
/// then value, difference and noise of each other side. GUI thread.
class DeltaModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit DeltaModel(QObject* parent = nullptr);

    void setComparison(std::shared_ptr<const RunComparison> comparison);
    void setTheme(const Theme& theme);
    [[nodiscard]] bool isHeading(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    struct Row
    {
        int executor = 0; ///< of the first side
        int figure = -1; ///< DeltaFigure; -1: the executor's heading
    };

    [[nodiscard]] const FigureDelta* find(const Row& row, std::size_t side) const;
    [[nodiscard]] QString cellText(const Row& row, int column) const;
    [[nodiscard]] QString headingText(int executor) const;

    std::shared_ptr<const RunComparison> m_comparison;
    std::vector<Row> m_rows;
    Theme m_theme;
};

} // namespace poolscope
