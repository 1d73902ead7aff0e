// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"

#include <QObject>

#include <functional>
#include <thread>

namespace poolscope {

/// Works something out on a thread of its own, where only the newest question counts: one that has
/// not been begun when the next one comes is left out, and the result of one that has is dropped.
/// All members: the thread that made it.
class NewestJob : public QObject
{
    Q_OBJECT

public:
    /// Shows the result, on the thread that made the job.
    using Deliver = std::function<void()>;
    /// Works it out, on the job's thread.
    using Work = std::function<Deliver()>;

    explicit NewestJob(QObject* parent = nullptr);
    /// Waits for the work that has begun; its result is dropped.
    ~NewestJob() override;

    void ask(Work work);
    /// Lets go of what was asked for and not yet delivered.
    void forget();

signals:
    /// From the job's thread to the one that made it.
    void worked(QPrivateSignal);

private:
    void work() PS_EXCLUDES(m_mutex);
    void deliver() PS_EXCLUDES(m_mutex);

    Mutex m_mutex;
    ConditionVariable m_asked;
    Work m_work PS_GUARDED_BY(m_mutex); ///< not begun yet
    Deliver m_deliver PS_GUARDED_BY(m_mutex); ///< the newest result, not shown yet
    quint64 m_generation PS_GUARDED_BY(m_mutex) = 0;
    bool m_isEnding PS_GUARDED_BY(m_mutex) = false;
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace poolscope
