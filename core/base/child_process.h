// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/base/unique_fd.h"

#include <cstdint>
#include <string>
#include <vector>

namespace poolscope {

/// Which program to start, and what it finds when it begins.
struct ChildSetup
{
    std::vector<std::string>
        arguments; ///< the first is the program: a path, or a name found by PATH
    std::string folder{}; ///< its working directory; empty: ours
    std::vector<std::string> environment{}; ///< NAME=value, beside and instead of ours
    int outputFd = -1; ///< becomes its standard output; -1: /dev/null
    int errorFd = -1; ///< becomes its standard error; -1: /dev/null
};

/// How a child ended and what it used, with all of its own children that it waited for.
struct ChildEnd
{
    enum class How : std::uint8_t { Exited, Signalled, Unknown };

    How how = How::Unknown; ///< Unknown: somebody else in this program waits for every child
    int status = 0; ///< exit status or signal
    bool hasDumpedCore = false;
    Nanos userNs = 0; ///< processor time
    Nanos systemNs = 0;
    /// The kernel begins to count at the peak of the program that started the child; while isPeakOwn is
    /// false, that is what this is, and the child stayed below it.
    std::uint64_t peakBytes = 0;
    bool isPeakOwn = false;
};

/// A program that was started: not a copy of this process at any time, so it may be started from any
/// thread of a big program, for about the price of loading it. It gets standard input from /dev/null,
/// none of our other descriptors, a process group of its own, no blocked signal, and is killed by the
/// kernel when the thread that started it ends. One thread at a time.
class ChildProcess
{
public:
    /// Returns once the program runs. Error: it does not; the message says why and fits behind
    /// "<command line>: ".
    [[nodiscard]] static Result<ChildProcess> start(const ChildSetup& setup);

    /// What still runs of it is killed, and it is waited for.
    ~ChildProcess();
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&&) = delete;
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] int id() const { return m_id; }
    /// A pidfd: readable once the child has ended.
    [[nodiscard]] int exitFd() const { return m_exitFd.get(); }
    /// Sends \p signal to the child and all of its process group. Not after reap().
    void signalGroup(int signal) const noexcept;
    /// \return the signal that keeps the child stopped (SIGTTIN, say), 0 when it is not.
    [[nodiscard]] int stoppedBy() const noexcept;
    /// Waits for the end, kills what is left of the process group and takes the child off the system's
    /// list. Once only.
    [[nodiscard]] ChildEnd reap();

private:
    ChildProcess(int id, UniqueFd exitFd)
        : m_id(id)
        , m_exitFd(std::move(exitFd))
    {}

    int m_id; ///< 0 once reaped or moved from
    UniqueFd m_exitFd;
};

} // namespace poolscope
