// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/run_summary.h"
#include "core/base/mutex.h"
#include "core/trace/snapshot.h"

#include <QObject>

#include <optional>
#include <thread>
#include <vector>

namespace poolscope {

/// Sums up runs on a thread of its own. Only the newest request counts: results of older ones are
/// dropped. All members: the thread that made it.
class SummaryWorker : public QObject
{
    Q_OBJECT

public:
    struct Request
    {
        SnapshotPtr snapshot;
        std::optional<TimeRange> range; ///< nothing: the whole run
    };
    struct Answer
    {
        std::vector<RunSummary> summaries; ///< one an executor
        std::optional<TimeRange> range;
        Nanos tookNs = 0;
    };

    explicit SummaryWorker(QObject* parent = nullptr);
    /// Waits for the summary that is being made.
    ~SummaryWorker() override;

    /// Asks for a summary; ready() tells when it is there. \p request.snapshot is not null.
    void request(Request request);
    /// Lets go of what was asked for and not yet answered.
    void forget();
    /// \return the answer to the newest request, once; nothing when it has been taken or forgotten.
    [[nodiscard]] std::optional<Answer> takeAnswer();

signals:
    void ready();

private:
    void work() PS_EXCLUDES(m_mutex);

    Mutex m_mutex;
    ConditionVariable m_asked;
    std::optional<Request> m_request PS_GUARDED_BY(m_mutex);
    std::optional<Answer> m_answer PS_GUARDED_BY(m_mutex);
    quint64 m_generation PS_GUARDED_BY(m_mutex) = 0;
    bool m_isEnding PS_GUARDED_BY(m_mutex) = false;
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace poolscope
