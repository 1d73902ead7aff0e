// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace poolscope {

class OutputTail;
struct FaultNote;

/// How a worker process ended, as the kernel tells its parent. Plain, so that it can be sent.
struct WorkerExit
{
    std::int32_t exitCode = 0; ///< when signal is 0
    std::int32_t signal = 0; ///< that killed it; 0: it left by itself
    std::int64_t peakBytes = 0; ///< largest resident memory; 0: unknown
};

/// \return e.g. "killed by SIGKILL (Killed)", "exited with status 3"; for a fault with its
/// address.
[[nodiscard]] std::string describeExit(const WorkerExit& exit, const FaultNote& fault);

/// \return what else is known about a dead worker, to be put behind the reason: peak memory, where it
/// was when a fault struck, and the last lines that it printed; empty when nothing is.
[[nodiscard]] std::string describeRemains(const WorkerExit& exit, const FaultNote& fault,
                                          const OutputTail& output);

} // namespace poolscope
