// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/activity_chart.h"
#include "ui/charts/chart_scale.h"
#include "ui/common/frame_clock.h"

#include <QElapsedTimer>
#include <QWidget>

#include <optional>
#include <vector>

namespace poolscope {

/// Graphs below each other on the timeline's time axis, one of the pages of ChartPanel. Works out its lines at most
/// 30 times a second, only while it is seen, and only when the snapshot, the range or the width changed. GUI thread.
class ChartPage : public QWidget
{
    Q_OBJECT

public:
    void setTheme(const Theme& theme);
    /// Where the timeline's plot lies, in this widget's pixels.
    void setPlotGeometry(int left, int width);
    [[nodiscard]] const std::vector<ActivityChart*>& charts() const { return m_charts; }

protected:
    /// \p state and \p clock must outlive the page.
    ChartPage(ViewState& state, FrameClock& clock, QWidget* parent);

    void addChart(const ChartSubject& subject);
    /// Works out the lines of the visible range in fineBins() and coarseBins(), and gives them to the charts.
    virtual void showLines() = 0;
    /// Shows the numbers beside the graphs, at cursor() or of what is seen.
    virtual void showFigures() = 0;

    void showEvent(QShowEvent* event) override;

    [[nodiscard]] ViewState& state() const { return m_state; }
    [[nodiscard]] const Theme& theme() const { return m_theme; }
    /// Narrow ones, for what changes in steps, and wide ones, for rates: single tasks would make spikes.
    [[nodiscard]] const ChartBins& fineBins() const { return m_fineBins; }
    [[nodiscard]] const ChartBins& coarseBins() const { return m_coarseBins; }
    /// \return the time under the mouse when it lies in the run and in both kinds of bins.
    [[nodiscard]] std::optional<Nanos> cursor() const;
    /// \return the last second of a run that goes on, or all that is seen of one that has ended. Needs a snapshot.
    [[nodiscard]] TimeRange recent() const;
    /// \return "at 1.2 s" with a cursor(), else "now" or, of a run that has ended, \p ofEnded; nothing without a run.
    [[nodiscard]] QString caption(const QString& ofEnded) const;
    [[nodiscard]] ChartLineStyle styleOf(std::size_t executor) const;
    /// \return as styleOf(), for what stands behind: thin and pale.
    [[nodiscard]] ChartLineStyle paleStyleOf(std::size_t executor) const;
    /// \return a point a bin: in its middle for a mean, else at its end.
    [[nodiscard]] QList<QPointF> pointsOf(const std::vector<double>& values, const ChartBins& bins,
                                          bool isMean) const;
    [[nodiscard]] QList<QPointF> stepsOf(const std::vector<double>& values,
                                         const ChartBins& bins) const;
    /// Adds a line for each stretch of bins of which the value is known (not below 0).
    void addKnownLines(std::vector<ChartLine>& lines, const ChartLineStyle& style,
                       const std::vector<double>& values, const ChartBins& bins) const;

private:
    void markDirty();
    void onTick();
    void onCursorChanged();
    void refresh();
    [[nodiscard]] int plotWidth() const;

    ViewState& m_state;
    FrameClock& m_clock;
    Theme m_theme;
    std::vector<ActivityChart*> m_charts; ///< children
    ChartBins m_fineBins;
    ChartBins m_coarseBins;
    QElapsedTimer m_sinceRefresh;
    bool m_isDirty = true;
};

/// \return the largest of \p values, 0 when there is none.
[[nodiscard]] double largestOf(const std::vector<double>& values);

} // namespace poolscope
