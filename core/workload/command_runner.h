// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/child_process.h"
#include "core/task/stop_flag.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace poolscope {

/// What a command may use, and where its output goes.
struct CommandLimits
{
    Nanos timeoutNs = 0; ///< from its start; 0: none
    Nanos graceNs = 2 * kNanosPerSecond; ///< between SIGTERM and SIGKILL
    std::size_t keptBytes = 4096; ///< of its standard output, from the beginning
    /// Files for all of its output; they must not exist. Empty: what is not kept is dropped.
    std::string outputFile{};
    std::string errorFile{};
};

/// The beginning and the end of what went through a stream, however much that was.
class StreamExcerpt
{
public:
    StreamExcerpt(std::size_t headBytes, std::size_t tailBytes)
        : m_headBytes(headBytes)
        , m_tailBytes(tailBytes)
    {}
    void append(std::string_view bytes);
    [[nodiscard]] const std::string& head() const { return m_head; }
    /// \return the last bytes, also when they are part of the head.
    [[nodiscard]] std::string tail() const;
    [[nodiscard]] std::uint64_t size() const { return m_size; }

private:
    friend void readExcerpt(int file, StreamExcerpt& excerpt);

    std::size_t m_headBytes;
    std::size_t m_tailBytes;
    std::string m_head;
    std::string m_tail; ///< at least the last m_tailBytes, at most twice as many
    std::uint64_t m_size = 0;
};

/// How a command came to its end.
struct CommandOutcome
{
    enum class Cause : std::uint8_t {
        Itself,
        Timeout, ///< ended by us, as it took too long
        Stop, ///< ended by us, as the task was stopped
        Terminal, ///< ended by us: it waited for a terminal, which it does not have
    };

    ChildEnd end;
    Cause cause = Cause::Itself;
    bool hasIgnoredTerm = false; ///< it took a SIGKILL
    StreamExcerpt output;
    StreamExcerpt error;
};

/// Runs a command to its end on the calling thread. When time is up, or \p stop is requested, SIGTERM
/// goes to its process group and, after the grace, SIGKILL. What it leaves running in its process group
/// is killed when it ends; what left the group (a daemon) goes on. \p setup: its descriptors are set
/// here. Error: it cannot be started, or a file for its output cannot be made.
[[nodiscard]] Result<CommandOutcome> runCommand(ChildSetup setup, const CommandLimits& limits,
                                                const StopFlag& stop);

} // namespace poolscope
