// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/record_list.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <stop_token>

namespace poolscope {

/// What attempts of tasks can be sorted by.
enum class TaskOrder : std::uint8_t {
    Task, ///< index in the job
    Name,
    Executor,
    Worker,
    State,
    Attempt,
    Submit,
    Start,
    Wait,
    Run,
    Cpu, ///< those that were not measured come before all others
    Result, ///< nothing, numbers by value, text, errors
};

/// Sorts \p list, which is in order of time; of equal ones the earlier one comes first, descending or not. Text
/// is compared by its first 256 bytes, upper and lower case alike (ASCII). O(size), 10 million in about a second;
/// needs 32 bytes a record meanwhile. When \p stop is requested, it returns soon and \p list has any order.
/// Any thread.
void sortRecords(const Snapshot& snapshot, RecordList& list, TaskOrder order, bool isDescending,
                 const std::stop_token& stop = {});

} // namespace poolscope
