// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/shelf_controller.h"

namespace poolscope {

ShelfController::ShelfController(RunController& controller, QObject* parent)
    : QObject(parent)
    , m_shelf(RunShelf::defaultFolder())
    , m_keeper(controller, m_shelf)
{
    connect(&m_keeper, &RunKeeper::kept, this, &ShelfController::kept);
    connect(&m_keeper, &RunKeeper::failed, this, &ShelfController::failed);
    connect(&m_shelf, &ShelfThread::noticed, this, &ShelfController::noticed);
}

} // namespace poolscope
