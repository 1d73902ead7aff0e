// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/resize_receipt.h"
#include "ui/common/newest_job.h"
#include "ui/common/snapshot_mark.h"
#include "ui/common/theme.h"
#include "ui/timeline/view_state.h"

#include <QLabel>
#include <QTimer>
#include <QWidget>

#include <vector>

QT_FORWARD_DECLARE_CLASS(QTableWidget)

namespace poolscope {

/// A receipt for each change of size: throughput, run times, how busy the workers were and memory before
/// and after, and whether the difference is beyond noise. Worked out on another thread, while a run goes on so
/// seldom that it takes at most a fiftieth of a processor from it. GUI thread.
class ResizePanel : public QWidget
{
    Q_OBJECT

public:
    /// \p state must outlive the panel.
    explicit ResizePanel(ViewState& state, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// \return what belongs above the panel, beside its title.
    [[nodiscard]] QWidget* head() const { return m_head; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    void onSnapshotChanged();
    void request();
    void showReceipts(const SnapshotPtr& snapshot, std::vector<ResizeReceipt> receipts,
                      Nanos tookNs);
    void fillRow(int row, const Snapshot& snapshot, const ResizeReceipt& receipt);
    void select(int row);
    void updateHead();

    ViewState& m_state;
    Theme m_theme;
    NewestJob m_job;
    QTimer m_timer; ///< until the next receipts may be asked for
    SnapshotMark m_asked; ///< what the newest receipts are of, or will be
    bool m_isWaiting = false;
    std::vector<ResizeReceipt> m_receipts; ///< by row
    QLabel* m_head;
    QLabel* m_empty;
    QTableWidget* m_table;
};

} // namespace poolscope
