// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/item_chunks.h"
#include "core/task/task_state.h"
#include "core/task/value.h"

#include <cstdint>

namespace poolscope {

/// \return whether a record keeps something else than \p value, which is what recordedValue() gives. \p chunks: of the
/// task's job, null: it is no chunk.
[[nodiscard]] inline bool isRecordedOtherwise(const ItemChunks* chunks, TaskState state,
                                              const Value& /*value*/) noexcept
{
    return chunks != nullptr && state == TaskState::Done;
}
/// Precondition: isRecordedOtherwise(). \return the number of items for the results of a chunk.
[[nodiscard]] Value recordedValue(const ItemChunks* chunks, std::uint64_t task, const Value& value);

} // namespace poolscope
