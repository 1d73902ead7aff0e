// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/run_controller.h"
#include "ui/shelf/run_keeper.h"
#include "ui/shelf/shelf_thread.h"

#include <QObject>
#include <QString>

namespace poolscope {

/// What the window has to do with the run shelf: keeps runs that end. GUI thread.
class ShelfController : public QObject
{
    Q_OBJECT

public:
    /// \p controller must outlive it.
    explicit ShelfController(RunController& controller, QObject* parent = nullptr);

    void setKeepsRuns(bool keepsRuns) { m_keeper.setOn(keepsRuns); }

signals:
    void kept(qint64 id);
    void failed(const QString& problem);
    void noticed(const QString& notice);

private:
    ShelfThread m_shelf;
    RunKeeper m_keeper;
};

} // namespace poolscope
