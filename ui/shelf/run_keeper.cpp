// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shelf/run_keeper.h"

namespace poolscope {

RunKeeper::RunKeeper(RunController& controller, ShelfThread& shelf, QObject* parent)
    : QObject(parent)
    , m_shelf(shelf)
{
    connect(&controller, &RunController::runFinished, this, &RunKeeper::keep);
    connect(&shelf, &ShelfThread::unusable, this, [this](const QString& problem) {
        if (m_isWaiting) { // else somebody else wanted something of the shelf
            onFailed(problem);
        }
    });
}

void RunKeeper::keep(const SnapshotPtr& snapshot)
{
    if (!m_isOn || snapshot->recordCount() == 0) {
        return;
    }
    m_isWaiting = true;
    m_shelf.ask([this, snapshot](RunShelf& shelf) -> ShelfThread::Deliver {
        const Result<qint64> id = shelf.keep(*snapshot);
        return [this, id] {
            if (id) {
                m_isWaiting = false;
                m_toldProblem.clear();
                emit kept(id.value());
            } else {
                onFailed(QString::fromStdString(id.error().message));
            }
        };
    });
}

void RunKeeper::onFailed(const QString& problem)
{
    m_isWaiting = false;
    if (problem != m_toldProblem) {
        m_toldProblem = problem;
        emit failed(problem);
    }
}

} // namespace poolscope
