// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/worker_exit.h"

#include <cstdint>

namespace poolscope {

// What a process pool and its reaper say to each other: one packet a message, as it lies in memory,
// since both run on one machine. The pool's version of it is the reaper's first argument.

/// Raised with every change of the messages.
inline constexpr int kReaperProtocol = 1;

/// Where the reaper finds its socket.
inline constexpr int kReaperSocketFd = 3;

/// Pool → reaper: start a worker. With it travel the descriptors that it gets: its socket, its page and
/// the pipe for its output.
struct ReaperRequest
{
    std::uint64_t worker = 0; ///< the pool's number for it, used once
};
inline constexpr int kReaperRequestFds = 3;

/// Reaper → pool: what became of a worker.
struct ReaperNotice
{
    enum class Kind : std::uint32_t {
        Started = 1, ///< with it travels a descriptor of the process (pidfd)
        StartFailed,
        Stopped, ///< by a signal such as SIGSTOP
        Continued,
        Ended, ///< and with it everything it had started will end
    };

    Kind kind = Kind::Started;
    std::int32_t processId = 0;
    std::int32_t error = 0; ///< StartFailed: errno; Stopped: the signal
    WorkerExit exit; ///< Ended
    std::uint64_t worker = 0;
};

} // namespace poolscope
