// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/item_chunks.h"
#include "core/task/task_state.h"
#include "core/task/value.h"

#include <cstdint>
#include <string>
#include <variant>

namespace poolscope {

/// Of a longer text a record keeps the beginning, and how long it was: a trace must not hold, nor the executor copy
/// once more, all that tasks hand to each other.
inline constexpr std::size_t kMostRecordedBytes = std::size_t{1} << 20U;

/// \return whether a record keeps something else than \p value, which is what recordedValue() gives. \p chunks: of the
/// task's job, null: it is no chunk.
[[nodiscard]] inline bool isRecordedOtherwise(const ItemChunks* chunks, TaskState state,
                                              const Value& value) noexcept
{
    const auto* text = std::get_if<std::string>(&value);
    return (chunks != nullptr && state == TaskState::Done) ||
           (text != nullptr && text->size() > kMostRecordedBytes);
}
/// Precondition: isRecordedOtherwise(). \return the number of items for the results of a chunk, else a text that
/// was shortened.
[[nodiscard]] Value recordedValue(const ItemChunks* chunks, std::uint64_t task, const Value& value);

} // namespace poolscope
