// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/range_figures.h"
#include "ui/common/theme.h"
#include "ui/timeline/view_state.h"

#include <QWidget>

#include <vector>

namespace poolscope {

class HistogramView;
class RangeJob;

/// How run times and queue waits are distributed, with their percentiles, over the selected range or the whole run: two
/// histograms beside each other, whose axes are durations and not the timeline's. GUI thread.
class DurationsPage : public QWidget
{
    Q_OBJECT

public:
    /// \p state must outlive the page.
    explicit DurationsPage(ViewState& state, QWidget* parent);

    void setTheme(const Theme& theme);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void show(const SnapshotPtr& snapshot, const std::vector<RangeFigures>& figures);
    void updateScope();

    ViewState& m_state;
    Theme m_theme;
    RangeJob* m_job; ///< child
    HistogramView* m_runs;
    HistogramView* m_waits;
};

} // namespace poolscope
