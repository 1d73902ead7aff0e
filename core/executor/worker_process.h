// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/shared_memory.h"
#include "core/base/unique_fd.h"
#include "core/executor/message.h"
#include "core/executor/worker_page.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace poolscope {

/// One child process of a pool, with its socket and its page. Bound to the thread that spawned it:
/// when that thread ends, the kernel kills the child. The destructor kills and reaps what still lives.
class WorkerProcess
{
public:
    /// Starts \p program with nothing but standard streams, socket and page, leader of its own
    /// process group. Error: names the program and what to do. About a millisecond.
    static Result<std::unique_ptr<WorkerProcess>> spawn(const std::string& program);
    ~WorkerProcess();
    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;

    [[nodiscard]] int processId() const noexcept { return m_processId; }
    [[nodiscard]] int socketFd() const noexcept { return m_socket.get(); }
    [[nodiscard]] int exitFd() const noexcept
    {
        return m_exit.get();
    } ///< readable once it has ended
    [[nodiscard]] WorkerPage& page() const noexcept { return *m_page; }

    /// Sends \p bytes, or keeps what the socket does not take at once until flush(). Never blocks.
    void send(std::string_view bytes);
    void flush();
    [[nodiscard]] bool hasUnsent() const noexcept { return m_sent < m_outbox.size(); }

    /// Takes in whatever has arrived: hello and doorbells from the socket, results from the page.
    void receive();
    /// \return the next message, valid until the next receive() or nextMessage().
    std::optional<Message> nextMessage();
    /// Gives no more messages: what it says makes no sense.
    void refuse() noexcept { m_isRefused = true; }
    /// It was refused, or what arrived was not of our protocol.
    [[nodiscard]] bool isMalformed() const;
    [[nodiscard]] bool hasHungUp() const noexcept { return m_hasHungUp; }

    /// Kills it and what it started. Returns at once; exitFd() tells the end.
    void kill() noexcept;
    /// \return how it ended, e.g. "killed by signal 9 (Killed)"; empty for a regular exit; nothing
    /// while it lives.
    std::optional<std::string> reap();

private:
    WorkerProcess(int processId, UniqueFd socket, SharedMemory memory, WorkerPage* page);

    int m_processId;
    UniqueFd m_socket;
    UniqueFd m_exit;
    SharedMemory m_memory;
    WorkerPage* m_page; ///< in m_memory
    std::string m_outbox;
    std::size_t m_sent = 0; ///< of m_outbox
    std::string m_inbox; ///< room for what receive() takes in
    MessageParser m_socketMessages;
    MessageParser m_ringMessages;
    bool m_isRingSound = true;
    bool m_isRefused = false;
    bool m_hasHungUp = false;
    bool m_isReaped = false;
};

} // namespace poolscope
