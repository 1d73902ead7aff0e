// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/blocked_block.h"

#include "core/io/run_file_format.h"

#include <limits>

namespace poolscope {

void writeBlocked(ByteWriter& out, const BlockedSpan& span, Nanos previousEndNs)
{
    out.writeUnsigned(span.on);
    out.writeUnsigned(static_cast<std::uint64_t>(span.startNs - previousEndNs));
    out.writeUnsigned(static_cast<std::uint64_t>(span.endNs - span.startNs));
    out.writeUnsigned(span.task);
}

std::optional<BlockedSpan> readBlocked(ByteReader& in, Nanos previousEndNs, std::uint64_t blockers)
{
    constexpr auto kMostNs = static_cast<std::uint64_t>(kMaxTimeNs);
    const std::uint64_t on = in.readUnsigned();
    const std::uint64_t gapNs = in.readUnsigned();
    const std::uint64_t lengthNs = in.readUnsigned();
    const std::uint64_t task = in.readUnsigned();
    if (in.hasFailed() || on >= blockers || gapNs > kMostNs || lengthNs > kMostNs ||
        task > std::numeric_limits<std::uint32_t>::max()) {
        return std::nullopt;
    }
    BlockedSpan span;
    span.on = static_cast<std::uint32_t>(on);
    span.startNs = previousEndNs + static_cast<Nanos>(gapNs);
    span.endNs = span.startNs + static_cast<Nanos>(lengthNs);
    span.task = static_cast<std::uint32_t>(task);
    return span.endNs <= kMaxTimeNs ? std::optional(span) : std::nullopt;
}

} // namespace poolscope
