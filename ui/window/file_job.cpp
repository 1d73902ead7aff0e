// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/file_job.h"

#include "core/base/thread_name.h"

#include <utility>

namespace poolscope {

FileJob::FileJob(QObject* parent)
    : QObject(parent)
{
    connect(this, &FileJob::worked, this, &FileJob::onDone, Qt::QueuedConnection);
}

FileJob::~FileJob() = default;

void FileJob::start(Work work)
{
    Q_ASSERT(!m_isBusy);
    m_isBusy = true;
    m_thread = std::jthread([this, work = std::move(work)] {
        setThreadName("ps-file");
        Outcome outcome = work();
        const MutexLock lock(m_mutex);
        m_outcome = std::move(outcome);
        emit worked({});
    });
}

void FileJob::onDone()
{
    m_thread.join(); // at its end: it has left its outcome
    m_isBusy = false;
    std::optional<Outcome> outcome;
    {
        const MutexLock lock(m_mutex);
        outcome = std::exchange(m_outcome, std::nullopt);
    }
    if (outcome) {
        emit finished(*outcome);
    }
}

} // namespace poolscope
