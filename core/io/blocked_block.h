// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/codec.h"
#include "core/trace/blocked.h"

#include <cstdint>
#include <optional>

namespace poolscope {

/// Appends \p span, which follows one that ended at \p previousEndNs (0: none) on its lane.
void writeBlocked(ByteWriter& out, const BlockedSpan& span, Nanos previousEndNs);
/// \return what writeBlocked() wrote; nothing when it is malformed, not in order, or names more than
/// \p blockers.
[[nodiscard]] std::optional<BlockedSpan> readBlocked(ByteReader& in, Nanos previousEndNs,
                                                     std::uint64_t blockers);

} // namespace poolscope
