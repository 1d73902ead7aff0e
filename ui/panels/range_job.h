// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/range_figures.h"
#include "ui/common/newest_job.h"
#include "ui/common/snapshot_mark.h"
#include "ui/timeline/view_state.h"

#include <QTimer>

#include <vector>

namespace poolscope {

/// Works out the figures of the selected range, or of the whole run, whenever they change and somebody sees them: on
/// another thread, and while a run goes on so seldom that it takes at most a fiftieth of a processor from it. GUI
/// thread.
class RangeJob : public QObject
{
    Q_OBJECT

public:
    /// \p viewer: asked whether it is seen; owns the job. \p state must outlive it.
    RangeJob(ViewState& state, QWidget* viewer);

    /// To be called when the viewer comes to be seen.
    void onShown() { onSnapshotChanged(); }
    /// Works out the same figures again.
    void repeat();

signals:
    /// The figures that are being worked out may be others than those that are shown.
    void asked();
    /// \p figures: one an executor of \p snapshot.
    void ready(const poolscope::SnapshotPtr& snapshot,
               const std::vector<poolscope::RangeFigures>& figures);

private:
    void onSnapshotChanged();
    void request();
    void deliver(const SnapshotPtr& snapshot, const std::vector<RangeFigures>& figures,
                 Nanos tookNs);

    ViewState& m_state;
    QWidget* m_viewer;
    NewestJob m_job;
    QTimer m_timer; ///< until the next figures may be asked for
    SnapshotMark m_asked; ///< what the newest figures are of, or will be
    bool m_isWaiting = false;
};

} // namespace poolscope
