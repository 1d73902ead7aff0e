// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/codec.h"
#include "core/trace/let_go.h"
#include "core/trace/summary_pyramid.h"

#include <cstdint>
#include <optional>

namespace poolscope {

/// Appends the sums of \p gone, without the number of its records.
void writeGone(ByteWriter& out, const LetGo& gone);
/// \return what writeGone() wrote of \p records records; nothing when it is malformed or cannot be.
[[nodiscard]] std::optional<LetGo> readGone(ByteReader& in, std::uint64_t records);

/// Appends the summary of 16 records, which follows one that ended at \p previousEndNs (0: none) on its lane.
void writeLeaf(ByteWriter& out, const SummaryNode& leaf, Nanos previousEndNs);
/// \return what writeLeaf() wrote; nothing when it is malformed or not in order.
[[nodiscard]] std::optional<SummaryNode> readLeaf(ByteReader& in, Nanos previousEndNs);

} // namespace poolscope
