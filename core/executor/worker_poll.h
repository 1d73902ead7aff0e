// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/base/unique_fd.h"
#include "core/executor/worker_process.h"

#include <cstdint>
#include <vector>

namespace poolscope {

/// Sleeps until one of the pool's workers, its reaper or its queue has something to say. I/O thread only.
class WorkerPoll
{
public:
    enum class Kind { Queue, Reaper, Message, Output };
    struct Event
    {
        Kind kind = Kind::Queue;
        int worker = 0; ///< the number given to watch()
    };

    /// Watches the queue's descriptor. Error: no descriptor to be had.
    Result<void> open(int queueFd);
    /// Watches the reaper until its descriptor is closed. Error: the kernel refuses.
    Result<void> watchReaper(int fd);
    /// Watches a process until its descriptors are closed. Error: the kernel refuses.
    Result<void> watch(const WorkerProcess& process, int worker);
    /// Also reports a Message when the socket takes more, as long as the process has unsent bytes.
    /// To be called after whatever may have changed that.
    void watchWrites(const WorkerProcess& process, int worker);
    /// Does not report the socket, or the output, any more.
    void ignoreSocket(const WorkerProcess& process);
    void ignoreOutput(const WorkerProcess& process);
    /// \param until CLOCK_MONOTONIC, kForever: no limit.
    /// \return what happened; valid until the next call.
    const std::vector<Event>& wait(Nanos until);

    static constexpr Nanos kForever = INT64_MAX;

private:
    UniqueFd m_epoll;
    std::vector<bool> m_isWriteWatched; ///< by worker
    std::vector<Event> m_events;
};

} // namespace poolscope
