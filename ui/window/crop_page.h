// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"
#include "ui/window/figure_pages.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

QT_FORWARD_DECLARE_CLASS(QListWidget)

namespace poolscope {

/// What the window shows at the moment a figure is asked for.
struct FigureSource
{
    SnapshotPtr snapshot;
    TimeRange visible;
    std::optional<TimeRange> selection;
    std::vector<int> visibleLanes; ///< indices in the snapshot; empty: not known
    QString runFileHash; ///< empty: the run has no file
    std::vector<std::string> collapsed = {}; ///< kinds of executors
    LaneOrder order = LaneOrder::Number;
    ColorMode colorBy = ColorMode::Kind;
};

/// Range of time, lanes and their order, and which executors have one row for all of theirs.
class CropPage : public FigurePage
{
    Q_OBJECT

public:
    explicit CropPage(const FigureSource& source, QWidget* parent = nullptr);
    void setOptions(const FigureOptions& options) override;
    void read(FigureOptions& options) const override;

private:
    enum class Range { Whole, Visible, Selection, Typed };
    enum class Lanes { All, Visible, Chosen };

    void createRange();
    void createLanes();
    void createCollapsed();
    void createOrder();
    void showOrder(LaneOrder order);
    void tickCollapsed(const std::vector<std::string>& collapsed);
    void createLayout();
    void chooseRange();
    void chooseLanes();
    void onRangeTyped();
    void onLaneTicked();
    void showRange(TimeRange range);
    void tickLanes(const LaneChoice& choice);
    [[nodiscard]] TimeRange typedRange() const;
    [[nodiscard]] std::optional<TimeRange> range() const;
    [[nodiscard]] LaneChoice lanes() const;

    FigureSource m_source;
    QComboBox* m_range;
    QDoubleSpinBox* m_from;
    QDoubleSpinBox* m_to;
    QComboBox* m_lanes;
    QListWidget* m_laneList;
    QComboBox* m_order;
    std::vector<std::pair<std::string, QCheckBox*>> m_collapsed; ///< one a kind of executor
    TimeRange m_typed; ///< exact, where the fields round
    bool m_isFilling = false;
};

} // namespace poolscope
