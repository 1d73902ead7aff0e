// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/executor.h"
#include "core/executor/message.h"
#include "core/executor/process_queue.h"
#include "core/executor/worker_crew.h"

namespace poolscope {

/// Gives the tasks that wait to the workers of a process pool. I/O thread only.
class ProcessHandout
{
public:
    ProcessHandout(const ExecutorOptions& options, ProcessQueue& queue, WorkerCrew& crew);

    /// Gives every worker what it wants, as far as there is any, and wakes those that sleep.
    void run();

private:
    void fillWorkers();
    [[nodiscard]] bool canTakeMore(const WorkerSlot& slot) const;
    [[nodiscard]] WorkerSlot* neediest() const;
    [[nodiscard]] bool takeBackForIdleWorker();
    void sendOut();

    const int m_prefetchedChunks;
    const int m_processors;
    ProcessQueue& m_queue;
    WorkerCrew& m_crew;
    MessageWriter m_writer;
};

} // namespace poolscope
