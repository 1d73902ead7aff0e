// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace poolscope {

/// What the worker of a lane used in a stretch of time: a thread by itself, a worker process with all its
/// threads, without the processes that it started. Times count from the trace's origin.
struct UsageSample
{
    Nanos beginNs = 0;
    Nanos endNs = 0; ///< after beginNs
    Nanos cpuNs =
        0; ///< on processors; of a process with several threads it may be more than the stretch
    std::uint64_t memoryKiB = 0; ///< resident, of its process, which threads share; 0: not known

    [[nodiscard]] Nanos duration() const noexcept { return endNs - beginNs; }
    friend bool operator==(const UsageSample&, const UsageSample&) = default;
};

/// Stretches of one lane by time; they do not overlap, and between them nothing is known. Never changes.
using UsageList = std::shared_ptr<const std::vector<UsageSample>>;

} // namespace poolscope
