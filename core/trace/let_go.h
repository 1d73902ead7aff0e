// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/duration_histogram.h"
#include "core/trace/record.h"

#include <array>
#include <cstdint>

namespace poolscope {

/// \return whether the attempt took its worker with it.
[[nodiscard]] bool isLostAttempt(const TaskRecord& record) noexcept;
/// \return whether the attempt ran until its task ended (and not until its worker died).
[[nodiscard]] bool ranToAnEnd(const TaskRecord& record) noexcept;

/// The sums of the records of a lane, or of several, that are not kept any more, since the trace had reached its
/// memory cap. Exact.
struct LetGo
{
    std::uint64_t records = 0; ///< 0: nothing is gone, the rest says nothing
    std::array<std::uint64_t, kTaskStateCount>
        ended{}; ///< tasks by TaskState, each by its last attempt
    std::uint64_t lostAttempts = 0;
    Nanos firstSubmitNs = 0;
    Nanos firstStartNs = 0;
    Nanos lastEndNs = 0;
    Nanos busyNs = 0; ///< sum of all run times
    std::uint64_t attempts = 0; ///< that ran to an end; of these:
    Nanos runSumNs = 0;
    Nanos waitSumNs = 0;
    DurationHistogram runs;
    DurationHistogram waits;

    void add(const TaskRecord& record);
    void add(const LetGo& other);
    [[nodiscard]] std::uint64_t endedCount() const noexcept;

    friend bool operator==(const LetGo&, const LetGo&) = default;
};

} // namespace poolscope
