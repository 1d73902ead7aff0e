// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/activity.h"
#include "ui/charts/chart_page.h"

#include <optional>
#include <vector>

namespace poolscope {

/// Throughput, queue depth and busy workers of the visible range, one line an executor. GUI thread.
class ActivityPage : public ChartPage
{
    Q_OBJECT

public:
    /// \p state and \p clock must outlive the page.
    ActivityPage(ViewState& state, FrameClock& clock, QWidget* parent);

protected:
    void showLines() override;
    void showFigures() override;

private:
    /// What is known of one executor in the visible range.
    struct Series
    {
        QString name;
        Activity fine; ///< for queue and workers
        Activity coarse; ///< for rates
        Activity now; ///< one bin: the last second, or all that is seen of a finished run
    };

    /// The numbers beside the graphs.
    struct Figures
    {
        double tasksPerSecond = 0;
        double queued = 0;
        double busyWorkers = 0;
        double workers = 0;
    };

    void compute();
    void showThroughput();
    void showQueue();
    void showWorkers();
    /// \p at, when given, lies in both kinds of bins.
    [[nodiscard]] Figures figuresOf(const Series& series, std::optional<Nanos> at) const;

    std::vector<Series> m_series;
};

} // namespace poolscope
