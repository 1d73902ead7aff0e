// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace poolscope {

/// What a worker writes down, in memory that outlives it, at the moment in which a fault kills it.
struct FaultNote
{
    static constexpr std::uint32_t kMostFrames = 32;

    /// One function that was being called: a file that was loaded and a place in it, as addr2line
    /// takes them.
    struct Frame
    {
        std::array<char, 40> module{}; ///< name of the file, cut, with a zero at its end
        std::uint64_t offset = 0;
    };

    std::atomic<std::int32_t> signal{0}; ///< 0: no fault yet; written after code and address
    std::int32_t code = 0; ///< si_code: what kind of fault
    std::uint64_t address = 0; ///< that was touched, or of the instruction
    std::atomic<std::uint32_t> frameCount{0}; ///< written after the frames
    std::array<Frame, kMostFrames> frames{}; ///< innermost first
};

/// From here on a fault of this process (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS) is
/// noted before it kills it as it would have done. A stack that has overflowed on the calling thread is
/// noted, too. \p note must live until the end; to be called once.
void noteFaultsIn(FaultNote& note);

/// \return e.g. "at address 0x10, which is not mapped"; empty when \p note is not about \p signal or
/// there is no more to say. Does not trust the note.
[[nodiscard]] std::string describeFault(const FaultNote& note, int signal);
/// \return one line a frame, e.g. "poolscope-worker+0x1f3a". Does not trust the note.
[[nodiscard]] std::vector<std::string> backtraceOf(const FaultNote& note, int signal);

} // namespace poolscope
