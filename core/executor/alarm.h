// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/futex.h"
#include "core/base/mutex.h"
#include "core/base/result.h"
#include "core/trace/recorder.h"

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

namespace poolscope {

/// Wakes up at set times: a thread that is started with the first user and sleeps until the next time.
/// All members: any thread, but not under a lock that \p ring takes.
class Alarm
{
public:
    /// \p ring is called on the alarm's thread when a time has come; returns the next one, or kNever.
    /// \p recorder: where it writes when it works, as \p executor's; may be null.
    explicit Alarm(std::function<Nanos()> ring, std::shared_ptr<Recorder> recorder = nullptr,
                   int executor = 0);
    ~Alarm();
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

    /// To be called before setFor(); any number of times. Error: no thread to be had.
    Result<void> start() PS_EXCLUDES(m_mutex);
    /// Rings at \p timeNs (CLOCK_MONOTONIC) at the latest. Costs one load when it would ring before.
    void setFor(Nanos timeNs) PS_EXCLUDES(m_mutex);

private:
    void work() PS_EXCLUDES(m_mutex);

    const std::function<Nanos()> m_ring;
    const std::shared_ptr<Recorder> m_recorder;
    const int m_executor;
    Mutex m_mutex;
    ConditionVariable m_changed;
    /// Written under m_mutex. Read without it by setFor(): whoever sees a time that has passed wrote
    /// what ring() looks at under the same lock before, so the ring that is due sees it.
    std::atomic<Nanos> m_nextNs{kNever};
    bool m_isOver PS_GUARDED_BY(m_mutex) = false;
    std::jthread m_thread PS_GUARDED_BY(m_mutex);
};

} // namespace poolscope
