// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <cstdint>
#include <optional>

namespace poolscope {

// What others have used so far, by the kernel's own account. Any thread.

/// \return processor time of all threads of a process, those that have ended included, in nanoseconds; nothing
/// when there is no such process. One system call: /proc/PID/stat says the same in ticks of 10 ms.
[[nodiscard]] std::optional<Nanos> processCpuNs(int processId);

/// \return processor time of a thread of this program; nothing when it has none of that id. One system call.
[[nodiscard]] std::optional<Nanos> threadCpuNs(int threadId);

/// \return the resident memory of a process; 0 when it does not say, as one that has just ended. About ten
/// microseconds.
[[nodiscard]] std::uint64_t residentBytes(int processId);

} // namespace poolscope
