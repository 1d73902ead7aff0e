// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/infrastructure_block.h"

#include "core/io/run_file_format.h"

namespace poolscope {

void writeBusySpan(ByteWriter& out, const BusySpan& span, Nanos previousEndNs)
{
    out.writeUnsigned(static_cast<std::uint64_t>(span.beginNs - previousEndNs));
    out.writeUnsigned(static_cast<std::uint64_t>(span.endNs - span.beginNs));
}

std::optional<BusySpan> readBusySpan(ByteReader& in, Nanos previousEndNs)
{
    constexpr auto kMostNs = static_cast<std::uint64_t>(kMaxTimeNs);
    const std::uint64_t gapNs = in.readUnsigned();
    const std::uint64_t lengthNs = in.readUnsigned();
    if (in.hasFailed() || gapNs > kMostNs || lengthNs > kMostNs) {
        return std::nullopt;
    }
    BusySpan span;
    span.beginNs = previousEndNs + static_cast<Nanos>(gapNs);
    span.endNs = span.beginNs + static_cast<Nanos>(lengthNs);
    return span.endNs <= kMaxTimeNs ? std::optional(span) : std::nullopt;
}

} // namespace poolscope
