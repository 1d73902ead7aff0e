// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/base/unique_fd.h"
#include "core/executor/reaper_protocol.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace poolscope {

/// A pool's poolscope-reaper: the process whose children the pool's workers are (see runReaper()).
/// One thread at a time. The destructor ends it, and so every worker and all that they have started.
class ReaperProcess
{
public:
    struct Programs
    {
        std::string reaper; ///< path of poolscope-reaper
        std::string worker; ///< path of the program that it starts
        std::vector<std::string> workerWords; ///< what that is told besides its parent
    };

    /// What the reaper says, with the descriptor of the process when it has Started.
    struct Notice
    {
        ReaperNotice what;
        UniqueFd process;
    };

    /// Error: names the program and what to do.
    static Result<std::unique_ptr<ReaperProcess>> spawn(Programs programs);
    ~ReaperProcess();
    ReaperProcess(const ReaperProcess&) = delete;
    ReaperProcess& operator=(const ReaperProcess&) = delete;

    [[nodiscard]] int processId() const noexcept { return m_processId; }
    [[nodiscard]] int fd() const noexcept { return m_socket.get(); } ///< readable: nextNotice()
    [[nodiscard]] const std::string& workerProgram() const noexcept { return m_programs.worker; }

    /// Asks for a worker with these descriptors; its notices come under \p number. Error: the reaper is
    /// gone.
    Result<void> requestWorker(std::uint64_t number, int socketFd, int pageFd, int outputFd);
    /// \return the next notice; nothing when there is none yet or the reaper is gone. Does not wait.
    std::optional<Notice> nextNotice();
    /// Waits for a notice, at most \p patience. \return as nextNotice().
    std::optional<Notice> awaitNotice(Nanos patience);
    /// It ended without being asked to: no notice will come any more.
    [[nodiscard]] bool isGone() const noexcept { return m_isGone; }

private:
    ReaperProcess(Programs programs, int processId, UniqueFd socket);

    Programs m_programs;
    int m_processId;
    UniqueFd m_socket;
    bool m_isGone = false;
};

} // namespace poolscope
