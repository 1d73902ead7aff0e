// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/task_cost.h"

#include <cstdint>
#include <string>

namespace poolscope {

/// What is measured of each task, and what the measuring itself takes from the run: timed at the
/// run's start on the machine it ran on.
struct RecordingFacts
{
    CostLevel level = CostLevel::Wall;
    std::string gap; ///< what of the level this machine does not give, and why; empty: nothing
    double clockNs = 0; ///< one look at the clock; 0 with all of these: not timed
    double recordNs = 0; ///< one record, written
    double costNs = 0; ///< what the level reads of one task, beyond the record
    std::uint64_t memoryCapBytes = 0; ///< of the trace; beyond it the oldest records go; 0: none

    [[nodiscard]] double perTaskNs() const noexcept { return clockNs + recordNs + costNs; }
    friend bool operator==(const RecordingFacts&, const RecordingFacts&) = default;
};

} // namespace poolscope
