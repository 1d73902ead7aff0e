// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/codec.h"
#include "core/trace/record.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

/// Appends \p records, neighbours on a lane, column by column: times as differences, so that small
/// numbers remain. \p previousEndNs: end of the record before them, 0 for none.
void encodeRecords(ByteWriter& out, std::span<const TaskRecord> records, Nanos previousEndNs);

/// What the records of a lane are checked against.
struct RecordLimits
{
    std::uint64_t taskCount = 0; ///< of the job
    std::uint64_t recordsLeft = 0; ///< how many the lane still lacks
};

/// Decodes a block that follows a record which ended at \p previousEndNs into \p records.
/// \return what is wrong with the block, empty when all is well: the records then are in order, do
/// not overlap, lie within kMaxTimeNs and are of tasks that exist and have ended.
[[nodiscard]] std::string decodeRecords(std::string_view block, const RecordLimits& limits,
                                        Nanos previousEndNs, std::vector<TaskRecord>& records);

} // namespace poolscope
