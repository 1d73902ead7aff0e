// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/trace/snapshot.h"

#include <memory>
#include <thread>

namespace poolscope {

/// Turns what the recorder holds into snapshots: brings the summaries up to date, samples the queues
/// and what workers use, and publishes at most 60 snapshots a second. Its thread sleeps between, and for
/// as long as nothing is written once all tasks that were submitted have ended; it calls no foreign code.
class Collector
{
public:
    /// Starts the collector's thread.
    Collector(std::shared_ptr<Recorder> recorder, std::shared_ptr<const TraceMeta> meta);
    /// Stops the thread if finish() was not called.
    ~Collector();
    Collector(const Collector&) = delete;
    Collector& operator=(const Collector&) = delete;

    /// \return the newest snapshot, never null. Any thread; takes a lock for a pointer copy.
    [[nodiscard]] SnapshotPtr latest() const PS_EXCLUDES(m_mutex);
    /// Ends the thread after one last collection that holds everything recorded so far; the last
    /// snapshot is no longer live. Call when all writers have ended.
    void finish();

private:
    struct State;
    void collectUntil(const std::stop_token& stop);
    void collect(bool isLast);
    void restWhileNothingHappens(const std::stop_token& stop);

    std::unique_ptr<State> m_state; ///< the thread's own: counters and queue samples so far
    mutable Mutex m_mutex;
    SnapshotPtr m_latest PS_GUARDED_BY(m_mutex);
    std::jthread m_thread;
};

/// Makes the snapshot of a finished trace whose lanes are all written (a run file that was read):
/// builds the summaries and the totals. \p samples: one list an executor.
[[nodiscard]] SnapshotPtr makeFinishedSnapshot(std::shared_ptr<Recorder> recorder,
                                               std::shared_ptr<const TraceMeta> meta,
                                               std::vector<std::vector<QueueSample>> samples,
                                               Nanos nowNs);

} // namespace poolscope
