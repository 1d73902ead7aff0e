// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/executor/executor.h"
#include "core/executor/work_queue.h"

#include <string>

namespace poolscope {

/// Ends the tasks that never reached a worker, and keeps their records on the executor's Queue lane
/// (made when the first one comes). Such a record has attempt 0. All members: any thread.
class QueueLane
{
public:
    explicit QueueLane(const TraceTarget& trace);

    /// Ends the tasks of \p chunk as \p state: records them, then tells their listener. A call that its
    /// future has cancelled already is recorded as that.
    void end(const Chunk& chunk, TaskState state, const std::string& reason) PS_EXCLUDES(m_mutex);

private:
    void record(const Chunk& chunk, TaskState state, const std::string& reason)
        PS_EXCLUDES(m_mutex);

    const TraceTarget m_trace;
    Mutex m_mutex; ///< a lane has one writer at a time, and anybody may cancel
    Lane* m_lane PS_GUARDED_BY(m_mutex) = nullptr;
};

} // namespace poolscope
