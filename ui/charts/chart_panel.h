// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/activity.h"
#include "ui/charts/activity_chart.h"
#include "ui/charts/chart_scale.h"
#include "ui/common/frame_clock.h"

#include <QElapsedTimer>
#include <QFrame>

#include <optional>
#include <vector>

namespace poolscope {

/// Throughput, queue depth and busy workers of the visible range, one line an executor, on the
/// timeline's time axis. Works out its lines at most 30 times a second, and only when the snapshot,
/// the range or the width changed. GUI thread.
class ChartPanel : public QFrame
{
    Q_OBJECT

public:
    /// \p state and \p clock must outlive the panel.
    ChartPanel(ViewState& state, FrameClock& clock, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// Where the timeline's plot lies, in this widget's pixels.
    void setPlotGeometry(int left, int width);
    /// Throughput, queue depth, busy workers.
    [[nodiscard]] const std::vector<ActivityChart*>& charts() const { return m_charts; }

private:
    /// What is known of one executor in the visible range.
    struct Series
    {
        QString name;
        Activity fine; ///< for queue and workers
        Activity coarse; ///< for rates: wide bins, or single tasks would make spikes
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

    void markDirty();
    void onTick();
    void onCursorChanged();
    void refresh();
    void compute();
    void showThroughput();
    void showQueue();
    void showWorkers();
    void showFigures();
    /// \p cursor, when given, lies in both kinds of bins.
    [[nodiscard]] Figures figuresOf(const Series& series, std::optional<Nanos> cursor) const;
    [[nodiscard]] int plotWidth() const;
    [[nodiscard]] ChartLineStyle styleOf(std::size_t executor) const;
    [[nodiscard]] QList<QPointF> pointsOf(const std::vector<double>& values, const ChartBins& bins,
                                          bool isMean) const;
    [[nodiscard]] QList<QPointF> stepsOf(const std::vector<double>& values,
                                         const ChartBins& bins) const;

    ViewState& m_state;
    FrameClock& m_clock;
    Theme m_theme;
    std::vector<ActivityChart*> m_charts; ///< children
    std::vector<Series> m_series;
    ChartBins m_fineBins;
    ChartBins m_coarseBins;
    QElapsedTimer m_sinceRefresh;
    bool m_isDirty = true;
};

} // namespace poolscope
