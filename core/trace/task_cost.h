// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/task/codec.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

namespace poolscope {

/// How much is measured of each task. Each level costs more than the one before.
enum class CostLevel : std::uint8_t {
    Wall, ///< when it began and ended: nothing beyond the record
    Totals, ///< what its thread was given: processor time, time in the run queue, switches, faults
};

/// \return "off" or "totals": for command lines and files.
[[nodiscard]] std::string_view toText(CostLevel level) noexcept;
/// \return the level of that name, or nothing.
[[nodiscard]] std::optional<CostLevel> costLevelOf(std::string_view text) noexcept;

/// What one attempt of a task cost the thread that ran it. Lies beside the attempt's TaskRecord, on
/// lanes of runs that measure; 32 bytes.
struct TaskCost
{
    float cpuNs = 0; ///< on a processor (whole; exact below 16 ms, else to 6e-8)
    float runQueueNs = 0; ///< able to run, but waiting for a processor; 0 unless hasRunQueue()
    std::uint32_t voluntarySwitches = 0; ///< it waited for something
    std::uint32_t involuntarySwitches = 0; ///< it was made to wait
    std::uint32_t minorFaults = 0; ///< page faults served from memory
    std::uint32_t majorFaults = 0; ///< page faults that had to wait for a disk
    std::uint32_t peakMemoryKiB = 0; ///< most resident memory of its process so far; 0: unknown
    std::uint16_t startCore = kNoCore; ///< the record has the one at the end
    std::uint16_t flags = 0;

    static constexpr std::uint16_t kNoCore = 0xffff;
    static constexpr std::uint16_t kMeasuredFlag = 1;
    static constexpr std::uint16_t kRunQueueFlag = 2;

    /// An attempt whose worker died was not measured: all is zero.
    [[nodiscard]] bool wasMeasured() const noexcept { return (flags & kMeasuredFlag) != 0; }
    [[nodiscard]] bool hasRunQueue() const noexcept { return (flags & kRunQueueFlag) != 0; }
    /// \return the part of \p wallNs in which the task neither ran nor could have run: it slept or
    /// waited for a lock, a file, another process. Only meant when hasRunQueue().
    [[nodiscard]] double blockedNs(Nanos wallNs) const noexcept
    {
        return std::max(0.0, static_cast<double>(wallNs) - static_cast<double>(cpuNs) -
                                 static_cast<double>(runQueueNs));
    }
    friend bool operator==(const TaskCost&, const TaskCost&) = default;
};

static_assert(sizeof(TaskCost) == 32, "memory a task is a promise");

/// Appends \p cost; its times are whole nanoseconds.
void writeCost(ByteWriter& out, const TaskCost& cost);
/// \return what writeCost() wrote; nothing when it is malformed or a number is impossible.
[[nodiscard]] std::optional<TaskCost> readCost(ByteReader& in);

} // namespace poolscope
