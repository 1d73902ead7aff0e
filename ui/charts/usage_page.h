// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/usage_columns.h"
#include "ui/charts/chart_page.h"

#include <optional>
#include <vector>

namespace poolscope {

/// What workers used over the visible range: processor and memory. Of each executor the mean as a line, behind it a
/// pale line a worker or, when they are many, the least and the most. Threads share their memory: one line. GUI thread.
class UsagePage : public ChartPage
{
    Q_OBJECT

public:
    /// Above it workers have no lines of their own.
    static constexpr std::size_t kMostWorkers = 16;

    /// \p state and \p clock must outlive the page.
    UsagePage(ViewState& state, FrameClock& clock, QWidget* parent);

protected:
    void showLines() override;
    void showFigures() override;
    void hideEvent(QHideEvent* event) override;

private:
    /// What is known of one executor in the visible range.
    struct Series
    {
        QString name;
        bool isOfThreads = false;
        std::vector<LaneUsage> lanes;
        UsageSpread cpu;
        UsageSpread memory;
        std::vector<LaneUsage>
            now; ///< one bin: the last second, or all that is seen of a finished run
    };
    using Values = std::vector<double> LaneUsage::*;

    void compute();
    void forget();
    void addLines(std::vector<ChartLine>& lines, std::size_t executor, Values values,
                  const UsageSpread& spread) const;
    [[nodiscard]] ChartFigure figureOf(std::size_t executor, Values values) const;
    /// \return what the lines are: "The pool: mean of 3 workers".
    [[nodiscard]] QString noteOf(const Series& series, Values values) const;
    /// \return "Worker 3: 97 %", a line a worker.
    [[nodiscard]] QString detailsOf(const Series& series, Values values) const;
    /// \return a worker's value at the cursor or of what is seen.
    [[nodiscard]] double valueOf(const Series& series, std::size_t lane, Values values) const;
    [[nodiscard]] QString emptyText() const;

    SnapshotPtr m_shown; ///< of which m_series tells
    std::vector<Series> m_series;
};

} // namespace poolscope
