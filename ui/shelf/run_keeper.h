// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/run_controller.h"
#include "ui/shelf/shelf_thread.h"

#include <QObject>
#include <QString>

namespace poolscope {

/// Keeps every run that ends on the shelf, unless it is told not to or the run has no tasks. What goes wrong is
/// told once, and again only after a run could be kept. GUI thread.
class RunKeeper : public QObject
{
    Q_OBJECT

public:
    /// Both must outlive the keeper.
    RunKeeper(RunController& controller, ShelfThread& shelf, QObject* parent = nullptr);

    [[nodiscard]] bool isOn() const { return m_isOn; }
    void setOn(bool isOn) { m_isOn = isOn; }

signals:
    void kept(qint64 id);
    void failed(const QString& problem);

private:
    void keep(const SnapshotPtr& snapshot);
    void onFailed(const QString& problem);

    ShelfThread& m_shelf;
    bool m_isOn = true;
    bool m_isWaiting = false; ///< for news of a run
    QString m_toldProblem; ///< the last one, until a run is kept
};

} // namespace poolscope
