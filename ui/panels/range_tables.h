// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/range_figures.h"
#include "core/trace/snapshot.h"
#include "ui/common/theme.h"

#include <QTableWidget>

#include <vector>

namespace poolscope {

/// \return the colour of an executor in graphs and tables.
[[nodiscard]] QColor executorColour(const Theme& theme, std::size_t executor);

/// The figures of each executor in a range, three rows each: what it did, its run times, its queue waits. GUI
/// thread.
class FigureTable : public QTableWidget
{
    Q_OBJECT

public:
    explicit FigureTable(QWidget* parent = nullptr);

    /// \p figures: of each executor of \p snapshot.
    void setFigures(const Snapshot& snapshot, const std::vector<RangeFigures>& figures,
                    const Theme& theme);
    /// \return the table, columns parted by tabs, with a line of headings.
    [[nodiscard]] QString asText() const;

private:
    void showDurations(int row, const QString& what, std::uint64_t count, Nanos sumNs,
                       const Percentiles& percentiles);
};

/// How busy each lane was in a range, a row each. GUI thread.
class LaneTable : public QTableWidget
{
    Q_OBJECT

public:
    explicit LaneTable(QWidget* parent = nullptr);

    /// \p figures: of each executor of \p snapshot.
    void setFigures(const Snapshot& snapshot, const std::vector<RangeFigures>& figures,
                    const Theme& theme);
};

} // namespace poolscope
