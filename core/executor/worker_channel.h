// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/executor/message.h"
#include "core/executor/spin_policy.h"
#include "core/executor/worker_page.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace poolscope {

/// A worker process' end of the way to its pool: requests come out in the order in which they were sent,
/// results go in, and the pool is woken as seldom as possible. Ends the process when the pool is gone.
class WorkerChannel
{
public:
    struct Stop
    {};
    /// What the pool wants next. Tasks: their items are valid until the next call of next().
    using Request = std::variant<Stop, JobMessage, const TasksMessage*>;

    /// \p page lives as long as the channel, as does \p memoryFd, the memory that it lies in; the socket is
    /// kWorkerSocketFd.
    WorkerChannel(WorkerPage& page, int memoryFd);

    /// Waits for the next request, the results so far being announced when there is none yet. \return
    /// nothing when what was sent makes no sense.
    [[nodiscard]] std::optional<Request> next();
    /// \return whether the worker had to wait, or was busy with waking the pool, since the last call.
    [[nodiscard]] bool takeHasPaused() noexcept { return std::exchange(m_hasPaused, false); }

    /// Gives \p result to the pool: visible at once, announced soon.
    void put(const ResultMessage& result);
    /// Nobody of the pool has to wait for a result longer than this while other tasks run.
    /// To be called when a chunk has ended.
    void chunkEnded(Nanos now);
    /// The tasks of the last request had been taken back. A pool that found no room may wait for this.
    void skipped() noexcept { m_hasSkipped = true; }

private:
    void awaitCell();
    [[nodiscard]] std::optional<Request> nextMessage();
    [[nodiscard]] std::optional<Request> nextStored();
    [[nodiscard]] bool store(const ResultMessage& result, ResultCell& cell);
    bool receiveMore();
    void putMessage(const ResultMessage& result);
    void announce();
    void ring();

    WorkerPage& m_page;
    CellReader<RequestRing> m_requests;
    CellWriter<ResultRing> m_results;
    RequestCell m_cell{}; ///< the last one read
    TasksMessage m_tasks;
    ValueArea m_requestValues;
    ValueArea m_resultValues;
    /// Of m_resultValues. For each stretch how many results there were when the pool has read its result.
    ValueRoom m_resultRoom;
    std::deque<std::uint32_t> m_storedResults;
    bool m_holdsValue = false; ///< m_tasks lies in m_requestValues
    MessageParser m_messages;
    MessageWriter m_writer;
    MessageWriter m_bell; ///< apart: rung while m_writer holds the rest of a result
    SpinPolicy m_spin;
    std::uint32_t m_announcements = 0;
    std::uint32_t m_held = 0; ///< results since the last announcement
    bool m_hasSkipped = false;
    int m_heldChunks = 0; ///< ended since then
    Nanos m_heldSinceNs = 0; ///< end of the oldest of them
    bool m_hasPaused = true;
};

/// The pool is gone: nobody is left who wants anything of this worker, or of what it started.
[[noreturn]] void dieWithGroup();

} // namespace poolscope
