// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/resize_receipt.h"
#include "core/trace/control_event.h"
#include "core/trace/snapshot.h"
#include "ui/common/newest_job.h"

#include <QObject>
#include <QPoint>

#include <memory>
#include <vector>

namespace poolscope {

/// What a change of size did, beside its mark. Worked out on another thread when it is first asked for; until
/// then the mark's own text stands there. GUI thread.
class ResizeCard : public QObject
{
    Q_OBJECT

public:
    /// \p view: whose tool tip the card is.
    explicit ResizeCard(QWidget* view);

    /// Shows \p text, and as soon as they are known the figures of \p event below.
    void show(const SnapshotPtr& snapshot, const ControlEvent& event, const QString& text,
              QPoint globalPosition);

private:
    void showFigures(const ControlEvent& event, const QString& text, QPoint globalPosition) const;

    QWidget* m_view;
    NewestJob m_job;
    std::weak_ptr<const Snapshot> m_snapshot; ///< what the receipts are of; not kept alive for them
    std::vector<ResizeReceipt> m_receipts;
};

} // namespace poolscope
