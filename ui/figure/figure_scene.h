// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/activity.h"
#include "ui/charts/chart_scale.h"
#include "ui/figure/figure_facts.h"
#include "ui/figure/figure_text.h"
#include "ui/timeline/time_axis.h"
#include "ui/timeline/time_scale.h"
#include "ui/timeline/timeline_style.h"

#include <vector>

namespace poolscope {

/// A row of a figure's lanes: the title of an executor, a lane, or one for all lanes of a collapsed executor.
struct FigureRow
{
    int executor = 0;
    int lane = -1; ///< index in the scene's snapshot; -1: no lane
    double top = 0;
    double height = 0;
    bool hasLabel = true;
    bool isSummary = false; ///< of a collapsed executor

    [[nodiscard]] bool isGroup() const { return lane < 0 && !isSummary; }
    [[nodiscard]] double bottom() const { return top + height; }
};

/// An entry of the legend and where it begins, from the legend's top left corner.
struct PlacedEntry
{
    LegendEntry entry;
    QPointF at;
    double width = 0; ///< of the swatch and the text
};

/// What a figure consists of and where it lies, before anything is painted. Lengths are units of which 8
/// are the size of the text, so that a larger font makes a larger figure of the same proportions.
struct FigureScene
{
    /// O(records in the range). \p options are checked.
    FigureScene(const Snapshot& run, const FigureOptions& options);

    static constexpr double kMargin = 6;
    static constexpr double kLine = 10; ///< of text
    static constexpr double kSmallLine = 9;
    static constexpr double kSection = 7; ///< between parts
    static constexpr double kSwatch = 14;
    static constexpr double kStrip = 32; ///< height of the plot of tasks a second
    static constexpr double kMergedBelowPt = 0.25;

    FigureOptions options;
    Snapshot snapshot; ///< the chosen lanes
    double unitPt; ///< points a unit
    TimeRange range;
    FigureFonts fonts;
    TimelineStyle style;

    double width = 0;
    double height = 0; ///< as asked, or as needed
    double neededHeight = 0; ///< below it the lanes have no room
    TimeScale scale; ///< of lanes and strip
    TimeAxis axis;
    std::size_t labelEvery = 1; ///< how many ticks there are for each number
    MergeRule rule;
    FigureFacts facts;

    QString title; ///< with the panel's letter
    QStringList subtitle; ///< lines
    double hereTop = -1; ///< the bar that says where the crop lies; -1: there is none, as below
    double marksTop = -1; ///< the flags of resizes and the like
    std::vector<FigureRow> rows;
    double lanesBottom = 0;
    double stripTop = -1; ///< of the plot; its words are above
    bool hasKeyLine = false; ///< the strip's key has a line of its own, below the strip's title
    std::vector<int> workers; ///< of each executor in the run, shown or not
    ChartBins stripBins;
    std::vector<std::vector<double>> rates; ///< one an executor, one a bin
    double mostRate = 0; ///< top of the strip
    double axisTop = 0; ///< tick labels and title below it
    double legendTop = -1;
    std::vector<PlacedEntry> legend;
    double numbersTop = -1;
    std::vector<QStringList> numberTable; ///< head and rows, when they fit beside each other
    std::vector<double> numberWidths;
    QStringList numberLines; ///< else
    double footTop = 0;
    QStringList footnote;
    QStringList footer;

    [[nodiscard]] double plotRight() const { return scale.left + scale.width; }
    /// \return the figure's size in points.
    [[nodiscard]] QSizeF sizePt() const { return {width * unitPt, height * unitPt}; }
    /// \return what keeps the figure from being drawn, if something does.
    [[nodiscard]] Result<void> check() const;
    /// \return the label of \p lane: "Process 4312 / worker 3", or the worker alone where that is too long.
    [[nodiscard]] QString labelOf(const LaneView& lane) const;
    /// \return the label of the row for all workers of \p executor.
    [[nodiscard]] QString summaryLabelOf(int executor) const;
    /// \return whether the executor's lanes are one row.
    [[nodiscard]] bool isCollapsed(int executor) const;
    [[nodiscard]] QString axisTitle() const;
    [[nodiscard]] QString stripTitle() const;
    /// \return how many of the executor's workers are shown.
    [[nodiscard]] QString groupText(int executor) const;

private:
    void chooseScale();
    void chooseAxis();
    void measureRates();
    void place();
    double placeTop();
    /// Puts what is below the lanes at \p y. \return the figure's height then.
    double placeBelow(double y);
    void placeRows(double top, double available);
    /// \return how many rows there are but for titles.
    [[nodiscard]] int rowCount() const;
    double placeLegend();
    double placeNumbers();

    bool m_hasLongLabels = false;
};

} // namespace poolscope
