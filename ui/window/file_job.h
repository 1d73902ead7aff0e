// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/trace/snapshot.h"

#include <QObject>
#include <QString>

#include <functional>
#include <optional>
#include <thread>

namespace poolscope {

/// Writes or reads one file at a time on another thread, so that the window goes on. All members:
/// the thread that made it.
class FileJob : public QObject
{
    Q_OBJECT

public:
    struct Outcome
    {
        bool isOk = true;
        QString message; ///< what was done, or what went wrong
        SnapshotPtr opened; ///< what was read, if something was
        QString runFileHash = {}; ///< of the run file that was read or written, if one was
    };
    using Work = std::function<Outcome()>;

    explicit FileJob(QObject* parent = nullptr);
    /// Waits for the file that is being written: half of one is of no use.
    ~FileJob() override;

    [[nodiscard]] bool isBusy() const { return m_isBusy; }
    /// Does \p work on another thread; finished() tells when. Precondition: !isBusy().
    void start(Work work);

signals:
    void finished(const poolscope::FileJob::Outcome& outcome);
    /// From the job's thread to the one that made it.
    void worked(QPrivateSignal);

private:
    void onDone();

    bool m_isBusy = false;
    Mutex m_mutex;
    std::optional<Outcome> m_outcome PS_GUARDED_BY(m_mutex);
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace poolscope
