// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/base/unique_fd.h"
#include "core/trace/task_cost.h"

#include <cstdint>
#include <optional>
#include <string>

struct rusage;

namespace poolscope {

/// Measures what each task costs its thread, for CostLevel::Totals. Belongs to the thread that made it.
///
/// The end of a task is the begin of the next where they touch, so that one set of readings a task is
/// enough. A thread that has not been switched since the last look has been on its processor all the
/// time: then its run-queue delay cannot have changed and is not read. About 1 µs a task, 2 µs when it
/// was switched.
class CostMeter
{
public:
    /// What else is wanted: the peak of the whole process only says something where a process runs
    /// one task at a time.
    enum class Memory : std::uint8_t { Ignored, OfProcess };

    explicit CostMeter(Memory memory = Memory::Ignored);

    /// \return why run-queue delay is not measured; empty when it is.
    [[nodiscard]] const std::string& gap() const noexcept { return m_gap; }

    /// A task begins that does not follow the last one at once. Times of begin() and end() count from
    /// any one moment.
    void begin(Nanos startNs) noexcept;
    /// It ends, and the next one begins. \return what it cost.
    [[nodiscard]] TaskCost end(Nanos endNs) noexcept;

private:
    struct Reading
    {
        Nanos timeNs = 0;
        Nanos cpuNs = 0;
        Nanos runQueueNs = 0;
        std::int64_t voluntarySwitches = -1;
        std::int64_t involuntarySwitches = -1;
        std::int64_t minorFaults = 0;
        std::int64_t majorFaults = 0;
        std::uint16_t core = TaskCost::kNoCore;
    };

    [[nodiscard]] Reading read(Nanos timeNs, const rusage& usage, Nanos entryNs) const noexcept;
    [[nodiscard]] bool hasSwitched(const rusage& usage) const noexcept; ///< since m_last
    [[nodiscard]] std::optional<Nanos> readRunQueue() const noexcept;
    void notePeak(const rusage& usage) noexcept;

    UniqueFd m_schedstat; ///< none: run-queue delay is not measured
    UniqueFd m_status; ///< none: memory is ignored
    std::string m_gap;
    Reading m_last; ///< at the end of the last task
    std::int64_t m_inheritedPeakKiB =
        0; ///< in ru_maxrss lies what the program before exec had, too
    std::int64_t m_peakKiB = 0;
    std::int64_t m_peakFaults = -1; ///< page faults when the peak was read
};

} // namespace poolscope
