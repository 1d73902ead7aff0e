// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/shared_memory.h"
#include "core/base/unique_fd.h"
#include "core/executor/message.h"
#include "core/executor/output_tail.h"
#include "core/executor/task_cell.h"
#include "core/executor/worker_page.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace poolscope {

class ReaperProcess;

/// One worker process of a pool, with its socket, its page and the end of what it printed. It is a child
/// of the pool's reaper, which tells when it has started and ended. The destructor kills it.
class WorkerProcess
{
public:
    /// Asks \p reaper for a worker with nothing but output pipe, socket and page, leader of its own
    /// process group; what becomes of that, the reaper tells under \p number. Ready in about a
    /// millisecond; what is sent before waits. Error: names the program and what to do.
    static Result<std::unique_ptr<WorkerProcess>> spawn(ReaperProcess& reaper,
                                                        std::uint64_t number);
    ~WorkerProcess();
    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;

    [[nodiscard]] std::uint64_t number() const noexcept { return m_number; }
    /// It runs; \p process is its pidfd.
    void started(int processId, UniqueFd process) noexcept;
    [[nodiscard]] int processId() const noexcept
    {
        return m_processId;
    } ///< 0 before it has started
    [[nodiscard]] int socketFd() const noexcept { return m_socket.get(); }
    [[nodiscard]] int outputFd() const noexcept { return m_outputPipe.get(); }
    [[nodiscard]] WorkerPage& page() const noexcept { return *m_page; }

    // Requests. They arrive in this order, at the next flush().
    /// \return how many more can be posted now.
    [[nodiscard]] std::uint32_t requestRoom() const noexcept { return m_requests.room(); }
    /// \p message: of kind Job. Precondition of the three: requestRoom() > 0.
    void postJob(std::string_view message);
    /// \p writer: for what fits in no cell.
    void postTasks(const TasksMessage& tasks, MessageWriter& writer);
    void postStop();
    /// Shows the worker what was posted, and wakes it if it sleeps. What goes through the socket is
    /// sent as far as that takes it. Never blocks. \return whether it slept.
    bool flush();
    [[nodiscard]] std::size_t unsentBytes() const noexcept { return m_outbox.size() - m_sent; }
    [[nodiscard]] bool hasUnsent() const noexcept { return unsentBytes() > 0; }
    /// \return bytes of items that were posted and that it has not done with or not got.
    [[nodiscard]] std::size_t bytesAhead() const noexcept
    {
        return unsentBytes() + m_requestRoom.usedBytes();
    }
    /// Says whether there are processors enough for it to wait awake.
    void setMaySpin(bool maySpin) noexcept;

    /// Takes in what came through the socket: hello and doorbells.
    void receive();
    /// \return the next of those, valid until the next receive() or nextMessage().
    std::optional<Message> nextMessage();

    // Results.
    /// \return whether there are results, or the worker wants to be looked at.
    [[nodiscard]] bool hasNews() const noexcept
    {
        return m_results.waiting() != 0 || m_page->announcement.count() != m_announcements;
    }
    /// To be called before the results of a round are read. \return how many there are by now.
    [[nodiscard]] std::uint32_t beginResults() noexcept
    {
        m_announcements = m_page->announcement.count();
        return m_results.waiting();
    }
    /// Reads the next one into \p result, whose memory is used again. \return false when there is none or
    /// it makes no sense.
    [[nodiscard]] bool nextResult(ResultMessage& result);
    /// To be called when the round's results have been read.
    void endResults();
    /// The pool is about to sleep: asks for a doorbell. \return whether there is news already.
    [[nodiscard]] bool mayNotSleep() noexcept
    {
        return m_page->announcement.mayNotSleep(m_announcements);
    }

    // Large values.
    /// \return when the last one went either way (CLOCK_MONOTONIC), if their memory is still there; else 0.
    [[nodiscard]] Nanos valuesUsedNs() const noexcept { return m_valuesUsedNs; }
    /// Gives that memory back. Precondition: the process has nothing to do and all its results were read.
    void giveBackValues() noexcept;

    /// \return how many results were ever read, modulo 2^32.
    [[nodiscard]] std::uint32_t resultCount() const noexcept { return m_results.count(); }
    /// \return how many announcements were heard.
    [[nodiscard]] std::uint32_t announcements() const noexcept { return m_announcements; }

    /// Gives nothing more: what it says makes no sense.
    void refuse() noexcept { m_isRefused = true; }
    /// It was refused, or what arrived was not of our protocol.
    [[nodiscard]] bool isMalformed() const;
    [[nodiscard]] bool hasHungUp() const noexcept { return m_hasHungUp; }

    /// Takes in what it has printed. \return false when it will print no more.
    bool receiveOutput();
    [[nodiscard]] const OutputTail& output() const noexcept { return m_output; }

    /// Kills it; what it started goes with it. Returns at once; the reaper tells the end.
    void kill() noexcept;
    /// Waits until it is dead, for at most a second: for the case that the reaper cannot tell.
    void awaitDeath() noexcept;

private:
    WorkerProcess(std::uint64_t number, UniqueFd socket, UniqueFd outputPipe, SharedMemory memory,
                  WorkerPage* page);

    [[nodiscard]] bool store(const TasksMessage& tasks, MessageWriter& writer, RequestCell& cell);
    void dropDoneRequests() noexcept;
    [[nodiscard]] bool readStored(const ResultCell& cell, ResultMessage& result);
    [[nodiscard]] bool nextLongResult(ResultMessage& result);
    void takeInLongResults();

    std::uint64_t m_number;
    int m_processId = 0;
    UniqueFd m_process; ///< pidfd; once it has started
    UniqueFd m_socket;
    UniqueFd m_outputPipe;
    SharedMemory m_memory;
    WorkerPage* m_page; ///< in m_memory
    std::string m_outbox;
    std::size_t m_sent = 0; ///< of m_outbox
    CellWriter<RequestRing> m_requests;
    CellReader<ResultRing> m_results;
    ValueArea m_requestValues;
    ValueArea m_resultValues;
    ValueRoom m_requestRoom;
    std::uint32_t m_valuesDone = 0; ///< stretches of it that the process is done with
    std::uint64_t m_requestsEnd = 0; ///< of what was ever used of the areas
    std::uint64_t m_resultsEnd = 0;
    Nanos m_valuesUsedNs = 0;
    std::uint32_t m_published = 0; ///< m_requests.count() at the last flush()
    std::uint32_t m_announcements = 0; ///< of the worker, that were heard
    std::string m_inbox; ///< room for long results
    MessageParser m_socketMessages;
    MessageParser m_longResults;
    OutputTail m_output;
    bool m_isRefused = false;
    bool m_hasHungUp = false;
    bool m_isToBeKilled = false;
};

} // namespace poolscope
